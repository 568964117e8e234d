public import Billing
public import Insights
import Reporting

/// When recorded usage is too old or too incomplete to say that all is well.
public struct CheckSettings: Sendable, Hashable {
  /// The verdict is UNKNOWN when the newest request is this old, or older. 36 hours by default: a
  /// nightly run may be late once.
  public var staleAfterSeconds: Int64 = 36 * 3600
  /// The verdict on a budget is UNKNOWN when the share of its requests with a known cost is below
  /// this.
  public var coverageFloor = ExactDecimal(units: ExactDecimal.unitsPerOne / 100 * 95)

  public init() {}
}

/// The answer to one question: is a budget overrun?
public struct Check: Sendable {
  /// One part of the answer.
  public struct Item: Sendable {
    /// `data`, `coverage`, `budget/NAME`, `finding/NAME`.
    public var id: String
    public var status: CheckStatus
    /// One sentence.
    public var message: String
    public var reading: BudgetReading?
  }

  public let now: Timestamp
  /// The newest request; `nil` when nothing is recorded.
  public let dataThrough: Timestamp?
  public let settings: CheckSettings
  /// The state of the data first, then its coverage, the budgets by name, and the findings.
  public let items: [Item]
  public let findings: [Finding]

  /// Judges the budgets at an instant.
  ///
  /// - Parameter findings: those that shall take part in the verdict; a finding of severity `info`
  ///   never changes it.
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    _ budgets: [Budget], in history: any UsageHistory, now: Timestamp,
    settings: CheckSettings = CheckSettings(), findings: [Finding] = []
  ) throws {
    self.now = now
    self.settings = settings
    self.findings = findings
    dataThrough = try history.extent()?.upperBound
    let readings = try budgets.map { try BudgetReading(of: $0, in: history, now: now) }
      .sorted { TextOrder.precedes($0.budget.name, $1.budget.name) }
    items =
      [Self.dataItem(dataThrough, now, settings)]
      + (try Self.coverageItems(budgets, history, now, settings))
      + readings.map { Self.item($0, settings) } + findings.map(Self.item)
  }

  /// What a check at an instant reads: the rows of the days, weeks and months that hold it, in
  /// whatever zone.
  public static func scope(at now: Timestamp) -> HistoryScope {
    let margin: Int32 = 33
    let day = now.day.number
    return .rows(
      in: Timestamp(day: Day(number: day - margin))..<Timestamp(day: Day(number: day + margin)))
  }

  /// The worst of all parts.
  public var status: CheckStatus { items.map(\.status).max() ?? .unknown }

  private static func dataItem(
    _ through: Timestamp?, _ now: Timestamp, _ settings: CheckSettings
  ) -> Item {
    guard let through else {
      return Item(id: "data", status: .unknown, message: "nothing is recorded")
    }
    let age = (now.microseconds - through.microseconds) / 1_000_000
    let isStale = age >= settings.staleAfterSeconds
    let message =
      isStale
      ? "data is stale: it ends \(hours(age)) ago, at \(through); the limit is "
        + hours(settings.staleAfterSeconds)
      : "data through \(through)"
    return Item(id: "data", status: isStale ? .unknown : .ok, message: message)
  }

  /// How much of this month's usage has a known cost, for each cost that a budget looks at. A request
  /// without a price may belong to any budget, also when its own fields fit none.
  private static func coverageItems(
    _ budgets: [Budget], _ history: any UsageHistory, _ now: Timestamp, _ settings: CheckSettings
  ) throws -> [Item] {
    let bases = Budget.Basis.allCases.filter { basis in budgets.contains { $0.basis == basis } }
    return try (bases.isEmpty ? [.billed] : bases).compactMap { basis in
      var all = Budget("coverage", Money(units: Money.unitsPerOne), "")
      all.basis = basis
      all.calendar = budgets.first { $0.basis == basis }?.calendar ?? .utc
      let reading = try BudgetReading(of: all, in: history, now: now)
      guard let coverage = reading.knownShare else { return nil }
      let isCovered = coverage.isAtLeast(settings.coverageFloor)
      return Item(
        id: "coverage", status: isCovered ? .ok : .unknown,
        message: "\(HumanNumber.percent(coverage)) of requests in \(reading.period.title) have a "
          + "known \(basis.rawValue) cost"
          + (isCovered ? "" : ", below \(HumanNumber.percent(Ratio(settings.coverageFloor)))"))
    }
  }

  /// Whole hours, or minutes below two hours.
  private static func hours(_ seconds: Int64) -> String {
    seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
  }

  private static func item(_ reading: BudgetReading, _ settings: CheckSettings) -> Item {
    let budget = reading.budget
    let isCovered = reading.coverage?.isAtLeast(settings.coverageFloor) ?? true
    let status: CheckStatus =
      if reading.hasReached(budget.criticalLevel) {
        .critical
      } else if !isCovered {
        .unknown
      } else if reading.hasReached(budget.warningLevel) {
        .warning
      } else {
        .ok
      }
    return Item(
      id: "budget/\(budget.name)", status: status,
      message: BudgetSentence.text(
        reading, coverageFloor: isCovered ? nil : settings.coverageFloor),
      reading: reading)
  }

  private static func item(_ finding: Finding) -> Item {
    let status: CheckStatus =
      switch finding.severity {
      case .info: .ok
      case .warning: .warning
      case .critical: .critical
      }
    return Item(id: "finding/\(finding.name)", status: status, message: finding.summary)
  }
}
