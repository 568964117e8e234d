public import Billing
public import Insights

/// How much may be spent on what, in each day, week or month.
public struct Budget: Sendable {
  public enum Interval: String, CaseIterable, Sendable, Hashable {
    case day
    /// Monday to Sunday.
    case week
    case month
  }

  /// Which of the three costs is compared with the amount.
  public enum Basis: String, CaseIterable, Sendable, Hashable {
    case billed, list, reported
  }

  /// Which requests count: those that fit every list that is not empty. `*` stands for any text.
  public struct Match: Sendable, Hashable {
    public var gateway: [String] = []
    public var provider: [String] = []
    /// The billed model, as the log writes it or by its canonical name, without provider prefix and
    /// snapshot date.
    public var model: [String] = []
    public var team: [String] = []
    public var key: [String] = []
    public var project: [String] = []

    public init() {}
  }

  /// Unique among the budgets of a configuration.
  public var name: String
  /// Above zero.
  public var amount: Money
  /// ISO 4217. Costs in other currencies are not counted, and the verdict says so.
  public var currency: String
  public var interval = Interval.month
  public var calendar = ReportingCalendar.utc
  public var match = Match()
  public var basis = Basis.billed
  /// Levels in percent of the amount that are named once they are reached, in order.
  public var levels = [50, 75, 90, 100]
  /// From this percentage on the verdict is WARNING.
  public var warningLevel: Int
  /// From this percentage on the verdict is CRITICAL.
  public var criticalLevel = 100

  /// - Parameter levels: from `warn:` of the configuration. WARNING begins at 75 % when that is one of
  ///   them, else at the lowest; CRITICAL at 100 %.
  public init(
    _ name: String, _ amount: Money, _ currency: String, levels: [Int] = [50, 75, 90, 100]
  ) {
    self.name = name
    self.amount = amount
    self.currency = currency
    self.levels = levels.sorted()
    warningLevel = levels.contains(75) ? 75 : min(levels.min() ?? 75, 100)
  }

  /// The day, week or month that holds an instant.
  public func period(at time: Timestamp) -> Period {
    let day = calendar.day(of: time)
    return switch interval {
    case .day: .day(day, in: calendar)
    case .week: .week(holding: day, in: calendar)
    case .month: .month(holding: day, in: calendar)
    }
  }
}
