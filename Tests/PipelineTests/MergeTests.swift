import Billing
import Foundation
import Ledger
import LogFixtures
import Pipeline
import Testing

/// Merging: what several ledgers counted is counted as one run would have.
@Suite struct MergeTests {
  private static let files = Checkout.samples.map(Checkout.sample)

  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }

  private func merge(_ ledgers: [String], to path: String) throws {
    var choices = Choices()
    choices.ledger = path
    _ = try Settings(choices).merge(
      ledgers, to: path, program: "tests", at: Timestamp(microseconds: 0))
  }

  /// Requests of one id that differ, in files of their own, so that ledgers disagree on which of
  /// them came first.
  private func conflicts(_ folder: Folder) throws -> [String] {
    try (0..<3).map { number in
      try folder.write(
        "conflict-\(number).jsonl",
        (0..<20).map {
          chatLine(id: "same-\($0)", created: "1791000000", prompt: "\(number * 10 + 1)") + "\n"
        }.joined())
    }
  }

  @Test(arguments: [1, 2, 3]) func `order and grouping do not matter`(seed: UInt64) throws {
    let folder = try Folder()
    let files = Self.files + (try conflicts(folder))
    var numbers = Numbers(state: seed)
    try Settings.makeLedger(folder.path("all.db"), keyOf: nil)
    try ingest(files, into: folder.path("all.db"))
    let expected = try dump(folder.path("all.db"))
    // Each file is in one ledger at least, and in any order.
    for (index, name) in ["a.db", "b.db", "c.db"].enumerated() {
      try Settings.makeLedger(folder.path(name), keyOf: folder.path("all.db"))
      var own = files.enumerated().filter { $0.offset % 3 == index || numbers.below(3) == 0 }
        .map(\.element)
      if numbers.below(2) == 0 { own.reverse() }
      try ingest(own, into: folder.path(name)) { $0.factsPerCommit = 1 + numbers.below(400) }
    }
    let (a, b, c) = (folder.path("a.db"), folder.path("b.db"), folder.path("c.db"))
    try merge([a, b, c], to: folder.path("abc.db"))
    try merge([c, a, b], to: folder.path("cab.db"))
    try merge([b, c], to: folder.path("bc.db"))
    try merge([folder.path("bc.db"), a], to: folder.path("bca.db"))
    for name in ["abc.db", "cab.db", "bca.db"] {
      #expect(try dump(folder.path(name)) == expected, "\(name)")
    }
    let again = try ingest(files, into: folder.path("bca.db"))
    #expect(again.total.lines == 0)
    #expect(try dump(folder.path("bca.db")) == expected)
  }

  @Test func `a log that went on in one ledger is read on from there`() throws {
    let folder = try Folder()
    let (a, b, merged) = (folder.path("a.db"), folder.path("b.db"), folder.path("c.db"))
    try Settings.makeLedger(a, keyOf: nil)
    try Settings.makeLedger(b, keyOf: a)
    let file = try folder.write("app.log", chatLines(0..<40))
    try ingest([file], into: a)
    try folder.append("app.log", chatLines(40..<60))
    try ingest([file], into: b)
    try merge([a, b], to: merged)
    try folder.append("app.log", chatLines(60..<65))
    let summary = try ingest([file], into: merged)
    #expect(summary.total.lines == 5)
    #expect(try dump(merged).split(separator: "\n").count == 65)
  }

  @Test func `ledgers of different keys are not merged`() throws {
    let folder = try Folder()
    let (a, b, merged) = (folder.path("a.db"), folder.path("b.db"), folder.path("c.db"))
    try Settings.makeLedger(a, keyOf: nil)
    try Settings.makeLedger(b, keyOf: nil)
    #expect(throws: LedgerError.differentKey(path: b, other: a)) { try merge([a, b], to: merged) }
    #expect(!FileManager.default.fileExists(atPath: merged))
    #expect(throws: LedgerError.exists(path: a)) { try merge([a, a], to: a) }
  }
}
