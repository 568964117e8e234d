public import Billing

/// What a gateway says that requests cost against what its terms make of them.
public struct ReportedComparison: Sendable, Hashable {
  public let tolerance: Money
  /// Requests that are fully priced and whose log gives the cost.
  public private(set) var requests: Int64 = 0
  /// Those that differ by more than the tolerance.
  public private(set) var deviating: Int64 = 0
  /// By the terms.
  public private(set) var expected = Money.zero
  public private(set) var reported = Money.zero

  init(_ rule: ReportedCostRule?) { tolerance = rule?.tolerance ?? .zero }

  /// Reported less expected.
  public var difference: Money? { try? reported.subtracting(expected, "difference") }

  /// The amount by the terms is made of its parts: the billed cost may be the reported one.
  mutating func add(_ fact: Fact) throws(ArithmeticOverflow) {
    var own = fact.costs.list
    for part in [fact.costs.markup, fact.costs.fee, fact.costs.rounding] {
      own = try own.adding(part, "billed cost")
    }
    try requests.add(Int64(fact.requests), "requests")
    try expected.add(own, "billed cost")
    try reported.add(fact.costs.reported, "reported cost")
    let difference = try fact.costs.reported.subtracting(own, "difference")
    if difference.units.magnitude > tolerance.units.magnitude {
      try deviating.add(Int64(fact.requests), "requests")
    }
  }
}
