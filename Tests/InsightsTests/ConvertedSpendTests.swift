import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct ConvertedSpendTests {
  private static let pricer = FlatPricer(["small": .init(input: 1000, output: 2000)])

  /// Rates of Friday the 2nd and of Monday the 5th.
  private static func conversion() throws -> Conversion {
    var rates = ExchangeRates(
      source: "t.csv", maximumAge: 4, rounding: try #require(Rounding(mode: .halfEven, scale: 10)))
    for (day, rate) in [(2, "1.25"), (5, "1.6")] {
      let isFirst = rates.add(
        try ExactDecimal(literal: rate), for: .init(base: "EUR", quote: "USD"),
        on: Timestamp.october(day).day)
      #expect(isFirst)
    }
    return Conversion(rates, to: "EUR")
  }

  private static func spend(_ days: [Int], currency: String = "USD") throws -> ConvertedSpend {
    var sample = SampleHistory(pricer)
    for (index, day) in days.enumerated() {
      var request = SampleHistory.Request(.october(day), "small")
      request.team = index % 2 == 0 ? "a" : "b"
      request.currency = currency
      try sample.add(request)
    }
    var request = ReportRequest(
      .spend, for: .month(holding: Timestamp.october(1).day, in: .utc), in: .utc)
    request.dimensions = [.team]
    request.conversion = try conversion()
    return try #require(
      try UsageAnalysis(of: sample.history, request, pricer: pricer).converted)
  }

  @Test func `each day is converted by its own rate, a weekend by that of Friday`() throws {
    // Each request costs 1.2 USD: 0.96 EUR until Monday, then 0.75.
    let spend = try Self.spend([2, 3, 4, 5, 9])
    #expect(spend.rows.map(\.values) == [["a"], ["b"]])
    #expect(spend.rows.map(\.converted.billed) == [Money(text: "2.67"), Money(text: "1.71")])
    #expect(spend.total.converted.list == Money(text: "4.38"))
    #expect(spend.total.unconverted == 0)
    #expect(spend.days.map { $0.rate?.day } == [2, 2, 2, 5, 5].map { Timestamp.october($0).day })
    #expect(spend.days.allSatisfy { $0.rate?.source == "t.csv" })
  }

  @Test func `without a rate nothing is converted, and it is counted`() throws {
    let spend = try Self.spend([1, 2, 10])
    #expect(spend.total.unconverted == 2)
    #expect(spend.total.requests == 3)
    #expect(spend.total.converted.billed == Money(text: "0.96"))
    #expect(spend.days.map { $0.converted == nil } == [true, false, true])
    let other = try Self.spend([2], currency: "CNY")
    #expect(other.total.converted.billed == nil)
  }

  @Test func `the asked currency needs no rate`() throws {
    let spend = try Self.spend([1], currency: "EUR")
    #expect(spend.total.converted.billed == Money(text: "1.2"))
  }

  @Test func `parts add up to the total`() throws {
    let spend = try Self.spend(Array(1...12))
    let sum = { (amounts: [Money?]) in amounts.reduce(Int128(0)) { $0 + ($1?.units ?? 0) } }
    let total = spend.total.converted.billed?.units ?? 0
    #expect(sum(spend.rows.map(\.converted.billed)) == total)
    #expect(sum(spend.entries.map { $0.converted?.billed }) == total)
    #expect(sum(spend.days.map { $0.converted?.billed }) == total)
    #expect(total != 0)
  }
}
