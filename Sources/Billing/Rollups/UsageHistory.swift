/// Read access to recorded usage: what a ledger holds, or what one run has in memory.
///
/// Findings and reports are computed over this and know nothing of SQL or segments.
public protocol UsageHistory: Sendable {
  /// The texts behind the labels of all rows and facts.
  var labels: LabelTable { get }
  /// The cells of all rows and facts.
  var cells: CellTable { get }

  /// Calls `body` with each rollup row whose bucket starts in `range`, in no particular order.
  ///
  /// A cell may come several times for one bucket: rows are to be added up.
  func forEachRow(in range: Range<Timestamp>, _ body: (RollupRow) throws -> Void) throws

  /// Calls `body` with each fact in `range`, in no particular order. Facts that were pruned
  /// (`HistoryNotes.prunedBefore`) do not come.
  func forEachFact(in range: Range<Timestamp>, _ body: (Fact) throws -> Void) throws

  /// The first and the last instant that has a request; `nil` when there is none.
  func extent() throws -> ClosedRange<Timestamp>?

  /// What it cannot tell any more, and what it was told late.
  func notes() throws -> HistoryNotes

  /// The accounts of all lines that were read, added up.
  func accounting() throws -> LineAccounting
}
