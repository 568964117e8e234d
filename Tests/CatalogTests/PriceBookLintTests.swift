import Billing
import Catalog
import Testing

@Suite struct PriceBookLintTests {
  private func rates(_ amounts: [TokenBucket: String]) throws -> Rates {
    var rates = Rates()
    for (bucket, amount) in amounts { rates[bucket] = try Money(literal: amount) }
    return rates
  }

  private func remarks(_ change: (inout PriceEntry) throws -> Void) throws -> [String] {
    let base = PriceCard(rates: try rates([.input: "2", .cacheRead: "1", .cacheWrite1h: "4"]))
    var entry = PriceEntry(
      id: "anthropic/m", provider: "anthropic", names: ["m"], prices: [DatedPrice(base: base)])
    try change(&entry)
    let day = try #require(Day(year: 2026, month: 11, day: 21))
    return entry.remarks(on: day).map(\.kind.name)
  }

  @Test func `a sound entry has no remark`() throws {
    #expect(try remarks { _ in } == [])
  }

  @Test func `an hour of cache that is not twice the input is remarked`() throws {
    #expect(
      try remarks { $0.prices[0].base.rates[.cacheWrite1h] = try Money(literal: "2.5") } == [
        "hour_of_cache"
      ])
  }

  static let wrongRates: [(TokenBucket, String, String)] = [
    (.cacheWrite5m, "2.25", "five_minutes_of_cache"), (.cacheRead, "2.5", "cached_above_input"),
    (.cacheWrite5m, "0.2", "five_minutes_of_cache read_as_write"),
  ]

  @Test(arguments: wrongRates)
  func `a cache price off its vendor's multiples is remarked`(
    bucket: TokenBucket, amount: String, kinds: String
  ) throws {
    let found = try remarks {
      $0.names = ["claude-m"]
      $0.prices[0].base.rates[bucket] = try Money(literal: amount)
    }
    #expect(found.joined(separator: " ") == kinds)
  }

  @Test func `a tier without a base price is remarked`() throws {
    let tier = ContextTier(comparison: .above, threshold: 1, rates: try rates([.output: "1"]))
    #expect(
      try remarks { $0.prices[0].base.contextTiers = [tier] } == ["tier_without_base"])
  }

  @Test func `a chat model without an output price is remarked`() throws {
    #expect(try remarks { $0.capabilities = ["chat"] } == ["missing_base"])
  }

  @Test func `sources that disagree are remarked apart from float artifacts`() throws {
    let contest = PriceEntry.Contest(
      subject: "input", chosen: "a",
      claims: [.init(source: "a", amount: "1"), .init(source: "b", amount: "2")])
    #expect(try remarks { $0.contests = [contest] } == ["contested"])
  }

  @Test func `a batch price equal to the standard one is remarked`() throws {
    let found = try remarks {
      $0.prices[0].cards = [
        ConditionalCard(
          conditions: [.init(key: "service_tier", value: "batch")],
          card: PriceCard(rates: try rates([.input: "2"])))
      ]
    }
    #expect(found == ["batch_as_standard", "batch_without_cached"])
  }

  @Test func `a price after the vendor's end date is remarked`() throws {
    #expect(
      try remarks { $0.deprecated = Day(year: 2026, month: 11, day: 20) } == ["past_deprecation"])
    #expect(try remarks { $0.deprecated = Day(year: 2026, month: 11, day: 21) } == [])
  }

  @Test func `a context tier below the base is remarked`() throws {
    let tier = ContextTier(comparison: .above, threshold: 1, rates: try rates([.input: "1"]))
    #expect(try remarks { $0.prices[0].base.contextTiers = [tier] } == ["cheaper_tier"])
  }
}
