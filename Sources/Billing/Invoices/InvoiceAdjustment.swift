/// An amount of a month that no single request can bear.
public struct InvoiceAdjustment: Sendable, Hashable {
  public enum Kind: UInt8, Word {
    /// The rounded invoice less its lines.
    case rounding
    /// What the gateway takes of the list cost of BYOK requests above the free part.
    case byokFee
    /// What is free of a meter in a period; below zero.
    case freeAllowance
    /// Paid on purchases of credit.
    case purchaseFee

    public static let names = spelledCases
  }

  public var kind: Kind
  /// Which fee, or whose allowance: `card`, `gemini-3`; empty where the kind says it.
  public var name: String
  /// The amount that it is a part of: a list cost, purchases; `nil` for a quantity.
  public var basis: Money?
  /// What is free, in the meter's unit; only of an allowance.
  public var quantity: ExactDecimal?
  /// What the invoice adds.
  public var amount: Money
  /// How much of `amount` stays here when effective costs are told; lines bear the rest.
  public var effective: Money

  public init(
    _ kind: Kind, name: String = "", basis: Money? = nil, quantity: ExactDecimal? = nil,
    amount: Money, effective: Money? = nil
  ) {
    self.kind = kind
    self.name = name
    self.basis = basis
    self.quantity = quantity
    self.amount = amount
    self.effective = effective ?? amount
  }
}
