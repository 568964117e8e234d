public import Billing
import GRDB

/// What a ledger holds, as one state: a copy that was made in one short read transaction.
///
/// Only what the scope names was copied, compressed as it stands in the ledger. Segments are
/// decompressed one at a time; none is kept. A run that commits meanwhile does not wait.
public final class LedgerHistory: UsageHistory {
  public let labels: LabelTable
  public let cells: CellTable
  private let file: LedgerFile
  var path: String { file.path }
  private let key: StoreKey
  private let copy: SegmentCopy
  private let account: LineAccounting
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
  init(
    file: LedgerFile, key: StoreKey, labels: LabelTable, cells: CellTable,
    memoryLimit: Int = SegmentCopy.memoryLimit,
    scope: (ClosedRange<Timestamp>?) -> HistoryScope
  ) throws(LedgerError) {
    self.file = file
    self.key = key
    self.labels = labels
    self.cells = cells
    let queue = try file.connectForReading()
    (overview, copy, account) = try file.perform {
      let state = try queue.read { db in
        let rows = SealedRows(db, path: file.path, key: key)
        let overview = try LedgerOverview(rows, path: file.path)
        var copy = SegmentCopy(directory: file.directory, memoryLimit: memoryLimit)
        for segment in Self.segments(overview.segments, of: scope(overview.extent)) {
          try copy.add(try segment.blob(db), of: segment.id)
        }
        return (overview, copy, try AccountTable.total(rows))
      }
      try queue.close()
      return state
    }
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

  public func accounting() throws -> LineAccounting { account }

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
    guard let blob = try copy.blob(of: segment.id) else {
      throw LedgerError.outsideScope(path: file.path, day: segment.day.description)
    }
    return try segment.reading(path: file.path) { try segment.open(blob, key: key, compressor) }
  }

  private static func overlaps(_ day: Day, _ range: Range<Timestamp>) -> Bool {
    range.overlaps(Timestamp(day: day)..<Timestamp(day: Day(number: day.number + 1)))
  }
}
