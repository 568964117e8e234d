import Billing
import GRDB

/// Up to which day facts were pruned.
enum RetentionTable {
  /// The first UTC day whose facts are kept; `nil` when none were pruned.
  static func firstDay(_ rows: SealedRows) throws -> Day? {
    try rows.row(of: Schema.retention, [1]).map { Day(number: try $0[1]) }
  }

  /// Notes that facts before a UTC day were pruned. It never goes back.
  static func prune(before day: Day, _ run: RunID, _ rows: SealedRows) throws {
    if let known = try firstDay(rows), known >= day { return }
    try rows.write([1, Int64(day.number), run.number], to: Schema.retention)
  }
}

/// How many events each run added late (`HistoryNotes.LateEvents`).
enum LateTable {
  /// The days before this one are late for a run that begins now; `nil` when nothing is recorded.
  static func bound(_ db: Database) throws -> Day? {
    let newest = try Int32.fetchOne(db, sql: "SELECT max(day) FROM segments")
    return newest.map { Day(number: $0 - HistoryNotes.LateEvents.graceDays + 1) }
  }

  /// Changes how many events of a day a run added late.
  static func add(_ count: Int64, on day: Day, _ run: RunID, _ rows: SealedRows) throws {
    let key = [run.number, Int64(day.number)]
    let known = try rows.row(of: Schema.lateFacts, key).map { try $0[2] as Int64 } ?? 0
    if known + count > 0 {
      try rows.write(key + [known + count], to: Schema.lateFacts)
    } else if known > 0 {
      try rows.db.execute(
        sql: "DELETE FROM late_facts WHERE run = ? AND day = ?",
        arguments: StatementArguments(key))
    }
  }

  static func events(of run: RunID, _ rows: SealedRows) throws -> HistoryNotes.LateEvents {
    var events = HistoryNotes.LateEvents()
    try rows.forEach(Schema.lateFacts, where: "run = ?", [run.number]) { row in
      events.days[Day(number: try row[1])] = try row[2]
    }
    return events
  }

  /// Of the last run that read logs.
  static func ofLastRun(_ rows: SealedRows) throws -> HistoryNotes.LateEvents {
    let sql = "SELECT max(id) FROM runs WHERE kind IN ('ingest', 'requeue')"
    guard let last = try Int64.fetchOne(rows.db, sql: sql) else { return .init() }
    return try events(of: RunID(number: last), rows)
  }
}
