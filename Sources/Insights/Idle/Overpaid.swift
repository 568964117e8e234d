import Billing

/// Models with few requests that cost far more than they need to: than their own list price, or
/// than the model that the same key uses otherwise.
struct Overpaid {
  let scope: IdleScope

  /// The uses of one model, under all its names.
  private struct Group {
    var model: String
    var provider: String
    var currency: String
    var uses: [ModelUse]
  }

  func findings() throws -> [Finding] {
    var all: Int64 = 0
    for use in scope.current { try all.add(use.requests, "requests") }
    return try groups().compactMap { group in
      var requests: Int64 = 0
      for use in group.uses { try requests.add(use.requests, "requests") }
      guard let share = Ratio(requests, over: all), !share.isAtLeast(scope.settings.rareShare),
        let overpaid = try overMarkup(group) ?? overSubstitute(group),
        overpaid.money >= scope.settings.minimumMoney
      else { return nil }
      return finding(group, requests, share, overpaid)
    }
  }

  private func groups() -> [Group] {
    var groups: [Group] = []
    for use in scope.current where !use.model.isEmpty {
      let isSame = { (group: Group) in
        TextOrder.isSame(group.model, use.canonical)
          && TextOrder.isSame(group.provider, use.provider)
          && TextOrder.isSame(group.currency, use.currency)
      }
      if let index = groups.firstIndex(where: isSame) {
        groups[index].uses.append(use)
      } else {
        groups.append(
          Group(
            model: use.canonical, provider: use.provider, currency: use.currency, uses: [use]))
      }
    }
    return groups
  }

  /// What was charged above list price, where that is a multiple of it.
  private func overMarkup(_ group: Group) throws -> (money: Money, baseline: String)? {
    var list = Money.zero
    var reported = Money.zero
    for use in group.uses {
      try list.add(use.comparableList, "list cost")
      try reported.add(use.comparableReported, "reported cost")
    }
    guard let ratio = Ratio(reported, over: list), ratio.isAtLeast(scope.settings.overpaidRatio)
    else { return nil }
    return (try reported.subtracting(list, "overpaid cost"), "its own list price")
  }

  /// What the tokens cost above the substitute's unit cost, key by key.
  private func overSubstitute(_ group: Group) throws -> (money: Money, baseline: String)? {
    var excess = Money.zero
    var names: Set<String> = []
    for use in group.uses {
      guard let substitute = substitute(for: use),
        let cost = Ratio(use.priced.tokens, over: substitute.priced.tokens)?.of(substitute.list),
        let ratio = Ratio(use.list, over: cost), ratio.isAtLeast(scope.settings.overpaidRatio)
      else { continue }
      try excess.add(use.list.subtracting(cost, "overpaid cost"), "overpaid cost")
      names.insert(substitute.canonical)
    }
    guard !names.isEmpty else { return nil }
    let list = names.sorted(by: TextOrder.precedes).joined(separator: ", ")
    return (
      excess, "list cost per token of \(list), which the same keys use for the same operation"
    )
  }

  /// The model that the same key uses most for the same operation.
  private func substitute(for use: ModelUse) -> ModelUse? {
    guard !use.key.isEmpty, use.priced.tokens > 0, use.list > .zero else { return nil }
    return scope.current.filter { other in
      other.id.key == use.id.key && other.id.operation == use.id.operation
        && other.id.currency == use.id.currency && !TextOrder.isSame(other.canonical, use.canonical)
        && other.priced.requests >= scope.settings.substituteRequests
        && other.priced.requests > use.priced.requests && other.priced.tokens > 0
    }
    .max { $0.priced.requests < $1.priced.requests }
  }

  private func finding(
    _ group: Group, _ requests: Int64, _ share: Ratio, _ overpaid: (money: Money, baseline: String)
  ) -> Finding {
    var subject: [Finding.Detail] = [.init("model", group.model)]
    if !group.provider.isEmpty { subject.append(.init("provider", group.provider)) }
    var finding = Finding(
      "rarely_used_overpaid", .info, subject: subject,
      summary: "It answers \(share.percentText) of requests and costs at least "
        + "\(scope.settings.overpaidRatio) times the comparison.",
      money: Amount(overpaid.money, group.currency), moneyMeaning: "cost above the comparison",
      requests: requests, window: scope.period.range, baseline: overpaid.baseline,
      next: Finding.command(.spend, scope.period, by: [.model, .key]))
    finding.thresholds = [
      .init("rare_share", "\(scope.settings.rareShare)"),
      .init("overpaid_ratio", "\(scope.settings.overpaidRatio)"),
      .init("substitute_requests", "\(scope.settings.substituteRequests)"),
      .init("minimum_money", "\(scope.settings.minimumMoney)"),
    ]
    return finding
  }
}
