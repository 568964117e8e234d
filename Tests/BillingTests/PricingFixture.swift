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
  /// The law of every charge: billed = list + markup + fee + rounding + adjustment.
  func addsUp() throws -> Bool {
    let sum = try list.adding(markup, "").adding(fee, "").adding(rounding, "")
    return try sum.adding(adjustment, "") == billed
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

extension Fixture {
  /// The days of an invoice.
  static let october: ClosedRange<Day> = {
    let first = Day(year: 2026, month: 10, day: 1) ?? Day(number: 0)
    return first...Day(number: first.number + 30)
  }()

  static func draft(_ lines: [(line: String, billed: Money)]) throws -> InvoiceDraft {
    var draft = InvoiceDraft()
    for (line, billed) in lines {
      var usage = InvoiceDraft.Usage()
      usage.requests = 1
      usage.costs.list = billed
      usage.costs.billed = billed
      try draft.add(usage, to: InvoiceLineKey([line]), isOwnKey: false)
    }
    return draft
  }
}

extension InvoiceDraft.Usage {
  /// One request.
  init(_ charge: Charge) {
    self.init()
    requests = 1
    costs.list = charge.list
    costs.markup = charge.markup
    costs.fee = charge.fee
    costs.rounding = charge.rounding
    costs.billed = charge.billed
  }
}

extension Invoice {
  /// The law of every invoice: parts add up to the total, and the lines to their parts.
  func addsUp() throws -> Bool {
    let parts = lines.map(\.invoiced) + adjustments.map(\.amount)
    let shares = lines.map(\.effective) + adjustments.map(\.effective)
    let sum = { (amounts: [Money]) in amounts.reduce(Int128(0)) { $0 + $1.units } }
    let hold = lines.allSatisfy {
      $0.invoiced.units == $0.usage.costs.billed.units + $0.rounding.units
    }
    return hold && sum(parts) == total.units && sum(shares) == effective.units
      && sum(lines.map(\.usage.costs.billed)) == usage.costs.billed.units
  }
}
