public import Billing

/// How the list cost becomes what the gateway charged, over one set of requests.
///
/// Exact by construction: `list + markup + fee + rounding + other == billed`, and
/// `billed + residual == reported`.
public struct MarkupBridge: Sendable, Hashable {
  public var requests: Int64 = 0
  public var list = Money.zero
  /// Percentage markup less discount, by the configured terms.
  public var markup = Money.zero
  /// Fixed fees, by the terms.
  public var fee = Money.zero
  /// What rounding added, by the terms.
  public var rounding = Money.zero
  public var billed = Money.zero
  public var reported = Money.zero

  public init() {}

  mutating func add(_ measures: Measures) throws(ArithmeticOverflow) {
    try requests.add(measures.requests, "requests")
    try list.add(measures.costs.list, "list cost")
    try markup.add(measures.costs.markup, "markup")
    try fee.add(measures.costs.fee, "fee")
    try rounding.add(measures.costs.rounding, "rounding")
    try billed.add(measures.costs.billed, "billed cost")
    try reported.add(measures.costs.reported, "reported cost")
  }

  mutating func add(_ other: MarkupBridge) throws(ArithmeticOverflow) {
    try requests.add(other.requests, "requests")
    try list.add(other.list, "list cost")
    try markup.add(other.markup, "markup")
    try fee.add(other.fee, "fee")
    try rounding.add(other.rounding, "rounding")
    try billed.add(other.billed, "billed cost")
    try reported.add(other.reported, "reported cost")
  }

  /// The part of billed − list that is neither markup, nor fee, nor rounding: what terms changed that
  /// prefer the gateway's own amount.
  public func other() throws(ArithmeticOverflow) -> Money {
    var rest = try billed.subtracting(list, "other cost")
    for part in [markup, fee, rounding] { rest = try rest.subtracting(part, "other cost") }
    return rest
  }

  /// What the gateway charged beyond what its terms make.
  public func residual() throws(ArithmeticOverflow) -> Money {
    try reported.subtracting(billed, "residual cost")
  }
}
