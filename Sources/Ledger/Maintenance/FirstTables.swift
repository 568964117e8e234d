import Billing
import Foundation
import GRDB

/// The tables of a ledger of format 1, in a transaction that reads them.
struct FirstTables {
  let db: Database
  let path: String

  func key() throws -> StoreKey {
    let row = try Row.fetchOne(db, sql: "SELECT key FROM identity").map(StoredRow.init)
    guard let key = try row.flatMap({ StoreKey(data: try $0[0]) }) else {
      throw LedgerError.corrupt(path: path, detail: "its key is missing")
    }
    return key
  }

  /// Checks what format 1 lets check: SQLite's structure and the hash of every segment.
  func verify() throws {
    let problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    if let problem = problems.first { throw LedgerError.corrupt(path: path, detail: problem) }
    let key = try key()
    try forEach("SELECT * FROM segments") { try checkHash($0, key) }
  }

  /// Writes what the tables say into those of today's format, with the run that did so.
  func move(to new: Database, key: StoreKey) throws {
    try Schema.create(in: new)
    let rows = SealedRows(new, path: path, key: key)
    try rows.write([1, key.data], to: Schema.identity)
    try forEach("SELECT id, started, finished, program, price_book FROM runs ORDER BY id") { row in
      var values = row.values
      values.insert(RunKind.ingest.rawValue.databaseValue, at: 1)
      try rows.write(values, to: Schema.runs)
    }
    let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    let run = try RunTable.begin(
      RunDescription(kind: .migrate, started: now, program: "tollbook", priceBook: ""), rows)
    try moveSources(rows, run)
    try moveAccounts(rows)
    try forEach("SELECT * FROM rejection_counts") {
      try rows.write($0.values, to: Schema.rejectionCounts)
    }
    try forEach("SELECT source, offset, length, line, reason, run FROM rejection_samples") { row in
      try rows.write(
        Array(row.values[..<5]) + [nil, row.values[5], nil], to: Schema.quarantine)
    }
    try moveSegments(new, key)
    try RunTable.finish(run, at: now, rows)
  }

  /// The last run that counted lines of a source is the one that saw it last.
  private func moveSources(_ rows: SealedRows, _ run: RunID) throws {
    let sql = """
      SELECT *, (SELECT max(run) FROM accounts WHERE source = sources.id) FROM sources ORDER BY id
      """
    try forEach(sql) { row in
      let last = row.values[14].isNull ? run.number.databaseValue : row.values[14]
      let unknown: [DatabaseValue] = ["".databaseValue, 0.databaseValue, 0.databaseValue]
      try rows.write(Array(row.values[..<14]) + unknown + [last], to: Schema.sources)
    }
  }

  /// Gives each account the bytes that it is of: runs follow each other, and each counted its bytes.
  private func moveAccounts(_ rows: SealedRows) throws {
    let sql = """
      SELECT a.*, s.offset, a.run = (SELECT max(run) FROM accounts WHERE source = s.id)
      FROM accounts a JOIN sources s ON s.id = a.source ORDER BY a.source, a.run
      """
    var (source, start) = (Int64(-1), Int64(0))
    try forEach(sql) { row in
      let (number, bytes, offset): (Int64, Int64, Int64) = (try row[1], try row[9], try row[10])
      if number != source { (source, start) = (number, 0) }
      let isLast: Bool = try row[11]
      let end = isLast ? offset : min(offset, start + min(max(0, bytes), offset))
      try rows.write(
        Array(row.values[..<2]) + [start.databaseValue, end.databaseValue] + row.values[2..<10],
        to: Schema.accounts)
      start = end
    }
  }

  /// Writes the facts in today's form, with their rollups.
  private func moveSegments(_ new: Database, _ key: StoreKey) throws {
    let table = SegmentTable(db: new, ledger: Ledger(file: LedgerFile(path: path), key: key))
    let compressor = try FrameCompressor()
    try forEach("SELECT * FROM segments WHERE kind = 1 ORDER BY id") { row in
      let (blob, day): (Data, Int32) = (try row[10], try row[2])
      try checkHash(row, key)
      let (labels, cells) = (LabelTable(), CellTable())
      var facts: [Fact] = []
      do {
        let bytes = try compressor.decompress(Array(blob), count: try row[8])
        try FactSegment.read(bytes, day: Day(number: day), labels: labels, cells: cells) {
          facts.append($0)
        }
      } catch let failure as SegmentFailure {
        throw try damage(row, failure.reason)
      }
      let encoder = SegmentEncoder(key: key, labels: labels, cells: cells)
      try table.append(encoder.encode(facts), RunID(number: try row[3]))
    }
  }

  private func checkHash(_ row: StoredRow, _ key: StoreKey) throws {
    guard let kind = SegmentKind(rawValue: try row[1]), let stored = KeyedDigest(data: try row[9])
    else { throw StoredRow.Unsound() }
    let (first, last): (Int64, Int64) = (try row[6], try row[7])
    guard first <= last else { throw StoredRow.Unsound() }
    let (blob, day): (Data, Int32) = (try row[10], try row[2])
    let hash = EncodedSegment.hash(
      Array(blob), kind: kind, day: Day(number: day), rows: try row[5],
      times: Timestamp(microseconds: first)...Timestamp(microseconds: last),
      byteCount: try row[8], key: key)
    guard hash == stored else { throw try damage(row, "its hash is wrong") }
  }

  private func damage(_ row: StoredRow, _ reason: String) throws -> LedgerError {
    let day: Int32 = try row[2]
    return .damagedSegment(
      path: path, segment: try row[0], day: Day(number: day).description, reason: reason)
  }

  private func forEach(_ sql: String, _ body: (StoredRow) throws -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: sql)
    while let row = try rows.next() { try body(StoredRow(row)) }
  }
}
