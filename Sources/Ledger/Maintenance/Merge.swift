public import Billing
import Foundation
import GRDB

/// Makes one ledger of several that share their key: it counts what one run over all their logs
/// would have counted, whatever the order of the ledgers.
public struct LedgerMerge {
  private let ledgers: [Ledger]
  private let labels = LabelTable()
  private let cells = CellTable()
  private let preference: [String]
  private let revising: [String]

  /// Facts that are stored in one transaction.
  private static let factsPerCommit = 200_000

  /// - Parameters:
  ///   - paths: At least one ledger.
  ///   - preference: As for `LedgerWriter.recordIndex`.
  ///   - revising: As for `LedgerWriter.recordIndex`.
  /// - Throws: `LedgerError.differentKey` when two were not made for each other, and what else is
  ///   wrong with a ledger.
  public init(
    _ paths: [String], preference: [String], revising: [String]
  ) throws(LedgerError) {
    var ledgers: [Ledger] = []
    for path in paths { ledgers.append(try Ledger.open(path: path)) }
    if let first = ledgers.first, let other = ledgers.first(where: { $0.key != first.key }) {
      throw .differentKey(path: other.file.path, other: first.file.path)
    }
    self.ledgers = ledgers
    self.preference = preference
    self.revising = revising
  }

  /// Writes the merged ledger, whole before it takes its name.
  ///
  /// - Parameter program: Name and version of the program, for the run's record.
  /// - Returns: What the merge changed: as many events fewer, and duplicates more, as stood in several
  ///   of the ledgers.
  /// - Throws: `LedgerError`; then there is no file of the name.
  @discardableResult
  public func write(
    to path: String, program: String, at now: Timestamp
  ) throws(LedgerError) -> LineAccounting {
    let file = LedgerFile(path: path)
    try file.checkTarget(replaces: false)
    guard let key = ledgers.first?.key else { return LineAccounting() }
    let lock = try LedgerLock(ledger: path)
    try file.draft.create(key: key)
    do throws(LedgerError) {
      let change = try fill(file.draft, lock, program, now)
      if let problem = try Ledger.open(path: file.draft.path).verify(.quick).first {
        throw .unverified(path: path, detail: "\(problem.place): \(problem.problem)")
      }
      try file.checkTarget(replaces: false)
      try file.install(file.draft)
      return change
    } catch {
      for path in [file.draft.path, file.draft.journalPath] { Descriptors.removeIfPresent(path) }
      throw error
    }
  }

  /// Copies what the ledgers know of runs and sources, and admits their facts day by day.
  private func fill(
    _ draft: LedgerFile, _ lock: LedgerLock, _ program: String, _ now: Timestamp
  ) throws(LedgerError) -> LineAccounting {
    let histories = try histories()
    let writer = try LedgerWriter(file: draft, lock: lock)
    for ledger in ledgers { try writer.carryOver(ledger) }
    let before = try writer.accounting()
    let run = try writer.beginRun(
      RunDescription(kind: .merge, started: now, program: program, priceBook: ""))
    var index = writer.recordIndex(
      labels: labels, cells: cells, preference: preference, revising: revising)
    var counted = LineAccounting()
    for day in Set(histories.flatMap(\.days)).sorted() {
      let origins = try MergedKeys(day: day, histories)
      var pending = PendingFacts()
      for history in histories {
        try history.forEachLedgerFact(of: day) { fact throws(LedgerError) in
          var fact = fact
          fact.key = index.originalKey(of: fact, among: origins.lows(of: fact.key))
          let verdict = try index.admit(&fact)
          counted.add(verdict)
          pending.take(fact, verdict)
          guard pending.count >= Self.factsPerCommit else { return }
          try store(&pending, &index, writer, run)
        }
      }
      try store(&pending, &index, writer, run)
    }
    var change = LineAccounting()
    change.events = counted.events - before.events
    change.eventLines = change.events
    change.duplicates = -change.events
    change.idConflicts = counted.idConflicts - before.idConflicts
    let checkpoint = SourceCheckpoint(path: "(merge)", state: .complete)
    try writer.commit(
      IngestCommit(
        segments: EncodedSegments(),
        sources: [SourceProgress(previous: nil, checkpoint: checkpoint, accounting: change)]),
      in: run)
    try writer.finishRun(run, at: now)
    return change
  }

  private func histories() throws(LedgerError) -> [LedgerHistory] {
    var histories: [LedgerHistory] = []
    for ledger in ledgers {
      try ledger.checkMergeable()
      histories.append(try ledger.history(labels: labels, cells: cells))
    }
    return histories
  }

  private func store(
    _ pending: inout PendingFacts, _ index: inout RecordIndex, _ writer: LedgerWriter, _ run: RunID
  ) throws(LedgerError) {
    guard pending.count > 0 || !pending.superseded.isEmpty else { return }
    let encoder = SegmentEncoder(key: writer.ledger.key, labels: labels, cells: cells)
    try writer.commit(
      IngestCommit(
        segments: try encoder.encode(pending.facts), superseded: pending.superseded, sources: []),
      in: run)
    index.didStore(batch: index.closeBatch())
    pending.removeAll()
  }
}

/// The keys of a day whose first 64 bits stand there with several endings: those of one id that
/// several requests have.
///
/// Which of them had the id's own key depends on the ledger, for it is the first that came.
struct MergedKeys {
  private var endings: [UInt64: [UInt32]] = [:]

  /// Keys that are compared at once: 64 MB.
  private static let limit = 1 << 22

  init(day: Day, _ histories: [LedgerHistory]) throws(LedgerError) {
    let rows = histories.reduce(0) { $0 + $1.factCount(of: day) }
    let parts = UInt64(rows / Self.limit + 1)
    for part in 0..<parts {
      var keys: [RecordKey] = []
      for history in histories {
        try history.forEachLedgerFact(of: day) { fact throws(LedgerError) in
          if fact.key.high % parts == part { keys.append(fact.key) }
        }
      }
      keys.sort()
      for (first, second) in zip(keys, keys.dropFirst())
      where first.high == second.high && first.low != second.low {
        endings[first.high, default: [first.low]].append(second.low)
      }
    }
  }

  /// The endings that the keys have that begin as this one; none when it is alone.
  func lows(of key: RecordKey) -> [UInt32] { endings[key.high] ?? [] }
}

extension LedgerHistory {
  /// The stored facts of a day.
  fileprivate func factCount(of day: Day) -> Int {
    segments.filter { $0.kind == .facts && $0.day == day }.reduce(0) { $0 + $1.rows }
  }

  /// Calls `body` with each fact of a day.
  fileprivate func forEachLedgerFact(
    of day: Day, _ body: (Fact) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    let end = Timestamp(day: Day(number: day.number + 1))
    do {
      try forEachFact(in: Timestamp(day: day)..<end, body)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw .corrupt(path: path, detail: "\(error)")
    }
  }
}

extension Ledger {
  /// Refuses a ledger that no longer has all its facts.
  fileprivate func checkMergeable() throws(LedgerError) {
    let queue = try file.connectForReading()
    let isPruned = try file.perform {
      try queue.read { try SealedRows($0, self).row(of: Schema.retention, [1]) != nil }
    }
    if isPruned { throw .pruned(path: file.path) }
  }
}
