import Billing

/// Prices events: the state of one worker. Plans and cells are resolved once for each shape of
/// event; each event then costs one look-up and a few multiplications.
final class ChargingStage {
  private final class Shape {
    let plan: any PricePlan
    let cell: Cell
    /// By charge line, as far as it was needed.
    var cells: [CellID?]

    init(plan: any PricePlan, cell: Cell) {
      self.plan = plan
      self.cell = cell
      cells = Array(repeating: nil, count: plan.lines.count)
    }
  }

  private let pricer: any Pricer
  private let labels: LabelTable
  private let cells: CellTable
  private var shapes: [CellShape: Shape] = [:]

  /// Shapes that are remembered before the memory is cleared: about 50 MB.
  private static let capacity = 100_000

  init(pricer: any Pricer, labels: LabelTable, cells: CellTable) {
    self.pricer = pricer
    self.labels = labels
    self.cells = cells
  }

  /// The charge of an event.
  struct Outcome {
    var cell: CellID
    var charge: Charge
  }

  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func charge(_ event: UsageEvent) throws(ArithmeticOverflow) -> Outcome {
    let shape = shape(of: event)
    let charge = try shape.plan.charge(BillableUsage(event))
    return Outcome(cell: cell(shape, charge.line), charge: charge)
  }

  /// The plan that prices an event, for those who want its parts.
  func plan(for event: UsageEvent) -> any PricePlan { shape(of: event).plan }

  private func shape(of event: UsageEvent) -> Shape {
    let key = CellShape(event)
    if let known = shapes[key] { return known }
    if shapes.count >= Self.capacity { shapes.removeAll(keepingCapacity: true) }
    let made = Shape(plan: pricer.plan(for: subject(event)), cell: Cell(event))
    shapes[key] = made
    return made
  }

  private func cell(_ shape: Shape, _ line: Int) -> CellID {
    if let known = shape.cells[line] { return known }
    let charge = shape.plan.lines[line]
    var cell = shape.cell
    cell.charge = charge.status
    cell.chargeReason = labels.intern(charge.reason)
    cell.currency = labels.intern(charge.currency)
    cell.entry = labels.intern(charge.entry)
    cell.priceTier = labels.intern(charge.tier)
    cell.match = charge.match
    if charge.contested { cell.flags.insert(.contested) }
    let id = cells.intern(cell)
    shape.cells[line] = id
    return id
  }

  private func subject(_ event: UsageEvent) -> PricingSubject {
    var subject = PricingSubject()
    subject.gateway = labels.text(event.gateway)
    subject.provider = labels.text(event.provider)
    subject.region = labels.text(event.region)
    subject.model = labels.text(event.billedModel)
    subject.serviceTier = labels.text(event.serviceTier)
    subject.modifiers = labels.text(event.modifiers)
    subject.operation = event.operation
    subject.status = event.status
    subject.gatewayCacheHit = event.gatewayCacheHit
    subject.byok = event.byok
    subject.team = labels.text(event.team)
    subject.key = labels.text(event.key)
    return subject
  }
}

extension Cell {
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
    flags = CellShape.flags(event)
  }
}

extension BillableUsage {
  /// What an event used.
  init(_ event: UsageEvent) {
    self.init(
      time: event.time, tokens: event.tokens, units: event.units,
      requestBytes: event.known.contains(.requestBytes) ? event.requestBytes : nil,
      responseBytes: event.known.contains(.responseBytes) ? event.responseBytes : nil,
      requests: Int64(event.requests))
  }
}
