import Billing
import CSimdjson

extension RecordValue {
  /// The digits of a decimal literal: `significand × 10^power`.
  private struct Decimal {
    var negative = false
    var significand: UInt64 = 0
    /// Of the significand, leading zeros included.
    var digits = 0
    var power = 0
  }

  /// A count: a whole number from 0 to 2⁴⁰, as a number or as text (`12`, `"12"`, `12.0`, `1.2e1`).
  ///
  /// - Returns: `nil` for null, a missing key, and the spellings of nothing (`""`, `"-"`).
  /// - Throws: `RejectionReason.invalidNumber` for anything else.
  func count() throws(RejectionReason) -> Int64? {
    guard !isBlank else { return nil }
    guard let value = wholeNumber(), (0...TokenUsage.countLimit).contains(value) else {
      throw .invalidNumber
    }
    return value
  }

  /// A number, or text of nothing but what numbers are written with, readable or not.
  var looksLikeNumber: Bool {
    guard isText else { return kind == TB_NUMBER }
    guard length > 0 else { return false }
    let first = unsafe raw[0]
    guard first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else { return false }
    return (1..<Int(length)).allSatisfy {
      let byte = unsafe raw[$0]
      return byte &- UInt8(ascii: "0") < 10 || Self.numberMarks.contains(byte)
    }
  }

  private static let numberMarks = Array("+-.,'_ eE".utf8)

  /// A whole number of at most eighteen digits, however it is written; `nil` when it is none.
  func wholeNumber() -> Int64? {
    guard kind == TB_NUMBER || kind == TB_STRING else { return nil }
    if let plain = unsafe Self.plainDigits(raw) { return plain }
    guard let exact: ExactDecimal = fixedPoint(),
      exact.units % ExactDecimal.unitsPerOne == 0
    else { return nil }
    return Int64(exactly: exact.units / ExactDecimal.unitsPerOne)
  }

  /// The value of one to eighteen digits without a leading zero.
  private static func plainDigits(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard (1...18).contains(bytes.count) else { return nil }
    var value: Int64 = 0
    for index in 0..<bytes.count {
      let digit = unsafe bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    let first = unsafe bytes[0]
    return bytes.count == 1 || first != UInt8(ascii: "0") ? value : nil
  }

  /// An exact decimal, as a number or as text; `nil` when it is none or does not fit.
  func fixedPoint<Value: FixedPoint>() -> Value? {
    guard kind == TB_NUMBER || kind == TB_STRING else { return nil }
    let bytes = unsafe raw
    if let decimal = unsafe Self.decimal(bytes), decimal.power <= 0, decimal.power >= -Value.scale {
      let zeros = Value.scale + decimal.power
      // 37 digits always fit: the product needs no check.
      if decimal.digits + zeros <= 37 {
        let scaled = Int128(decimal.significand) &* powersOfTen[zeros]
        return Value(units: decimal.negative ? -scaled : scaled)
      }
    }
    return unsafe try? Value(literal: bytes)
  }

  /// Reads a literal of at most eighteen digits and a small exponent; `nil` leaves it to the
  /// general reader.
  private static func decimal(_ bytes: UnsafeRawBufferPointer) -> Decimal? {
    var result = Decimal()
    var index = 0
    let count = bytes.count
    if index < count, unsafe bytes[index] == UInt8(ascii: "-") {
      result.negative = true
      index += 1
    }
    let first = index
    while index < count {
      let digit = unsafe bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { break }
      result.significand = result.significand &* 10 &+ UInt64(digit)
      index += 1
    }
    result.digits = index - first
    guard result.digits > 0 else { return nil }
    if result.digits > 1, unsafe bytes[first] == UInt8(ascii: "0") { return nil }
    if index < count, unsafe bytes[index] == UInt8(ascii: ".") {
      index += 1
      let point = index
      while index < count {
        let digit = unsafe bytes[index] &- UInt8(ascii: "0")
        if digit > 9 { break }
        result.significand = result.significand &* 10 &+ UInt64(digit)
        index += 1
      }
      guard index > point else { return nil }
      result.digits += index - point
      result.power = point - index
    }
    return index == count && result.digits <= 18 ? result : nil
  }

  /// A yes or no: `true`, `"True"`, `1`, `"1"`; `nil` when it is neither.
  var truth: Bool? {
    switch kind {
    case TB_TRUE: return true
    case TB_FALSE: return false
    case TB_NUMBER: return wholeNumber().flatMap { $0 == 0 ? false : $0 == 1 ? true : nil }
    case TB_STRING:
      if equals("true") || equals("True") || equals("1") || equals("TRUE") { return true }
      if equals("false") || equals("False") || equals("0") || equals("FALSE") { return false }
      return nil
    default: return nil
    }
  }
}

/// 10⁰ … 10³⁸.
let powersOfTen: [Int128] = {
  var powers: [Int128] = [1]
  for _ in 1...38 { powers.append((powers.last ?? 1) * 10) }
  return powers
}()
