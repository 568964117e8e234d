import Billing
import Foundation
import LogFixtures
import Pipeline
import Testing

/// What the generator of the samples knows of a file.
struct Truth: Decodable {
  var lines, eventLines, duplicates, rejected, skipped, events, idConflicts, bytes: Int64
  var rejections: [String: Int64]

  static func read(_ path: String) throws -> Truth {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Truth.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// All that `account` says otherwise.
  func differences(_ account: LineAccounting, withBytes: Bool = true) -> [String] {
    let pairs = [
      ("lines", lines, account.lines), ("event lines", eventLines, account.eventLines),
      ("duplicates", duplicates, account.duplicates), ("rejected", rejected, account.rejected),
      ("skipped", skipped, account.skipped), ("events", events, account.events),
      ("conflicts", idConflicts, account.idConflicts),
      ("bytes", withBytes ? bytes : account.bytes, account.bytes),
    ]
    let reasons = rejections.map { "\($0.key)=\($0.value)" }.sorted()
    let found = account.rejections.map { "\($0.key.name)=\($0.value)" }.sorted()
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1) expected, \($0.2) found" }
      + (reasons == found ? [] : ["rejections: \(reasons) expected, \(found) found"])
  }
}

/// The samples and the truth that was written beside them.
@Suite struct SampleTests {
  /// The first line that differs from the expected ones.
  static func firstDifference(_ events: [UInt8], _ expected: [UInt8]) -> String? {
    let newline = UInt8(ascii: "\n")
    let found = events.split(separator: newline)
    let wanted = expected.split(separator: newline)
    for (number, pair) in zip(wanted, found).enumerated() where pair.0 != pair.1 {
      let texts = [pair.0, pair.1].map { String(decoding: $0, as: UTF8.self) }
      return "event \(number + 1)\nexpected \(texts[0])\nfound    \(texts[1])"
    }
    if found.count != wanted.count {
      return "\(wanted.count) events expected, \(found.count) found"
    }
    return events == expected ? nil : "the line ends differ"
  }

  @Test(arguments: Checkout.samples)
  func `the events of a sample are the expected ones`(name: String) throws {
    let reading = try Reading.of(files: [Checkout.sample(name)], threads: 2)
    let expected = try Checkout.bytes("Tests/Samples/expected/\(name).events.jsonl")
    #expect(Self.firstDifference(reading.bytes, expected) == nil)
  }

  @Test func `the lines of the month are accounted for`() throws {
    let folder = try Folder()
    for name in Checkout.samples {
      let summary = try ingest([Checkout.sample(name)], into: folder.path("\(name).db"))
      let truth = try Truth.read(Checkout.path("Tests/Samples/expected/\(name).accounting.json"))
      #expect(truth.differences(summary.total) == [], "\(name)")
    }
    let all = try ingest(Checkout.samples.map(Checkout.sample), into: folder.path("month.db"))
    let truth = try Truth.read(Checkout.path("Tests/Samples/expected/month.accounting.json"))
    #expect(truth.differences(all.total) == [])
  }

  @Test(arguments: [11, 4242, 900_001])
  func `logs that nobody has seen are read as they were meant`(seed: Int) throws {
    let folder = try Folder()
    try run([
      "python3", Checkout.path("Tests/Samples/generate.py"), "--seed", "\(seed)", "--lines", "300",
      "--out", folder.path("logs"), "--truth", folder.path("truth"),
    ])
    var files: [String] = []
    for name in Checkout.samples {
      let file = folder.path("logs/\(name).jsonl")
      files.append(file)
      let reading = try Reading.of(files: [file])
      let expected = try folder.bytes("truth/\(name).events.jsonl")
      let difference = Self.firstDifference(reading.bytes, expected)
      #expect(difference == nil, "\(name), seed \(seed)")
      let summary = try ingest([file], into: folder.path("\(name).db"))
      let truth = try Truth.read(folder.path("truth/\(name).accounting.json"))
      #expect(truth.differences(summary.total) == [], "\(name), seed \(seed)")
    }
    let all = try ingest(files, into: folder.path("month.db"), threads: 2)
    let truth = try Truth.read(folder.path("truth/month.accounting.json"))
    #expect(truth.differences(all.total) == [], "seed \(seed)")
  }
}
