public import Billing
import GRDB

/// What a prune did, or would do.
public struct PruneSummary: Sendable, Hashable {
  /// The first and the last UTC day whose facts were pruned; `nil` when there were none.
  public var days: ClosedRange<Day>?
  public var facts: Int64 = 0
  /// What the facts took up, with the rollups that stood beside them.
  public var bytesBefore: Int64 = 0
  /// What their keys and rollups take up.
  public var bytesAfter: Int64 = 0

  public init() {}

  fileprivate mutating func add(_ pruned: PrunedSegment) {
    let day = pruned.segment.day
    days = min(days?.lowerBound ?? day, day)...max(days?.upperBound ?? day, day)
    facts += Int64(pruned.segment.rows)
    bytesBefore += Int64(pruned.bytesBefore)
    bytesAfter += Int64(pruned.encoded.byteCount)
  }
}

/// A segment of facts and what takes its place.
private struct PrunedSegment {
  var segment: StoredSegment
  var encoded: EncodedSegments
  /// Of the facts and of their rollup.
  var bytesBefore: Int
}

extension LedgerWriter {
  /// Facts that are pruned in one transaction, about.
  static let prunedFactsPerCommit = 500_000

  /// Drops the single facts of all UTC days before one, and keeps their keys and rollups.
  ///
  /// Each transaction takes segments in the order of their days and moves the first day that is kept:
  /// a run that dies leaves days that were pruned and days that were not. From the first transaction of
  /// a day on it counts as pruned, and the next run finishes it.
  ///
  /// - Parameters:
  ///   - run: A run of the kind `prune`; `nil` only tells what would be done.
  ///   - isStopped: Is asked before each transaction.
  /// - Throws: `LedgerError`. After an error the ledger is whole, and what was committed stays.
  public func prune(
    before day: Day, in run: RunID?, isStopped: () -> Bool = { false }
  ) throws(LedgerError) -> PruneSummary {
    let (queue, ledger, path) = (queue, ledger, ledger.file.path)
    return try ledger.file.perform {
      let compressor = try FrameCompressor()
      var summary = PruneSummary()
      var batch: [PrunedSegment] = []
      var facts = 0
      for segment in try queue.read({ try StoredSegment.facts($0, before: day, path: path) }) {
        if isStopped() { break }
        let pruned = try pruned(segment, compressor)
        facts += segment.rows
        if run == nil { summary.add(pruned) } else { batch.append(pruned) }
        guard facts >= Self.prunedFactsPerCommit else { continue }
        try commit(batch, in: run, &summary)
        (batch, facts) = ([], 0)
      }
      try commit(batch, in: run, &summary)
      return summary
    }
  }

  /// There are single facts of UTC days before one.
  public func hasFacts(before day: Day) throws(LedgerError) -> Bool {
    let (queue, path) = (queue, ledger.file.path)
    return try ledger.file.perform {
      try !queue.read { try StoredSegment.facts($0, before: day, path: path) }.isEmpty
    }
  }

  private func commit(
    _ batch: [PrunedSegment], in run: RunID?, _ summary: inout PruneSummary
  ) throws {
    guard let run, let last = batch.last?.segment.day else { return }
    let (queue, ledger, interrupt) = (queue, ledger, interrupt)
    try queue.write { db in
      try interrupt(.begun)
      let table = SegmentTable(db: db, ledger: ledger)
      for pruned in batch { try table.replace([pruned.segment], by: pruned.encoded, run) }
      try interrupt(.segmentsStored)
      try RetentionTable.prune(
        before: Day(number: last.number + 1), run, SealedRows(db, ledger))
      try interrupt(.aboutToCommit)
    }
    for pruned in batch { summary.add(pruned) }
  }

  /// What stays of a segment of facts. Nobody changes it meanwhile, for this writer has the lock.
  private func pruned(
    _ segment: StoredSegment, _ compressor: FrameCompressor
  ) throws -> PrunedSegment {
    let (labels, cells) = (LabelTable(), CellTable())
    let (blob, rollup) = try queue.read { db in
      let sql = "SELECT coalesce(sum(length(blob)), 0) FROM segments WHERE facts = ?"
      return (try segment.blob(db), try Int.fetchOne(db, sql: sql, arguments: [segment.id]) ?? 0)
    }
    var facts: [Fact] = []
    facts.reserveCapacity(segment.rows)
    try segment.reading(path: ledger.file.path) {
      let bytes = try segment.open(blob, key: ledger.key, compressor)
      try FactSegment.read(bytes, day: segment.day, labels: labels, cells: cells) {
        facts.append($0)
      }
    }
    let encoder = SegmentEncoder(key: ledger.key, labels: labels, cells: cells)
    return PrunedSegment(
      segment: segment, encoded: try encoder.encodePruned(facts, compressor),
      bytesBefore: blob.count + rollup)
  }

  /// Gives space that the ledger no longer needs back to the file system, in transactions of 16 MiB.
  ///
  /// - Returns: The bytes by which the file became smaller, and those that stay free in it: of a
  ///   ledger that was made by a version before 2, or because the run was stopped.
  public func releaseSpace(
    isStopped: () -> Bool = { false }
  ) throws(LedgerError) -> (released: Int64, free: Int64) {
    let queue = queue
    return try ledger.file.perform {
      try queue.writeWithoutTransaction { db in
        func number(_ name: String) throws -> Int64 {
          try Int64.fetchOne(db, sql: "PRAGMA \(name)") ?? 0
        }
        let size = try number("page_size")
        let before = try number("page_count")
        while try number("freelist_count") > 0, !isStopped() {
          let count = try number("page_count")
          try db.execute(sql: "PRAGMA incremental_vacuum(4096)")
          if try number("page_count") == count { break }
        }
        return (
          released: (before - (try number("page_count"))) * size,
          free: try number("freelist_count") * size
        )
      }
    }
  }

  /// The days whose facts were pruned.
  public func prunedDays() throws(LedgerError) -> PrunedDays {
    let (queue, ledger) = (queue, ledger)
    let firstDay = try ledger.file.perform {
      try queue.read { try RetentionTable.firstDay(SealedRows($0, ledger)) }
    }
    return PrunedDays(firstDay: firstDay) { [self] day, body throws(LedgerError) in
      try forEachKey(of: day, body)
    }
  }

  private func forEachKey(of day: Day, _ body: (RecordKey) -> Void) throws(LedgerError) {
    let (queue, ledger, path) = (queue, ledger, ledger.file.path)
    try ledger.file.perform {
      let compressor = try FrameCompressor()
      for segment in try queue.read({ try StoredSegment.keyed($0, of: day, path: path) }) {
        let blob = try queue.read { try segment.blob($0) }
        try segment.reading(path: path) {
          let bytes = try segment.open(blob, key: ledger.key, compressor)
          if segment.kind == .keys { return try KeySegment.read(bytes, body) }
          // Of a prune that was broken off.
          try FactSegment.read(bytes, day: day, labels: LabelTable(), cells: CellTable()) {
            body($0.key)
          }
        }
      }
    }
  }
}
