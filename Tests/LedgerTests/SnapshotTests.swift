import Billing
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Ledger

/// Readers see one state of a ledger, and nobody who writes it waits for them.
@Suite struct SnapshotTests {
  private static func count(_ history: LedgerHistory) throws -> Int {
    var count = 0
    try history.forEachFact(in: LedgerHistory.allTime) { _ in count += 1 }
    return count
  }

  // Acceptance row 13.
  @Test func `a run commits while a history is held, which stays as it is`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 400)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, Array(usage.facts[..<200]))
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    let start = Date()
    try writer.ingest(usage, source: "b.jsonl")
    #expect(Date().timeIntervalSince(start) < 10)
    #expect(try Self.count(history) == 200)
    #expect(try history.accounting().events == 200)
    let now = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try Self.count(now) == 400)
  }

  // Acceptance row 13.
  @Test func `readers in a loop see whole commits only, and neither side is kept waiting`() throws {
    let directory = try TemporaryDirectory()
    let chunk = 50
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let ledger = writer.ledger
    let isDone = Atomic(false)
    let counts = Mutex<[Int]>([])
    let errors = Mutex<[String]>([])
    let (reads, ends) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    // Threads of their own: those of a pool may run one after the other.
    for _ in 0..<2 {
      Thread.detachNewThread {
        while !isDone.load(ordering: .acquiring) {
          do {
            let history = try ledger.history(labels: LabelTable(), cells: CellTable())
            let count = try Self.count(history)
            counts.withLock { $0.append(count) }
            let account = try history.accounting()
            if account.events != Int64(count) { errors.withLock { $0.append("\(account)") } }
          } catch {
            errors.withLock { $0.append("\(error)") }
          }
          reads.signal()
        }
        ends.signal()
      }
    }
    let usage = Usage(requests: 3000)
    for part in 0..<5 {
      let facts = Array(usage.facts[part * 600..<(part + 1) * 600])
      try writer.ingest(usage, facts, chunk: chunk, source: "\(part).jsonl")
      // One of so many more began after the last commit.
      for _ in 0..<8 { reads.wait() }
    }
    isDone.store(true, ordering: .releasing)
    for _ in 0..<2 { ends.wait() }
    #expect(errors.withLock { $0 } == [])
    let seen = Set(counts.withLock { $0 })
    #expect(seen.allSatisfy { $0 % chunk == 0 })
    #expect(seen.count > 2)
    #expect(try ledger.verify(.full) == [])
  }

  @Test func `a history that is larger than its memory stands in a file without a name`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 3000)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage)
    let before = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    let ledger = writer.ledger
    func facts(memoryLimit: Int) throws -> [String] {
      let (labels, cells) = (LabelTable(), CellTable())
      let history = try LedgerHistory(
        file: ledger.file, key: ledger.key, labels: labels, cells: cells,
        memoryLimit: memoryLimit
      ) { _ in .all }
      try #require(try FileManager.default.contentsOfDirectory(atPath: directory.path) == before)
      var lines: [String] = []
      for _ in 0..<2 {
        try history.forEachFact(in: LedgerHistory.allTime) {
          lines.append(FactText.line($0, cells[$0.cell], labels))
        }
      }
      return lines
    }
    let expected = try facts(memoryLimit: .max)
    #expect(expected.count == 6000)
    for limit in [0, 20_000] { #expect(try facts(memoryLimit: limit) == expected) }
  }

  @Test func `a history holds what its scope names, and says so when it is asked for more`() throws
  {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 3000, cellCount: 1, days: 5)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 3000)
    let day = Timestamp(day: Day(number: Usage.firstDay.number + 2))
    let range = day..<Timestamp(microseconds: day.microseconds + Timestamp.microsecondsPerDay)
    func history(_ scope: HistoryScope) throws -> LedgerHistory {
      try writer.ledger.history(labels: usage.labels, cells: usage.cells, scope: scope)
    }
    var whole = Measures()
    try history(.all).forEachRow(in: range) { try whole.add($0.measures) }
    let part = try history(.rows(in: range))
    var rows = Measures()
    try part.forEachRow(in: range) { try rows.add($0.measures) }
    #expect(rows == whole)
    #expect(rows.requests > 0)
    #expect(throws: LedgerError.self) { try part.forEachRow(in: LedgerHistory.allTime) { _ in } }
    #expect(throws: LedgerError.self) { try part.forEachFact(in: range) { _ in } }
    #expect(try part.extent() == history(.all).extent())
  }
}
