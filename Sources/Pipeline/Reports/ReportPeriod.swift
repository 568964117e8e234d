public import Billing
public import Insights

/// The days that a report is asked for, before the ledger is opened.
public enum ReportDays: Sendable, Hashable {
  /// All that is recorded.
  case all
  /// The month that holds a day.
  case month(Day)
  /// Both ends included; `nil` is the first or last day that has usage.
  case range(since: Day?, until: Day?)

  /// The period in a history.
  ///
  /// - Parameter extent: the first and the last instant that has a request.
  /// - Throws: `Failure` when nothing is recorded and the days depend on it, or when the range is
  ///   empty.
  public func period(
    of extent: ClosedRange<Timestamp>?, _ calendar: ReportingCalendar
  ) throws(Failure) -> Period {
    switch self {
    case .month(let day): return .month(holding: day, in: calendar)
    case .range(let since?, let until?):
      return try Self.period(since, until, calendar)
    case .all, .range:
      guard let extent else {
        throw Failure(
          "", "Nothing is recorded yet.", "Run `tollbook ingest` on your logs first.", .unavailable)
      }
      let recorded = Period.all(of: extent, in: calendar)
      guard case .range(let since, let until) = self else { return recorded }
      return try Self.period(
        since ?? recorded.days.lowerBound, until ?? recorded.days.upperBound, calendar)
    }
  }

  private static func period(
    _ since: Day, _ until: Day, _ calendar: ReportingCalendar
  ) throws(Failure) -> Period {
    guard since <= until else {
      throw Failure(
        "", "The first day \(since) is after the last day \(until).", "Exchange the two.", .usage)
    }
    return Period(since...until, in: calendar)
  }
}
