import Billing
import Testing

/// Small price books with values of their own.
enum Fixture {
  static func money(_ text: String) -> Money { (try? Money(literal: text)) ?? .zero }

  /// Rates per million tokens.
  static func rates(_ rates: [TokenBucket: String]) -> Rates {
    var result = Rates()
    for (bucket, text) in rates { result[bucket] = money(text).dividedExactly(by: 1_000_000) }
    return result
  }

  static func entry(
    _ provider: String, _ name: String, aliases: [String] = [],
    snapshots: [SnapshotDate.Format] = [], _ prices: [DatedPrice]
  ) -> PriceEntry {
    var entry = PriceEntry(
      id: "\(provider)/\(name)", provider: provider, names: [name], prices: prices)
    entry.aliases = aliases
    entry.snapshots = snapshots
    return entry
  }

  static func price(
    _ rates: [TokenBucket: String], fallbacks: [TokenBucket: RateFallback] = [:],
    tiers: [ContextTier] = []
  ) -> DatedPrice {
    DatedPrice(
      base: PriceCard(rates: Self.rates(rates), fallbacks: fallbacks, contextTiers: tiers))
  }

  /// The two models of the rounding vectors.
  static let twoModels = PriceTable(
    id: "fixture",
    entries: [
      entry("acme", "A", [price([.input: "3", .cacheRead: "0.3", .output: "15"])]),
      entry("acme", "B", [price([.input: "0.15", .cacheRead: "0.075", .output: "0.6"])]),
    ])

  static func subject(_ provider: String, _ model: String) -> PricingSubject {
    var subject = PricingSubject()
    subject.gateway = "gate"
    subject.provider = provider
    subject.model = model
    return subject
  }

  static let noon = Timestamp(microseconds: 1_780_000_000_000_000)

  static func usage(_ counts: [TokenBucket: Int64], at time: Timestamp = noon) -> BillableUsage {
    var tokens = TokenUsage()
    for (bucket, count) in counts { tokens.set(bucket, count) }
    return BillableUsage(time: time, tokens: tokens)
  }

  static func usage(input: String, cached: String, output: String) throws -> BillableUsage {
    let counts = [input, cached, output].compactMap { Int64($0) }
    try #require(counts.count == 3)
    return usage([.input: counts[0] - counts[1], .cacheRead: counts[1], .output: counts[2]])
  }
}

extension Charge {
  /// The law of every charge: billed = list + markup + fee + rounding.
  func addsUp() throws -> Bool {
    let sum = try list.adding(markup, "").adding(fee, "").adding(rounding, "")
    return sum == billed
  }
}

/// The line and the charge of one request.
func charge(
  _ book: any PriceBook, _ subject: PricingSubject, _ usage: BillableUsage,
  _ terms: [GatewayTerms] = []
) throws -> (line: ChargeLine, charge: Charge) {
  let plan = BookPricer(book: book, terms: terms).plan(for: subject)
  let charge = try plan.charge(usage)
  return (plan.lines[charge.line], charge)
}
