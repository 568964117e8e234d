public import Billing
public import Insights

/// Numbers as people read them. Files for machines never use these.
public enum HumanNumber {
  /// `18,402.17`; below one, at least two digits that are not zero: `0.0034`. Half to even.
  public static func money(_ amount: Money) -> String {
    decimal(amount.units, places: places(amount.units.magnitude))
  }

  /// Grouped by thousands.
  public static func integer(_ value: Int64) -> String {
    (value < 0 ? "-" : "") + grouped(String(value.magnitude))
  }

  /// One decimal, with the sign of per cent: `37.6 %`. What is not quite 0 or 100 never prints as
  /// it: `0.001 %`, `99.997 %`.
  public static func percent(_ ratio: Ratio) -> String {
    for places in 1...6 {
      guard let value = ratio.percent(places: places) else { return "beyond 10^14 %" }
      if value == .zero && ratio.numerator != 0 { continue }
      if value == ExactDecimal(100) && ratio.numerator != ratio.denominator { continue }
      return decimal(value.units, places: places) + " %"
    }
    if ratio.numerator < 0 { return "above -0.000001 %" }
    return ratio.numerator < ratio.denominator / 2 ? "below 0.000001 %" : "almost 100 %"
  }

  /// As many places as show two digits, two at least.
  private static func places(_ magnitude: UInt128) -> Int {
    var bound = UInt128(Money.unitsPerOne)
    if magnitude == 0 || magnitude >= bound { return 2 }
    var places = 1
    while magnitude < bound {
      bound /= 10
      places += 1
    }
    return min(max(2, places), Money.scale)
  }

  private static func decimal(_ units: Int128, places: Int) -> String {
    let step = (places..<Money.scale).reduce(into: UInt128(1)) { step, _ in step *= 10 }
    let magnitude = units.magnitude
    var (steps, rest) = magnitude.quotientAndRemainder(dividingBy: step)
    if rest > step - rest || (rest == step - rest && steps % 2 == 1) { steps += 1 }
    let digits = String(steps)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    let whole = grouped(String(padded.dropLast(places)))
    return (units < 0 && steps != 0 ? "-" : "") + whole + "." + padded.suffix(places)
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    let count = digits.utf8.count
    for (index, digit) in digits.enumerated() {
      if index > 0 && (count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

extension TableCell {
  /// The value as people read it; an en dash when it is not known.
  var humanText: String {
    switch self {
    case .text(let text): text
    case .integer(let value): HumanNumber.integer(value)
    case .money(let amount): HumanNumber.money(amount)
    case .decimal(let value): "\(value)"
    case .percent(let ratio): HumanNumber.percent(ratio)
    case .date(let day): "\(day)"
    case .time(let time): "\(time)"
    case .empty: "–"
    }
  }

  /// The exact value as machines read it; a percentage is a fraction with six places. Empty when it
  /// is not known.
  var exactText: String {
    switch self {
    case .text(let text): text
    case .integer(let value): "\(value)"
    case .money(let amount): "\(amount)"
    case .decimal(let value): "\(value)"
    case .percent(let ratio): ratio.rounded(places: 6).map { "\($0)" } ?? ""
    case .date(let day): "\(day)"
    case .time(let time): "\(time)"
    case .empty: ""
    }
  }
}
