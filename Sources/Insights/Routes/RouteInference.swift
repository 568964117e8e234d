import Billing

/// One request of a trace, reduced to what its route is concluded from.
struct Attempt: Sendable, Hashable {
  enum Outcome: Sendable, Hashable {
    case success
    case failure(ErrorClass)
  }

  var key: RecordKey
  var time: Timestamp
  var trace: UInt64
  var cell: CellID
  var model: Label
  var outcome: Outcome
  /// Measures for the overlay: what moves when the route is resolved.
  var measures: Measures
}

/// What a success owes to failures before it in the same trace.
struct ResolvedRoute: Sendable, Hashable {
  var route: Route
  /// The failed attempt that decided it.
  var failure: Attempt
  /// All failed attempts that it answers, the deciding one included, in the order of time.
  var failures: [Attempt]
}

/// Concludes routes from traces (evidence E3): a failure followed soon by a success with another
/// model makes that success a fallback; with the same model, a retry.
struct RouteInference: Sendable {
  /// How long after a failure a success still answers it.
  var windowSeconds: Int64 = 120
  var isSameModel: @Sendable (Label, Label) -> Bool

  /// The routes of the successes that follow failures, by the key of the success.
  ///
  /// A failure explains only the first success after it: what the client does once it has an answer
  /// is a new request. Where several failures precede, the last one on another model wins; at equal
  /// times, the one with the larger key. The order of the input does not matter.
  func resolve(_ attempts: [Attempt]) -> [RecordKey: ResolvedRoute] {
    let ordered = attempts.sorted { left, right in
      if left.trace != right.trace { return left.trace < right.trace }
      if left.time != right.time { return left.time < right.time }
      // At one instant the failure came first: a success ends the logical request.
      if left.isFailure != right.isFailure { return left.isFailure }
      return left.key < right.key
    }
    var routes: [RecordKey: ResolvedRoute] = [:]
    var open: [Attempt] = []
    for attempt in ordered {
      if let trace = open.last?.trace, trace != attempt.trace { open.removeAll() }
      if attempt.isFailure {
        open.append(attempt)
      } else {
        let earliest = attempt.time.advanced(bySeconds: -windowSeconds)
        let recent = open.filter { $0.time >= earliest }
        routes[attempt.key] = route(of: attempt, after: recent)
        open.removeAll()
      }
    }
    return routes
  }

  private func route(of success: Attempt, after failures: [Attempt]) -> ResolvedRoute? {
    if let other = failures.last(where: { !isSameModel($0.model, success.model) }) {
      return ResolvedRoute(route: .fallback, failure: other, failures: failures)
    }
    return failures.last.map { ResolvedRoute(route: .retry, failure: $0, failures: failures) }
  }
}

extension Attempt {
  var isFailure: Bool { outcome != .success }

  /// The class of the failure; `nil` for a success.
  var errorClass: ErrorClass? {
    guard case .failure(let errorClass) = outcome else { return nil }
    return errorClass
  }

  /// - Returns: `nil` for what neither failed nor succeeded: the caller hung up.
  init?(_ fact: Fact, in cell: Cell) {
    switch cell.status {
    case .ok: outcome = .success
    case .error: outcome = .failure(cell.errorClass ?? .other)
    case .blocked: outcome = .failure(cell.errorClass ?? .contentPolicy)
    case .cancelled: return nil
    }
    key = fact.key
    time = fact.time
    trace = fact.trace
    self.cell = fact.cell
    model = cell.billedModel
    measures = Measures(fact)
  }
}
