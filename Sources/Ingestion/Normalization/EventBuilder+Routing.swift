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

  // MARK: Expansion

  /// The events of a record: itself, or one for each entry of the list that its dialect expands.
  func expand(
    _ event: UsageEvent, _ list: RecordValue, _ expansion: CompiledExpansion
  ) throws(RejectionReason) -> [UsageEvent] {
    var events: [UsageEvent] = []
    for element in walker.elements(of: list) where element.kind == TB_OBJECT {
      guard walker.walk(expansion.selector, into: element) == TB_OK else {
        throw .malformed
      }
      var entry = try entry(of: event, expansion, number: events.count)
      if entry.responseModel == event.responseModel { entry.tokens.takeLifetimes(of: event.tokens) }
      events.append(entry)
    }
    guard events.count > 1 || events.first?.route == .fallback else { return [event] }
    return resolveFallback(events, expansion)
  }

  private func entry(
    of event: UsageEvent, _ expansion: CompiledExpansion, number: Int
  ) throws(RejectionReason) -> UsageEvent {
    var entry = event
    if number > 0, !event.id.isNone {
      let id = Array(batch.bytes(event.id)) + Array("#\(number)".utf8)
      entry.id = batch.append(text: id.span)
    }
    let model = walker[expansion.model]
    if model.isText, !model.isBlank { entry.responseModel = try label(of: model) }
    entry.tokens = TokenUsage()
    try setTokens(
      &entry, try counts(of: expansion.usage, slotLists: expansion.slotLists), expansion.usage)
    let kind = walker[expansion.kind]
    if expansion.fallbackKinds.contains(where: { kind.isWritten($0) }) {
      entry.route = .fallback
      entry.routeEvidence = .explicit
    } else if expansion.primaryKinds.contains(where: { kind.isWritten($0) }) {
      entry.route = .primary
    }
    return entry
  }

  /// When an entry is a fallback that served, the main entries before it were declined.
  private func resolveFallback(
    _ events: [UsageEvent], _ expansion: CompiledExpansion
  ) -> [UsageEvent] {
    let hasFallback = events.contains { $0.route == .fallback && $0.routeEvidence == .explicit }
    let declined = events.first { $0.route == .primary }
    return events.map { event in
      var event = event
      if event.route == .primary {
        event.route = nil
        if hasFallback {
          event.status = .blocked
          event.errorClass = .contentPolicy
          event.known.insert(.status)
        }
      } else if event.route == .fallback, event.routeEvidence == .explicit, let declined {
        event.routeFrom = declined.responseModel
      }
      return event
    }
  }
}

extension TokenUsage {
  /// An entry may write its cache tokens without their lifetimes, which only the whole record tells:
  /// they are taken over where they leave no choice.
  fileprivate mutating func takeLifetimes(of whole: TokenUsage) {
    let written = self[.cacheWrite5m]
    guard written > 0, !isKnown(.cacheWrite1h), whole[.cacheWrite1h] > 0 else { return }
    if whole[.cacheWrite5m] == 0 {
      set(.cacheWrite5m, 0)
      set(.cacheWrite1h, written)
    } else if written == whole[.cacheWrite5m] + whole[.cacheWrite1h] {
      set(.cacheWrite5m, whole[.cacheWrite5m])
      set(.cacheWrite1h, whole[.cacheWrite1h])
    }
  }
}
