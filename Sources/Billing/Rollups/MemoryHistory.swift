/// Recorded usage in memory: the facts of one run, with the rollup rows that follow from them.
///
/// It is what a run without a ledger reports from, and it is a model of the ledger: rows are always
/// the sum of the facts.
public struct MemoryHistory: UsageHistory {
  private struct RowKey: Hashable {
    var bucket: Int32
    var cell: CellID
  }

  public let labels: LabelTable
  public let cells: CellTable
  private var facts: [Fact] = []
  private var rows: [RowKey: Measures] = [:]
  private var lines = LineAccounting()
  private var times: ClosedRange<Timestamp>?

  public init(labels: LabelTable = LabelTable(), cells: CellTable = CellTable()) {
    self.labels = labels
    self.cells = cells
  }

  /// Records one request. The caller has dropped duplicates.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the sum; the history is then unchanged.
  public mutating func append(_ fact: Fact) throws(ArithmeticOverflow) {
    let key = RowKey(bucket: fact.time.bucket, cell: fact.cell)
    var sum = rows[key] ?? Measures()
    try sum.add(Measures(fact))
    rows[key] = sum
    facts.append(fact)
    let first = min(times?.lowerBound ?? fact.time, fact.time)
    times = first...max(times?.upperBound ?? fact.time, fact.time)
  }

  /// Adds the account of the lines of further input.
  public mutating func add(_ accounting: LineAccounting) { lines.add(accounting) }

  public func forEachRow(in range: Range<Timestamp>, _ body: (RollupRow) throws -> Void) throws {
    for (key, measures) in rows {
      let start = Timestamp(
        microseconds: Int64(key.bucket) * Timestamp.microsecondsPerBucket)
      guard range.contains(start) else { continue }
      try body(RollupRow(bucket: key.bucket, cell: key.cell, measures: measures))
    }
  }

  public func forEachFact(in range: Range<Timestamp>, _ body: (Fact) throws -> Void) throws {
    for fact in facts where range.contains(fact.time) { try body(fact) }
  }

  public func extent() throws -> ClosedRange<Timestamp>? { times }

  public func notes() throws -> HistoryNotes { HistoryNotes() }

  public func accounting() throws -> LineAccounting { lines }
}
