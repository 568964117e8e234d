/// The largest power of ten that divides all values of a column, found without a division.
///
/// Amounts count 10⁻²⁴ and end in many zeros, times end in three when the log writes milliseconds.
/// 10ⁿ is 2ⁿ·5ⁿ: trailing zero bits tell the power of two; multiplying by the inverse of 5ⁿ modulo
/// 2ᵏ divides exactly by 5ⁿ, and the product is small just when 5ⁿ divides (Granlund and
/// Montgomery, "Division by Invariant Integers using Multiplication", section 9).
enum PowerOfTen {
  /// The largest exponent *n* ≤ 18 such that 10ⁿ divides every value; 0 for zeros only.
  static func commonExponent(of values: [Int64]) -> Int {
    var exponent = 18
    var onlyZeros = true
    for value in values where value != 0 {
      onlyZeros = false
      let magnitude = value.magnitude
      exponent = min(exponent, magnitude.trailingZeroBitCount)
      while magnitude &* narrowInverses[exponent] > narrowLimits[exponent] { exponent -= 1 }
      if exponent == 0 { return 0 }
    }
    return onlyZeros ? 0 : exponent
  }

  /// The largest exponent *n* ≤ 24 such that 10ⁿ divides every value; 0 for zeros only.
  static func commonExponent(of values: [Int128]) -> Int {
    var exponent = 24
    var onlyZeros = true
    for value in values where value != 0 {
      onlyZeros = false
      let magnitude = value.magnitude
      exponent = min(exponent, magnitude.trailingZeroBitCount)
      while magnitude &* wideInverses[exponent] > wideLimits[exponent] { exponent -= 1 }
      if exponent == 0 { return 0 }
    }
    return onlyZeros ? 0 : exponent
  }

  /// The quotient of a value that 10ⁿ divides.
  static func divide(_ value: Int64, _ exponent: Int) -> Int64 {
    (value >> Int64(exponent)) &* Int64(bitPattern: narrowInverses[exponent])
  }

  /// The quotient of a value that 10ⁿ divides.
  static func divide(_ value: Int128, _ exponent: Int) -> Int128 {
    (value >> Int128(exponent)) &* Int128(bitPattern: wideInverses[exponent])
  }

  /// 10⁰ … 10²⁴.
  static let powers: [Int128] = table(25, of: 10)

  private static let narrowFives: [UInt64] = table(19, of: 5)
  private static let narrowInverses = narrowFives.map { inverse(of: $0, bits: 64) }
  private static let narrowLimits = narrowFives.map { UInt64.max / $0 }
  private static let wideFives: [UInt128] = table(25, of: 5)
  private static let wideInverses = wideFives.map { inverse(of: $0, bits: 128) }
  private static let wideLimits = wideFives.map { UInt128.max / $0 }

  private static func table<T: FixedWidthInteger>(_ count: Int, of base: T) -> [T] {
    var powers: [T] = [1]
    while powers.count < count { powers.append(powers[powers.count - 1] * base) }
    return powers
  }

  /// The inverse of an odd number modulo 2ᵇⁱᵗˢ, by Newton's iteration: each step doubles the bits.
  private static func inverse<T: FixedWidthInteger & UnsignedInteger>(of odd: T, bits: Int) -> T {
    var inverse = odd
    var correct = 3
    while correct < bits {
      inverse = inverse &* (2 &- odd &* inverse)
      correct *= 2
    }
    return inverse
  }
}
