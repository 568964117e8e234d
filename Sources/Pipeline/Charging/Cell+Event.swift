import Billing

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

  /// What a charge line says, apart from the event.
  init(_ line: ChargeLine, _ labels: LabelTable) {
    self.init()
    charge = line.status
    chargeReason = labels.intern(line.reason)
    currency = labels.intern(line.currency)
    entry = labels.intern(line.entry)
    priceTier = labels.intern(line.tier)
    match = line.match
    if line.contested { flags.insert(.contested) }
  }

  /// What the event says, and how it was charged.
  ///
  /// - Parameter isComparable: the event reports amounts in the currency of the charge.
  init(_ event: UsageEvent, charged line: Cell, isComparable: Bool) {
    self = line
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
    flags.formUnion(Self.flags(of: event))
    if !isComparable, flags.remove(.hasReportedCost) != nil { flags.insert(.reportsOtherCurrency) }
  }
}
