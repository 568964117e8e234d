import Billing
import Testing

@Suite struct ExchangeRateTests {
  /// Friday 2026-10-02.
  private static let friday = Day(year: 2026, month: 10, day: 2) ?? Day(number: 0)

  private static func day(_ offset: Int32) -> Day { Day(number: friday.number + offset) }

  private static func rates(maximumAge: Int = 7, decimals: Int = 10) throws -> ExchangeRates {
    var rates = ExchangeRates(
      source: "ecb.csv", maximumAge: maximumAge,
      rounding: try #require(Rounding(mode: .halfEven, scale: decimals)))
    let table = [
      (0, "USD", "1.25"), (0, "JPY", "160"), (3, "USD", "1.2"), (-10, "CNY", "8"),
      (4, "JPY", "150"),
    ]
    for (offset, quote, rate) in table {
      let pair = ExchangeRates.Pair(base: "EUR", quote: quote)
      let isFirst = rates.add(Fixture.decimal(rate), for: pair, on: day(Int32(offset)))
      #expect(isFirst)
    }
    return rates
  }

  @Test func `over a weekend and a holiday the last published rate holds`() throws {
    let rates = try Self.rates()
    for offset in Int32(0)...2 {
      let rate = try #require(rates.rate(from: "EUR", to: "USD", on: Self.day(offset)))
      #expect(rate.value.description == "1.25")
      #expect(rate.day == Self.friday)
      #expect(rate.source == "ecb.csv")
    }
    #expect(rates.rate(from: "EUR", to: "USD", on: Self.day(3))?.value.description == "1.2")
  }

  @Test func `a rate that is too old is none, and so is one of tomorrow`() throws {
    let rates = try Self.rates(maximumAge: 3)
    #expect(rates.rate(from: "EUR", to: "USD", on: Self.day(6))?.day == Self.day(3))
    #expect(rates.rate(from: "EUR", to: "USD", on: Self.day(7)) == nil)
    #expect(rates.rate(from: "EUR", to: "USD", on: Self.day(-1)) == nil)
    #expect(rates.rate(from: "EUR", to: "GBP", on: Self.day(0)) == nil)
  }

  @Test func `inverse and cross rates are rounded once, half to even`() throws {
    let rates = try Self.rates(decimals: 6)
    let inverse = try #require(rates.rate(from: "JPY", to: "EUR", on: Self.day(4)))
    #expect(inverse.value.description == "0.006667")
    // Both of one day: on the 5th there is no JPY, so the cross rate is of the 2nd.
    let cross = try #require(rates.rate(from: "USD", to: "JPY", on: Self.day(3)))
    #expect(cross.value.description == "128")
    #expect(cross.day == Self.friday)
    #expect(rates.rate(from: "USD", to: "CNY", on: Self.day(0)) == nil)
    let tie = try Self.rates(decimals: 4)
    // 1 ÷ 160 = 0.00625.
    #expect(tie.rate(from: "JPY", to: "EUR", on: Self.day(0))?.value.description == "0.0062")
  }

  @Test func `a currency is itself without any table`() throws {
    let rates = try Self.rates()
    #expect(rates.rate(from: "KWD", to: "KWD", on: Self.day(900))?.value.description == "1")
  }

  @Test func `a day and pair have one rate`() throws {
    var rates = try Self.rates()
    let pair = ExchangeRates.Pair(base: "EUR", quote: "USD")
    let isFirst = rates.add(Fixture.decimal("1.3"), for: pair, on: Self.friday)
    #expect(!isFirst)
    #expect(rates.rate(from: "EUR", to: "USD", on: Self.friday)?.value.description == "1.25")
  }
}
