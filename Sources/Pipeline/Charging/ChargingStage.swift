import Billing

/// Prices events: the state of one worker. Plans and cells are resolved once for each combination
/// of what they depend on; each event then costs two look-ups and a few multiplications.
final class ChargingStage {
  private let pricer: any Pricer
  private let labels: LabelTable
  private let cells: CellTable
  private let dependsOnTeam: Bool
  private var plans: [Plan] = []
  private var planNumbers: [PlanShape: Int] = [:]
  private var shapes = ShapeTable()
  /// The slots of the next events, one past their numbers; 0 for shapes that are new.
  private var ahead: [UInt32] = []
  /// The layout of `shapes` that `ahead` is about.
  private var layout = 0
  private var currencies: CurrencyComparison

  /// Shapes that are remembered before the memory is cleared: about 25 MB.
  private static let capacity = 250_000
  /// Plans that are: a plan takes some kilobytes, and a log that names a new model in every line
  /// would have as many of them.
  private static let planCapacity = 20_000

  private struct Plan {
    let plan: any PricePlan
    /// What each charge line adds to a cell.
    let lines: [Cell]
    /// Of each charge line; none where nothing is charged.
    let currencies: [Label]

    init(_ plan: any PricePlan, _ labels: LabelTable) {
      self.plan = plan
      lines = plan.lines.map { Cell($0, labels) }
      currencies = lines.map(\.currency)
    }
  }

  init(pricer: any Pricer, labels: LabelTable, cells: CellTable) {
    self.pricer = pricer
    dependsOnTeam = pricer.dependsOnTeam
    self.labels = labels
    self.cells = cells
    currencies = CurrencyComparison(labels)
  }

  /// The charge of an event.
  struct Outcome {
    var cell: CellID
    var charge: Charge
    /// Amounts that the event reports are in the currency of the charge: only such may stand beside
    /// it, and be added up with others of its cell.
    var isComparable: Bool
  }

  /// Looks up the shapes of events that are charged next.
  ///
  /// The table is larger than a core's cache. One look-up after the other, its waits for memory
  /// overlap; between charges each would be waited for alone.
  func lookUp(_ events: Span<UsageEvent>) {
    ahead.removeAll(keepingCapacity: true)
    ahead.reserveCapacity(events.count)
    layout = shapes.layout
    for position in events.indices {
      ahead.append(
        UInt32(truncatingIfNeeded: (shapes.slot(of: EventShape(events[position])) ?? -1) + 1))
    }
  }

  /// Charges one of the events that were looked up.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func charge(_ event: UsageEvent, at position: Int) throws(ArithmeticOverflow) -> Outcome {
    guard layout == shapes.layout, position < ahead.count, ahead[position] != 0 else {
      return try charge(event)
    }
    return try charge(event, slot: Int(ahead[position]) - 1)
  }

  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func charge(_ event: UsageEvent) throws(ArithmeticOverflow) -> Outcome {
    try charge(event, slot: slot(event))
  }

  @inline(__always)
  private func charge(_ event: UsageEvent, slot: Int) throws(ArithmeticOverflow) -> Outcome {
    let plan = Int(shapes.slots[slot].plan) - 1
    let charge = try plans[plan].plan.charge(BillableUsage(event))
    let isComparable =
      event.known.isDisjoint(with: [.reportedCost, .reportedUpstreamCost])
      || currencies.isSame(event.reportedCurrency, plans[plan].currencies[charge.line])
    if let known = shapes.cell(ofSlot: slot, line: charge.line) {
      return Outcome(cell: known, charge: charge, isComparable: isComparable)
    }
    let made = cells.intern(
      Cell(event, charged: plans[plan].lines[charge.line], isComparable: isComparable))
    shapes.setCell(made, ofSlot: slot, line: charge.line)
    return Outcome(cell: made, charge: charge, isComparable: isComparable)
  }

  /// The plan that prices an event, for those who want its parts.
  func plan(for event: UsageEvent) -> any PricePlan {
    // The slot first: the tables that it is looked up in may change on the way to it.
    let slot = slot(event)
    return plans[Int(shapes.slots[slot].plan) - 1].plan
  }

  private func slot(_ event: UsageEvent) -> Int {
    let shape = EventShape(event)
    if let known = shapes.slot(of: shape) { return known }
    let plan = planNumber(event)
    if shapes.count >= Self.capacity { shapes.removeAll() }
    return shapes.insert(shape, plan: plan)
  }

  private func planNumber(_ event: UsageEvent) -> Int {
    let key = PlanShape(event, withTeam: dependsOnTeam)
    if let known = planNumbers[key] { return known }
    if plans.count >= Self.planCapacity {
      planNumbers.removeAll()
      plans.removeAll()
      shapes.removeAll()
    }
    let plan = pricer.plan(for: PricingSubject(event, labels))
    plans.append(Plan(plan, labels))
    planNumbers[key] = plans.count - 1
    return plans.count - 1
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
    guard !event.known.isDisjoint(with: .reportedAmounts) else { return }
    if event.known.contains(.reportedCost) { reported.cost = event.reportedCost }
    if event.known.contains(.reportedMarkup) { reported.markup = event.reportedMarkup }
    if event.known.contains(.reportedDiscount) { reported.discount = event.reportedDiscount }
    if event.known.contains(.reportedFee) { reported.fee = event.reportedFee }
  }
}

extension UsageEvent.Known {
  /// Any amount that terms may ask for.
  fileprivate static let reportedAmounts: Self = [
    .reportedCost, .reportedMarkup, .reportedDiscount, .reportedFee,
  ]
}
