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
    return try plan(PricingSubject(cell, labels)).allowances(BillableUsage(fact))
  }

  private func plan(_ subject: PricingSubject) -> any PricePlan {
    plans.withLock { plans in
      let plan = plans[subject] ?? pricer.plan(for: subject)
      plans[subject] = plan
      return plan
    }
  }
}
