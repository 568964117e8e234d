import Billing

/// Prices that a program computed in binary floating point and printed.
enum FloatArtifact {
  /// The name under which a book records the decimal that was meant.
  static let claim = "without float artifact"

  /// The decimal that was meant: 15 significant digits or more that come down to 11 or fewer.
  static func snapped(_ amount: Money) -> Money? {
    var digits = amount.units.magnitude
    while digits != 0, digits % 10 == 0 { digits /= 10 }
    let count = String(digits).utf8.count
    guard count >= 15 else { return nil }
    var scale = Money.scale
    var leading = amount.units.magnitude
    while leading >= 100_000_000_000 {
      leading /= 10
      scale -= 1
    }
    guard let rounding = Rounding(mode: .halfEven, scale: scale),
      let rounded = try? rounding(amount, "rate"), rounded != amount
    else { return nil }
    let (gap, overflow) = (rounded.units - amount.units).magnitude
      .multipliedReportingOverflow(by: 1_000_000_000_000)
    return !overflow && gap < amount.units.magnitude ? rounded : nil
  }
}
