import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// The samples of single gateways and of envelopes, and the truth that was written beside them.
@Suite struct GatewaySampleTests {
  /// All that is read otherwise than the truth says, whatever the threads and the cuts of the file.
  static func differences(_ sample: SampleLog, logs: String, truth: String) throws -> [String] {
    let log = "\(logs)/\(sample)"
    let path = "\(truth)/\(sample.truth)"
    let expected = try Data(contentsOf: URL(fileURLWithPath: "\(path).events.jsonl"))
    let account = try Truth.read("\(path).accounting.json")
    let folder = try Folder()
    var differences: [String] = []
    for (threads, blockBytes) in [(1, InputLimits().blockBytes), (2, 997)] {
      var limits = InputLimits()
      limits.blockBytes = blockBytes
      let reading = try Reading.of(files: [log], threads: threads, limits: limits)
      let ledger = folder.path("\(threads).db")
      let summary = try ingest([log], into: ledger, threads: threads) { $0.reading.limits = limits }
      let event = SampleTests.firstDifference(reading.bytes, Array(expected))
      differences += ([event].compactMap(\.self) + account.differences(summary.total))
        .map { "\(threads) threads: \($0)" }
    }
    return differences
  }

  @Test(arguments: SampleLog.all)
  func `a sample is read and accounted for as expected`(sample: SampleLog) throws {
    let differences = try Self.differences(
      sample, logs: Checkout.path("sample-logs"), truth: Checkout.path("Tests/Samples/expected"))
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
    for sample in samples {
      let differences = try Self.differences(
        sample, logs: folder.path("logs"), truth: folder.path("truth"))
      #expect(differences == [], "\(sample), seed \(seed)")
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
