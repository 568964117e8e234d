public import Billing

/// Fallbacks added up, in one currency.
public struct FallbackTotals: Sendable, Hashable {
  /// Requests that another model than the one asked for answered.
  public var fallbacks: Int64 = 0
  /// Of these, the ones that were dear enough to count as premium.
  public var premium: Int64 = 0
  /// Of these, the ones whose excess cannot be known: one of the two costs has no price.
  public var unknownExcess: Int64 = 0
  /// The billed cost of the premium fallbacks that have a price.
  public var premiumBilled = Money.zero
  /// List cost of the served model less list cost of the requested one, over premium fallbacks.
  public var excess = Money.zero
  /// Premium fallbacks that a plain retry would have avoided.
  public var avoidable: Int64 = 0
  public var avoidableExcess = Money.zero
  /// What the failed attempts before all these fallbacks were billed, where that is known; `nil` when
  /// it is known for none: a gateway that tells of a fallback need not log the failure.
  public var failedBilled: Money?

  public init() {}

  mutating func add(_ event: FallbackEvent) throws(ArithmeticOverflow) {
    try fallbacks.add(event.requests, "fallbacks")
    if let billed = event.failedBilled {
      failedBilled = try (failedBilled ?? .zero).adding(billed, "billed cost of failed attempts")
    }
    switch event.excess {
    case .ordinary: break
    case .unknown: try unknownExcess.add(event.requests, "fallbacks")
    case .premium(let amount):
      try premium.add(event.requests, "fallbacks")
      try excess.add(amount, "excess cost")
      try premiumBilled.add(event.billed ?? .zero, "billed cost")
      guard event.isAvoidable else { break }
      try avoidable.add(event.requests, "fallbacks")
      try avoidableExcess.add(amount, "excess cost")
    }
  }
}

/// Fallbacks that agree in what they are grouped by.
public struct FallbackRow: Sendable, Hashable {
  /// Empty where the log does not say.
  public var values: [String]
  public var currency: String
  public var totals: FallbackTotals
}
