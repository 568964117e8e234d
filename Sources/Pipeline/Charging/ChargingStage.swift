import Billing

/// Prices events: the state of one worker. Plans and cells are resolved once for each combination
/// of what they depend on; each event then costs two look-ups and a few multiplications.
final class ChargingStage {
  private let pricer: any Pricer
  private let labels: LabelTable
  private let cells: CellTable
  private var plans: [any PricePlan] = []
  private var planNumbers: [PackedKey<8>: Int] = [:]
  private var cellIDs: [PackedKey<13>: CellID] = [:]

  /// Combinations that are remembered before the memory is cleared: about 30 MB.
  private static let capacity = 250_000

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
    let plan = planNumber(event)
    let charge = try plans[plan].charge(BillableUsage(event))
    let key = PackedKey(cellOf: event, plan: plan, line: charge.line)
    if let known = cellIDs[key] { return Outcome(cell: known, charge: charge) }
    let made = cells.intern(cell(event, plans[plan].lines[charge.line]))
    if cellIDs.count >= Self.capacity { cellIDs.removeAll(keepingCapacity: true) }
    cellIDs[key] = made
    return Outcome(cell: made, charge: charge)
  }

  /// The plan that prices an event, for those who want its parts.
  func plan(for event: UsageEvent) -> any PricePlan { plans[planNumber(event)] }

  private func planNumber(_ event: UsageEvent) -> Int {
    let key = PackedKey(planOf: event)
    if let known = planNumbers[key] { return known }
    if plans.count >= Self.capacity {
      planNumbers.removeAll()
      plans.removeAll()
      cellIDs.removeAll(keepingCapacity: true)
    }
    plans.append(pricer.plan(for: subject(event)))
    planNumbers[key] = plans.count - 1
    return plans.count - 1
  }

  private func cell(_ event: UsageEvent, _ line: ChargeLine) -> Cell {
    var cell = Cell(event)
    cell.charge = line.status
    cell.chargeReason = labels.intern(line.reason)
    cell.currency = labels.intern(line.currency)
    cell.entry = labels.intern(line.entry)
    cell.priceTier = labels.intern(line.tier)
    cell.match = line.match
    if line.contested { cell.flags.insert(.contested) }
    return cell
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
    return subject
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
