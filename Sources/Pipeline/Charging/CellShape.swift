import Billing

/// What a price and a cell depend on in an event, packed: the key of a worker's memory of plans.
struct CellShape: Hashable {
  /// Labels in the order of `init`.
  private var labels: InlineArray<14, UInt32>
  /// Enumerations and flags, eight bits each.
  private var words: UInt64
  private let digest: UInt64

  init(_ event: UsageEvent) {
    labels = [
      event.gateway.index, event.dialect.index, event.provider.index, event.region.index,
      event.requestModel.index, event.responseModel.index, event.serviceTier.index,
      event.routeFrom.index, event.key.index, event.team.index, event.project.index,
      event.environment.index, event.modifiers.index, event.reportedCurrency.index,
    ]
    words = UInt64(event.operation.rawValue) | UInt64(event.status.rawValue) << 8
    words |= UInt64(event.errorClass.map { $0.rawValue + 1 } ?? 0) << 16
    words |= UInt64(event.route.map { $0.rawValue + 1 } ?? 0) << 24
    words |= UInt64(event.routeEvidence.map { $0.rawValue + 1 } ?? 0) << 32
    words |= UInt64(event.routeReason.map { $0.rawValue + 1 } ?? 0) << 40
    words |= UInt64(CellShape.flags(event).rawValue) << 48
    var hash = words &* 0x9E37_79B9_7F4A_7C15
    for index in labels.indices {
      hash = (hash ^ UInt64(labels[index])) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    digest = hash
  }

  static func flags(_ event: UsageEvent) -> Cell.Flags {
    var flags: Cell.Flags = []
    if !event.tokens.isUnknown || !event.units.isEmpty { flags.insert(.hasUsage) }
    if event.known.contains(.reportedCost) { flags.insert(.hasReportedCost) }
    if event.gatewayCacheHit { flags.insert(.gatewayCacheHit) }
    if event.byok { flags.insert(.byok) }
    if event.routed { flags.insert(.routed) }
    if event.known.contains(.latency) { flags.insert(.hasLatency) }
    return flags
  }

  static func == (lhs: CellShape, rhs: CellShape) -> Bool {
    guard lhs.digest == rhs.digest, lhs.words == rhs.words else { return false }
    for index in lhs.labels.indices where lhs.labels[index] != rhs.labels[index] { return false }
    return true
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
