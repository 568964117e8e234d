/// What a gateway charges for one month in one currency, by its terms.
///
/// Exact by construction: a line's `invoiced` is its billed cost + its rounding; `total` is the sum of
/// the lines' invoiced costs and of all adjustments; `effective` is the sum of their effective costs.
public struct Invoice: Sendable, Hashable {
  public struct Line: Sendable, Hashable {
    public var key: InvoiceLineKey
    public var usage: InvoiceDraft.Usage
    /// What rounding of the line, or of the invoice, makes of the exact billed cost.
    public var rounding = Money.zero
    public var invoiced = Money.zero
    /// `invoiced` and the line's share of purchase fees.
    public var effective = Money.zero
  }

  /// In the order of their keys.
  public private(set) var lines: [Line]
  public private(set) var adjustments: [InvoiceAdjustment] = []
  /// All amounts of the lines.
  public let usage: InvoiceDraft.Usage
  public private(set) var total = Money.zero
  public private(set) var effective = Money.zero

  /// Makes the invoice of a month.
  ///
  /// - Parameters:
  ///   - terms: `nil` when nothing is known of the gateway: then usage is invoiced as it is.
  ///   - days: of the month, in the zone of the terms; purchases of these are paid in it.
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  public init(
    _ draft: InvoiceDraft, _ terms: GatewayTerms?, days: ClosedRange<Day>
  ) throws(ArithmeticOverflow) {
    lines = draft.lines.map { Line(key: $0.key, usage: $0.value) }.sorted { $0.key < $1.key }
    var usage = InvoiceDraft.Usage()
    for line in lines { try usage.add(line.usage) }
    self.usage = usage
    for index in lines.indices { lines[index].invoiced = lines[index].usage.costs.billed }
    if let terms { try round(terms) }
    adjustments += try draft.freeAllowances()
    if let terms { try addOwnKeyFee(of: draft.ownKeyList, terms) }
    for index in lines.indices { lines[index].effective = lines[index].invoiced }
    if let terms { try addPurchaseFees(terms, days) }
    for line in lines {
      total = try total.adding(line.invoiced, "invoice")
      effective = try effective.adding(line.effective, "effective cost")
    }
    for adjustment in adjustments {
      total = try total.adding(adjustment.amount, "invoice")
      effective = try effective.adding(adjustment.effective, "effective cost")
    }
  }

  private mutating func round(_ terms: GatewayTerms) throws(ArithmeticOverflow) {
    guard let rule = terms.invoiceRounding else { return }
    let rounding = rule.rounding
    let exact = usage.costs.billed
    let rounded = try rounding(exact, "invoice")
    if rule.carry == .largestRemainder {
      let parts = try LargestRemainder.rounded(
        lines.map(\.invoiced), to: rounded, step: rounding.step)
      for (index, part) in parts.enumerated() { try setInvoiced(part, at: index) }
    } else if rule.roundsLines {
      for index in lines.indices {
        try setInvoiced(try rounding(lines[index].invoiced, "line"), at: index)
      }
    } else if rounded != exact {
      adjustments.append(
        .init(.rounding, basis: exact, amount: try rounded.subtracting(exact, "rounding")))
    }
  }

  private mutating func setInvoiced(_ amount: Money, at index: Int) throws(ArithmeticOverflow) {
    lines[index].rounding = try amount.subtracting(lines[index].invoiced, "rounding")
    lines[index].invoiced = amount
  }

  /// A fee of an invoice that is rounded is rounded by the same rule.
  private mutating func addOwnKeyFee(of list: Money, _ terms: GatewayTerms)
    throws(ArithmeticOverflow)
  {
    guard let rule = terms.byokFee, rule.freePerMonth != nil, list != .zero else { return }
    var fee = try rule.fee(onMonth: list)
    if let rule = terms.invoiceRounding { fee = try rule.rounding(fee, "BYOK fee") }
    adjustments.append(.init(.byokFee, basis: list, amount: fee))
  }

  /// Fees on the credit that pays for the month. Lines bear them in proportion to what they cost.
  private mutating func addPurchaseFees(_ terms: GatewayTerms, _ days: ClosedRange<Day>)
    throws(ArithmeticOverflow)
  {
    guard let usual = terms.purchaseFees.first else { return }
    var spent = Money.zero
    for line in lines { spent = try spent.adding(line.invoiced, "invoice") }
    for adjustment in adjustments { spent = try spent.adding(adjustment.amount, "invoice") }
    let share: Money
    if let purchases = terms.purchases {
      let account = try PurchaseAccount(purchases, terms.purchaseFees, days)
      adjustments += account.paid
      share = try account.share(of: spent)
    } else {
      guard spent > .zero else { return }
      share = try usual.fee(on: spent)
      adjustments.append(
        .init(.purchaseFee, name: usual.name, basis: spent, amount: share, effective: .zero))
    }
    let weights = lines.map { max($0.invoiced, .zero) }
    guard weights.contains(where: { $0 > .zero }) else {
      guard let last = adjustments.indices.last, terms.purchases == nil else { return }
      adjustments[last].effective = adjustments[last].amount
      return
    }
    for (index, part) in try LargestRemainder.shares(of: share, by: weights).enumerated() {
      lines[index].effective = try lines[index].invoiced.adding(part, "effective cost")
    }
  }
}

/// Stated purchases: what is paid in a month, and what credit has cost on average until its end.
private struct PurchaseAccount {
  private(set) var paid: [InvoiceAdjustment] = []
  private var amount = Money.zero
  private var fees = Money.zero

  init(_ purchases: [Purchase], _ rules: [PurchaseFee], _ days: ClosedRange<Day>)
    throws(ArithmeticOverflow)
  {
    for rule in rules {
      var month = (amount: Money.zero, fee: Money.zero)
      for purchase in purchases where purchase.day <= days.upperBound {
        guard (purchase.fee.isEmpty ? rules[0].name : purchase.fee) == rule.name else { continue }
        let fee = try rule.fee(on: purchase.amount)
        amount = try amount.adding(purchase.amount, "purchases")
        fees = try fees.adding(fee, "purchase fees")
        guard days.contains(purchase.day) else { continue }
        month.amount = try month.amount.adding(purchase.amount, "purchases")
        month.fee = try month.fee.adding(fee, "purchase fees")
      }
      guard month.amount != .zero else { continue }
      paid.append(
        .init(
          .purchaseFee, name: rule.name, basis: month.amount, amount: month.fee, effective: .zero))
    }
  }

  /// The part of the fees that falls to what was spent: spent × fees ÷ purchases.
  func share(of spent: Money) throws(ArithmeticOverflow) -> Money {
    guard amount > .zero, spent > .zero else { return .zero }
    guard let units = WideProduct.divided(spent.units, fees.units, over: amount.units) else {
      throw ArithmeticOverflow("purchase fees")
    }
    return Money(units: units)
  }
}
