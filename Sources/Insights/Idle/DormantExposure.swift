import Billing

/// Expensive models that keys may call and that nobody calls: a stolen key or a wrong default can
/// start to spend there at any time.
struct DormantExposure {
  let scope: IdleScope
  let catalogue: ModelCatalogue

  /// - Returns: the findings, and how many of the price book's models were left out.
  func findings() -> (findings: [Finding], omitted: Int) {
    guard scope.window.dayCount >= scope.settings.minimumHistoryDays, scope.window.spansMonthEnd
    else { return ([], 0) }
    let dormant = catalogue.models.filter { model in
      scope.waiver(of: model) == nil
        && !scope.recent.contains { $0.successes > 0 && $0.isOf(model, scope.isSameModel) }
    }
    let configured = dormant.compactMap(configuredFinding)
    let bookOnly = dormant.filter { $0.configured == nil && catalogue.expense($0) != nil }
      .sorted { left, right in
        let prices = [left, right].map { catalogue.blendedPrice($0) ?? .zero }
        if prices[0] != prices[1] { return prices[0] > prices[1] }
        return TextOrder.precedes([left.name, left.provider], [right.name, right.provider])
      }
    let listed = bookOnly.prefix(scope.settings.bookOnlyLimit)
    return (configured + listed.map(bookFinding), bookOnly.count - listed.count)
  }

  private func configuredFinding(_ model: ModelCatalogue.Model) -> Finding? {
    guard let configured = model.configured, let expense = catalogue.expense(model) else {
      return nil
    }
    let keys = scope.activeKeys(allowedFor: configured)
    guard !keys.isEmpty else { return nil }
    let last = scope.window.days.upperBound
    let latestStart = Day(number: last.number - Int32(scope.settings.configuredDays) + 1)
    if let since = configured.configuredSince, since > latestStart { return nil }
    let isCertain = configured.configuredSince != nil && isWholeWindow
    var finding = finding(model, isCertain ? .warning : .info, expense)
    finding.summary +=
      " \(keys.count) active \(keys.count == 1 ? "key" : "keys") may call it."
    if configured.configuredSince == nil {
      finding.summary += " The configuration does not say since when."
    }
    finding.money = exposure(model, configured)
    return finding
  }

  private func bookFinding(_ model: ModelCatalogue.Model) -> Finding {
    var finding = finding(model, .info, catalogue.expense(model) ?? "")
    finding.summary += " Book-only: no `models:` in the configuration says who may call it."
    return finding
  }

  private var isWholeWindow: Bool { scope.window.dayCount >= scope.settings.dormantDays }

  private func finding(
    _ model: ModelCatalogue.Model, _ severity: Finding.Severity, _ expense: String
  ) -> Finding {
    let settings = scope.settings
    let days = scope.window.dayCount
    let history = isWholeWindow ? "" : " (all that is recorded)"
    // The rule of three: no use in n days bounds the daily rate by 3/n at 95 %.
    let rate = Ratio(3, over: Int64(days))?.rounded(places: 3).map { "\($0)" } ?? "unknown"
    var finding = Finding(
      "dormant_exposure", severity, subject: model.subject,
      summary: "No successful call in \(days) days\(history); its price is \(expense).",
      money: nil, moneyMeaning: "the most that its limits let be spent in a day", requests: 0,
      window: scope.window.range,
      baseline: "with 95 % confidence it is used on fewer than \(rate) of days",
      next: Finding.command(.spend, scope.window, by: [.model, .key]))
    finding.thresholds = [
      .init("dormant_days", "\(settings.dormantDays)"),
      .init("active_key_days", "\(settings.activeKeyDays)"),
      .init("configured_days", "\(settings.configuredDays)"),
      .init("peer_ratio", "\(settings.peerRatio)"),
    ]
    return finding
  }

  /// The smaller of the keys' daily limit and what the rate limit lets through in a day; `nil` when
  /// neither is configured.
  private func exposure(_ model: ModelCatalogue.Model, _ configured: ConfiguredModel) -> Amount? {
    let byRate = configured.limitTokensPerMinute.flatMap { perMinute -> Amount? in
      let (tokens, overflow) = perMinute.multipliedReportingOverflow(by: 24 * 60)
      guard !overflow, let price = catalogue.blendedTokenPrice(model),
        let cost = try? price.multiplied(by: tokens, "exposure")
      else { return nil }
      return Amount(cost, "USD")
    }
    let limits = [configured.dailyLimit, byRate].compactMap { $0 }
    guard let first = limits.first else { return nil }
    return limits.allSatisfy { $0.currency == first.currency }
      ? limits.min { $0.money < $1.money } : first
  }
}
