import Billing
import GRDB

extension LedgerWriter {
  /// Adds the runs of another ledger, its sources and all that is counted of them, under new numbers:
  /// a later run goes on where the other ledger's runs stopped.
  func carryOver(_ other: Ledger) throws(LedgerError) {
    let queue = try other.file.connectForReading()
    try write { db in
      let own = SealedRows(db, ledger)
      let numbers = Offsets(
        run: try own.nextID(in: Schema.runs) - 1, source: try own.nextID(in: Schema.sources) - 1)
      try queue.read { db in
        let rows = SealedRows(db, other)
        for table in Schema.sealedTables where numbers.carries(table) {
          try rows.forEach(table) { row in
            try own.write(try numbers.renumbered(row, of: table), to: table)
          }
        }
      }
    }
  }

  /// What the numbers of another ledger's rows grow by.
  private struct Offsets {
    var run: Int64
    var source: Int64

    func carries(_ table: SealedTable) -> Bool {
      table.name != Schema.identity.name && table.name != Schema.retention.name
    }

    func renumbered(_ row: StoredRow, of table: SealedTable) throws -> [DatabaseValue] {
      var values = Array(row.values[..<table.columns.count])
      for (index, column) in table.columns.enumerated() where !values[index].isNull {
        let offset: Int64 =
          switch (column, table.name) {
          case ("id", "runs"), ("run", _), ("resolved", _): run
          case ("id", "sources"), ("source", _): source
          default: 0
          }
        guard offset != 0 else { continue }
        let (number, overflow) = (try row[index] as Int64).addingReportingOverflow(offset)
        guard !overflow else { throw StoredRow.Unsound() }
        values[index] = number.databaseValue
      }
      return values
    }
  }
}
