import Billing

/// Numbers of labels and words that identify something, with a hash of their own: a key of a
/// worker's memory that is looked up for every event.
struct PackedKey<let count: Int>: Hashable {
  private let labels: InlineArray<count, UInt32>
  private let words: UInt64
  private let digest: UInt64

  init(_ labels: InlineArray<count, UInt32>, words: UInt64) {
    self.labels = labels
    self.words = words
    var hash = words &* 0x9E37_79B9_7F4A_7C15
    for index in labels.indices {
      hash = (hash ^ UInt64(labels[index])) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    digest = hash
  }

  static func == (lhs: PackedKey, rhs: PackedKey) -> Bool {
    guard lhs.digest == rhs.digest, lhs.words == rhs.words else { return false }
    for index in lhs.labels.indices where lhs.labels[index] != rhs.labels[index] { return false }
    return true
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension PackedKey<8> {
  /// What a price plan depends on in an event.
  init(planOf event: UsageEvent) {
    var words = UInt64(event.operation.rawValue) | UInt64(event.status.rawValue) << 8
    words |= (event.gatewayCacheHit ? 1 : 0) << 16 | (event.byok ? 1 : 0) << 17
    self.init(
      [
        event.gateway.index, event.provider.index, event.region.index, event.requestModel.index,
        event.responseModel.index, event.serviceTier.index, event.modifiers.index,
        event.team.index,
      ], words: words)
  }
}

extension PackedKey<13> {
  /// What a cell depends on: the event, its plan, and the line of the charge.
  init(cellOf event: UsageEvent, plan: Int, line: Int) {
    var words = UInt64(Cell.flags(of: event).rawValue)
    words |= UInt64(event.errorClass.map { $0.rawValue + 1 } ?? 0) << 8
    words |= UInt64(event.route.map { $0.rawValue + 1 } ?? 0) << 16
    words |= UInt64(event.routeEvidence.map { $0.rawValue + 1 } ?? 0) << 24
    words |= UInt64(event.routeReason.map { $0.rawValue + 1 } ?? 0) << 32
    self.init(
      [
        UInt32(truncatingIfNeeded: plan), UInt32(truncatingIfNeeded: line), event.dialect.index,
        event.requestModel.index, event.responseModel.index, event.serviceTier.index,
        event.routeFrom.index, event.key.index, event.team.index, event.project.index,
        event.environment.index, event.provider.index, event.region.index,
      ], words: words)
  }
}

extension Cell {
  static func flags(of event: UsageEvent) -> Flags {
    var flags: Flags = []
    if !event.tokens.isUnknown || !event.units.isEmpty { flags.insert(.hasUsage) }
    if event.known.contains(.reportedCost) { flags.insert(.hasReportedCost) }
    if event.gatewayCacheHit { flags.insert(.gatewayCacheHit) }
    if event.byok { flags.insert(.byok) }
    if event.routed { flags.insert(.routed) }
    if event.known.contains(.latency) { flags.insert(.hasLatency) }
    return flags
  }

  /// What the event says, before it is charged.
  init(_ event: UsageEvent) {
    self.init()
    gateway = event.gateway
    dialect = event.dialect
    provider = event.provider
    region = event.region
    requestModel = event.requestModel
    responseModel = event.responseModel
    serviceTier = event.serviceTier
    routeFrom = event.routeFrom
    key = event.key
    team = event.team
    project = event.project
    environment = event.environment
    operation = event.operation
    status = event.status
    errorClass = event.errorClass
    route = event.route
    routeEvidence = event.routeEvidence
    routeReason = event.routeReason
    flags = Self.flags(of: event)
  }
}
