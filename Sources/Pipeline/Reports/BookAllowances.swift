import Billing
import Synchronization

/// What recorded requests used of the free allowances of the price book.
final class BookAllowances: Sendable {
  private let pricer: BookPricer
  private let plans = Mutex<[PricingSubject: any PricePlan]>([:])

  init(_ pricer: BookPricer) { self.pricer = pricer }

  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  func uses(of fact: Fact, in cell: Cell, _ labels: LabelTable) throws(ArithmeticOverflow)
    -> [AllowanceUse]
  {
    guard cell.charge == .priced || cell.charge == .partial else { return [] }
    let uses = try plan(PricingSubject(cell, labels)).allowances(BillableUsage(fact))
    return try uses.map { use throws(ArithmeticOverflow) in
      var use = use
      use.cost = try Self.billed(use.cost, fact.costs)
      return use
    }
  }

  /// The part of a list cost that was billed: what nobody billed is not given back.
  private static func billed(_ cost: Money, _ costs: Costs) throws(ArithmeticOverflow) -> Money {
    guard costs.list != costs.billed else { return cost }
    guard costs.list > .zero, costs.billed > .zero else { return .zero }
    guard let units = WideProduct.divided(cost.units, costs.billed.units, over: costs.list.units)
    else { throw ArithmeticOverflow("free allowance") }
    return Money(units: units)
  }

  private func plan(_ subject: PricingSubject) -> any PricePlan {
    plans.withLock { plans in
      let plan = plans[subject] ?? pricer.plan(for: subject)
      plans[subject] = plan
      return plan
    }
  }
}
