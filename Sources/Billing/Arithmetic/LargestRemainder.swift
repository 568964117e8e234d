/// Splits a total so that the parts add up to it, by the method of the largest remainder.
///
/// Each part is cut down first; what is then missing goes, a step at a time, to the parts that lost
/// most; of equal losses to the first. The parts of a refund mirror those of its charge.
public enum LargestRemainder {
  /// Amounts in whole steps that add up to a total.
  ///
  /// - Parameters:
  ///   - amounts: what the parts are exactly, in an order that means something.
  ///   - total: whole steps, their exact sum rounded up or down.
  ///   - step: above zero, in units of money.
  /// - Throws: `ArithmeticOverflow`.
  static func rounded(_ amounts: [Money], to total: Money, step: Int128)
    throws(ArithmeticOverflow) -> [Money]
  {
    let isRefund = try isNegative(amounts)
    var parts: [(units: Int128, lost: UInt128)] = []
    var missing = isRefund ? -total.units : total.units
    for amount in amounts {
      let units = isRefund ? -amount.units : amount.units
      let rest = units % step
      let cut = rest < 0 ? rest + step : rest
      parts.append((units - cut, cut.magnitude))
      missing = try sum(missing, -(units - cut))
    }
    guard missing >= 0, missing % step == 0, missing / step <= Int128(parts.count) else {
      throw ArithmeticOverflow("invoice rounding")
    }
    let result = raised(parts, by: step, times: Int(missing / step))
    return result.map { Money(units: isRefund ? -$0 : $0) }
  }

  /// Shares of a total in proportion to weights, exact to the last decimal of money.
  ///
  /// - Parameter weights: of one sign, or zero; not all zero.
  /// - Throws: `ArithmeticOverflow`.
  static func shares(of total: Money, by weights: [Money]) throws(ArithmeticOverflow) -> [Money] {
    var whole: UInt128 = 0
    for weight in weights {
      let (sum, overflow) = whole.addingReportingOverflow(weight.units.magnitude)
      if overflow { throw ArithmeticOverflow("sum of shares") }
      whole = sum
    }
    guard whole > 0 else { throw ArithmeticOverflow("share without a whole") }
    var parts: [(units: Int128, lost: UInt128)] = []
    var missing = Int128(total.units.magnitude)
    for weight in weights {
      let wide = total.units.magnitude.multipliedFullWidth(by: weight.units.magnitude)
      // A weight is no larger than the whole, so the quotient is no larger than the total.
      let (quotient, remainder) = whole.dividingFullWidth(wide)
      parts.append((Int128(quotient), remainder))
      missing -= Int128(quotient)
    }
    let result = raised(parts, by: 1, times: Int(missing))
    return result.map { Money(units: total.units < 0 ? -$0 : $0) }
  }

  private static func raised(
    _ parts: [(units: Int128, lost: UInt128)], by step: Int128, times count: Int
  ) -> [Int128] {
    let order = parts.indices.sorted {
      parts[$0].lost == parts[$1].lost ? $0 < $1 : parts[$0].lost > parts[$1].lost
    }
    var units = parts.map(\.units)
    for index in order.prefix(count) { units[index] += step }
    return units
  }

  /// The sign of the sum; of one that is zero, that of the first amount.
  private static func isNegative(_ amounts: [Money]) throws(ArithmeticOverflow) -> Bool {
    var total: Int128 = 0
    for amount in amounts { total = try sum(total, amount.units) }
    if total != 0 { return total < 0 }
    return (amounts.first { $0 != .zero }?.units ?? 0) < 0
  }

  private static func sum(_ left: Int128, _ right: Int128) throws(ArithmeticOverflow) -> Int128 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { throw ArithmeticOverflow("invoice") }
    return sum
  }
}
