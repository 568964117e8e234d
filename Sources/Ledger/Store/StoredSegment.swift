import Billing
import Foundation
import GRDB

/// A segment of the ledger without its content.
struct StoredSegment: Sendable {
  var id: Int64
  var kind: SegmentKind
  var day: Day
  var rows: Int
  /// Of the first and the last fact.
  var times: ClosedRange<Timestamp>
  var byteCount: Int
  /// Of the content and of the row.
  var hash: KeyedDigest
  /// The run that wrote it.
  var run: RunID
  /// For a rollup: the segment whose facts it adds up.
  var facts: Int64?

  /// A segment's size that a reader accepts, decompressed: 2³¹ bytes.
  private static let byteLimit = 1 << 31

  private static let columns =
    "id, kind, day, row_count, byte_count, hash, facts, first_time, last_time, run"

  /// The segments of a ledger, by day, facts first, then in the order of writing.
  static func all(_ db: Database, path: String) throws -> [StoredSegment] {
    let sql = "SELECT \(columns) FROM segments ORDER BY day, kind, id"
    let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql))
    var segments: [StoredSegment] = []
    while let row = try rows.next() { segments.append(try decode(row, path: path)) }
    return segments
  }

  /// The facts of a day, in the order of writing.
  static func facts(_ db: Database, of day: Day, path: String) throws -> [StoredSegment] {
    try segments(db, "day = ? AND kind = 1", day, path: path)
  }

  /// The segments of a day that hold keys: of facts, and of facts that were pruned.
  static func keyed(_ db: Database, of day: Day, path: String) throws -> [StoredSegment] {
    try segments(db, "day = ? AND kind IN (1, 3)", day, path: path)
  }

  /// The facts of all days before one, by day.
  static func facts(_ db: Database, before day: Day, path: String) throws -> [StoredSegment] {
    try segments(db, "day < ? AND kind = 1", day, path: path)
  }

  private static func segments(
    _ db: Database, _ condition: String, _ day: Day, path: String
  ) throws -> [StoredSegment] {
    let sql = "SELECT \(columns) FROM segments WHERE \(condition) ORDER BY day, id"
    let rows = try Row.fetchCursor(
      try db.cachedStatement(sql: sql), arguments: [Int64(day.number)])
    var segments: [StoredSegment] = []
    while let row = try rows.next() { segments.append(try decode(row, path: path)) }
    return segments
  }

  /// The segments of a ledger as far as their rows make sense, in the order of `all`.
  ///
  /// - Parameter damaged: Is told the number of each segment whose row does not.
  static func sound(_ db: Database, damaged: (Int64) -> Void) throws -> [StoredSegment] {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT \(columns) FROM segments ORDER BY day, kind, id")
    var segments: [StoredSegment] = []
    while let row = try rows.next() {
      do {
        segments.append(try StoredSegment(StoredRow(row)))
      } catch is StoredRow.Unsound {
        damaged(Int64.fromDatabaseValue(row[0]) ?? 0)
      }
    }
    return segments
  }

  private static func decode(_ row: Row, path: String) throws -> StoredSegment {
    do {
      return try StoredSegment(StoredRow(row))
    } catch is StoredRow.Unsound {
      let day = Int32.fromDatabaseValue(row[2]).map { Day(number: $0).description }
      throw LedgerError.damagedSegment(
        path: path, segment: Int64.fromDatabaseValue(row[0]) ?? 0, day: day ?? "no day",
        reason: "its row makes no sense")
    }
  }

  private init(_ row: StoredRow) throws {
    id = try row[0]
    day = Day(number: try row[2])
    rows = try row[3]
    byteCount = try row[4]
    facts = try row.optional(6)
    run = RunID(number: try row[9])
    let first = Timestamp(microseconds: try row[7])
    let last = Timestamp(microseconds: try row[8])
    guard let kind = SegmentKind(rawValue: try row[1]), let hash = KeyedDigest(data: try row[5]),
      rows > 0, byteCount > 0, byteCount <= Self.byteLimit,
      Timestamp.representable.contains(first), Timestamp.representable.contains(last),
      first <= last, last.day == day, first.day == day
    else { throw StoredRow.Unsound() }
    self.kind = kind
    self.hash = hash
    times = first...last
  }

  static func exists(_ id: Int64, _ db: Database) throws -> Bool {
    let sql = "SELECT count(*) FROM segments WHERE id = ?"
    return try Int.fetchOne(try db.cachedStatement(sql: sql), arguments: [id]) == 1
  }

  /// The compressed content.
  func blob(_ db: Database) throws -> [UInt8] {
    let sql = "SELECT blob FROM segments WHERE id = ?"
    let data = try Data.fetchOne(try db.cachedStatement(sql: sql), arguments: [id])
    return Array(data ?? Data())
  }

  /// The hash that the row keeps: the encoder's, of the content, with what only the ledger knows.
  static func hash(
    content: KeyedDigest, id: Int64, run: RunID, facts: Int64?, key: StoreKey
  ) -> KeyedDigest {
    var hasher = KeyedHasher(key: key)
    hasher.update(UInt64(bitPattern: id))
    hasher.update(UInt64(bitPattern: run.number))
    hasher.update(UInt64(bitPattern: facts ?? 0))
    hasher.update(content.low)
    hasher.update(content.high)
    return hasher.finalize()
  }

  /// Checks the hash of the content and decompresses it.
  func open(_ blob: [UInt8], key: StoreKey, _ compressor: FrameCompressor) throws(SegmentFailure)
    -> [UInt8]
  {
    try checkHash(blob, key: key)
    return try compressor.decompress(blob, count: byteCount)
  }

  /// Checks the hash of the compressed content and of the row.
  func checkHash(_ blob: [UInt8], key: StoreKey) throws(SegmentFailure) {
    let content = EncodedSegment.hash(
      blob, kind: kind, day: day, rows: rows, times: times, byteCount: byteCount, key: key)
    guard Self.hash(content: content, id: id, run: run, facts: facts, key: key) == hash else {
      throw SegmentFailure("its hash is wrong")
    }
  }

  /// Runs code that reads the content and says in the ledger's words what is wrong with it.
  func reading<Result>(path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as SegmentFailure {
      throw LedgerError.damagedSegment(
        path: path, segment: id, day: day.description, reason: failure.reason)
    }
  }
}
