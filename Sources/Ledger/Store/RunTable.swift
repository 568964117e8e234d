import Billing
import GRDB

/// The runs that wrote to the ledger.
enum RunTable {
  static func begin(_ run: RunDescription, _ rows: SealedRows) throws -> RunID {
    let number = try rows.nextID(in: Schema.runs)
    try rows.write(
      [number, run.kind.rawValue, run.started.microseconds, nil, run.program, run.priceBook],
      to: Schema.runs)
    return RunID(number: number)
  }

  static func finish(_ run: RunID, at time: Timestamp, _ rows: SealedRows) throws {
    guard var values = try rows.row(of: Schema.runs, [run.number])?.values.dropLast() else {
      return
    }
    values[3] = time.microseconds.databaseValue
    try rows.write(Array(values), to: Schema.runs)
  }
}
