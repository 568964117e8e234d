import Billing
import Foundation
import Reporting

/// Where rejected lines are kept, and how many.
public struct QuarantineOptions: Sendable, Hashable {
  /// A directory that only its owner may open; it is made when there is none.
  public var directory: String
  /// Bytes of all files in the directory together; lines beyond are only counted.
  public var limit: Int64

  /// The usual limit: 64 MiB.
  public static let usualLimit: Int64 = 64 << 20

  public init(directory: String, limit: Int64 = usualLimit) {
    self.directory = directory
    self.limit = limit
  }
}

/// A rejected line as it is kept in a file: a line of JSON that says where it stood and why it was
/// rejected, and the line itself, byte for byte.
struct KeptLine: Hashable {
  var path: String
  var label: String
  var rejection: Rejection
  var line: [UInt8]

  static let suffix = ".rejected"

  var bytes: [UInt8] {
    let digest = rejection.digest.map { JSONValue.Member("hash", .string($0.text)) }
    let header = JSONValue.object(
      [
        .init("source", .string(path)), .init("label", .string(label)),
        .init("offset", .integer(rejection.offset)), .init("line", .integer(rejection.line)),
        .init("length", .integer(rejection.length)),
        .init("reason", .string(rejection.reason.name)),
      ] + [digest].compactMap(\.self))
    return Array(header.line.utf8) + line + [UInt8(ascii: "\n")]
  }

  init(path: String, label: String, rejection: Rejection, line: [UInt8]) {
    self.path = path
    self.label = label
    self.rejection = rejection
    self.line = line
  }

  /// Reads the header of a line, which follows it.
  init?(header: some Sequence<UInt8>) {
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(header)) as? [String: Any],
      let path = object["source"] as? String, let label = object["label"] as? String,
      let offset = object["offset"] as? Int64, let number = object["line"] as? Int64,
      let length = object["length"] as? Int64,
      let reason = (object["reason"] as? String).flatMap(RejectionReason.init(name:))
    else { return nil }
    self.init(
      path: path, label: label,
      rejection: Rejection(
        reason: reason, line: number, offset: offset, length: length,
        digest: (object["hash"] as? String).flatMap(KeyedDigest.init(text:))), line: [])
  }

  /// The lines of a file, as far as they are whole: the last may have been cut.
  static func all(in bytes: [UInt8]) -> [KeptLine] {
    var lines: [KeptLine] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
      var kept = KeptLine(header: bytes[start..<end])
    {
      let count = kept.rejection.length
      guard count >= 0, count < Int64(bytes.count - end - 1) else { break }
      start = end + 1 + Int(count)
      kept.line = Array(bytes[(end + 1)..<start])
      lines.append(kept)
      start += 1
    }
    return lines
  }
}

/// Keeps rejected lines in a file of a run: `run-12.rejected`.
final class QuarantineWriter {
  private let folder: PrivateFolder
  private let limit: Int64
  private let run: Int64
  private var size: Int64
  private var file: AppendedFile?
  private(set) var notKept: Int64 = 0

  /// - Throws: `Failure` when the directory cannot be used.
  init(_ options: QuarantineOptions, run: Int64) throws(Failure) {
    folder = try PrivateFolder(options.directory, makes: true)
    limit = options.limit
    self.run = run
    size = 0
    for name in folder.names(suffix: KeptLine.suffix) { size += folder.size(of: name) }
  }

  /// Keeps a line if there is room.
  ///
  /// - Returns: whether it is kept.
  /// - Throws: `Failure`.
  func keep(
    _ line: [UInt8], _ rejection: Rejection, of path: String, label: String
  ) throws(Failure) -> Bool {
    let bytes = KeptLine(path: path, label: label, rejection: rejection, line: line).bytes
    guard size + Int64(bytes.count) <= limit else {
      notKept += 1
      return false
    }
    try open().append(bytes)
    size += Int64(bytes.count)
    return true
  }

  /// Makes all that is kept durable.
  ///
  /// - Throws: `Failure`.
  func synchronize() throws(Failure) { try file?.synchronize() }

  /// Another ledger's run of this number may have its lines here.
  private func open() throws(Failure) -> AppendedFile {
    if let file { return file }
    var number = 1
    while true {
      let name = "run-\(run)" + (number == 1 ? "" : "-\(number)") + KeptLine.suffix
      if let made = try folder.create(name) {
        file = made
        return made
      }
      number += 1
    }
  }
}

/// The lines that are kept in a directory.
struct QuarantineReader {
  let lines: [KeptLine]

  /// Bytes of one file that are read at most.
  private static let limit = 1 << 30

  /// - Throws: `Failure`.
  init(_ directory: String) throws(Failure) {
    let folder = try PrivateFolder(directory, makes: false)
    var lines: [KeptLine] = []
    for name in folder.names(suffix: KeptLine.suffix) {
      lines += KeptLine.all(in: try folder.contents(of: name, limit: Self.limit))
    }
    self.lines = lines
  }
}

extension KeyedDigest {
  /// Thirty-two hexadecimal digits.
  var text: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }

  init?(text: String) {
    guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(low: low, high: high)
  }
}
