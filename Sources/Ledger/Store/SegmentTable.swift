import Billing
import Foundation
import GRDB

/// The segments of a ledger in a write transaction.
struct SegmentTable {
  let db: Database
  let ledger: Ledger

  /// A day with more small segments than this is compacted.
  static let smallSegmentLimit = 8
  /// Segments below this many facts are small. Larger ones stay, so that the memory for a
  /// compaction does not depend on the size of the day.
  static let smallRowLimit = 100_000

  /// Stores segments as they are.
  func append(_ encoded: EncodedSegments, _ run: RunID) throws {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO segments (kind, day, run, facts, row_count, first_time, last_time,
          byte_count, hash, blob)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var facts: Int64?
    for segment in encoded.segments {
      if segment.kind == .facts { facts = nil }
      try insert.execute(arguments: [
        segment.kind.rawValue, Int64(segment.day.number), run.number, facts, segment.rows,
        segment.times.lowerBound.microseconds, segment.times.upperBound.microseconds,
        segment.byteCount, segment.hash.data, Data(segment.blob),
      ])
      if segment.kind == .facts { facts = db.lastInsertedRowID }
    }
  }

  /// Merges small segments of a day when there are many.
  func compact(_ day: Day, _ run: RunID) throws {
    let path = ledger.file.path
    let small = try StoredSegment.facts(db, of: day, path: path)
      .filter { $0.rows < Self.smallRowLimit }
    guard small.count > Self.smallSegmentLimit else { return }
    var merged: [StoredSegment] = []
    var rows = 0
    for segment in small where rows < Self.smallRowLimit {
      merged.append(segment)
      rows += segment.rows
    }
    let labels = LabelTable()
    let cells = CellTable()
    let compressor = try FrameCompressor()
    var facts: [Fact] = []
    facts.reserveCapacity(rows)
    for segment in merged {
      let blob = try segment.blob(db)
      try segment.reading(path: path) {
        let bytes = try segment.open(blob, key: ledger.key, compressor)
        try FactSegment.read(bytes, day: day, labels: labels, cells: cells) { facts.append($0) }
      }
    }
    let encoder = SegmentEncoder(key: ledger.key, labels: labels, cells: cells)
    try append(try encoder.encode(facts), run)
    let delete = try db.cachedStatement(sql: "DELETE FROM segments WHERE id = ?")
    for segment in merged { try delete.execute(arguments: [segment.id]) }
  }
}
