import Foundation
import Pipeline

/// The log that the stages read: a file of the user, or one that is made.
struct BenchmarkLog {
  let path: String
  let byteCount: Int64
  /// One clause for people.
  let title: String

  private static let pieceBytes = 4 << 20

  /// - Parameter folder: where a log is made.
  /// - Throws: `Failure`, `Interrupted`, and what Foundation throws when there is no space.
  init(_ options: BenchmarkOptions, folder: URL) throws {
    if let file = options.file {
      path = file
      title = "log of the user"
    } else {
      path = folder.appendingPathComponent("litellm.jsonl").path
      let lines = options.lines ?? options.kind.usualLines
      title = "LiteLLM payloads, \(options.kind.rawValue), \(lines) lines"
      try Self.write(options.kind, lines: lines, to: path)
    }
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
    else { throw Failure(path, "there is no such file", "Check the path.", .unavailable) }
    byteCount = size.int64Value
  }

  private static func write(_ kind: LogKind, lines: Int, to path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw Failure(
        path, "it cannot be written", "Set TMPDIR to a folder with space.", .cannotWrite)
    }
    defer { try? file.close() }
    var writer = PayloadWriter(kind, lines: lines)
    var bytes: [UInt8] = []
    for _ in 0..<lines {
      writer.appendLine(to: &bytes)
      guard bytes.count >= pieceBytes else { continue }
      if Interruption.signal != nil { throw Interrupted() }
      try file.write(contentsOf: Data(bytes))
      bytes.removeAll(keepingCapacity: true)
    }
    try file.write(contentsOf: Data(bytes))
  }
}

/// How long the lines of a made log are.
enum LogKind: String {
  /// No prompts: about 0.9 KB.
  case lean
  /// Short prompts and answers, all fields: about 3.5 KB.
  case medium
  /// Long prompts with escapes and many scripts: about 21 KB.
  case fat

  /// Some 200 MB of them.
  var usualLines: Int {
    switch self {
    case .lean: 220_000
    case .medium: 57_000
    case .fat: 9500
    }
  }

  /// Bytes of JSON text in a prompt and in an answer; the rest of a line is its fields.
  var textBytes: (prompt: Int, answer: Int) {
    switch self {
    case .lean: (0, 0)
    case .medium: (900, 350)
    case .fat: (16_000, 2800)
    }
  }
}
