/// Exchange rates by the day that they were published, for reporting only: no price is ever made of
/// another currency's.
public struct ExchangeRates: Sendable {
  /// A rate with where it comes from.
  public struct Rate: Sendable, Hashable {
    /// How much of the target currency one of the source currency is.
    public var value: ExactDecimal
    /// The day that published it, on or before the day that was asked for.
    public var day: Day
    /// The table, as the configuration names it.
    public var source: String

    public init(value: ExactDecimal, day: Day, source: String) {
      self.value = value
      self.day = day
      self.source = source
    }
  }

  /// A pair of currencies, codes of ISO 4217.
  public struct Pair: Sendable, Hashable {
    public var base: String
    public var quote: String

    public init(base: String, quote: String) {
      self.base = base
      self.quote = quote
    }
  }

  public let source: String
  /// Days that a rate may be old: over a weekend and holidays none is published.
  public let maximumAge: Int
  /// Decimals of a rate that is worked out of others, half to even.
  public let rounding: Rounding
  private var days: [Day: [Pair: ExactDecimal]] = [:]

  /// - Parameters:
  ///   - maximumAge: from 0.
  ///   - rounding: of inverse and cross rates.
  public init(source: String, maximumAge: Int, rounding: Rounding) {
    self.source = source
    self.maximumAge = maximumAge
    self.rounding = rounding
  }

  /// Adds what one of `base` is in `quote`.
  ///
  /// - Parameter rate: above zero.
  /// - Returns: whether it is the first of its day and pair.
  public mutating func add(_ rate: ExactDecimal, for pair: Pair, on day: Day) -> Bool {
    if days[day]?[pair] != nil { return false }
    days[day, default: [:]][pair] = rate
    return true
  }

  /// The number of days with a rate.
  public var dayCount: Int { days.count }

  /// The last rate that was published on the day or before it, not older than the maximum age: as it
  /// stands in the table, else the inverse, else across one third currency of the same day.
  ///
  /// - Returns: `nil` when there is none: then nothing is converted. One for the same currency.
  public func rate(from base: String, to quote: String, on day: Day) -> Rate? {
    if base == quote { return Rate(value: ExactDecimal(1), day: day, source: "") }
    for age in 0...Int32(maximumAge) {
      let published = Day(number: day.number - age)
      if let table = days[published], let value = value(base, quote, in: table) {
        return Rate(value: value, day: published, source: source)
      }
    }
    return nil
  }

  private func value(_ base: String, _ quote: String, in table: [Pair: ExactDecimal])
    -> ExactDecimal?
  {
    if let rate = table[Pair(base: base, quote: quote)] { return rate }
    if let inverse = table[Pair(base: quote, quote: base)] {
      return quotient(ExactDecimal(1), inverse)
    }
    // The euro first, for tables of a central bank; else the first by the alphabet.
    let pivots = Set(table.keys.map(\.base)).sorted { $0 == "EUR" || ($1 != "EUR" && $0 < $1) }
    for pivot in pivots {
      guard let from = table[Pair(base: pivot, quote: base)],
        let to = table[Pair(base: pivot, quote: quote)]
      else { continue }
      return quotient(to, from)
    }
    return nil
  }

  /// The quotient, rounded once: the exact quotient decides, not one that was cut before.
  private func quotient(_ dividend: ExactDecimal, _ divisor: ExactDecimal) -> ExactDecimal? {
    let scaled = ExactDecimal.unitsPerOne / rounding.step
    return WideProduct.divided(dividend.units, scaled, over: divisor.units)
      .flatMap { steps in
        let (units, overflow) = steps.multipliedReportingOverflow(by: rounding.step)
        return overflow ? nil : ExactDecimal(units: units)
      }
  }
}
