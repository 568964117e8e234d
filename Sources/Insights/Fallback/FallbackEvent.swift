import Billing

/// A success on another model than the one that was asked for.
struct FallbackEvent: Sendable {
  /// What the fallback cost beyond the requested model's list price.
  enum Excess: Sendable, Hashable {
    /// Dear enough to count as premium.
    case premium(Money)
    /// Not dear enough, or cheaper.
    case ordinary
    /// One of the two costs is not known.
    case unknown
  }

  var time: Timestamp
  var day: Day
  var requests: Int64
  /// The model that was asked for; `none` when nothing tells.
  var from: Label
  var to: Label
  /// As the log names them.
  var requestModel: Label
  var responseModel: Label
  var team: Label
  var currency: Label
  var reason: ErrorClass?
  var excess: Excess
  /// What the served request was billed; `nil` when unpriced.
  var billed: Money?
  /// What the failed attempts before it were billed; `nil` when none of them has a known cost.
  var failedBilled: Money?
  /// The failure was transient and others got through soon after.
  var isAvoidable = false

  var isPremium: Bool {
    if case .premium = excess { true } else { false }
  }

  func show(in sample: inout EvidenceSample, _ labels: LabelTable) {
    sample.add(time, requestModel, responseModel, labels)
  }
}

/// Finds the fallbacks of a history and prices each against the model that was asked for.
struct FallbackReader {
  let history: ResolvedHistory
  let settings: FallbackSettings
  let pricer: any Pricer
  let calendar: ReportingCalendar

  /// All fallbacks in `range`, in no particular order.
  func events(in range: Range<Timestamp>) throws -> [FallbackEvent] {
    let reader = CellReader(history.cells)
    let days = DayReader(calendar)
    let counterfactual = Counterfactual(pricer, history.labels)
    let servers = try ServingProviders(of: history, in: range)
    var events: [FallbackEvent] = []
    var recovery = RecoverySearch(
      models: history.models, windowSeconds: settings.recoverySeconds)
    try history.forEachFact(in: range) { fact in
      let cell = reader[fact.cell]
      guard cell.route == .fallback, cell.status == .ok else { return }
      let from = requestedModel(of: cell)
      let resolved = history.fallbacks[RequestID(fact)]
      let provider =
        resolved.flatMap { failedProvider(of: from, $0.first, reader) }
        ?? servers.onlyProvider(of: from, at: cell.gateway)
        ?? (history.models.isSame(from, cell.billedModel) ? cell.provider : .none)
      let list =
        from.isNone
        ? nil
        : try counterfactual.listCost(
          of: fact, in: cell, model: history.labels.text(from),
          provider: history.labels.text(provider))
      let reason = cell.routeReason
      if let reason, reason.isTransient, !from.isNone {
        recovery.watch(
          events.count, model: from,
          after: resolved?.lastFailure(of: from, history.models)?.time ?? fact.time,
          trace: fact.trace, request: RequestID(fact),
          provider: provider, key: cell.key)
      }
      try events.append(
        FallbackEvent(
          time: fact.time, day: days[fact.time.bucket], requests: Int64(fact.requests), from: from,
          to: cell.billedModel, requestModel: cell.requestModel,
          responseModel: cell.responseModel, team: cell.team, currency: cell.currency,
          reason: reason,
          excess: excess(served: cell.charge == .priced ? fact.costs.list : nil, requested: list),
          billed: cell.charge == .unpriced ? nil : fact.costs.billed,
          failedBilled: resolved?.failedBilled()))
    }
    for index in try recovery.recovered(in: history, range) { events[index].isAvoidable = true }
    return events
  }

  private func requestedModel(of cell: Cell) -> Label {
    if !cell.routeFrom.isNone { return cell.routeFrom }
    return history.models.isSame(cell.requestModel, cell.billedModel) ? .none : cell.requestModel
  }

  private func failedProvider(of model: Label, _ failed: Attempt, _ reader: CellReader) -> Label? {
    let provider = reader[failed.cell].provider
    return provider.isNone || !history.models.isSame(failed.model, model) ? nil : provider
  }

  private func excess(served: Money?, requested: Money?) throws -> FallbackEvent.Excess {
    guard let served, let requested else { return .unknown }
    let difference = try served.subtracting(requested, "excess cost")
    guard difference >= settings.premiumDifference else { return .ordinary }
    // Against a free model every price is premium.
    let isPremium = Ratio(served, over: requested)?.isAtLeast(settings.premiumRatio) ?? true
    return isPremium ? .premium(difference) : .ordinary
  }
}

extension ResolvedRoute {
  /// The last attempt on the model that failed.
  fileprivate func lastFailure(of model: Label, _ models: ModelIdentity) -> Attempt? {
    failures.last { models.isSame($0.model, model) }
  }

  /// What the failed attempts were billed; `nil` when none has a known cost.
  fileprivate func failedBilled() throws(ArithmeticOverflow) -> Money? {
    var sum: Money?
    for failure in failures where failure.isBilledKnown {
      sum = try (sum ?? .zero).adding(failure.measures.costs.billed, "billed cost")
    }
    return sum
  }
}
