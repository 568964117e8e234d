import Billing
import CSimdjson

extension RecordValue {
  /// An instant: a number in the given unit, or text.
  ///
  /// A number whose unit is not given is taken by its magnitude.
  ///
  /// - Returns: `nil` when it cannot be read.
  func time(unit: ValueUnit) -> Timestamp.Parsed? {
    if kind == TB_NUMBER || (kind == TB_STRING && looksNumeric) {
      return epochTime(unit: unit).map { Timestamp.Parsed(time: $0, zoneAssumed: false) }
    }
    guard kind == TB_STRING else { return nil }
    return unsafe Timestamp.parse(raw) ?? Timestamp.parse(spelling: raw)
  }

  private var looksNumeric: Bool {
    unsafe raw.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") }
  }

  private func epochTime(unit: ValueUnit) -> Timestamp? {
    guard unit != .dotnetTicks, let value: ExactDecimal = fixedPoint() else {
      return wholeEpochTime(unit: unit)
    }
    let one = ExactDecimal.unitsPerOne
    let magnitude = value.units / one
    let divisor: Int128
    switch unit == .none ? Self.unit(ofMagnitude: magnitude) : unit {
    case .seconds: divisor = one / 1_000_000
    case .milliseconds: divisor = one / 1000
    case .microseconds: divisor = one
    case .nanoseconds: divisor = one * 1000
    default: return nil
    }
    return Int64(exactly: value.units / divisor).map { Timestamp(microseconds: $0) }
  }

  /// A whole number of 64 bits, which an exact decimal may not hold.
  var wholeNanoseconds: Int64? {
    guard kind == TB_NUMBER || kind == TB_STRING, length > 0 else { return nil }
    var count: Int64 = 0
    for index in unsafe 0..<raw.count {
      let digit = unsafe raw[index] &- UInt8(ascii: "0")
      let (tens, overflow) = count.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
      guard digit <= 9, !overflow, !carry else { return nil }
      count = sum
    }
    return count
  }

  /// Microseconds and nanoseconds exceed what an exact decimal holds.
  private func wholeEpochTime(unit: ValueUnit) -> Timestamp? {
    guard let count = wholeNanoseconds else { return nil }
    switch unit == .none ? Self.unit(ofMagnitude: Int128(count)) : unit {
    case .microseconds: return Timestamp(microseconds: count)
    case .nanoseconds: return Timestamp(microseconds: count / 1000)
    case .dotnetTicks:
      // 1970-01-01 in ticks since the year 1.
      return Timestamp(microseconds: (count - 621_355_968_000_000_000) / 10)
    default: return nil
    }
  }

  /// 9 to 11 digits are seconds, 12 to 14 milliseconds, 15 to 17 microseconds, 18 and 19 nanoseconds.
  private static func unit(ofMagnitude value: Int128) -> ValueUnit {
    switch value {
    case 100_000_000..<100_000_000_000: .seconds
    case 100_000_000_000..<100_000_000_000_000: .milliseconds
    case 100_000_000_000_000..<100_000_000_000_000_000: .microseconds
    case 100_000_000_000_000_000...: .nanoseconds
    default: .none
    }
  }

  /// The text as it is written starts with these bytes.
  func starts(with prefix: [UInt8]) -> Bool { unsafe raw.starts(with: prefix) }

  /// The text as it is written ends with these bytes.
  func ends(with suffix: [UInt8]) -> Bool {
    unsafe raw.count >= suffix.count && raw.suffix(suffix.count).elementsEqual(suffix)
  }
}
