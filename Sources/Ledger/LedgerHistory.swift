public import Billing
import GRDB

/// What a ledger holds, as one state: a copy that was made in one short read transaction.
///
/// Only what the scope names was copied, compressed as it stands in the ledger. Segments are
/// decompressed one at a time; none is kept. A run that commits meanwhile does not wait.
public final class LedgerHistory: UsageHistory {
  /// Where the content of segments comes from.
  private enum Contents: Sendable {
    case copy(SegmentCopy, LineAccounting)
    /// A read transaction that ends with the history.
    case transaction(DatabaseQueue)
  }

  public let labels: LabelTable
  public let cells: CellTable
  private let file: LedgerFile
  var path: String { file.path }
  private let key: StoreKey
  private let contents: Contents
  private let overview: LedgerOverview
  /// The rollup of a facts segment, by the latter's id, where it is stored.
  private let rollups: [Int64: StoredSegment]

  /// Every instant that a fact can have.
  public static let allTime = HistoryScope.allTime

  /// By day, facts before rollups.
  var segments: [StoredSegment] { overview.segments }

  /// Copies what the scope names.
  ///
  /// - Parameter scope: Decides, by the first and the last instant that has a request.
  convenience init(
    file: LedgerFile, key: StoreKey, labels: LabelTable, cells: CellTable,
    memoryLimit: Int = SegmentCopy.memoryLimit,
    scope: (ClosedRange<Timestamp>?) -> HistoryScope
  ) throws(LedgerError) {
    let queue = try file.connectForReading()
    let (overview, contents) = try file.perform {
      let state = try queue.read { db in
        let rows = SealedRows(db, path: file.path, key: key)
        let overview = try LedgerOverview(rows, path: file.path)
        var copy = SegmentCopy(directory: file.directory, memoryLimit: memoryLimit)
        for segment in Self.segments(overview.segments, of: scope(overview.extent)) {
          try copy.add(try segment.blob(db), of: segment.id)
        }
        return (overview, Contents.copy(copy, try AccountTable.total(rows)))
      }
      try queue.close()
      return state
    }
    self.init(file, key, labels, cells, overview, contents)
  }

  /// Reads the ledger itself, in a transaction that lasts as long as the history: whoever commits
  /// meanwhile waits for it.
  convenience init(
    holding file: LedgerFile, key: StoreKey, labels: LabelTable, cells: CellTable
  ) throws(LedgerError) {
    let queue = try file.connectForReading()
    let overview = try file.perform {
      try queue.writeWithoutTransaction { db in
        try db.beginTransaction(.deferred)
        return try LedgerOverview(
          SealedRows(db, path: file.path, key: key), path: file.path)
      }
    }
    self.init(file, key, labels, cells, overview, .transaction(queue))
  }

  private init(
    _ file: LedgerFile, _ key: StoreKey, _ labels: LabelTable, _ cells: CellTable,
    _ overview: LedgerOverview, _ contents: Contents
  ) {
    self.file = file
    self.key = key
    self.labels = labels
    self.cells = cells
    self.overview = overview
    self.contents = contents
    rollups = Self.rollups(of: overview.segments)
  }

  private static func rollups(of segments: [StoredSegment]) -> [Int64: StoredSegment] {
    Dictionary(
      segments.compactMap { segment in segment.facts.map { ($0, segment) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The segments whose content a reader of the scope asks for.
  private static func segments(_ all: [StoredSegment], of scope: HistoryScope) -> [StoredSegment] {
    let rollups = rollups(of: all)
    return all.filter { segment in
      switch segment.kind {
      case .rollup: overlaps(segment.day, scope.rows)
      case .facts:
        overlaps(segment.day, scope.facts)
          || (rollups[segment.id] == nil && overlaps(segment.day, scope.rows))
      case .keys: false
      }
    }
  }

  /// The days that have requests, in order.
  public var days: [Day] {
    segments.reduce(into: []) { days, segment in
      if days.last != segment.day { days.append(segment.day) }
    }
  }

  /// The facts of the day were pruned.
  func isPruned(_ day: Day) -> Bool { overview.notes.prunedBefore.map { day < $0 } ?? false }

  /// - Throws: `LedgerError` when a segment is damaged, `ArithmeticOverflow` when a sum does not
  ///   fit, and what `body` throws.
  public func forEachRow(in range: Range<Timestamp>, _ body: (RollupRow) throws -> Void) throws {
    let width = Timestamp.microsecondsPerBucket
    func pass(_ row: RollupRow) throws {
      if range.contains(Timestamp(microseconds: Int64(row.bucket) * width)) { try body(row) }
    }
    let compressor = try FrameCompressor()
    for facts in segments where facts.kind != .rollup && Self.overlaps(facts.day, range) {
      if let rollup = rollups[facts.id] {
        let bytes = try content(of: rollup, compressor)
        try rollup.reading(path: file.path) {
          try RollupSegment.read(bytes, day: rollup.day, labels: labels, cells: cells, pass)
        }
      } else if facts.kind == .keys {
        try facts.reading(path: file.path) { throw SegmentFailure("its rollup is not there") }
      } else {
        // A segment without a stored rollup has nearly a row for each fact: whoever takes rows adds
        // them up anyway.
        try forEachFact(of: facts, compressor) { fact in
          let measures = Measures(fact)
          try pass(RollupRow(bucket: fact.time.bucket, cell: fact.cell, measures: measures))
        }
      }
    }
  }

  /// - Throws: `LedgerError` when a segment is damaged, and what `body` throws.
  public func forEachFact(in range: Range<Timestamp>, _ body: (Fact) throws -> Void) throws {
    let compressor = try FrameCompressor()
    for segment in segments
    where segment.kind == .facts && range.overlaps(segment.times) && !isPruned(segment.day) {
      try forEachFact(of: segment, compressor) { if range.contains($0.time) { try body($0) } }
    }
  }

  public func extent() throws -> ClosedRange<Timestamp>? { overview.extent }

  public func notes() throws -> HistoryNotes { overview.notes }

  public func accounting() throws -> LineAccounting {
    if case .copy(_, let account) = contents { return account }
    return try read { try AccountTable.total(SealedRows($0, path: file.path, key: key)) }
  }

  /// Calls `body` with each fact of a segment.
  func forEachFact(
    of segment: StoredSegment, _ compressor: FrameCompressor, _ body: (Fact) throws -> Void
  ) throws {
    let bytes = try content(of: segment, compressor)
    try segment.reading(path: file.path) {
      try FactSegment.read(bytes, day: segment.day, labels: labels, cells: cells, body)
    }
  }

  /// The decompressed bytes of a segment, after its hash was found right.
  ///
  /// - Throws: `LedgerError.outsideScope` when the scope does not name it.
  func content(of segment: StoredSegment, _ compressor: FrameCompressor) throws -> [UInt8] {
    let blob: [UInt8]
    switch contents {
    case .copy(let copy, _):
      guard let copied = try copy.blob(of: segment.id) else {
        throw LedgerError.outsideScope(path: file.path, day: segment.day.description)
      }
      blob = copied
    case .transaction(let queue):
      blob = try file.perform { try queue.unsafeRead { try segment.blob($0) } }
    }
    return try segment.reading(path: file.path) { try segment.open(blob, key: key, compressor) }
  }

  /// The rollup that is stored for a segment of facts.
  func rollup(of facts: StoredSegment) -> StoredSegment? { rollups[facts.id] }

  /// Runs read-only database code in the history's transaction, if it holds one.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    guard case .transaction(let queue) = contents else {
      throw LedgerError.outsideScope(path: file.path, day: "any day")
    }
    return try file.perform { try queue.unsafeRead(body) }
  }

  private static func overlaps(_ day: Day, _ range: Range<Timestamp>) -> Bool {
    range.overlaps(Timestamp(day: day)..<Timestamp(day: Day(number: day.number + 1)))
  }
}
