/// A gateway's terms for the requests of one subject. A class, so that a charge copies no arrays.
final class PlanTerms: Sendable {
  /// What is not billed of requests that the provider bills to the user's own account.
  enum Waiver: Sendable {
    case none
    /// All of it, whatever the gateway reports.
    case notBilled
    /// All of it. With a share, the gateway takes that part of the list cost.
    case byok(ExactDecimal)
  }

  /// Only the steps that may change an amount of this subject.
  let order: [GatewayTerms.Step]
  /// The rule that decides; without one there is neither percentage nor fixed fee.
  let rule: TermsRule?
  let markup: Proportion
  /// Below zero where there is one.
  let discount: Proportion
  let fixedFee: Money
  let payload: PayloadMetering?
  let tokenBlock: TokenBlockMetering?
  let rounding: Rounding?
  let roundsComponents: Bool
  let minimum: Money?
  let zeroUsageIsFree: Bool
  let waiver: Waiver
  let waivesFreeModels: Bool
  /// The log's own breakdown comes before the rule.
  let takesReportedMargins: Bool
  let prefersReportedCost: Bool
  /// What vendors give away stays with the gateway.
  let keepsAllowances: Bool
  /// ISO 4217.
  let reportedCurrency: String

  init(_ terms: GatewayTerms, rule: TermsRule?, subject: PricingSubject) {
    order = terms.order.filter { Self.matters($0, terms, rule) }
    self.rule = rule
    markup = rule.map { Proportion($0.markup) } ?? .zero
    discount = rule.map { Proportion($0.discount).negated } ?? .zero
    fixedFee = rule?.fixedFee ?? .zero
    payload = terms.payload
    tokenBlock = terms.tokenBlock
    roundsComponents = terms.roundingScope == .component && terms.rounding != nil
    rounding = terms.rounding
    minimum = terms.minimum
    zeroUsageIsFree = terms.zeroUsageIsFree
    if subject.byok, let fee = terms.byokFee {
      waiver = .byok(fee.freePerMonth == nil ? fee.share : .zero)
    } else {
      waiver = subject.byok && terms.notBilled.contains(.byok) ? .notBilled : .none
    }
    waivesFreeModels = terms.notBilled.contains(.freeModel)
    takesReportedMargins = terms.margins == .reported
    if case .notBilled = waiver {
      prefersReportedCost = false
    } else {
      prefersReportedCost = terms.reportedCost?.policy == .prefer
    }
    keepsAllowances = !terms.passesOnAllowances
    reportedCurrency = subject.reportedCurrency.isEmpty ? "USD" : subject.reportedCurrency
  }

  private static func matters(
    _ step: GatewayTerms.Step, _ terms: GatewayTerms, _ rule: TermsRule?
  ) -> Bool {
    let isReported = terms.margins == .reported
    return switch step {
    case .listPrice: true
    case .usageAdjust: terms.tokenBlock.map { $0.price == nil } ?? false
    case .discount: isReported || rule.map { $0.discount != .zero } ?? false
    case .markup: isReported || rule.map { $0.markup != .zero } ?? false
    case .fixedFee: isReported || rule.map { $0.fixedFee != .zero } ?? false
    case .metering: terms.payload != nil || terms.tokenBlock?.price != nil
    case .minimum: terms.minimum != nil
    case .round: terms.rounding != nil
    }
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
  /// adds up exactly: billed = list + markup + fee + rounding + adjustment.
  func apply(
    _ terms: PlanTerms, to charge: inout Charge, _ card: Int, _ usage: BillableUsage,
    _ recorder: inout some BillRecorder
  ) throws(ArithmeticOverflow) {
    if terms.waivesFreeModels, let line = storage.cards[card].freeLine {
      recorder.record(charge.list, .zero) { ("not_billed", "free_model") }
      charge = Charge(line: line)
      return
    }
    let bill =
      switch terms.waiver {
      case .none: try bill(terms, charge.list, card, usage, &recorder)
      case .notBilled: try bill(terms, ofOwnKey: charge.list, .zero, &recorder)
      case .byok(let share): try bill(terms, ofOwnKey: charge.list, share, &recorder)
      }
    charge.billed = bill.amount
    charge.markup = bill.markup
    charge.fee = bill.fee
    charge.rounding = bill.rounding
    if terms.prefersReportedCost, let reported = usage.reported.cost,
      terms.reportedCurrency == storage.lines[charge.line].currency
    {
      recorder.record(bill.amount, reported) { ("reported_cost", "the gateway's own amount") }
      charge.adjustment = try reported.subtracting(bill.amount, "adjustment")
      charge.billed = reported
    }
    if terms.payload != nil, usage.requestBytes == nil || usage.responseBytes == nil,
      let line = storage.cards[card].noPayloadLine
    {
      charge.line = line
    }
  }

  private func bill(
    _ terms: PlanTerms, _ list: Money, _ card: Int, _ usage: BillableUsage,
    _ recorder: inout some BillRecorder
  ) throws(ArithmeticOverflow) -> Bill {
    var bill = Bill()
    var entered = false
    for step in terms.order {
      let before = bill.amount
      if step == .listPrice {
        entered = true
        if terms.roundsComponents, let rounding = terms.rounding {
          try addRoundedComponents(terms, rounding, to: &bill, card, usage, &recorder)
        } else {
          bill.amount = try bill.amount.adding(list, "billed cost")
        }
      } else {
        try apply(step, terms, to: &bill, card, usage)
      }
      recorder.record(before, bill.amount) {
        terms.text(of: step, usage).map { (step.name, $0) }
      }
    }
    if !entered { bill.markup = try bill.markup.subtracting(list, "markup") }
    return bill
  }

  /// The provider bills the list cost to the user's own account; the gateway takes a share of it.
  private func bill(
    _ terms: PlanTerms, ofOwnKey list: Money, _ share: ExactDecimal,
    _ recorder: inout some BillRecorder
  ) throws(ArithmeticOverflow) -> Bill {
    var bill = Bill(amount: list)
    try bill.addMarkup(Money(units: -list.units))
    try bill.addFee(try list.multiplied(by: share, "BYOK fee"))
    recorder.record(list, bill.amount) {
      ("byok", "the provider bills the list cost; the gateway \(TermsText.percent(share)) of it")
    }
    if let rounding = terms.rounding {
      let before = bill.amount
      try bill.round(rounding)
      recorder.record(before, bill.amount) { ("round", TermsText.rounding(rounding)) }
    }
    return bill
  }

  private func apply(
    _ step: GatewayTerms.Step, _ terms: PlanTerms, to bill: inout Bill, _ card: Int,
    _ usage: BillableUsage
  ) throws(ArithmeticOverflow) {
    let margins = terms.takesReportedMargins && usage.reported.hasMargins
    switch step {
    case .usageAdjust:
      // Components that are rounded by themselves are filled up before they are.
      guard !terms.roundsComponents, let whole = try filled(usage, terms) else { return }
      let raised = try tokenCost(card, whole)
      try bill.addFee(try raised.subtracting(try tokenCost(card, usage), "metered tokens"))
    case .listPrice: break
    case .discount:
      if margins {
        try bill.addMarkup(Money(units: -(usage.reported.discount?.units ?? 0)))
      } else if !terms.roundsComponents, terms.discount != .zero {
        try bill.addMarkup(try terms.discount(of: bill.amount, "discount"))
      }
    case .markup:
      if margins {
        try bill.addMarkup(usage.reported.markup ?? .zero)
      } else if !terms.roundsComponents, terms.markup != .zero {
        try bill.addMarkup(try terms.markup(of: bill.amount, "markup"))
      }
    case .fixedFee:
      if margins {
        try bill.addFee(usage.reported.fee ?? .zero)
      } else if terms.fixedFee != .zero {
        try bill.addFee(try terms.fixedFee.multiplied(by: usage.requests, "fixed fee"))
      }
    case .metering:
      try meter(terms, &bill, usage)
    case .minimum:
      // A row that sums requests bears the minimum of each.
      guard
        let minimum = try terms.minimum?.multiplied(by: max(usage.requests, 1), "minimum charge")
      else { return }
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
    _ usage: BillableUsage, _ recorder: inout some BillRecorder
  ) throws(ArithmeticOverflow) {
    var total = bill
    let margins = terms.takesReportedMargins && usage.reported.hasMargins
    let whole = try filled(usage, terms)
    if let whole {
      let raised = try tokenCost(card, whole)
      let fill = try raised.subtracting(try tokenCost(card, usage), "metered tokens")
      total.fee = try total.fee.adding(fill, "fee")
    }
    try forEachCost(card, whole ?? usage) { quantity, _, _, cost throws(ArithmeticOverflow) in
      var part = Bill(amount: cost)
      for step in terms.order where !margins {
        guard step == .markup || step == .discount else { continue }
        let share = step == .markup ? terms.markup : terms.discount
        try part.addMarkup(try share(of: part.amount, "markup"))
      }
      try part.round(rounding)
      recorder.record(cost, part.amount) {
        ("component:\(quantity.name)", terms.textOfComponents(rounding))
      }
      total.amount = try total.amount.adding(part.amount, "billed cost")
      total.markup = try total.markup.adding(part.markup, "markup")
      total.rounding = try total.rounding.adding(part.rounding, "rounding")
    }
    bill = total
  }

  /// The usage in whole blocks, at list rates; `nil` where blocks have a price of their own.
  private func filled(_ usage: BillableUsage, _ terms: PlanTerms) throws(ArithmeticOverflow)
    -> BillableUsage?
  {
    guard let block = terms.tokenBlock, block.price == nil else { return nil }
    var whole = usage
    let filling = try block.filling(usage.tokens)
    for bucket in TokenBucket.allCases where filling[bucket] != 0 {
      whole.tokens.set(bucket, usage.tokens[bucket] + filling[bucket])
    }
    return whole
  }

  private func meter(_ terms: PlanTerms, _ bill: inout Bill, _ usage: BillableUsage)
    throws(ArithmeticOverflow)
  {
    if let payload = terms.payload, let request = usage.requestBytes,
      let response = usage.responseBytes
    {
      try bill.addFee(try payload.fee(requestBytes: request, responseBytes: response))
    }
    if let block = terms.tokenBlock { try bill.addFee(try block.fee(usage.tokens)) }
  }
}
