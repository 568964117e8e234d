import Billing
import CSimdjson

/// The evidence that one record gives about the attempts of its request, strongest first: a flag, a
/// list of attempts, a served model that is another than the asked one. What needs other records
/// is for the stages behind.
extension EventBuilder {
  func setRoute(_ event: inout UsageEvent) throws(RejectionReason) {
    let routing = dialect.routing
    if holdsAny(routing.routed) || modelNames.isRouterAlias(event.requestModel) {
      event.routed = true
      event.known.insert(.routed)
    }
    guard holdsAll(routing.when) else { return }
    let isFallback = holdsAny(routing.fallback)
    let isRetry = holdsAny(routing.retry)
    let isPrimary = holdsAny(routing.primary)
    let asked = try askedModel(routing)
    let attempts = routing.attempts.isEmpty ? [] : try attempts(routing)
    if isFallback {
      event.route = .fallback
      event.routeEvidence = .explicit
      event.routeFrom = attempts.first?.model ?? .none
      if event.routeFrom.isNone { event.routeFrom = asked }
    } else if isRetry {
      event.route = .retry
      event.routeEvidence = .explicit
    }
    if let last = attempts.last {
      apply(attempts, last, &event)
    }
    if event.route == nil, isPrimary {
      event.route = .primary
      event.routeEvidence = .explicit
    } else if event.route == nil, !attempts.isEmpty {
      event.route = .primary
      event.routeEvidence = .attemptList
    } else if event.route == nil, !event.routed {
      applyMismatch(&event, asked: asked)
    }
    if event.routeFrom == event.responseModel, !event.routeFrom.isNone { event.routeFrom = .none }
  }

  private struct Attempt {
    var model: Label
    var provider: Label
    var status: Int64?
  }

  /// The model that the request asked for before any fallback, where the record names it apart.
  private func askedModel(_ routing: CompiledRouting) throws(RejectionReason) -> Label {
    for slot in routing.from where walker[slot].isText && !walker[slot].isBlank {
      return try label(of: walker[slot])
    }
    return .none
  }

  private func attempts(_ routing: CompiledRouting) throws(RejectionReason) -> [Attempt] {
    for list in routing.attempts where walker[list.list].kind == TB_ARRAY {
      let value = walker[list.list]
      var attempts: [Attempt] = []
      for element in walker.elements(of: value, limit: 64) {
        guard element.kind == TB_OBJECT, walker.walk(list.selector, into: element) == TB_OK
        else { continue }
        attempts.append(
          Attempt(
            model: try list.model.map { slot throws(RejectionReason) in try optionalLabel(slot) }
              ?? .none,
            provider: try list.provider.map { slot throws(RejectionReason) in
              try optionalLabel(slot)
            } ?? .none,
            status: list.status.flatMap { walker[$0].wholeNumber() }))
      }
      if !attempts.isEmpty { return attempts }
    }
    return []
  }

  private func optionalLabel(_ slot: Int) throws(RejectionReason) -> Label {
    let value = walker[slot]
    return value.isText && !value.isBlank ? try label(of: value) : .none
  }

  /// E2: several attempts in one record. Another provider for the same model is a retry, another
  /// model is a fallback.
  private func apply(_ attempts: [Attempt], _ last: Attempt, _ event: inout UsageEvent) {
    let failed = attempts.dropLast()
    event.attempt = Int32(attempts.count - 1)
    event.known.insert(.attempt)
    guard !failed.isEmpty else { return }
    let other = failed.last { !modelNames.isSame($0.model, last.model) }
    if event.route == nil {
      event.route = other == nil ? .retry : .fallback
      event.routeEvidence = .attemptList
    }
    guard event.route == .fallback else { return }
    if event.routeFrom.isNone { event.routeFrom = failed.first?.model ?? .none }
    event.routeReason = failed.last?.status.flatMap(ErrorClass.init(httpStatus:))
  }

  /// E4: another model than the asked one served. Weak: a gateway may map names.
  private func applyMismatch(_ event: inout UsageEvent, asked: Label) {
    let asked = asked.isNone ? event.requestModel : asked
    guard dialect.routing.mismatch, !asked.isNone, !event.responseModel.isNone,
      !modelNames.isRouterAlias(asked), !modelNames.isSame(asked, event.responseModel)
    else { return }
    event.route = .fallback
    event.routeEvidence = .mismatch
    event.routeFrom = asked
  }
}
