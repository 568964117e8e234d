import Billing
import GRDB

/// What became of the lines of each source in each run.
enum AccountTable {
  /// Adds to the account of a source in a run.
  ///
  /// - Parameter range: The bytes that were read, which go on where those before ended; empty for a
  ///   correction of what was read before.
  static func add(
    _ account: LineAccounting, of range: Range<Int64>, _ source: SourceID, _ run: RunID,
    _ rows: SealedRows
  ) throws {
    var (range, counts) = (range, account.counts)
    if let row = try rows.row(of: Schema.accounts, [run.number, source.number]) {
      let (start, end): (Int64, Int64) = (try row[2], try row[3])
      range = try union(start..<max(start, end), range)
      for index in counts.indices { counts[index] = try add(counts[index], try row[4 + index]) }
    }
    let place = [run.number, source.number, range.lowerBound, range.upperBound]
    try rows.write(place + counts, to: Schema.accounts)
    for (reason, count) in account.rejections where count != 0 {
      let key: [any DatabaseValueConvertible] = [run.number, source.number, reason.name]
      let row = try rows.row(of: Schema.rejectionCounts, key)
      let sum = try add(count, row.map { try $0[3] } ?? 0)
      try rows.write(key + [sum], to: Schema.rejectionCounts)
    }
  }

  /// The accounts of all sources in all runs, or of one source, added up.
  static func total(of source: SourceID? = nil, _ rows: SealedRows) throws -> LineAccounting {
    var counts = LineAccounting().counts
    let (condition, arguments) = ("source = coalesce(?, source)", [source?.number])
    try rows.forEach(Schema.accounts, where: condition, StatementArguments(arguments)) { row in
      for index in counts.indices { counts[index] = try add(counts[index], try row[4 + index]) }
    }
    var total = LineAccounting(counts: counts)
    try rows.forEach(
      Schema.rejectionCounts, where: condition, StatementArguments(arguments)
    ) { row in
      guard let reason = RejectionReason(name: try row[2]) else { return }
      total.rejections[reason] = try add(total.rejections[reason] ?? 0, try row[3])
    }
    total.rejections = total.rejections.filter { $0.value != 0 }
    return total
  }

  private static func add(_ first: Int64, _ second: Int64) throws -> Int64 {
    let (sum, overflow) = first.addingReportingOverflow(second)
    guard !overflow else { throw StoredRow.Unsound() }
    return sum
  }

  /// Two stretches of a file that adjoin, of which either may be empty.
  private static func union(_ first: Range<Int64>, _ second: Range<Int64>) throws -> Range<Int64> {
    if second.isEmpty { return first }
    if first.isEmpty { return second }
    guard first.upperBound == second.lowerBound else { throw StoredRow.Unsound() }
    return first.lowerBound..<second.upperBound
  }
}

extension LineAccounting {
  /// The counts in the order of the table's columns.
  fileprivate var counts: [Int64] {
    [lines, eventLines, duplicates, rejected, skipped, events, idConflicts, bytes]
  }

  fileprivate init(counts: [Int64]) {
    self.init()
    (lines, eventLines, duplicates, rejected) = (counts[0], counts[1], counts[2], counts[3])
    (skipped, events, idConflicts, bytes) = (counts[4], counts[5], counts[6], counts[7])
  }
}
