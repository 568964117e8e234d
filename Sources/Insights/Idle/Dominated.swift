import Billing

/// Models in use that another allowed model beats in everything: it came later, can do all that
/// they can, takes as much context, and no price of it is higher.
struct Dominated {
  let scope: IdleScope
  let catalogue: ModelCatalogue
  let pricer: any Pricer

  private struct Pair {
    var model: ModelCatalogue.Model
    var better: ModelCatalogue.Model
  }

  func findings() throws -> [Finding] {
    let pairs = catalogue.models.compactMap { model in
      isUsed(model) ? better(than: model).map { Pair(model: model, better: $0) } : nil
    }
    return try pairs.compactMap(finding)
  }

  private func isUsed(_ model: ModelCatalogue.Model) -> Bool {
    scope.current.contains { $0.successes > 0 && $0.isOf(model, scope.isSameModel) }
  }

  /// The cheapest of the models that dominate.
  private func better(than model: ModelCatalogue.Model) -> ModelCatalogue.Model? {
    catalogue.models.filter { isBetter($0, than: model) && isAllowed($0, besides: model) }
      .min { left, right in
        let prices = [left, right].map { catalogue.blendedPrice($0) ?? .zero }
        if prices[0] != prices[1] { return prices[0] < prices[1] }
        return TextOrder.precedes([left.name, left.provider], [right.name, right.provider])
      }
  }

  private func isBetter(_ peer: ModelCatalogue.Model, than model: ModelCatalogue.Model) -> Bool {
    guard let better = peer.listed, let worse = model.listed, better.entry != worse.entry,
      isLater(peer, than: model), ModelCatalogue.isCapable(better, of: worse),
      let context = better.contextWindow, let needed = worse.contextWindow, context >= needed,
      let input = better.inputPrice, let oldInput = worse.inputPrice, input <= oldInput,
      let output = better.outputPrice, let oldOutput = worse.outputPrice, output <= oldOutput
    else { return false }
    return input < oldInput || output < oldOutput
  }

  /// By the configured dates of release, else because the vendor names the one as the other's
  /// replacement. Nothing else tells which came later.
  private func isLater(_ peer: ModelCatalogue.Model, than model: ModelCatalogue.Model) -> Bool {
    if let new = peer.configured?.released, let old = model.configured?.released {
      return new > old
    }
    guard let replacement = model.listed?.replacement, let better = peer.listed else {
      return false
    }
    return replacement == better.entry || replacement == better.model
  }

  /// A key that used the one may call the other. The price book alone does not say who may.
  private func isAllowed(_ peer: ModelCatalogue.Model, besides model: ModelCatalogue.Model) -> Bool
  {
    guard let configured = peer.configured else {
      return scope.recent.contains { $0.isOf(peer, scope.isSameModel) }
    }
    guard !configured.keys.isEmpty else { return true }
    let patterns = configured.keys.map(Glob.init)
    return scope.current.contains { use in
      use.isOf(model, scope.isSameModel) && patterns.contains { $0.matches(use.key) }
    }
  }

  private func finding(_ pair: Pair) throws -> Finding? {
    guard let period = scope.factPeriod, let saving = try saving(pair, in: period),
      saving.money.money >= scope.settings.minimumMoney
    else { return nil }
    var finding = Finding(
      "dominated_model", .info,
      subject: pair.model.subject + [.init("better", pair.better.name)],
      summary:
        "A later model with the same abilities has no higher price and at least the context.",
      money: saving.money, moneyMeaning: "list cost above the better model's, same tokens",
      requests: saving.requests, window: period.range,
      baseline: "list cost of the better model for the same tokens",
      next: Finding.command(.spend, scope.period, by: [.model, .key]))
    finding.thresholds = [.init("minimum_money", "\(scope.settings.minimumMoney)")]
    finding.evidence = saving.evidence
    return finding
  }

  /// List cost of the requests less what the better model would have cost, where both are known.
  private func saving(_ pair: Pair, in period: Period) throws
    -> (money: Amount, requests: Int64, evidence: [Evidence])?
  {
    let uses = scope.current.filter { $0.isOf(pair.model, scope.isSameModel) }
    guard let currency = uses.first(where: { $0.priced.requests > 0 })?.currency else { return nil }
    let reader = CellReader(scope.history.cells)
    let labels = scope.history.labels
    let wanted = Set(uses.map { [$0.id.provider, $0.id.model, $0.id.entry] })
    let counterfactual = Counterfactual(pricer, labels)
    var sum = Money.zero
    var requests: Int64 = 0
    var sample = EvidenceSample()
    try scope.history.forEachFact(in: period.range) { fact in
      let cell = reader[fact.cell]
      guard cell.charge == .priced, wanted.contains([cell.provider, cell.billedModel, cell.entry]),
        Amount.currency(named: labels.text(cell.currency)) == currency,
        let other = try counterfactual.listCost(
          of: fact, in: cell, model: pair.better.listed?.model ?? pair.better.name,
          provider: pair.better.listed?.provider ?? pair.better.provider)
      else { return }
      try sum.add(fact.costs.list.subtracting(other, "saving"), "saving")
      try requests.add(Int64(fact.requests), "requests")
      sample.add(fact, in: cell, labels)
    }
    return requests == 0 ? nil : (Amount(sum, currency), requests, sample.requests)
  }
}
