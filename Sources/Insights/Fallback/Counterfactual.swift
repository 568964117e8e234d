import Billing

/// Prices what a request would have cost on another model, with the same usage.
///
/// The usage is not rescaled to the other model's tokenizer: no log says how it would have counted.
final class Counterfactual {
  private let pricer: any Pricer
  private let labels: LabelTable
  private var plans: [PricingSubject: any PricePlan] = [:]

  init(_ pricer: any Pricer, _ labels: LabelTable) {
    self.pricer = pricer
    self.labels = labels
  }

  /// The list cost of the request on another model; `nil` unless every token has a price, in the
  /// request's own currency.
  func listCost(of fact: Fact, in cell: Cell, model: String, provider: String)
    throws(ArithmeticOverflow) -> Money?
  {
    var subject = PricingSubject()
    subject.gateway = labels.text(cell.gateway)
    subject.provider = provider
    subject.model = model
    // A service tier is a word of one provider; with another it means nothing.
    if TextOrder.isSame(provider, labels.text(cell.provider)) {
      subject.region = labels.text(cell.region)
      subject.serviceTier = labels.text(cell.serviceTier)
    }
    subject.operation = cell.operation
    subject.team = labels.text(cell.team)
    subject.key = labels.text(cell.key)
    let plan = plans[subject] ?? pricer.plan(for: subject)
    plans[subject] = plan
    let usage = BillableUsage(
      time: fact.time, tokens: fact.tokens, units: fact.units, requests: Int64(fact.requests))
    let charge = try plan.charge(usage)
    let line = plan.lines[charge.line]
    let currency = Amount.currency(named: labels.text(cell.currency))
    return line.status == .priced && line.currency == currency ? charge.list : nil
  }
}
