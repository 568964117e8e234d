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
    let attempts = routing.attempts.isEmpty ? [] : try attempts(routing, event)
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
    /// What the list says of its outcome; `nil` when it says nothing.
    var status: Status?

    enum Status {
      case number(Int64)
      case text(ErrorClass?, isFailure: Bool)
    }

    /// It failed, by an HTTP status or a word that says so.
    var hasFailed: Bool {
      switch status {
      case .number(let number): number >= 400
      case .text(_, let isFailure): isFailure
      case nil: false
      }
    }

    /// Why it failed.
    var errorClass: ErrorClass? {
      switch status {
      case .number(let number): ErrorClass(httpStatus: number)
      case .text(let named, _): named
      case nil: nil
      }
    }
  }

  /// The model that the request asked for before any fallback, where the record names it apart.
  private func askedModel(_ routing: CompiledRouting) throws(RejectionReason) -> Label {
    for slot in routing.from where walker[slot].isText && !walker[slot].isBlank {
      return try label(of: walker[slot])
    }
    return .none
  }

  /// The attempts that were made, the first one first.
  private func attempts(
    _ routing: CompiledRouting, _ event: UsageEvent
  ) throws(RejectionReason) -> [Attempt] {
    for list in routing.attempts where walker[list.list].kind == TB_ARRAY {
      let value = walker[list.list]
      var attempts: [Attempt] = []
      let elements = walker.elements(of: value, limit: 64)
      for element in list.isNewestFirst ? elements.reversed() : elements {
        guard element.kind == TB_OBJECT, walker.walk(list.selector, into: element) == TB_OK
        else { continue }
        attempts.append(
          Attempt(
            model: try list.model.map { slot throws(RejectionReason) in try optionalLabel(slot) }
              ?? .none,
            provider: try list.provider.map { slot throws(RejectionReason) in
              try optionalLabel(slot)
            } ?? .none,
            status: try list.status.flatMap { slot throws(RejectionReason) in
              try attemptStatus(slot)
            }))
      }
      if list.status != nil { attempts = Self.made(attempts, event) }
      if !attempts.isEmpty { return attempts }
    }
    return []
  }

  private func attemptStatus(_ slot: Int) throws(RejectionReason) -> Attempt.Status? {
    let value = walker[slot]
    if let number = value.wholeNumber() { return .number(number) }
    guard value.isText else {
      return value.isPresent ? .text(nil, isFailure: value.truth == false) : nil
    }
    if value.isBlank { return nil }
    let named = try walker.withText(of: value) { errorClasses.errorClass(named: $0) }
    let isFailure = named != nil || Self.failures.contains { value.starts(with: $0) }
    return .text(named, isFailure: isFailure)
  }

  /// Beginnings of words for failures that tell no class.
  private static let failures = ["fail", "FAIL", "Fail", "err", "ERR", "Err"].map { Array($0.utf8) }

  /// Attempts of whose outcome the list says nothing were planned and never made. Some gateways write
  /// an outcome of failures only: then the first without one is the one that served.
  private static func made(_ attempts: [Attempt], _ event: UsageEvent) -> [Attempt] {
    if attempts.allSatisfy({ $0.status != nil }) { return attempts }
    guard let last = attempts.lastIndex(where: { $0.status != nil }) else {
      return Array(attempts.prefix(1))
    }
    let failed = event.known.contains(.status) && event.status != .ok
    let serves = attempts[last].hasFailed && !failed ? attempts[(last + 1)...].prefix(1) : []
    return attempts[...last].filter { $0.status != nil } + serves
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
    event.routeReason = failed.last?.errorClass
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
