public import Billing
import Documents
import Foundation
public import Ingestion
public import Pipeline
import Synchronization

/// What a log was read as.
public struct Reading: Sendable {
  /// The events as `normalize` prints them.
  public var bytes: [UInt8] = []
  public var reports: [InputReport] = []

  /// The events, a line each.
  public var lines: [String] {
    bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The values of the events as text, by key.
  public var events: [[String: String]] { lines.map(EventText.fields) }

  public var accounting: LineAccounting {
    reports.reduce(into: LineAccounting()) { $0.add($1.accounting) }
  }

  /// Rejections by reason.
  public var rejections: [RejectionReason: Int64] { accounting.rejections }

  /// Normalises files.
  ///
  /// - Parameters:
  ///   - dialects: the texts of dialect files of the user.
  public static func of(
    files: [String], dialects: [String] = [], only: String? = nil, threads: Int = 1,
    limits: InputLimits = InputLimits()
  ) throws -> Reading {
    var options = ReadingOptions()
    options.dialects = try dialects.map { try DocumentNode.read(text: $0, file: "own.yaml") }
    options.onlyDialect = only
    options.threads = threads
    options.limits = limits
    let bytes = Mutex<[UInt8]>([])
    let reports = try Normalizer(options).run(files.map(InputList.Input.file)) { piece in
      bytes.withLock { $0 += piece }
    }
    return Reading(bytes: bytes.withLock { $0 }, reports: reports)
  }

  /// Normalises a text as if it stood in a file.
  public static func of(
    _ text: some Sequence<UInt8>, dialects: [String] = [], only: String? = nil, threads: Int = 1,
    limits: InputLimits = InputLimits()
  ) throws -> Reading {
    let folder = try Folder()
    return try of(
      files: [try folder.write("a.log", text)], dialects: dialects, only: only, threads: threads,
      limits: limits)
  }

  public static func of(
    _ text: String, dialects: [String] = [], only: String? = nil
  ) throws -> Reading {
    try of(text.utf8, dialects: dialects, only: only)
  }
}

/// Looks into the printed form of an event.
public enum EventText {
  /// The values of a JSON object as text, by key.
  public static func fields(_ line: String) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return (object ?? [:]).mapValues { "\($0)" }
  }
}

/// One line of OpenAI's chat form, for tests that need any good record.
public func chatLine(
  id: String? = "chatcmpl-1", created: String = "1791000000", prompt: String = "100",
  completion: String = "10", more: String = ""
) -> String {
  let identity = id.map { "\"id\":\"\($0)\"," } ?? ""
  return "{\(identity)\"object\":\"chat.completion\",\"created\":\(created),"
    + "\"model\":\"gpt-5-mini-2025-08-07\",\"usage\":{\"prompt_tokens\":\(prompt),"
    + "\"completion_tokens\":\(completion)}\(more)}"
}
