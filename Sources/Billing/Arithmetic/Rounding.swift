/// What becomes of digits beyond the scale.
public enum RoundingMode: UInt8, Word {
  /// Away from zero.
  case up
  /// Toward zero.
  case down
  /// Toward positive infinity.
  case ceil
  /// Toward negative infinity.
  case floor
  /// To the nearest; a tie away from zero (DIN 1333), so that a refund mirrors its charge.
  case halfUp
  /// To the nearest; a tie to the even digit.
  case halfEven
  /// To the nearest; a tie toward zero.
  case halfDown

  public static let names = spelledCases

  /// Whether a magnitude that was cut to `quotient` must be raised by one.
  ///
  /// - Parameters:
  ///   - comparison: the remainder against half of the divisor: below 0, 0 or above 0.
  ///   - isNegative: the sign of the whole number.
  @inlinable
  func raises(_ quotient: UInt128, comparison: Int, isNegative: Bool) -> Bool {
    switch self {
    case .up: true
    case .down: false
    case .ceil: !isNegative
    case .floor: isNegative
    case .halfUp: comparison >= 0
    case .halfDown: comparison > 0
    case .halfEven: comparison > 0 || (comparison == 0 && quotient & 1 == 1)
    }
  }
}

/// A rounding rule: mode and number of decimals.
public struct Rounding: Sendable, Hashable {
  public var mode: RoundingMode
  /// Decimals that are kept, 0…24.
  public let scale: Int
  /// 10 to the power of the decimals that are not kept.
  @usableFromInline let divisor: UInt128

  /// - Parameter scale: 0…24.
  /// - Returns: `nil` when the scale is beyond the engine's.
  public init?(mode: RoundingMode, scale: Int) {
    guard (0...Money.scale).contains(scale) else { return nil }
    self.mode = mode
    self.scale = scale
    var divisor: UInt128 = 1
    for _ in scale..<Money.scale { divisor *= 10 }
    self.divisor = divisor
  }

  /// One of the last decimal that is kept, in units.
  public var step: Int128 { Int128(divisor) }

  /// The rounded amount.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity` when rounding away from zero leaves the range.
  public func callAsFunction<Value: FixedPoint>(
    _ value: Value, _ quantity: @autoclosure () -> String
  ) throws(ArithmeticOverflow) -> Value {
    let magnitude = value.units.magnitude
    let (whole, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor)
    guard remainder != 0 else { return value }
    let cut = magnitude - remainder
    let twice = remainder * 2
    let comparison = twice < divisor ? -1 : twice == divisor ? 0 : 1
    let raised = mode.raises(
      whole, comparison: comparison, isNegative: value.units < 0)
    let rounded = raised ? cut + divisor : cut
    guard let units = Int128(exactly: rounded) else { throw ArithmeticOverflow(quantity()) }
    return Value(units: value.units < 0 ? -units : units)
  }
}

extension FixedPoint {
  /// The product with a decimal, rounded half to even at the 24th decimal when it has more.
  ///
  /// The product is formed in 256 bits first: nothing is lost before the one rounding.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity` beyond ±1.7 × 10¹⁴.
  public func multiplied(by factor: some FixedPoint, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Self
  {
    let (high, low) = units.magnitude.multipliedFullWidth(by: factor.units.magnitude)
    let one = UInt128(Self.unitsPerOne)
    guard high < one else { throw ArithmeticOverflow(quantity()) }
    let (quotient, remainder) = one.dividingFullWidth((high, low))
    let isNegative = (units < 0) != (factor.units < 0)
    let twice = remainder * 2
    let comparison = twice < one ? -1 : twice == one ? 0 : 1
    let raise = RoundingMode.halfEven.raises(
      quotient, comparison: comparison, isNegative: isNegative)
    guard let magnitude = Int128(exactly: raise ? quotient + 1 : quotient) else {
      throw ArithmeticOverflow(quantity())
    }
    return Self(units: isNegative ? -magnitude : magnitude)
  }

  /// The product with a decimal when 24 decimals hold it; `nil` when they do not.
  public func multipliedExactly(by factor: some FixedPoint) -> Self? {
    let (high, low) = units.magnitude.multipliedFullWidth(by: factor.units.magnitude)
    let one = UInt128(Self.unitsPerOne)
    guard high < one else { return nil }
    let (quotient, remainder) = one.dividingFullWidth((high, low))
    guard remainder == 0, let magnitude = Int128(exactly: quotient) else { return nil }
    return Self(units: (units < 0) != (factor.units < 0) ? -magnitude : magnitude)
  }

  /// The quotient with a whole number when 24 decimals hold it; `nil` when they do not.
  public func dividedExactly(by count: Int64) -> Self? {
    guard count != 0, units % Int128(count) == 0 else { return nil }
    return Self(units: units / Int128(count))
  }
}
