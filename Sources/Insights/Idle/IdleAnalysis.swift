public import Billing

/// Expensive models that nobody uses, hardly anybody uses, or nobody should use.
///
/// A model that is paid by the token costs nothing while it is idle, so the four kinds are apart:
/// a commitment that is paid and not used, an open door, a habit that costs more than its
/// substitute, and a model that a better one has replaced.
public struct IdleAnalysis: Sendable {
  /// Sorted: the worst first.
  public let findings: [Finding]
  /// Nothing but the price book says which models exist.
  public let isBookOnly: Bool
  /// Models of the catalogue.
  public let modelCount: Int
  /// Dormant models of the price book beyond `bookOnlyLimit`, which are not listed.
  public let omitted: Int
  /// The local days over which use was looked for.
  public let window: Period
  public let settings: IdleSettings

  /// - Parameters:
  ///   - factPeriod: the days of the period whose single facts are known.
  ///   - configured: the models of the configuration; empty when it lists none.
  ///   - book: the price book's catalogue.
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: ResolvedHistory, in period: Period, factPeriod: Period?,
    configured: [ConfiguredModel],
    book: [CatalogModel], pricer: any Pricer, settings: IdleSettings = IdleSettings(),
    calendar: ReportingCalendar
  ) throws {
    self.settings = settings
    isBookOnly = configured.isEmpty
    let scope = try IdleScope(
      history: history, period: period, factPeriod: factPeriod, settings: settings,
      calendar: calendar)
    window = scope.window
    let catalogue = ModelCatalogue(
      configured: configured, book: book, uses: scope.recent, settings: settings,
      on: scope.window.days.upperBound, isSameModel: history.models.isSameName)
    modelCount = catalogue.models.count
    let dormant = DormantExposure(scope: scope, catalogue: catalogue).findings()
    omitted = dormant.omitted
    findings =
      try
      (IdleCommitment(scope: scope, catalogue: catalogue).findings() + dormant.findings
      + Overpaid(scope: scope).findings()
      + Dominated(scope: scope, catalogue: catalogue, pricer: pricer).findings())
      .sorted(by: Finding.precedes)
  }
}

/// What all four kinds look at.
struct IdleScope {
  let history: ResolvedHistory
  /// The report's period.
  let period: Period
  /// The days of it whose single facts are known; `nil` when none are.
  let factPeriod: Period?
  let settings: IdleSettings
  let calendar: ReportingCalendar
  /// The days that end with the period, or with the data when that ends earlier: `dormantDays` of
  /// them, or as many as are recorded.
  let window: Period
  /// Uses in `window`.
  let recent: [ModelUse]
  /// Uses in the period.
  let current: [ModelUse]
  /// Keys that were used in the last `activeKeyDays` of `window`.
  let activeKeys: Set<String>

  init(
    history: ResolvedHistory, period: Period, factPeriod: Period?, settings: IdleSettings,
    calendar: ReportingCalendar
  ) throws {
    self.history = history
    self.period = period
    self.factPeriod = factPeriod
    self.settings = settings
    self.calendar = calendar
    let extent = try history.extent()
    let lastDay = extent.map { calendar.day(of: $0.upperBound) } ?? period.days.upperBound
    let firstDay = extent.map { calendar.day(of: $0.lowerBound) } ?? period.days.lowerBound
    let end = max(min(period.days.upperBound, lastDay), period.days.lowerBound)
    let start = Day(number: end.number - Int32(settings.dormantDays) + 1)
    window = Period(min(max(start, firstDay), end)...end, in: calendar)
    recent = try ModelUse.all(in: history, window.range)
    current = try ModelUse.all(in: history, period.range)
    let activeStart = Day(number: end.number - Int32(settings.activeKeyDays) + 1)
    let active = try ModelUse.all(in: history, Period(activeStart...end, in: calendar).range)
    activeKeys = Set(active.map(\.key).filter { !$0.isEmpty })
  }

  var isSameModel: @Sendable (String, String) -> Bool { history.models.isSameName }

  /// The active keys that may call the model, in order.
  func activeKeys(allowedFor model: ConfiguredModel) -> [String] {
    let patterns = model.keys.map(Glob.init)
    return activeKeys.filter { key in
      patterns.isEmpty || patterns.contains { $0.matches(key) }
    }
    .sorted(by: TextOrder.precedes)
  }

  /// `nil` when nobody waived it, or the waiver has run out.
  func waiver(of model: ModelCatalogue.Model) -> ConfiguredModel.Waiver? {
    model.configured?.waiver.flatMap { $0.until >= window.days.upperBound ? $0 : nil }
  }
}
