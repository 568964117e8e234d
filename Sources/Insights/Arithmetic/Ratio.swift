public import Billing

/// A quotient of two exact sums, kept as the two sums: it is rounded only when it is printed.
public struct Ratio: Sendable, Hashable {
  public let numerator: Int128
  /// Above zero.
  public let denominator: Int128

  /// The quotient of two amounts, or `nil` when the second is not above zero.
  public init?(_ part: Money, over whole: Money) {
    self.init(part.units, over: whole.units)
  }

  /// The quotient of two counts, or `nil` when the second is not above zero.
  public init?(_ part: Int64, over whole: Int64) {
    self.init(Int128(part), over: Int128(whole))
  }

  init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator > 0 else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The quotient is `bound` or more, without rounding.
  public func isAtLeast(_ bound: ExactDecimal) -> Bool {
    let left = numerator.multipliedFullWidth(by: ExactDecimal.unitsPerOne)
    let right = bound.units.multipliedFullWidth(by: denominator)
    return left.high == right.high ? left.low >= right.low : left.high > right.high
  }

  /// The quotient with the given number of decimal places, half to even.
  ///
  /// - Parameter places: 0 to 24.
  /// - Returns: `nil` beyond ±1.7 × 10¹⁴.
  public func rounded(places: Int) -> ExactDecimal? { rounded(places: places, of: 1) }

  /// The quotient in percent, rounded as `rounded(places:)` does.
  ///
  /// - Parameter places: 0 to 24, of the percentage.
  /// - Returns: `nil` beyond ±1.7 × 10¹⁴.
  public func percent(places: Int) -> ExactDecimal? { rounded(places: places, of: 100) }

  private func rounded(places: Int, of whole: Int128) -> ExactDecimal? {
    let scale = Self.powerOfTen(places) * whole
    guard let scaled = WideProduct.divided(numerator, scale, over: denominator) else { return nil }
    let (units, overflow) = scaled.multipliedReportingOverflow(
      by: Self.powerOfTen(ExactDecimal.scale - places))
    return overflow ? nil : ExactDecimal(units: units)
  }

  /// The quotient times an amount, half to even at the last place that money keeps.
  ///
  /// - Returns: `nil` beyond ±1.7 × 10¹⁴.
  public func of(_ amount: Money) -> Money? {
    WideProduct.divided(amount.units, numerator, over: denominator).map(Money.init(units:))
  }

  static func powerOfTen(_ exponent: Int) -> Int128 {
    (0..<max(0, exponent)).reduce(1) { power, _ in power * 10 }
  }
}

extension Ratio {
  /// A decimal fraction as a quotient.
  public init(_ fraction: ExactDecimal) {
    numerator = fraction.units
    denominator = ExactDecimal.unitsPerOne
  }
}
