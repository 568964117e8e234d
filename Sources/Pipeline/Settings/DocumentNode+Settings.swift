import Billing
public import Documents
import Insights

/// Values that only configurations have.
extension DocumentNode {
  /// A time zone.
  func calendar() throws(DocumentError) -> ReportingCalendar {
    let name = try text()
    guard let calendar = ReportingCalendar(zone: name) else {
      throw error(
        "`\(name)` is not a time zone",
        "Write a name such as `Europe/Berlin`, or an offset such as `+05:30`.")
    }
    return calendar
  }

  /// A number of seconds, written with its unit: `90m`, `36h`, `2d`.
  func duration() throws(DocumentError) -> Int64 {
    let literal = try text()
    guard let seconds = Self.seconds(in: literal) else {
      throw error(
        "`\(literal)` is not a duration", "Write a number and `s`, `m`, `h` or `d`: `36h`.")
    }
    return seconds
  }

  /// The seconds of `90m`, `36h`, `2d`; `nil` when it is none of them.
  public static func seconds(in literal: String) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = literal.last.flatMap({ units[$0] }),
      literal.utf8.dropLast().allSatisfy({ (48...57).contains($0) }),
      let count = Int64(literal.dropLast()), (1...1_000_000).contains(count)
    else { return nil }
    return count * unit
  }

  /// A decimal from 0 to 1.
  func fraction() throws(DocumentError) -> ExactDecimal {
    let value = try decimal()
    guard (ExactDecimal.zero...ExactDecimal(1)).contains(value) else {
      throw error("\(value) is not a fraction", "Write a number from 0 to 1, such as `\"0.95\"`.")
    }
    return value
  }

  /// A number of per cent, as a fraction: 5 is 0.05.
  func percentage() throws(DocumentError) -> ExactDecimal {
    let value = try decimal()
    guard value.units % 100 == 0 else {
      throw error("\(value) has more than 22 decimals", "Use fewer digits.")
    }
    return ExactDecimal(units: value.units / 100)
  }

  /// A decimal of zero or more.
  func nonNegative() throws(DocumentError) -> ExactDecimal {
    let value = try decimal()
    guard value >= .zero else { throw error("\(value) is below zero", "Write zero or more.") }
    return value
  }

  /// An amount of zero or more.
  func nonNegativeMoney() throws(DocumentError) -> Money {
    let value = try money()
    guard value >= .zero else { throw error("\(value) is below zero", "Write zero or more.") }
    return value
  }

  /// A code of ISO 4217.
  func currency() throws(DocumentError) -> String {
    let code = try text()
    guard Currency.isKnown(code) else {
      throw error("`\(code)` is not a code of ISO 4217", "Write a code such as `USD`.")
    }
    return code
  }

  /// `{amount: "100", currency: EUR}`, or only the amount in US dollars.
  func amount() throws(DocumentError) -> Amount {
    if scalar != nil { return Amount(try nonNegativeMoney(), "USD") }
    let map = try mapping(allowing: ["amount", "currency"])
    return Amount(
      try map.required("amount").nonNegativeMoney(),
      try map.optional("currency")?.currency() ?? "USD")
  }

  /// One text, or a list of texts.
  func textOrTexts() throws(DocumentError) -> [String] {
    scalar != nil ? [try text()] : try texts()
  }
}
