import Billing

/// Capacity that is paid for and hardly used.
struct IdleCommitment {
  let scope: IdleScope
  let catalogue: ModelCatalogue

  func findings() throws -> [Finding] {
    try catalogue.models.compactMap { model in
      guard let configured = model.configured, let commitment = configured.monthlyCommitment,
        scope.waiver(of: model) == nil
      else { return nil }
      return try finding(model, configured, commitment)
    }
  }

  private func finding(
    _ model: ModelCatalogue.Model, _ configured: ConfiguredModel, _ commitment: Amount
  ) throws -> Finding? {
    let settings = scope.settings
    guard scope.window.dayCount >= settings.commitmentDays else { return nil }
    let last = scope.window.days.upperBound
    let days = Day(number: last.number - Int32(settings.commitmentDays) + 1)...last
    let window = Period(days, in: scope.calendar)
    if let since = configured.configuredSince, since > days.lowerBound { return nil }
    let uses = try ModelUse.all(in: scope.history, window.range)
      .filter { $0.isOf(model, scope.isSameModel) }
    var requests: Int64 = 0
    var tokens: Int64 = 0
    for use in uses {
      try requests.add(use.requests, "requests")
      try tokens.add(use.tokens, "tokens")
    }
    guard let idle = try idleShare(configured, tokens: tokens, requests: requests, window),
      let cost = cost(commitment, idle: idle.share), cost >= settings.minimumMoney
    else { return nil }
    var finding = Finding(
      "idle_commitment", .warning, subject: model.subject,
      summary: "\(idle.text) of a paid commitment was used in \(settings.commitmentDays) days.",
      money: Amount(cost, commitment.currency),
      moneyMeaning: "commitment not used in the window (12/365 of a month each day)",
      requests: requests, window: window.range,
      baseline: "\(commitment.money) \(commitment.currency) a month",
      next: Finding.command(.spend, window, by: [.model, .key, .day]))
    finding.thresholds = [
      .init("commitment_days", "\(settings.commitmentDays)"),
      .init("commitment_utilisation", "\(settings.commitmentUtilisation)"),
    ]
    return finding
  }

  /// The part of the capacity that was not used, when that is below the threshold of use. Without a
  /// known capacity only no use at all is certain.
  private func idleShare(
    _ configured: ConfiguredModel, tokens: Int64, requests: Int64, _ window: Period
  ) throws -> (share: Ratio, text: String)? {
    guard let perMinute = configured.capacityTokensPerMinute, perMinute > 0 else {
      return requests == 0 ? Ratio(1, over: 1 as Int64).map { ($0, "Nothing") } : nil
    }
    let minutes =
      (window.range.upperBound.microseconds - window.range.lowerBound.microseconds) / 60_000_000
    let capacity = Int128(perMinute) * Int128(minutes)
    guard let used = Ratio(Int128(tokens), over: capacity),
      !used.isAtLeast(scope.settings.commitmentUtilisation),
      let unused = Ratio(capacity - Int128(tokens), over: capacity)
    else { return nil }
    return (unused, used.percentText)
  }

  private func cost(_ commitment: Amount, idle: Ratio) -> Money? {
    Ratio(Int64(scope.settings.commitmentDays) * 12, over: 365)?.of(commitment.money)
      .flatMap(idle.of)
  }
}
