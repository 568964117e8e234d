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
  var gateway: Label
  var requestModel: Label
  /// The model that was tried: the one that answered, else the one that was asked.
  var model: Label
  /// Nothing tells which model answered.
  var isModelAsked: Bool
  var outcome: Outcome
  /// What it was billed is fully known.
  var isBilledKnown: Bool
  /// Measures for the overlay: what moves when the route is resolved.
  var measures: Measures
}

/// What a success owes to failures before it in the same trace.
struct ResolvedRoute: Sendable, Hashable {
  var route: Route
  /// The attempt that asked first: its model is the one that was requested.
  var first: Attempt
  /// The attempt that failed last: its error is what caused the route.
  var last: Attempt
  /// All failed attempts that the success answers, in the order of time.
  var failures: [Attempt]
}

/// Concludes routes from traces (evidence E3): a success that soon follows failures is a fallback
/// when the first of them asked for another model, else a retry.
struct RouteInference: Sendable {
  /// How long after a failure a success still answers it.
  var windowSeconds: Int64 = 120
  var isSameModel: @Sendable (Label, Label) -> Bool
  /// Orders attempts at one instant by what they are.
  var precedes: @Sendable (Attempt, Attempt) -> Bool

  /// The routes of the successes that follow failures, by the success.
  ///
  /// A failure explains only the first success after it: what the client does once it has an answer
  /// is a new request. At one instant attempts stand in the order of their content. The order of the
  /// input does not matter.
  func resolve(_ attempts: [Attempt]) -> [RequestID: ResolvedRoute] {
    let ordered = attempts.sorted { left, right in
      if left.trace != right.trace { return left.trace < right.trace }
      if left.gateway != right.gateway { return left.gateway.index < right.gateway.index }
      if left.time != right.time { return left.time < right.time }
      // At one instant the failure came first: a success ends the logical request.
      if left.isFailure != right.isFailure { return left.isFailure }
      return precedes(left, right)
    }
    var routes: [RequestID: ResolvedRoute] = [:]
    var open: [Attempt] = []
    for attempt in ordered {
      if let last = open.last, !last.isTogether(with: attempt) { open.removeAll() }
      if attempt.isFailure {
        open.append(attempt)
      } else {
        let earliest = attempt.time.advanced(bySeconds: -windowSeconds)
        let recent = open.filter { $0.time >= earliest }
        routes[attempt.id] = route(of: attempt, after: recent)
        open.removeAll()
      }
    }
    return routes
  }

  private func route(of success: Attempt, after failures: [Attempt]) -> ResolvedRoute? {
    guard let first = failures.first, let last = failures.last else { return nil }
    // A name of a deployment says nothing of the model behind it: it is compared with its like.
    let isSame =
      isSameModel(first.model, success.model)
      || first.isModelAsked && isSameModel(first.requestModel, success.requestModel)
    let route: Route = isSame ? .retry : .fallback
    return ResolvedRoute(route: route, first: first, last: last, failures: failures)
  }
}

extension Attempt {
  /// Both belong to one logical request. A trace that passes two gateways is two: each logs its own
  /// attempts.
  func isTogether(with other: Attempt) -> Bool {
    trace == other.trace && gateway == other.gateway
  }

  var id: RequestID { RequestID(key: key, time: time) }

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
    gateway = cell.gateway
    requestModel = cell.requestModel
    model = cell.billedModel
    isModelAsked = cell.responseModel.isNone
    isBilledKnown = cell.charge == .priced || cell.charge == .notBilled
    measures = Measures(fact)
  }
}
