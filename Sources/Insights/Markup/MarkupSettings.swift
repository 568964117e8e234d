public import Billing

/// When a measured markup is trusted, and when it is called hidden.
public struct MarkupSettings: Sendable, Hashable {
  /// List cost of the comparable requests, at least.
  public var minimumList = Money("5")
  /// Comparable requests, at least.
  public var minimumRequests: Int64 = 30
  /// A difference from the declared markup up to this is no finding: 0.005 is half a point.
  public var tolerance = ExactDecimal("0.005")
  /// And it must be more than this many standard errors.
  public var standardErrors: Int64 = 3
  /// What gateways say that they add, as a fraction of the list cost: 0.05 is 5 %. A gateway that is
  /// not named is compared with what its configured terms make.
  public var declared: [String: ExactDecimal] = [:]

  public init() {}
}
