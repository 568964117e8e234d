import Billing

extension FixedPoint {
  /// Adds in place.
  mutating func add(_ other: Self, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow)
  {
    self = try adding(other, quantity())
  }
}

extension Int64 {
  /// Adds in place.
  mutating func add(_ other: Int64, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow)
  {
    let (sum, overflow) = addingReportingOverflow(other)
    if overflow { throw ArithmeticOverflow(quantity()) }
    self = sum
  }
}

extension InlineCounts {
  /// Input and output of all kinds.
  func total() throws(ArithmeticOverflow) -> Int64 {
    var sum: Int64 = 0
    for bucket in TokenBucket.allCases { try sum.add(self[bucket], "tokens") }
    return sum
  }

  /// Adds in place.
  mutating func add(_ other: InlineCounts) throws(ArithmeticOverflow) {
    for bucket in TokenBucket.allCases { try self[bucket].add(other[bucket], "tokens") }
  }
}
