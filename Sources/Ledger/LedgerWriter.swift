public import Billing
import Foundation
import GRDB
import Synchronization

/// A ledger that is written: the only one, for it holds the ledger's lock.
///
/// Every commit is one transaction: facts, rollups, checkpoints and accounts of its lines are stored
/// together or not at all. A process that dies leaves a journal behind, from which the next one that
/// opens the ledger restores the last commit.
public final class LedgerWriter: Sendable {
  /// The same ledger for reading.
  public let ledger: Ledger
  /// The verified copy of the ledger as it was, when its format was older and opening it brought it
  /// up to date.
  public let migrationBackup: String?
  private let lock: LedgerLock
  let queue: DatabaseQueue
  let interrupt: @Sendable (CommitStep) throws -> Void
  /// For each run that began: the days before this one are late.
  private let lateBounds = Mutex<[RunID: Day]>([:])

  /// Opens a ledger for writing, and makes it when there is none.
  ///
  /// The ledger, its journal and its lock can be opened by their owner only. No transaction of this
  /// process may be open on the file. A ledger of an older format is brought up to date.
  ///
  /// - Parameter mustExist: None is made.
  /// - Throws: `LedgerError.locked` with the process that writes it; `LedgerError` for what else is
  ///   wrong with the path. A file that is not a ledger of this version stays untouched.
  public static func open(
    path: String, mustExist: Bool = false
  ) throws(LedgerError) -> LedgerWriter {
    try LedgerWriter(path: path, mustExist: mustExist) { _ in }
  }

  /// Makes an empty ledger.
  ///
  /// - Parameter key: That of another ledger, for the two to be merged one day; else a new one.
  /// - Throws: `LedgerError.exists` when a file has the name.
  public static func create(path: String, key: StoreKey?) throws(LedgerError) {
    let file = LedgerFile(path: path)
    try file.checkTarget(replaces: false)
    let lock = try LedgerLock(ledger: path)
    try file.checkTarget(replaces: false)
    try file.create(key: key ?? .random())
    withExtendedLifetime(lock) {}
  }

  convenience init(
    path: String, mustExist: Bool = false,
    interruptMigration: @escaping (MigrationStep) throws -> Void = { _ in },
    interrupt: @escaping @Sendable (CommitStep) throws -> Void
  ) throws(LedgerError) {
    let file = LedgerFile(path: path)
    try file.checkKind(forWriting: true)
    if file.exists { try file.checkHeader() } else if mustExist { throw .missing(path: path) }
    let lock = try LedgerLock(ledger: path)
    if !file.exists { try file.create() }
    let backup =
      try file.checkHeader() == FirstSchema.version
      ? Migration(file: file, interrupt: interruptMigration).run() : nil
    try self.init(file: file, lock: lock, migrationBackup: backup, interrupt: interrupt)
  }

  /// - Parameter lock: On the file, or on that which the file is to become.
  init(
    file: LedgerFile, lock: LedgerLock, migrationBackup: String? = nil,
    interrupt: @escaping @Sendable (CommitStep) throws -> Void = { _ in }
  ) throws(LedgerError) {
    self.lock = lock
    self.migrationBackup = migrationBackup
    queue = try file.connectForWriting()
    ledger = try Ledger(file: file, queue: queue)
    self.interrupt = interrupt
  }

  /// The sources that the ledger knows under a label.
  public func sources(label: String = "") throws(LedgerError) -> SourceRegistry {
    let (queue, ledger) = (queue, ledger)
    return try ledger.file.perform {
      SourceRegistry(
        try queue.read { try SourceTable.all(SealedRows($0, ledger)) }, label: label)
    }
  }

  /// The sources of which lines are rejected, in the order in which they were read first.
  public func rejectedSources() throws(LedgerError) -> [RejectedSource] {
    let (queue, ledger) = (queue, ledger)
    return try ledger.file.perform {
      try queue.read { db in
        let rows = SealedRows(db, ledger)
        return try SourceTable.all(rows).compactMap { source in
          let account = try AccountTable.total(of: source.id, rows)
          let counts = account.rejections.filter { $0.value > 0 }
          guard !counts.isEmpty else { return nil }
          return RejectedSource(
            source: source, counts: counts, skipped: account.skipped,
            lines: try QuarantineTable.lines(of: source.id, rows))
        }
      }
    }
  }

  /// An index of the records that the ledger holds.
  ///
  /// - Parameters:
  ///   - labels: The texts of the run.
  ///   - cells: The cells of the run.
  ///   - preference: The names of dialects, those first whose record of a call is to count.
  ///   - revising: The names of dialects whose records of one id are snapshots of one call.
  ///   - onLoad: Is told the cells of the facts of each day that is loaded, segment by segment.
  public func recordIndex(
    labels: LabelTable, cells: CellTable, preference: [String] = [], revising: [String] = [],
    memoryLimit: Int = 64 << 20, onLoad: @escaping (Day, FactTables) -> Void = { _, _ in }
  ) -> RecordIndex {
    var index = RecordIndex(
      key: ledger.key, labels: labels, cells: cells, preference: preference,
      revising: revising, memoryLimit: memoryLimit
    ) { [self] day, body throws(LedgerError) in
      try forEachSegment(of: day) { bytes in
        let tables = FactTables()
        try FactSegment.read(bytes, day: day, labels: tables.labels, cells: tables.cells) {
          body($0, tables)
        }
        onLoad(day, tables)
      }
    }
    index.pruned = prunedDays()
    return index
  }

  /// Notes that a run begins.
  public func beginRun(_ run: RunDescription) throws(LedgerError) -> RunID {
    let (queue, ledger) = (queue, ledger)
    let (number, bound) = try ledger.file.perform {
      try queue.write { db in
        (try RunTable.begin(run, SealedRows(db, ledger)), try LateTable.bound(db))
      }
    }
    lateBounds.withLock { $0[number] = bound }
    return number
  }

  /// Stores what was read since the last commit, all or nothing.
  ///
  /// - Returns: The sources as they stand now, in the order of the commit.
  /// - Throws: `LedgerError.concurrentChange` when a source was moved on by another run,
  ///   `LedgerError.unbalanced` when an account does not add up, `LedgerError.diskFull` and the
  ///   like. After any error the ledger is as it was before.
  @discardableResult
  public func commit(_ commit: IngestCommit, in run: RunID) throws(LedgerError) -> [StoredSource] {
    if let source = commit.sources.first(where: { !$0.accounting.isBalanced }) {
      throw .unbalanced(source: source.checkpoint.path)
    }
    if let correction = commit.corrections.first(where: { !$0.accounting.isBalanced }) {
      throw .unbalanced(source: correction.source.checkpoint.path)
    }
    let (queue, ledger, interrupt) = (queue, ledger, interrupt)
    let late = lateCounts(of: commit, run)
    return try ledger.file.perform {
      try queue.write { db in
        try interrupt(.begun)
        let table = SegmentTable(db: db, ledger: ledger)
        // Before the new facts: one that takes a place may have the very key of the old.
        try table.drop(commit.superseded, run)
        try interrupt(.supersededDropped)
        try table.append(commit.segments, run)
        try interrupt(.segmentsStored)
        for day in commit.segments.days { try table.compact(day, run) }
        try interrupt(.daysCompacted)
        let rows = SealedRows(db, ledger)
        for (day, count) in late { try LateTable.add(count, on: day, run, rows) }
        let sources = try commit.sources.map { progress in
          let stored = try SourceTable.advance(progress, run, rows)
          try AccountTable.add(progress.accounting, of: progress.range, stored.id, run, rows)
          try QuarantineTable.add(progress, stored.id, run, rows)
          return stored
        }
        for correction in commit.corrections { try correction.store(in: run, rows) }
        try interrupt(.sourcesAdvanced)
        try interrupt(.aboutToCommit)
        return sources
      }
    }
  }

  /// Runs code in a transaction.
  func write(_ body: (Database) throws -> Void) throws(LedgerError) {
    let queue = queue
    try ledger.file.perform { try queue.write(body) }
  }

  /// The accounts of all sources in all runs, added up.
  func accounting() throws(LedgerError) -> LineAccounting {
    let (queue, ledger) = (queue, ledger)
    return try ledger.file.perform {
      try queue.read { try AccountTable.total(SealedRows($0, ledger)) }
    }
  }

  /// By how many events late days grow in a commit, by day.
  private func lateCounts(of commit: IngestCommit, _ run: RunID) -> [(Day, Int64)] {
    guard let bound = lateBounds.withLock({ $0[run] }) else { return [] }
    var counts: [Day: Int64] = [:]
    for segment in commit.segments.segments where segment.kind == .facts && segment.day < bound {
      counts[segment.day, default: 0] += Int64(segment.rows)
    }
    for place in commit.superseded where place.day < bound { counts[place.day, default: 0] -= 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What a run has added late so far.
  public func lateEvents(of run: RunID) throws(LedgerError) -> HistoryNotes.LateEvents {
    let (queue, ledger) = (queue, ledger)
    return try ledger.file.perform {
      try queue.read { try LateTable.events(of: run, SealedRows($0, ledger)) }
    }
  }

  /// Notes that a run read all it was to read.
  public func finishRun(_ run: RunID, at time: Timestamp) throws(LedgerError) {
    let (queue, ledger) = (queue, ledger)
    try ledger.file.perform {
      try queue.write { try RunTable.finish(run, at: time, SealedRows($0, ledger)) }
    }
  }

  /// Calls `body` with the bytes of each segment of a day's facts.
  private func forEachSegment(
    of day: Day, _ body: ([UInt8]) throws -> Void
  ) throws(LedgerError) {
    let (queue, ledger) = (queue, ledger)
    try ledger.file.perform {
      let compressor = try FrameCompressor()
      let path = ledger.file.path
      for segment in try queue.read({ try StoredSegment.facts($0, of: day, path: path) }) {
        let blob = try queue.read { try segment.blob($0) }
        try segment.reading(path: path) {
          try body(try segment.open(blob, key: ledger.key, compressor))
        }
      }
    }
  }
}
