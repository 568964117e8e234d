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
  static let smallRowLimit = 50_000

  /// Stores segments as they are.
  func append(_ encoded: EncodedSegments, _ run: RunID) throws {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO segments (id, kind, day, run, facts, row_count, first_time, last_time,
          byte_count, hash, blob)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var id = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM segments") ?? 0
    var facts: Int64?
    for segment in encoded.segments {
      id += 1
      if segment.kind != .rollup { facts = nil }
      let hash = StoredSegment.hash(
        content: segment.hash, id: id, run: run, facts: facts, key: ledger.key)
      try insert.execute(arguments: [
        id, segment.kind.rawValue, Int64(segment.day.number), run.number, facts, segment.rows,
        segment.times.lowerBound.microseconds, segment.times.upperBound.microseconds,
        segment.byteCount, hash.data, Data(segment.blob),
      ])
      if segment.kind != .rollup { facts = id }
    }
  }

  /// Drops facts that others take the place of: the segments that hold them are written again
  /// without them.
  ///
  /// - Throws: `LedgerError.corrupt` when a fact is not there.
  func drop(_ superseded: Set<FactPlace>, _ run: RunID) throws {
    for (day, places) in Dictionary(grouping: superseded, by: \.day).sorted(by: { $0.key < $1.key })
    {
      let keys = Set(places.map(\.key))
      var left = keys.count
      for segment in try StoredSegment.facts(db, of: day, path: ledger.file.path) where left > 0 {
        try rewrite([segment], of: day, run) { facts in
          let count = facts.count
          facts.removeAll { keys.contains($0.key) }
          left -= count - facts.count
          return facts.count < count
        }
      }
      guard left == 0 else {
        throw LedgerError.corrupt(
          path: ledger.file.path, detail: "\(left) facts of \(day) are not where they were read")
      }
    }
  }

  /// Merges small segments of a day when there are many.
  func compact(_ day: Day, _ run: RunID) throws {
    let small = try StoredSegment.facts(db, of: day, path: ledger.file.path)
      .filter { $0.rows < Self.smallRowLimit }
    guard small.count > Self.smallSegmentLimit else { return }
    var merged: [StoredSegment] = []
    var rows = 0
    for segment in small where rows < Self.smallRowLimit {
      merged.append(segment)
      rows += segment.rows
    }
    try rewrite(merged, of: day, run) { _ in true }
  }

  /// Replaces segments by others, of whatever kind.
  func replace(_ segments: [StoredSegment], by encoded: EncodedSegments, _ run: RunID) throws {
    // The new ones first take the space of the old: a disk may be full.
    let delete = try db.cachedStatement(sql: "DELETE FROM segments WHERE id = ?")
    for segment in segments { try delete.execute(arguments: [segment.id]) }
    try append(encoded, run)
  }

  /// Replaces segments of a day by one, or by none when no fact is left.
  ///
  /// - Parameter change: Changes the facts; returns `false` to leave the segments as they are.
  private func rewrite(
    _ segments: [StoredSegment], of day: Day, _ run: RunID, change: (inout [Fact]) -> Bool
  ) throws {
    let path = ledger.file.path
    let labels = LabelTable()
    let cells = CellTable()
    let compressor = try FrameCompressor()
    var facts: [Fact] = []
    facts.reserveCapacity(segments.reduce(0) { $0 + $1.rows })
    for segment in segments {
      let blob = try segment.blob(db)
      try segment.reading(path: path) {
        let bytes = try segment.open(blob, key: ledger.key, compressor)
        try FactSegment.read(bytes, day: day, labels: labels, cells: cells) { facts.append($0) }
      }
    }
    guard change(&facts) else { return }
    let encoder = SegmentEncoder(key: ledger.key, labels: labels, cells: cells)
    try replace(segments, by: try encoder.encode(facts), run)
  }
}
