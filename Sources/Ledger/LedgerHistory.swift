public import Billing
import GRDB

/// What a ledger holds, as one state: a read transaction that ends with the history.
///
/// Segments are read one at a time; none is kept.
public final class LedgerHistory: UsageHistory {
  public let labels: LabelTable
  public let cells: CellTable
  private let file: LedgerFile
  private let key: StoreKey
  private let queue: DatabaseQueue
  /// By day, facts before rollups.
  let segments: [StoredSegment]
  /// The rollup of a facts segment, by the latter's id, where it is stored.
  private let rollups: [Int64: StoredSegment]

  /// Every instant that a fact can have.
  public static let allTime =
    Timestamp.representable
    .lowerBound..<Timestamp(
      microseconds: Timestamp.representable.upperBound.microseconds + 1)

  init(file: LedgerFile, key: StoreKey, labels: LabelTable, cells: CellTable)
    throws(LedgerError)
  {
    self.file = file
    self.key = key
    self.labels = labels
    self.cells = cells
    let queue = try file.connectForReading()
    self.queue = queue
    segments = try file.perform {
      try queue.writeWithoutTransaction { db in
        try db.beginTransaction(.deferred)
        return try StoredSegment.all(db, path: file.path)
      }
    }
    rollups = Dictionary(
      segments.compactMap { segment in segment.facts.map { ($0, segment) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The days that have facts, in order.
  public var days: [Day] {
    segments.filter { $0.kind == .facts }.reduce(into: []) { days, segment in
      if days.last != segment.day { days.append(segment.day) }
    }
  }

  /// - Throws: `LedgerError` when a segment is damaged, `ArithmeticOverflow` when a sum does not
  ///   fit, and what `body` throws.
  public func forEachRow(in range: Range<Timestamp>, _ body: (RollupRow) throws -> Void) throws {
    let width = Timestamp.microsecondsPerBucket
    func pass(_ row: RollupRow) throws {
      if range.contains(Timestamp(microseconds: Int64(row.bucket) * width)) { try body(row) }
    }
    let compressor = try FrameCompressor()
    for facts in segments where facts.kind == .facts && Self.overlaps(facts.day, range) {
      if let rollup = rollups[facts.id] {
        let bytes = try content(of: rollup, compressor)
        try rollup.reading(path: file.path) {
          try RollupSegment.read(bytes, day: rollup.day, labels: labels, cells: cells, pass)
        }
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
    for segment in segments where segment.kind == .facts && range.overlaps(segment.times) {
      try forEachFact(of: segment, compressor) { if range.contains($0.time) { try body($0) } }
    }
  }

  public func extent() throws -> ClosedRange<Timestamp>? {
    guard let first = segments.map(\.times.lowerBound).min(),
      let last = segments.map(\.times.upperBound).max()
    else { return nil }
    return first...last
  }

  public func accounting() throws -> LineAccounting {
    try read { try AccountTable.total(SealedRows($0, path: file.path, key: key)) }
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
  func content(of segment: StoredSegment, _ compressor: FrameCompressor) throws -> [UInt8] {
    let blob = try file.perform { try queue.unsafeRead { try segment.blob($0) } }
    return try segment.reading(path: file.path) { try segment.open(blob, key: key, compressor) }
  }

  /// The rollup that is stored for a segment of facts.
  func rollup(of facts: StoredSegment) -> StoredSegment? { rollups[facts.id] }

  /// Runs read-only database code in the history's transaction.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try file.perform { try queue.unsafeRead(body) }
  }

  private static func overlaps(_ day: Day, _ range: Range<Timestamp>) -> Bool {
    range.overlaps(Timestamp(day: day)..<Timestamp(day: Day(number: day.number + 1)))
  }
}
