import Billing
import GRDB

/// What became of the lines of each source in each run.
enum AccountTable {
  /// Adds to the account of a source in a run.
  static func add(_ account: LineAccounting, _ source: SourceID, _ run: RunID, _ db: Database)
    throws
  {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run, source) DO UPDATE SET
          lines = lines + excluded.lines, event_lines = event_lines + excluded.event_lines,
          duplicates = duplicates + excluded.duplicates, rejected = rejected + excluded.rejected,
          skipped = skipped + excluded.skipped, events = events + excluded.events,
          id_conflicts = id_conflicts + excluded.id_conflicts, bytes = bytes + excluded.bytes
        """)
    try statement.execute(arguments: [
      run.number, source.number, account.lines, account.eventLines, account.duplicates,
      account.rejected, account.skipped, account.events, account.idConflicts, account.bytes,
    ])
    let counts = try db.cachedStatement(
      sql: """
        INSERT INTO rejection_counts VALUES (?, ?, ?, ?)
        ON CONFLICT (run, source, reason) DO UPDATE SET count = count + excluded.count
        """)
    for (reason, count) in account.rejections where count > 0 {
      try counts.execute(arguments: [run.number, source.number, reason.name, count])
    }
  }

  /// Keeps the places of rejected lines, up to `sampleLimit` for each source and reason.
  static func add(_ rejections: [Rejection], _ source: SourceID, _ run: RunID, _ db: Database)
    throws
  {
    let count = try db.cachedStatement(
      sql: "SELECT count(*) FROM rejection_samples WHERE source = ? AND reason = ?")
    let insert = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO rejection_samples VALUES (?, ?, ?, ?, ?, ?)")
    var room: [RejectionReason: Int] = [:]
    for rejection in rejections {
      let reason = rejection.reason
      let stored = { try Int.fetchOne(count, arguments: [source.number, reason.name]) ?? 0 }
      let left = try room[reason] ?? sampleLimit - stored()
      room[reason] = left - 1
      guard left > 0 else { continue }
      try insert.execute(arguments: [
        source.number, reason.name, rejection.line, rejection.offset, rejection.length, run.number,
      ])
    }
  }

  static let sampleLimit = 100

  /// The accounts of all sources in all runs, added up.
  static func total(_ db: Database) throws -> LineAccounting {
    var total = LineAccounting()
    let sums = try Row.fetchOne(
      db,
      sql: """
        SELECT coalesce(sum(lines), 0), coalesce(sum(event_lines), 0),
          coalesce(sum(duplicates), 0), coalesce(sum(rejected), 0), coalesce(sum(skipped), 0),
          coalesce(sum(events), 0), coalesce(sum(id_conflicts), 0), coalesce(sum(bytes), 0)
        FROM accounts
        """)
    if let sums {
      (total.lines, total.eventLines, total.duplicates) = (sums[0], sums[1], sums[2])
      (total.rejected, total.skipped, total.events) = (sums[3], sums[4], sums[5])
      (total.idConflicts, total.bytes) = (sums[6], sums[7])
    }
    let counts = try Row.fetchCursor(
      db, sql: "SELECT reason, sum(count) FROM rejection_counts GROUP BY reason")
    while let row = try counts.next() {
      guard let reason = RejectionReason(name: row[0]) else { continue }
      total.rejections[reason] = row[1]
    }
    return total
  }
}
