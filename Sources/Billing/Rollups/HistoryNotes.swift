/// What a history cannot tell any more, and what it was told late.
public struct HistoryNotes: Sendable, Hashable {
  /// Events that one run added to days that were long over.
  ///
  /// An event is late when it is added to a UTC day that lies two or more days before the newest day
  /// that the ledger held when the run began. So the last night's logs, and what their time zone
  /// makes of the day before, are not late.
  public struct LateEvents: Sendable, Hashable {
    /// By UTC day, above 0.
    public var days: [Day: Int64]

    public init(days: [Day: Int64] = [:]) { self.days = days }

    /// On all days.
    public var count: Int64 { days.values.reduce(0, +) }

    /// How many UTC days before the newest one are not late, with that day.
    public static let graceDays: Int32 = 2
  }

  /// Single facts of UTC days before this one were pruned; their rows are whole. `nil` when none
  /// were.
  public var prunedBefore: Day?
  /// What the last run that read logs added late.
  public var late = LateEvents()

  public init() {}
}
