public import Billing

/// What it cost that another model answered than the one that was asked for.
public struct FallbackAnalysis: Sendable {
  /// One row for each currency; no values.
  public let totals: [FallbackRow]
  /// From model, to model, by their canonical names.
  public let byEdge: [FallbackRow]
  /// The error class of the last failure.
  public let byTrigger: [FallbackRow]
  /// Local day.
  public let byDay: [FallbackRow]
  public let byTeam: [FallbackRow]
  /// Billed cost of all requests of the period, by currency: what shares are taken of.
  public let spend: [Amount]
  public let findings: [Finding]
  public let settings: FallbackSettings

  /// Analyses the fallbacks of a period against the days before it.
  ///
  /// - Parameter history: resolved from `settings.spike.baselineDays` before the period.
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: ResolvedHistory, in period: Period, pricer: any Pricer,
    settings: FallbackSettings = FallbackSettings(), calendar: ReportingCalendar
  ) throws {
    self.settings = settings
    let reader = FallbackReader(
      history: history, settings: settings, pricer: pricer, calendar: calendar)
    let events = try reader.events(in: history.range.lowerBound..<period.range.upperBound)
    let current = events.filter { period.days.contains($0.day) }
    let labels = history.labels
    let models = history.models
    totals = try Self.rows(current, labels) { _ in [] }
    byEdge = try Self.rows(current, labels) {
      [models.canonical($0.from), models.canonical($0.to)]
    }
    byTrigger = try Self.rows(current, labels) { [$0.reason?.name ?? ""] }
    byDay = try Self.rows(current, labels) { ["\($0.day)"] }
    byTeam = try Self.rows(current, labels) { [labels.text($0.team)] }
    spend = try SpendBreakdown(of: history, in: period.range, by: [], calendar: calendar)
      .totals.map { Amount($0.totals.billed ?? .zero, $0.currency) }

    let spikes = SpikeSearch(
      history: history, events: events, settings: settings.spike, calendar: calendar)
    findings =
      try spikes.findings(in: period)
      + PremiumFallbackFinding.findings(current, totals, spend, settings, period, labels)
  }

  /// The premium fallbacks' share of all spend in a currency; `nil` when nothing was spent.
  public func share(of row: FallbackRow) -> Ratio? {
    spend.first { TextOrder.isSame($0.currency, row.currency) }
      .flatMap { Ratio(row.totals.premiumBilled, over: $0.money) }
  }

  private static func rows(
    _ events: [FallbackEvent], _ labels: LabelTable, by values: (FallbackEvent) -> [String]
  ) throws -> [FallbackRow] {
    var groups: [[[UInt8]]: FallbackRow] = [:]
    for event in events {
      let currency = Amount.currency(named: labels.text(event.currency))
      let values = values(event)
      let key = (values + [currency]).map { Array($0.utf8) }
      var row =
        groups[key] ?? FallbackRow(values: values, currency: currency, totals: FallbackTotals())
      try row.totals.add(event)
      groups[key] = row
    }
    return groups.values.sorted {
      TextOrder.precedes($0.values + [$0.currency], $1.values + [$1.currency])
    }
  }
}

/// The one finding that sums up a period's premium fallbacks, when they matter.
enum PremiumFallbackFinding {
  static func findings(
    _ events: [FallbackEvent], _ totals: [FallbackRow], _ spend: [Amount],
    _ settings: FallbackSettings, _ period: Period, _ labels: LabelTable
  ) -> [Finding] {
    totals.compactMap { row in
      let spent = spend.first { TextOrder.isSame($0.currency, row.currency) }?.money ?? .zero
      let share = Ratio(row.totals.excess, over: spent)
      let isMaterial =
        row.totals.excess >= settings.spike.minimumExcess
        && share?.isAtLeast(settings.spike.minimumShareOfSpend) ?? true
      guard isMaterial else { return nil }
      var sample = EvidenceSample()
      for event in events where event.isPremium {
        let currency = Amount.currency(named: labels.text(event.currency))
        if TextOrder.isSame(currency, row.currency) { event.show(in: &sample, labels) }
      }
      var finding = Finding(
        "premium_fallback", .warning, subject: [.init("currency", row.currency)],
        summary: "\(row.totals.premium) requests were answered by a dearer model after an error.",
        money: Amount(row.totals.excess, row.currency),
        moneyMeaning: "list cost above the requested model's, same tokens",
        requests: row.totals.premium,
        window: period.range, baseline: "list cost of the requested model for the same tokens",
        next: Finding.command(.fallback, period))
      finding.thresholds = [
        .init("premium_ratio", "\(settings.premiumRatio)"),
        .init("premium_difference", "\(settings.premiumDifference)"),
        .init("minimum_excess", "\(settings.spike.minimumExcess)"),
        .init("minimum_share_of_spend", "\(settings.spike.minimumShareOfSpend)"),
      ]
      finding.evidence = sample.requests
      return finding
    }
  }
}
