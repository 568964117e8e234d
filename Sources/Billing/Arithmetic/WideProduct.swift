/// Products of two 128-bit numbers in 256 bits, before they are divided.
public enum WideProduct {
  /// `left × right ÷ divisor`, half to even; `nil` when it does not fit. The divisor is above zero.
  public static func divided(_ left: Int128, _ right: Int128, over divisor: Int128) -> Int128? {
    let wide = left.magnitude.multipliedFullWidth(by: right.magnitude)
    let bound = divisor.magnitude
    guard wide.high < bound else { return nil }
    let (quotient, remainder) = bound.dividingFullWidth(wide)
    let above = bound - remainder
    let isUp = remainder > above || (remainder == above && quotient % 2 == 1)
    let (magnitude, overflow) = quotient.addingReportingOverflow(isUp ? 1 : 0)
    guard !overflow, let value = Int128(exactly: magnitude) else { return nil }
    return (left < 0) == (right < 0) ? value : -value
  }
}
