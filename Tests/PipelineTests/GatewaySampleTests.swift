import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// The samples of single gateways and of envelopes, and the truth that was written beside them.
@Suite struct GatewaySampleTests {
  /// All that is read otherwise than the truth says when the logs are read one behind the other.
  ///
  /// - Parameter blockBytes: where the logs are cut, which must change nothing.
  static func differences(
    _ samples: [SampleLog], logs: String, truth: String, threads: Int = 1, blockBytes: Int? = nil
  ) throws -> [String] {
    var limits = InputLimits()
    limits.blockBytes = blockBytes ?? limits.blockBytes
    let files = samples.map { "\(logs)/\($0)" }
    let expected = try samples.flatMap {
      try Data(contentsOf: URL(fileURLWithPath: "\(truth)/\($0.truth).events.jsonl"))
    }
    let reading = try Reading.of(files: files, threads: threads, limits: limits)
    let event = SampleTests.firstDifference(reading.bytes, expected)
    let folder = try Folder()
    let summary = try ingest(files, into: folder.path("a.db"), threads: threads) {
      $0.reading.limits = limits
    }
    guard summary.inputs.count == samples.count else {
      return ["\(summary.inputs.count) of \(samples.count) files were read"]
    }
    let accounts = try zip(samples, summary.inputs).flatMap { sample, input in
      // The bytes of a table or a document are those of the lines that are made of it.
      try Truth.read("\(truth)/\(sample.truth).accounting.json")
        .differences(input.accounting, withBytes: "\(sample)".hasSuffix(".jsonl"))
        .map { "\(sample): \($0)" }
    }
    return [event].compactMap(\.self) + accounts
  }

  @Test(arguments: SampleLog.all)
  func `a sample is read and accounted for as expected`(sample: SampleLog) throws {
    let differences = try Self.differences(
      [sample], logs: Checkout.path("sample-logs"), truth: Checkout.path("Tests/Samples/expected"))
    #expect(differences == [])
  }

  @Test func `blocks and threads change nothing`() throws {
    let differences = try Self.differences(
      SampleLog.all, logs: Checkout.path("sample-logs"),
      truth: Checkout.path("Tests/Samples/expected"), threads: 2, blockBytes: 997)
    #expect(differences == [])
  }

  @Test(arguments: [11, 4242, 900_001])
  func `logs of gateways that nobody has seen are read as they were meant`(seed: Int) throws {
    let folder = try Folder()
    try run([
      "python3", Checkout.path("Tests/Samples/generate.py"), "--seed", "\(seed)", "--lines", "60",
      "--out", folder.path("logs"), "--truth", folder.path("truth"),
    ])
    let samples = SampleLog.found(in: folder.path("logs"))
    #expect(samples == SampleLog.all)
    for (threads, blockBytes) in [(1, nil), (2, 997)] {
      let differences = try Self.differences(
        samples, logs: folder.path("logs"), truth: folder.path("truth"), threads: threads,
        blockBytes: blockBytes)
      #expect(differences == [], "seed \(seed), \(threads) threads")
    }
  }

  @Test func `lines of all gateways may stand in one file`() throws {
    let newline = UInt8(ascii: "\n")
    let samples = SampleLog.all.filter { $0.folder == "gateways" && $0.mayBeMixed }
    try #require(!samples.isEmpty)
    let logs = try samples.map {
      try Checkout.bytes("sample-logs/\($0)").split(separator: newline)
    }
    var mixed: [UInt8] = []
    for row in 0..<(logs.map(\.count).max() ?? 0) {
      for lines in logs where row < lines.count { mixed += lines[row] + [newline] }
    }
    let expected = try samples.flatMap {
      try Checkout.bytes("Tests/Samples/expected/\($0.truth).events.jsonl")
        .split(separator: newline).map { String(decoding: $0, as: UTF8.self) }
    }
    let found = try Reading.of(mixed).lines
    #expect(Set(expected).subtracting(found).sorted().prefix(3) == [], "missing")
    #expect(Set(found).subtracting(expected).sorted().prefix(3) == [], "not expected")
    #expect(found.count == expected.count)
  }
}
