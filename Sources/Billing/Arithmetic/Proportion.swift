/// A decimal factor by which many amounts are multiplied, as a fraction in small numbers: 5.5 % is
/// 55 ÷ 1000.
///
/// The product is the one of `multiplied(by:)`, to the last digit: it is only found sooner, for most
/// amounts fit 128 bits with so small a numerator.
struct Proportion: Sendable, Hashable {
  private let factor: ExactDecimal
  private let numerator: Int128
  /// A power of ten.
  private let divisor: Int128

  init(_ factor: ExactDecimal) {
    self.factor = factor
    var numerator = factor.units
    var divisor = ExactDecimal.unitsPerOne
    while divisor > 1, numerator % 10 == 0 {
      numerator /= 10
      divisor /= 10
    }
    self.numerator = numerator
    self.divisor = divisor
  }

  static let zero = Proportion(.zero)

  var negated: Proportion { Proportion(ExactDecimal(units: -factor.units)) }

  /// The share of an amount, rounded half to even at the 24th decimal.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity`.
  func callAsFunction(of amount: Money, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Money
  {
    let (product, overflow) = amount.units.multipliedReportingOverflow(by: numerator)
    guard !overflow, product != Int128.min else {
      return try amount.multiplied(by: factor, quantity())
    }
    let (quotient, remainder) = product.magnitude.quotientAndRemainder(
      dividingBy: divisor.magnitude)
    let twice = remainder * 2
    let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && quotient & 1 == 1)
    let magnitude = Int128(quotient + (isUp ? 1 : 0))
    return Money(units: product < 0 ? -magnitude : magnitude)
  }
}
