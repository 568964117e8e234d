import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Synchronization
import Testing

/// How a log is cut into blocks, files and threads changes nothing that is read.
@Suite struct BlockTests {
  /// All samples in one file: mixed dialects, bad lines, copies.
  static func month() throws -> [UInt8] {
    try Checkout.samples.flatMap { try Checkout.bytes("sample-logs/\($0).jsonl") }
  }

  @Test func `blocks and threads change nothing`() throws {
    let folder = try Folder()
    let file = try folder.write("month.jsonl", Self.month())
    let straight = try Reading.of(files: [file])
    #expect(straight.accounting.isBalanced)
    for (bytes, threads) in [(1 << 16, 2), (1 << 20, 5), (37, 1), (37, 5), (4099, 2)] {
      var limits = InputLimits()
      limits.blockBytes = bytes
      let other = try Reading.of(files: [file], threads: threads, limits: limits)
      #expect(other.bytes == straight.bytes, "\(bytes) bytes, \(threads) threads")
      #expect(other.accounting == straight.accounting, "\(bytes) bytes, \(threads) threads")
      #expect(other.reports[0].samples == straight.reports[0].samples, "\(bytes) bytes")
    }
  }

  @Test func `a log that is split at line ends counts the same`() throws {
    let folder = try Folder()
    let whole = try Self.month()
    let straight = folder.path("straight.db")
    let total = try ingest([folder.write("month.jsonl", whole)], into: straight).total
    var files: [String] = []
    for (number, lines) in whole.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).dropLast().chunks(of: 97).enumerated() {
      let bytes = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
      files.append(try folder.write("part-\(number).jsonl", bytes))
    }
    let split = folder.path("split.db")
    let parts = try ingest(files, into: split, threads: 2) { $0.factsPerCommit = 100 }.total
    #expect(parts == total)
    #expect(try dump(split) == dump(straight))
  }

  /// The verdict on a long line must not depend on where its block begins.
  @Test(arguments: [64, 100, 1000, 5000])
  func `the limit of a line is exact`(blockBytes: Int) throws {
    var limits = InputLimits()
    limits.blockBytes = blockBytes
    limits.lineBytes = 1000
    func line(_ length: Int) -> String {
      let plain = chatLine(id: "n\(length)", more: ",\"x\":\"\"")
      let pad = String(repeating: "y", count: length - plain.utf8.count)
      return chatLine(id: "n\(length)", more: ",\"x\":\"\(pad)\"")
    }
    let lengths = [300, 999, 1000, 1001, 400, 1500, 6000, 301]
    let text = lengths.map { line($0) + "\n" }.joined()
    let reading = try Reading.of(text.utf8, limits: limits)
    #expect(reading.events.map { $0["id"] } == ["n300", "n999", "n1000", "n400", "n301"])
    #expect(reading.rejections == [.tooLong: 3])
    #expect(reading.reports[0].samples.map(\.line) == [4, 6, 7])
    #expect(reading.reports[0].samples.map(\.length) == [1001, 1500, 6000])
    #expect(reading.accounting.bytes == Int64(text.utf8.count))
  }

  @Test(arguments: [1, 2, 5])
  func `a consumer that fails ends the run`(threads: Int) throws {
    struct Full: Error {}
    let folder = try Folder()
    let file = try folder.write("a.jsonl", chatLines(0..<3000))
    var options = ReadingOptions()
    options.threads = threads
    options.limits.blockBytes = 1000
    let calls = Mutex(0)
    #expect(throws: Full.self) {
      _ = try Normalizer(options).run([.file(file)]) { _ in
        let count = calls.withLock { calls in
          calls += 1
          return calls
        }
        // Slow at first, so that the others fill the room that there is.
        usleep(count == 1 ? 50_000 : 0)
        if count > 1 { throw Full() }
      }
    }
    #expect(calls.withLock { $0 } == 2)
  }
}

extension Collection {
  /// The elements in runs of at most `count`.
  fileprivate func chunks(of count: Int) -> [SubSequence] {
    var chunks: [SubSequence] = []
    var rest = self[...]
    while !rest.isEmpty {
      chunks.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return chunks
  }
}
