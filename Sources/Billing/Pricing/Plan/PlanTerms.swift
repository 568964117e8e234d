/// A gateway's terms for the requests of one subject.
struct PlanTerms: Sendable {
  var order: [GatewayTerms.Step]
  var markup = ExactDecimal.zero
  var discount = ExactDecimal.zero
  var fixedFee = Money.zero
  var payload: PayloadMetering?
  var tokenBlock: TokenBlockMetering?
  var rounding: Rounding?
  var roundsComponents: Bool
  var minimum: Money?
  var zeroUsageIsFree: Bool
  var isWaived: Bool

  init(_ terms: GatewayTerms, rule: TermsRule?, byok: Bool) {
    order = terms.order
    if let rule {
      markup = rule.markup
      discount = rule.discount
      fixedFee = rule.fixedFee
    }
    payload = terms.payload
    tokenBlock = terms.tokenBlock
    roundsComponents = terms.roundingScope == .component
    let roundsHere = roundsComponents || terms.roundingScope == .request
    rounding = roundsHere ? terms.rounding : nil
    minimum = terms.minimum
    zeroUsageIsFree = terms.zeroUsageIsFree
    isWaived = byok && terms.notBilled.contains(.byok)
  }
}

/// The amounts of a bill while the steps of the terms are applied.
///
/// The law that holds after each step: `amount` = list that entered + markup + fee + rounding.
private struct Bill {
  var amount = Money.zero
  var markup = Money.zero
  var fee = Money.zero
  var rounding = Money.zero

  mutating func addFee(_ extra: Money) throws(ArithmeticOverflow) {
    amount = try amount.adding(extra, "billed cost")
    fee = try fee.adding(extra, "fee")
  }

  mutating func addMarkup(_ extra: Money) throws(ArithmeticOverflow) {
    amount = try amount.adding(extra, "billed cost")
    markup = try markup.adding(extra, "markup")
  }

  mutating func round(_ rule: Rounding) throws(ArithmeticOverflow) {
    let rounded = try rule(amount, "billed cost")
    rounding = try rounding.adding(
      try rounded.subtracting(amount, "rounding"), "rounding")
    amount = rounded
  }
}

extension BookPlan {
  /// Turns the list cost of a charge into its billed cost.
  ///
  /// A product with a percentage is rounded half to even at the 24th decimal; what is stored then
  /// adds up exactly: billed = list + markup + fee + rounding.
  func apply(_ terms: PlanTerms, to charge: inout Charge, _ card: Int, _ usage: BillableUsage)
    throws(ArithmeticOverflow)
  {
    var bill = Bill()
    if terms.isWaived {
      try bill.addMarkup(Money(units: -charge.list.units))
      bill.amount = .zero
    } else {
      var entered = false
      for step in terms.order {
        if step == .listPrice { entered = true }
        try apply(step, terms, to: &bill, charge.list, card, usage)
      }
      if !entered {
        bill.markup = try bill.markup.subtracting(charge.list, "markup")
      }
    }
    charge.billed = bill.amount
    charge.markup = bill.markup
    charge.fee = bill.fee
    charge.rounding = bill.rounding
    if terms.payload != nil, usage.requestBytes == nil || usage.responseBytes == nil,
      let line = storage.cards[card].noPayloadLine
    {
      charge.line = line
    }
  }

  private func apply(
    _ step: GatewayTerms.Step, _ terms: PlanTerms, to bill: inout Bill, _ list: Money,
    _ card: Int, _ usage: BillableUsage
  ) throws(ArithmeticOverflow) {
    switch step {
    case .usageAdjust:
      if let block = terms.tokenBlock, block.price == nil {
        try bill.addFee(try cost(ofRaising: usage, to: block.blocks, card))
      }
    case .listPrice:
      if terms.roundsComponents, let rounding = terms.rounding {
        try addRoundedComponents(terms, rounding, to: &bill, card, usage)
      } else {
        bill.amount = try bill.amount.adding(list, "billed cost")
      }
    case .discount:
      guard !terms.roundsComponents, terms.discount != .zero else { return }
      let off = try bill.amount.multiplied(by: terms.discount, "discount")
      try bill.addMarkup(Money(units: -off.units))
    case .markup:
      guard !terms.roundsComponents, terms.markup != .zero else { return }
      try bill.addMarkup(try bill.amount.multiplied(by: terms.markup, "markup"))
    case .fixedFee:
      guard terms.fixedFee != .zero else { return }
      try bill.addFee(try terms.fixedFee.multiplied(by: usage.requests, "fixed fee"))
    case .metering:
      try meter(terms, &bill, usage)
    case .minimum:
      guard let minimum = terms.minimum else { return }
      let isExempt = terms.zeroUsageIsFree && usage.isEmpty && bill.amount == .zero
      if !isExempt, bill.amount < minimum {
        try bill.addFee(try minimum.subtracting(bill.amount, "minimum charge"))
      }
    case .round:
      if !terms.roundsComponents, let rounding = terms.rounding { try bill.round(rounding) }
    }
  }

  /// Each component bears discount and markup, in their order, and is rounded by itself.
  private func addRoundedComponents(
    _ terms: PlanTerms, _ rounding: Rounding, to bill: inout Bill, _ card: Int,
    _ usage: BillableUsage
  ) throws(ArithmeticOverflow) {
    var total = bill
    try forEachCost(card, usage) { _, _, _, cost throws(ArithmeticOverflow) in
      var part = Bill(amount: cost)
      for step in terms.order {
        let share = step == .markup ? terms.markup : ExactDecimal(units: -terms.discount.units)
        guard step == .markup || step == .discount else { continue }
        try part.addMarkup(try part.amount.multiplied(by: share, "markup"))
      }
      try part.round(rounding)
      total.amount = try total.amount.adding(part.amount, "billed cost")
      total.markup = try total.markup.adding(part.markup, "markup")
      total.rounding = try total.rounding.adding(part.rounding, "rounding")
    }
    bill = total
  }

  private func meter(_ terms: PlanTerms, _ bill: inout Bill, _ usage: BillableUsage)
    throws(ArithmeticOverflow)
  {
    if let payload = terms.payload, let request = usage.requestBytes,
      let response = usage.responseBytes
    {
      try bill.addFee(try payload.fee(requestBytes: request, responseBytes: response))
    }
    if let block = terms.tokenBlock {
      let input = usage.tokens.inputTotal
      try bill.addFee(try block.fee(input: input, output: usage.tokens.outputTotal))
    }
  }

  /// What whole blocks cost beyond the tokens that were used, at their list rates.
  private func cost(ofRaising usage: BillableUsage, to blocks: Blocks, _ card: Int)
    throws(ArithmeticOverflow) -> Money
  {
    var extra = usage
    for bucket in TokenBucket.allCases where usage.tokens[bucket] != 0 {
      let (raised, overflow) = blocks.count(usage.tokens[bucket])
        .multipliedReportingOverflow(by: blocks.size)
      if overflow { throw ArithmeticOverflow("metered tokens") }
      extra.tokens.set(bucket, raised)
    }
    let whole = try tokenCost(card, extra)
    return try whole.subtracting(try tokenCost(card, usage), "metered tokens")
  }
}
