import Billing
import Foundation
import GRDB
import Testing

@testable import Ledger

/// Facts of old days go; their keys and what they add up to stay.
@Suite struct PruneTests {
  private struct Broken: Error {}

  private static let horizon = Day(number: Usage.firstDay.number + 2)

  @discardableResult
  private static func prune(_ writer: LedgerWriter, before day: Day = horizon) throws
    -> PruneSummary
  {
    let run = try writer.beginRun(
      RunDescription(
        kind: .prune, started: Timestamp(day: Usage.firstDay), program: "tests", priceBook: ""))
    return try writer.prune(before: day, in: run)
  }

  private static func sums(_ ledger: Ledger) throws -> [String: Measures] {
    let (labels, cells) = (LabelTable(), CellTable())
    let history = try ledger.history(labels: labels, cells: cells)
    var sums: [String: Measures] = [:]
    try history.forEachRow(in: LedgerHistory.allTime) { row in
      var fact = Fact(
        key: RecordKey(high: 0, low: 0), cell: row.cell,
        time: Timestamp(microseconds: Int64(row.bucket) * Timestamp.microsecondsPerBucket))
      fact.requests = 0
      let place = FactText.line(fact, cells[row.cell], labels)
      try sums[place, default: Measures()].add(row.measures)
    }
    return sums
  }

  @Test(arguments: [1, 12, 400])
  func `rows are the same before and after, and facts are gone`(cellCount: Int) throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 3000, cellCount: cellCount)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 700)
    let before = try Self.sums(writer.ledger)
    let estimate = try writer.prune(before: Self.horizon, in: nil)
    let summary = try Self.prune(writer)
    #expect(summary == estimate)
    let facts = usage.facts.filter { $0.time.day < Self.horizon }
    #expect(summary.facts == Int64(facts.count))
    #expect(summary.days == Usage.firstDay...Day(number: Usage.firstDay.number + 1))
    #expect(cellCount == 400 || summary.bytesAfter < summary.bytesBefore)
    #expect(try Self.sums(writer.ledger) == before)
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try history.notes().prunedBefore == Self.horizon)
    var count = 0
    try history.forEachFact(in: LedgerHistory.allTime) { _ in count += 1 }
    #expect(count == 3000 - facts.count)
    #expect(try history.extent()?.lowerBound == usage.facts.map(\.time).min())
    #expect(try history.accounting().events == 3000)
    #expect(try writer.ledger.verify(.full) == [])
  }

  // Acceptance row 30.
  @Test func `of a pruned day a known record is a duplicate, and any other comes too late`() throws
  {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 900)
    let other = Usage(requests: 300, seed: 2)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 90)
    try Self.prune(writer)
    var pruned = try writer.prunedDays()
    #expect(pruned.firstDay == Self.horizon)
    for fact in usage.facts + other.facts {
      let isOld = fact.time.day < Self.horizon
      let isKnown = usage.facts.contains { $0.key == fact.key }
      #expect(
        try pruned.verdict(on: fact) == (isOld ? (isKnown ? .duplicate : .tooLate) : nil))
    }
  }

  @Test func `the first day that is kept never goes back`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(Usage(requests: 300))
    try Self.prune(writer)
    #expect(try Self.prune(writer, before: Usage.firstDay) == PruneSummary())
    #expect(try writer.prunedDays().firstDay == Self.horizon)
  }

  // Acceptance rows 72 and 77.
  @Test(arguments: [CommitStep.begun, .segmentsStored, .aboutToCommit])
  func `a prune that breaks off leaves the ledger as it was, and can be done again`(
    step: CommitStep
  ) throws {
    let directory = try TemporaryDirectory()
    try LedgerWriter.open(path: directory.ledgerPath).ingest(Usage(requests: 900), chunk: 300)
    let ledger = try Ledger.open(path: directory.ledgerPath)
    let before = try ledger.canonicalDump()
    do {
      let writer = try LedgerWriter(path: directory.ledgerPath) {
        if $0 == step { throw Broken() }
      }
      #expect(throws: LedgerError.self) { try Self.prune(writer) }
    }
    #expect(try ledger.canonicalDump() == before)
    #expect(try ledger.verify(.full) == [])
    try Self.prune(LedgerWriter.open(path: directory.ledgerPath))
    #expect(try ledger.canonicalDump() != before)
    #expect(try ledger.verify(.full) == [])
  }

  /// A killed prune may leave facts of a day that counts as pruned.
  @Test func `facts that a killed prune left are no facts any more, and the next prune takes them`()
    throws
  {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 900, days: 1)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 300)
    let before = try Self.sums(writer.ledger)
    let run = try writer.beginRun(
      RunDescription(
        kind: .prune, started: Timestamp(day: Usage.firstDay), program: "t", priceBook: ""))
    let next = Day(number: Usage.firstDay.number + 1)
    try writer.queue.write {
      try RetentionTable.prune(before: next, run, SealedRows($0, writer.ledger))
    }
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    try history.forEachFact(in: LedgerHistory.allTime) { _ in Issue.record("a fact") }
    #expect(try Self.sums(writer.ledger) == before)
    var pruned = try writer.prunedDays()
    #expect(try pruned.verdict(on: usage.facts[0]) == .duplicate)
    let dump = try writer.ledger.canonicalDump()
    #expect(try writer.prune(before: next, in: run).facts == 900)
    #expect(try Self.sums(writer.ledger) == before)
    #expect(try writer.ledger.canonicalDump() == dump)
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test func `the dump of pruned days does not depend on how they were stored`() throws {
    let usage = Usage(requests: 900)
    var dumps: Set<String> = []
    for chunk in [50, 900] {
      let directory = try TemporaryDirectory()
      let writer = try LedgerWriter.open(path: directory.ledgerPath)
      try writer.ingest(usage, chunk: chunk)
      try Self.prune(writer)
      dumps.insert(try writer.ledger.canonicalDump())
    }
    #expect(dumps.count == 1)
    let lines = try #require(dumps.first).split(separator: "\n")
    #expect(lines.contains { $0.contains("\tpruned\t") })
    #expect(lines == lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test func `sums that do not fit do not keep facts from being pruned`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 2, cellCount: 1, days: 1)
    var facts = usage.facts
    for index in facts.indices {
      facts[index].time = facts[0].time
      facts[index].costs.list = Money(units: .max - 10)
    }
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, facts)
    #expect(try Self.prune(writer).facts == 2)
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    var lists: [Money] = []
    try history.forEachRow(in: LedgerHistory.allTime) { lists.append($0.measures.costs.list) }
    #expect(lists == [Money(units: .max - 10), Money(units: .max - 10)])
  }

  @Test func `space that is not needed is given back`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(Usage(requests: 12_000), chunk: 6000)
    let size = { try directory.bytes(directory.ledgerPath).count }
    let before = try size()
    try Self.prune(writer)
    let pruned = try size()
    #expect(pruned <= before)
    let space = try writer.releaseSpace()
    #expect(space.released > 0)
    #expect(space.free == 0)
    #expect(try Int64(size()) == Int64(pruned) - space.released)
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test func `a flipped bit in keys or in the rollup of a pruned day is found`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(Usage(requests: 300, days: 1))
    try Self.prune(writer)
    let queue = try DatabaseQueue(path: directory.ledgerPath)
    let ids = try queue.read { try Int64.fetchAll($0, sql: "SELECT id FROM segments") }
    #expect(ids.count == 2)
    for id in ids {
      let blob = try queue.read {
        try #require(
          try Data.fetchOne($0, sql: "SELECT blob FROM segments WHERE id = ?", arguments: [id]))
      }
      for position in [0, blob.count / 2, blob.count - 1] {
        var damaged = blob
        damaged[position] ^= 4
        func store(_ data: Data) throws {
          try queue.write {
            try $0.execute(
              sql: "UPDATE segments SET blob = ? WHERE id = ?", arguments: [data, id])
          }
        }
        try store(damaged)
        #expect(try writer.ledger.verify(.full).count == 1)
        try store(blob)
      }
    }
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test func `keys are read as they were written, and bytes that are no keys are refused`() throws {
    var numbers = Numbers(seed: 3)
    for count in [1, 2, 1000] {
      let keys = (0..<count).map { _ in
        RecordKey(high: numbers.next(), low: UInt32(truncatingIfNeeded: numbers.next()))
      }.sorted()
      let bytes = KeySegment.write(keys).bytes
      var read: [RecordKey] = []
      try KeySegment.read(bytes) { read.append($0) }
      #expect(read == keys)
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
        #expect(throws: SegmentFailure.self) {
          try KeySegment.read(Array(bytes.prefix(length))) { _ in }
        }
      }
      #expect(throws: SegmentFailure.self) { try KeySegment.read(bytes + [0]) { _ in } }
    }
    let twice = [RecordKey(high: 1, low: 1), RecordKey(high: 1, low: 1)]
    #expect(throws: SegmentFailure.self) {
      try KeySegment.read(KeySegment.write(twice).bytes) { _ in }
    }
  }
}

/// Events that are added to days that were long over.
@Suite struct LateEventTests {
  private static func facts(_ usage: Usage, on days: ClosedRange<Int32>) -> [Fact] {
    usage.facts.filter { days.contains($0.time.day.number - Usage.firstDay.number) }
  }

  // Acceptance row 29.
  @Test func `events for days two or more before the newest are late, of a run and by day`() throws
  {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 2000, days: 6)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    func late() throws -> [Int32: Int64] {
      let notes = try writer.ledger.history(labels: LabelTable(), cells: CellTable()).notes()
      return Dictionary(
        uniqueKeysWithValues: notes.late.days.map { ($0.number - Usage.firstDay.number, $1) })
    }
    // Nothing was recorded before: nothing is late, in whatever order it comes.
    try writer.ingest(usage, Self.facts(usage, on: 3...4).reversed(), chunk: 100)
    #expect(try late() == [:])
    try writer.ingest(usage, Self.facts(usage, on: 2...5), chunk: 100, source: "b.jsonl")
    let counts = (0...5).map { Int64(Self.facts(usage, on: $0...$0).count) }
    #expect(try late() == [2: counts[2]])
    try writer.ingest(usage, chunk: 130, source: "c.jsonl")
    #expect(try late() == [0: counts[0], 1: counts[1]])
    // What is there already is not added.
    try writer.ingest(usage, chunk: 1000, source: "d.jsonl")
    #expect(try late() == [:])
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test func `a record that takes the place of another is not added`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 400, cellCount: 2, days: 4)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let preference = ["litellm.slp", "litellm.spend"]
    let slp = usage.cells.intern(Usage.cell(2, usage.labels))
    var spend = Usage.cell(2, usage.labels)
    spend.dialect = usage.labels.intern("litellm.spend")
    let spendCell = usage.cells.intern(spend)
    let facts = usage.facts.filter { !$0.tokens.isUnknown && $0.time.day == Usage.firstDay }
      .prefix(40).map { fact in
        var fact = fact
        fact.cell = spendCell
        return fact
      }
    let newest = try #require(
      usage.facts.first { $0.time.day.number == Usage.firstDay.number + 3 })
    try writer.ingest(usage, facts + [newest], preference: preference)
    let better = facts.map { fact in
      var fact = fact
      fact.cell = slp
      return fact
    }
    try writer.ingest(usage, better, source: "b.jsonl", preference: preference)
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try history.notes().late.count == 0)
    #expect(try history.accounting().events == Int64(facts.count + 1))
  }
}
