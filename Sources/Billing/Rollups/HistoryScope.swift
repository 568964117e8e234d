/// The instants that a reader of recorded usage will ask for.
///
/// A ledger hands its readers a copy of what they name, so that nobody who writes it waits for them:
/// one who reads a month need not copy years.
public struct HistoryScope: Sendable, Hashable {
  /// Of which rows are read.
  public var rows: Range<Timestamp>
  /// Of which single facts are read.
  public var facts: Range<Timestamp>

  public init(rows: Range<Timestamp>, facts: Range<Timestamp>) {
    self.rows = rows
    self.facts = facts
  }

  /// All that is recorded.
  public static let all = HistoryScope(rows: allTime, facts: allTime)
  /// All rows, and no facts.
  public static let allRows = HistoryScope(rows: allTime, facts: nothing)
  /// When a request was recorded, and the account of lines: no usage.
  public static let extent = HistoryScope(rows: nothing, facts: nothing)

  /// The rows of a range, and no facts.
  public static func rows(in range: Range<Timestamp>) -> HistoryScope {
    HistoryScope(rows: range, facts: nothing)
  }

  /// Every instant that a fact can have.
  public static let allTime =
    Timestamp.representable
    .lowerBound..<Timestamp(microseconds: Timestamp.representable.upperBound.microseconds + 1)

  private static let nothing = allTime.lowerBound..<allTime.lowerBound
}
