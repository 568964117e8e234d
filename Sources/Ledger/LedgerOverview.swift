import Billing
import GRDB

/// What a ledger says of itself: read in one transaction, without the content of segments.
struct LedgerOverview: Sendable {
  /// By day, facts before rollups.
  let segments: [StoredSegment]
  let notes: HistoryNotes

  init(_ rows: SealedRows, path: String) throws {
    segments = try StoredSegment.all(rows.db, path: path)
    var notes = HistoryNotes()
    notes.prunedBefore = try RetentionTable.firstDay(rows)
    notes.late = try LateTable.ofLastRun(rows)
    self.notes = notes
  }

  /// The first and the last instant that has a request.
  var extent: ClosedRange<Timestamp>? {
    guard let first = segments.map(\.times.lowerBound).min(),
      let last = segments.map(\.times.upperBound).max()
    else { return nil }
    return first...last
  }
}
