/// A number held exactly as an `Int128` count of 10⁻²⁴.
///
/// The scale holds every literal that a gateway writes, also the seventeen digits of a binary
/// float that a Python program prints (`0.00032839999999999996`), and leaves room for ±1.7 × 10¹⁴:
/// a hundred trillion dollars. Nothing here rounds: what does not fit is an error.
public protocol FixedPoint: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The value as a count of 10⁻²⁴.
  var units: Int128 { get }

  /// The value of `units` times 10⁻²⁴.
  init(units: Int128)
}

/// What can go wrong in exact arithmetic; it carries the name of the quantity that overflowed.
public struct ArithmeticOverflow: Error, Hashable, Sendable {
  /// The quantity, as a reader of the report knows it: `list cost`, `output tokens`.
  public var quantity: String

  public init(_ quantity: String) {
    self.quantity = quantity
  }
}

extension FixedPoint {
  /// Decimal places that are kept.
  public static var scale: Int { 24 }

  /// The count of units in one.
  public static var unitsPerOne: Int128 { 1_000_000_000_000_000_000_000_000 }

  public static var zero: Self { Self(units: 0) }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.units < rhs.units }

  /// The sum.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity` beyond ±1.7 × 10¹⁴.
  public func adding(_ other: Self, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Self
  {
    let (sum, overflow) = units.addingReportingOverflow(other.units)
    if overflow { throw ArithmeticOverflow(quantity()) }
    return Self(units: sum)
  }

  /// The difference.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity` beyond ±1.7 × 10¹⁴.
  public func subtracting(_ other: Self, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Self
  {
    let (difference, overflow) = units.subtractingReportingOverflow(other.units)
    if overflow { throw ArithmeticOverflow(quantity()) }
    return Self(units: difference)
  }

  /// The product with a whole number, exact.
  ///
  /// - Throws: `ArithmeticOverflow` with `quantity` beyond ±1.7 × 10¹⁴.
  public func multiplied(by count: Int64, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Self
  {
    let (product, overflow) = units.multipliedReportingOverflow(by: Int128(count))
    if overflow { throw ArithmeticOverflow(quantity()) }
    return Self(units: product)
  }

  /// Plain decimal text: no exponent, no trailing zeros, `-` only before a value below zero.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the plain decimal text.
  public func append(to bytes: inout [UInt8]) {
    if units < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, fraction) = units.magnitude
      .quotientAndRemainder(dividingBy: UInt128(Self.unitsPerOne))
    // 2¹²⁷ of 10²⁴ are less than 2⁶⁴.
    bytes.appendDecimal(UInt64(whole))
    guard fraction != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    let (high, low) = fraction.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    bytes.appendDecimal(UInt64(high), digits: 12)
    bytes.appendDecimal(UInt64(low), digits: 12)
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
  }
}

/// An amount of money, exact to 10⁻²⁴ of the currency unit. The currency stands beside it.
public struct Money: FixedPoint {
  public var units: Int128

  public init(units: Int128) { self.units = units }
}

/// An exact decimal that is not money: a rate, a multiplier, milliseconds, a metered quantity.
public struct ExactDecimal: FixedPoint {
  public var units: Int128

  public init(units: Int128) { self.units = units }

  /// A whole number.
  public init(_ whole: Int64) { self.units = Int128(whole) * Self.unitsPerOne }
}

extension [UInt8] {
  /// Appends a number in decimal, with zeros before it to at least so many digits.
  mutating func appendDecimal(_ value: UInt64, digits: Int = 1) {
    var rest = value
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    rest = value
    let start = self.count
    let width = Swift.max(count, digits)
    append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
    var position = start + width
    while rest > 0 {
      position -= 1
      self[position] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }
}
