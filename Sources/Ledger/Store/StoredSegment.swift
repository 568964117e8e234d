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
  var hash: KeyedDigest
  /// For a rollup: the segment whose facts it adds up.
  var facts: Int64?

  /// A segment's size that a reader accepts, decompressed: 2³¹ bytes.
  private static let byteLimit = 1 << 31

  private static let columns =
    "id, kind, day, row_count, byte_count, hash, facts, first_time, last_time"

  /// The segments of a ledger, by day, facts first, then in the order of writing.
  static func all(_ db: Database, path: String) throws -> [StoredSegment] {
    let sql = "SELECT \(columns) FROM segments ORDER BY day, kind, id"
    let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql))
    var segments: [StoredSegment] = []
    while let row = try rows.next() { segments.append(try StoredSegment(row, path: path)) }
    return segments
  }

  /// The facts of a day, in the order of writing.
  static func facts(_ db: Database, of day: Day, path: String) throws -> [StoredSegment] {
    let sql = "SELECT \(columns) FROM segments WHERE day = ? AND kind = 1 ORDER BY id"
    let rows = try Row.fetchCursor(
      try db.cachedStatement(sql: sql), arguments: [Int64(day.number)])
    var segments: [StoredSegment] = []
    while let row = try rows.next() { segments.append(try StoredSegment(row, path: path)) }
    return segments
  }

  private init(_ row: Row, path: String) throws {
    id = row[0]
    let dayNumber: Int64 = row[2]
    day = Day(number: Int32(truncatingIfNeeded: dayNumber))
    rows = row[3]
    byteCount = row[4]
    facts = row[6]
    let hash: Data = row[5]
    let first = Timestamp(microseconds: row[7])
    let last = Timestamp(microseconds: row[8])
    guard let kind = SegmentKind(rawValue: row[1]), let hash = KeyedDigest(data: hash),
      byteCount <= Self.byteLimit, Timestamp.representable.contains(first),
      first <= last, last.day == day, first.day == day, Int64(day.number) == dayNumber
    else {
      throw LedgerError.damagedSegment(
        path: path, segment: id, day: day.description, reason: "its row makes no sense")
    }
    self.kind = kind
    self.hash = hash
    times = first...last
  }

  /// The compressed content.
  func blob(_ db: Database) throws -> [UInt8] {
    let sql = "SELECT blob FROM segments WHERE id = ?"
    let data = try Data.fetchOne(try db.cachedStatement(sql: sql), arguments: [id])
    return Array(data ?? Data())
  }

  /// Checks the hash of the content and decompresses it.
  func open(_ blob: [UInt8], key: StoreKey, _ compressor: FrameCompressor) throws(SegmentFailure)
    -> [UInt8]
  {
    let actual = EncodedSegment.hash(
      blob, kind: kind, day: day, rows: rows, times: times, byteCount: byteCount, key: key)
    guard actual == hash else { throw SegmentFailure("its hash is wrong") }
    return try compressor.decompress(blob, count: byteCount)
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
