import Billing
import GRDB

/// Checks what stands in the rows of a ledger, in one read transaction.
struct RowCheck {
  let ledger: Ledger
  let depth: VerificationDepth
  private(set) var found: [Discrepancy] = []
  /// The segments whose rows make sense, by day, facts first.
  private(set) var segments: [StoredSegment] = []

  init(ledger: Ledger, depth: VerificationDepth) {
    self.ledger = ledger
    self.depth = depth
  }

  mutating func run(_ db: Database) {
    let rows = SealedRows(db, ledger)
    check("SQLite's structure") { try $0.structure(db) }
    for table in Schema.sealedTables { check(table.name) { try $0.seals(table, rows) } }
    check("segments") { try $0.readSegments(db) }
    // Sums over rows that are wrong in themselves say nothing more.
    guard found.isEmpty else { return }
    check("accounts") { try $0.accounts(rows) }
    check("retention") { try $0.retention(rows) }
  }

  /// Runs a check; what breaks it is one of its findings.
  private mutating func check(_ place: String, _ body: (inout Self) throws -> Void) {
    do throws(LedgerError) {
      try ledger.file.perform { try body(&self) }
    } catch {
      found.append(Discrepancy(place, error))
    }
  }

  private mutating func structure(_ db: Database) throws {
    let pragma = depth == .full ? "integrity_check" : "quick_check"
    for problem in try String.fetchAll(db, sql: "PRAGMA \(pragma)") where problem != "ok" {
      found.append(Discrepancy("SQLite's structure", problem))
    }
    let references = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
    while let row = try references.next() {
      let table = String.fromDatabaseValue(row[0]) ?? "a table"
      found.append(Discrepancy(table, "a row refers to one that is not there"))
    }
  }

  private mutating func seals(_ table: SealedTable, _ rows: SealedRows) throws {
    var places: [String] = []
    try rows.forEachUnchecked(table) { row, isSound in
      if !isSound { places.append(table.place(of: row)) }
    }
    found += places.map { Discrepancy($0, "it is not as it was written") }
  }

  private mutating func readSegments(_ db: Database) throws {
    var damaged: [Int64] = []
    segments = try StoredSegment.sound(db) { damaged.append($0) }
    found += damaged.map { Discrepancy("segment \($0)", "its row makes no sense") }
    let facts = Dictionary(
      segments.filter { $0.kind != .rollup }.map { ($0.id, $0.day) },
      uniquingKeysWith: { first, _ in first })
    for segment in segments {
      guard let other = segment.facts, facts[other] != segment.day else { continue }
      found.append(
        Discrepancy("segment \(segment.id)", "it adds up segment \(other) of another day"))
    }
  }

  /// The lines of an account are as many as became something, the accounts of a source are of all
  /// bytes up to its checkpoint, each once, and all events are facts.
  private mutating func accounts(_ rows: SealedRows) throws {
    var rejected: [Account: Int64] = [:]
    var ends: [Int64: Int64] = [:]
    var events: Int64 = 0
    try rows.forEach(Schema.accounts, by: "source, start_offset, end_offset, run") { row in
      let account = Account(run: try row[0], source: try row[1])
      let (start, end): (Int64, Int64) = (try row[2], try row[3])
      let parts: [Int64] = [try row[5], try row[6], try row[7], try row[8]]
      if try parts.total() != row[4] {
        found.append(Discrepancy(account.place, "its lines are not what became of them"))
      }
      rejected[account] = parts[2]
      events = try [events, try row[9]].total()
      if start < end {
        if start != ends[account.source] ?? 0 {
          found.append(
            Discrepancy(
              account.place, "it begins at byte \(start), not at \(ends[account.source] ?? 0)"))
        }
        ends[account.source] = end
      }
    }
    try rows.forEach(Schema.sources) { row in
      let (source, offset): (Int64, Int64) = (try row[0], try row[6])
      guard ends[source] ?? 0 != offset else { return }
      found.append(
        Discrepancy(
          "source \(source)",
          "it was read up to byte \(offset), but its accounts end at \(ends[source] ?? 0)"))
    }
    try rows.forEach(Schema.rejectionCounts) { row in
      let account = Account(run: try row[0], source: try row[1])
      rejected[account] = try [rejected[account] ?? 0, -(try row[3] as Int64)].total()
    }
    for (account, rest) in rejected.sorted(by: { $0.key < $1.key }) where rest != 0 {
      found.append(Discrepancy(account.place, "its rejected lines are not those of its reasons"))
    }
    let facts = segments.filter { $0.kind != .rollup }.reduce(Int64(0)) { $0 + Int64($1.rows) }
    if events != facts {
      found.append(
        Discrepancy("accounts", "the runs counted \(events) events, but \(facts) facts are stored"))
    }
  }

  /// Only days before the first that is kept have been pruned, as a whole or in part.
  private mutating func retention(_ rows: SealedRows) throws {
    let firstDay = try RetentionTable.firstDay(rows)
    for segment in segments where segment.kind == .keys {
      if let firstDay, segment.day < firstDay { continue }
      found.append(
        Discrepancy("segment \(segment.id)", "its facts were pruned, those of its day were not"))
    }
  }

  private struct Account: Hashable, Comparable {
    var run: Int64
    var source: Int64

    var place: String { "the account of source \(source) in run \(run)" }

    static func < (left: Self, right: Self) -> Bool {
      (left.source, left.run) < (right.source, right.run)
    }
  }
}

extension [Int64] {
  /// - Throws: `StoredRow.Unsound` when the sum does not fit.
  fileprivate func total() throws -> Int64 {
    try reduce(0) { sum, number in
      let (next, overflow) = sum.addingReportingOverflow(number)
      guard !overflow else { throw StoredRow.Unsound() }
      return next
    }
  }
}
