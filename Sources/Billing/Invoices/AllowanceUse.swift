/// What requests used of a meter of which the vendor gives a quantity away.
public struct AllowanceUse: Sendable, Hashable {
  public var meter: Meter
  /// Its group names who shares it.
  public var allowance: FreeAllowance
  /// In billed units.
  public var quantity: ExactDecimal
  /// What they cost: the list cost, as far as it was billed.
  public var cost: Money

  public init(meter: Meter, allowance: FreeAllowance, quantity: ExactDecimal, cost: Money) {
    self.meter = meter
    self.allowance = allowance
    self.quantity = quantity
    self.cost = cost
  }

  /// What is given back when this is all that was used in a period: the free part of the units, at
  /// what the units cost on average.
  ///
  /// - Throws: `ArithmeticOverflow`.
  func given() throws(ArithmeticOverflow) -> (quantity: ExactDecimal, amount: Money) {
    let free = min(quantity, allowance.quantity)
    guard free > .zero else { return (.zero, .zero) }
    guard let units = WideProduct.divided(cost.units, free.units, over: quantity.units) else {
      throw ArithmeticOverflow("free allowance")
    }
    return (free, Money(units: units))
  }
}
