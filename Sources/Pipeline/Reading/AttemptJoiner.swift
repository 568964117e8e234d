import Billing

/// Joins the attempts of one logical request by their trace, as the events of a file pass (evidence
/// `inferred`), for `normalize`. Reports do the same over the whole ledger, where
/// the order of the input does not matter.
struct AttemptJoiner {
  private struct Trace: Hashable {
    var gateway: Label
    var id: [UInt8]
  }

  private struct Failure {
    var time: Timestamp
    var requestModel: Label
    var model: Label
    /// Nothing tells which model answered.
    var isModelAsked: Bool
    var errorClass: ErrorClass?
  }

  private let labels: LabelTable
  private var waiting: [Trace: [Failure]] = [:]
  private var latest = Timestamp(microseconds: .min)

  /// A success later than this after a failure has nothing to do with it: 120 s.
  static let window: Int64 = 120_000_000
  /// Traces that may wait for their success before the old ones are let go.
  private static let capacity = 65_536

  init(labels: LabelTable) { self.labels = labels }

  /// Remembers a failure; tells a success what came before it.
  ///
  /// - Returns: whether the event has learned anything.
  mutating func join(_ event: inout UsageEvent, in batch: EventBatch) -> Bool {
    guard !event.traceID.isNone, event.known.contains([.time, .status]),
      event.status == .error || !waiting.isEmpty
    else { return false }
    let trace = Trace(gateway: event.gateway, id: Array(batch.bytes(event.traceID)))
    latest = max(latest, event.time)
    if event.status == .error {
      waiting[trace, default: []].append(
        Failure(
          time: event.time, requestModel: event.requestModel, model: event.billedModel,
          isModelAsked: event.responseModel.isNone, errorClass: event.errorClass))
      if waiting.count > Self.capacity { letGo() }
      return false
    }
    guard let failures = waiting.removeValue(forKey: trace), event.status == .ok else {
      return false
    }
    let near = failures.filter {
      (0...Self.window).contains(event.time.microseconds - $0.time.microseconds)
    }
    guard let first = near.first, let last = near.last else { return false }
    conclude(&event, first, last)
    return true
  }

  private func conclude(_ event: inout UsageEvent, _ first: Failure, _ last: Failure) {
    // A name of a deployment says nothing of the model behind it: it is compared with its like.
    let isSame =
      ModelName.isSameModel(labels.text(first.model), labels.text(event.billedModel))
      || first.isModelAsked
        && ModelName.isSameModel(labels.text(first.requestModel), labels.text(event.requestModel))
    let isExplicit = event.routeEvidence == .explicit
    if event.route == .fallback || (!isSame && !isExplicit) {
      if !isExplicit { event.routeEvidence = .inferred }
      event.route = .fallback
      event.routeFrom = first.model
      event.requestModel = first.requestModel
      event.routeReason = last.errorClass
    } else if isSame, event.route != .retry || !isExplicit {
      event.route = .retry
      event.routeEvidence = .inferred
    }
  }

  /// Forgets what is too old to matter for any event near the latest.
  private mutating func letGo() {
    let horizon = latest.microseconds - 2 * Self.window
    waiting = waiting.filter { $0.value.contains { $0.time.microseconds >= horizon } }
    if waiting.count > Self.capacity { waiting.removeAll() }
  }
}
