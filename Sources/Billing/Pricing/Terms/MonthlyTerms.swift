/// A fee on the purchase of credit.
public struct PurchaseFee: Sendable, Hashable {
  public var name: String
  /// A fraction of one.
  public var share: ExactDecimal
  public var minimum: Money
  public var rounding: Rounding?

  public init(name: String, share: ExactDecimal, minimum: Money, rounding: Rounding?) {
    self.name = name
    self.share = share
    self.minimum = minimum
    self.rounding = rounding
  }

  /// The fee on a purchase; an amount of zero bears none.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func fee(on amount: Money) throws(ArithmeticOverflow) -> Money {
    guard amount != .zero else { return .zero }
    let fee = max(try amount.multiplied(by: share, "purchase fee"), minimum)
    return try rounding?(fee, "purchase fee") ?? fee
  }
}

/// Credit that was bought.
public struct Purchase: Sendable, Hashable {
  /// In the zone of the terms.
  public var day: Day
  /// Without the fee, above zero.
  public var amount: Money
  /// The name of the fee that it bore; empty for the first of the terms.
  public var fee: String

  public init(day: Day, amount: Money, fee: String) {
    self.day = day
    self.amount = amount
    self.fee = fee
  }
}

/// What a gateway takes for requests that the provider bills to the user's own account.
public struct BYOKFee: Sendable, Hashable {
  /// Of the list cost, a fraction of one.
  public var share: ExactDecimal
  /// The list cost of a month that bears no fee. With one, no single request can bear the fee: the
  /// month does. `nil` when every request bears it.
  public var freePerMonth: Money?

  public init(share: ExactDecimal, freePerMonth: Money?) {
    self.share = share
    self.freePerMonth = freePerMonth
  }

  /// The fee of a month.
  ///
  /// - Parameter list: the list cost of the month's BYOK requests.
  /// - Throws: `ArithmeticOverflow`.
  public func fee(onMonth list: Money) throws(ArithmeticOverflow) -> Money {
    guard let freePerMonth, list > freePerMonth else { return .zero }
    return try list.subtracting(freePerMonth, "BYOK list cost").multiplied(by: share, "BYOK fee")
  }
}

/// What the cost that the gateway reports is worth.
public struct ReportedCostRule: Sendable, Hashable {
  public enum Policy: UInt8, Word {
    /// It is the billed cost where the log gives it.
    case prefer
    /// It is held against the billed cost.
    case compare
    case ignore

    public static let names = spelledCases
  }

  public var policy: Policy
  /// A difference of one request up to this is none worth telling.
  public var tolerance: Money

  public init(policy: Policy, tolerance: Money) {
    self.policy = policy
    self.tolerance = tolerance
  }
}
