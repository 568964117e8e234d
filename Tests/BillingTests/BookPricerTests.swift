import Billing
import Testing

/// The mistakes of other tools, each with the rule that avoids it.
@Suite struct BookPricerTests {
  private static let fallbacks: [TokenBucket: RateFallback] = [
    .cacheRead: .like(.input), .cacheWrite1h: .unpriced,
  ]

  private static let book: PriceTable = {
    var tiered = Fixture.price([.input: "1", .cacheRead: "0.1", .output: "10"])
    tiered.base.contextTiers = [
      ContextTier(
        comparison: .above, threshold: 200_000,
        rates: Fixture.rates([.input: "2", .output: "15"]))
    ]
    var atLeast = tiered
    atLeast.base.contextTiers[0].comparison = .atLeast
    var old = Fixture.price([.input: "4", .output: "8"])
    old.until = Fixture.noon
    var new = Fixture.price([.input: "2", .output: "4"])
    new.from = Fixture.noon
    var carded = Fixture.price([.input: "1", .output: "2"])
    carded.cards = [
      ConditionalCard(
        conditions: [.init(key: "service_tier", value: "batch")],
        card: PriceCard(rates: Fixture.rates([.input: "0.5", .output: "1"]))),
      ConditionalCard(
        conditions: [.init(key: "speed", value: "fast")],
        card: PriceCard(rates: Fixture.rates([.input: "6", .output: "12"]))),
    ]
    carded.multipliers = [
      PriceMultiplier(
        condition: .init(key: "inference_geo", value: "us"),
        factor: ExactDecimal(units: ExactDecimal.unitsPerOne / 10 * 11))
    ]
    let plain = Fixture.price([.input: "3", .output: "15"], fallbacks: fallbacks)
    let reasoning = Fixture.price([.input: "1", .output: "2", .reasoning: "3"])
    return PriceTable(
      id: "fixture",
      entries: [
        Fixture.entry("openai", "gpt-9", aliases: ["gpt-9-latest"], snapshots: [.dashed], [plain]),
        Fixture.entry("openai", "gpt-9-mini", [plain]),
        Fixture.entry("openai", "tiered", [tiered]),
        Fixture.entry("xai", "grok-9", [atLeast]),
        Fixture.entry("openai", "dated", [old, new]),
        Fixture.entry("anthropic", "claude-sonnet-9", [carded]),
        Fixture.entry("openai", "thinker", [reasoning]),
        Fixture.entry(
          "openrouter", "openai/gpt-9:free", [Fixture.price([.input: "0", .output: "0"])]),
        Fixture.entry("groq", "shared-model", [plain]),
        Fixture.entry("together", "shared-model", [plain]),
        Fixture.entry("bedrock", "us.anthropic.claude-sonnet-9-v1:0", [plain]),
      ])
  }()

  private func priced(
    _ provider: String, _ model: String, _ counts: [TokenBucket: Int64], tier: String = "",
    modifiers: String = "", at time: Timestamp = Fixture.noon
  ) throws -> (line: ChargeLine, charge: Charge) {
    var subject = Fixture.subject(provider, model)
    subject.serviceTier = tier
    subject.modifiers = modifiers
    return try charge(Self.book, subject, Fixture.usage(counts, at: time))
  }

  @Test func `a model without a price is unpriced and never zero`() throws {
    let (line, charge) = try priced("openai", "gpt-neverland", [.input: 10])
    #expect(line.status == .unpriced)
    #expect(line.reason == "no_price")
    #expect(line.entry.isEmpty)
    #expect(charge.list == .zero)
  }

  /// Model, how it matches; nil when it must not.
  @Test(
    arguments: [
      ("gpt-9", PriceMatch.exact), ("GPT-9", .exact), ("openai/gpt-9", .exact),
      ("gpt-9-latest", .alias), ("gpt-9-2026-01-31", .snapshot), ("gpt-9-2026-02-30", nil),
      ("gpt-9-20260131", nil), ("gpt-9-2099-13-45", nil), ("gpt-9-pro", nil),
      ("gpt-9-mini-2026-01-31", nil), ("gpt-9:free", nil), ("gpt-9:nitro", .alias), ("gpt-90", nil),
      ("", nil),
    ] as [(String, PriceMatch?)])
  func `a name matches exactly, by alias or by a real date`(model: String, match: PriceMatch?)
    throws
  {
    let (line, _) = try priced("openai", model, [.input: 1])
    #expect(line.match == match)
    #expect((line.status == .priced) == (match != nil))
  }

  @Test func `a region of Bedrock is never stripped`() throws {
    #expect(
      try priced("bedrock", "us.anthropic.claude-sonnet-9-v1:0", [.input: 1]).line.match == .exact)
    #expect(
      try priced("bedrock", "eu.anthropic.claude-sonnet-9-v1:0", [.input: 1]).line.match == nil)
  }

  @Test func `a relay's model is priced by its vendor or not at all`() throws {
    #expect(try priced("", "gpt-9", [.input: 1]).line.match == .alias)
    #expect(try priced("gate", "gpt-9", [.input: 1]).line.entry == "openai/gpt-9")
    #expect(try priced("", "shared-model", [.input: 1]).line.reason == "ambiguous_provider")
    #expect(try priced("groq", "gpt-9", [.input: 1]).line.reason == "no_price")
  }

  @Test func `OpenRouter's free variant is its own price`() throws {
    var subject = Fixture.subject("OpenAI", "openai/gpt-9:free")
    subject.gateway = "openrouter"
    let (line, charge) = try charge(Self.book, subject, Fixture.usage([.input: 1000]))
    #expect(line.entry == "openrouter/openai/gpt-9:free")
    #expect(line.status == .priced)
    #expect(charge.list == .zero)
    subject.model = "openai/gpt-9"
    let paid = try BillingTests.charge(Self.book, subject, Fixture.usage([.input: 1000]))
    #expect(paid.line.entry == "openai/gpt-9")
    #expect(paid.charge.list.description == "0.003")
  }

  @Test func `a rate that is not published makes the charge partial and says which`() throws {
    let (line, charge) = try priced("openai", "gpt-9", [.input: 100, .cacheWrite1h: 50])
    #expect(line.status == .partial)
    #expect(line.reason == "no_rate:cache_write_1h")
    #expect(charge.list.description == "0.0003")
    let nothing = try priced("openai", "gpt-9", [.cacheWrite1h: 50])
    #expect(nothing.line.status == .unpriced)
    #expect(nothing.charge.list == .zero)
  }

  @Test func `a declared fallback is named in the tier`() throws {
    let (line, charge) = try priced("openai", "gpt-9", [.input: 100, .cacheRead: 100])
    #expect(line.status == .priced)
    #expect(line.tier == "cache_read=input")
    #expect(charge.list.description == "0.0006")
  }

  @Test func `reasoning is a part of output and priced apart only where a rate is published`()
    throws
  {
    #expect(
      try priced("openai", "gpt-9", [.output: 10, .reasoning: 90]).charge.list.description
        == "0.0015")
    #expect(
      try priced("openai", "thinker", [.output: 10, .reasoning: 90]).charge.list.description
        == "0.00029")
  }

  /// Model, uncached, cached, tier.
  @Test(arguments: [
    ("openai", "tiered", Int64(200_000), Int64(0), "base"),
    ("openai", "tiered", 200_001, 0, ">200000"),
    ("openai", "tiered", 1, 200_000, ">200000"), ("xai", "grok-9", 199_999, 0, "base"),
    ("xai", "grok-9", 200_000, 0, ">=200000"),
  ])
  func `a context tier reprices the whole request, cached input included`(
    provider: String, model: String, input: Int64, cached: Int64, tier: String
  ) throws {
    let (line, charge) = try priced(
      provider, model, [.input: input, .cacheRead: cached, .output: 1])
    // The tier has no price for cached input: it costs what it costs below, and the tier says so.
    let isCachedAbove = cached > 0 && tier != "base"
    #expect(line.tier == (isCachedAbove ? tier + ",cache_read=below" : tier))
    let rates: (Int128, Int128) = tier == "base" ? (1_000_000, 10_000_000) : (2_000_000, 15_000_000)
    let units = (Int128(input) * rates.0 + Int128(cached) * 100_000 + rates.1) * 1_000_000_000_000
    #expect(charge.list.units == units)
  }

  @Test func `a long output does not reach a context tier`() throws {
    #expect(try priced("openai", "tiered", [.input: 1, .output: 900_000]).line.tier == "base")
  }

  // Acceptance row 82.
  @Test func `history keeps its price to the last microsecond`() throws {
    let before = Timestamp(microseconds: Fixture.noon.microseconds - 1)
    #expect(
      try priced("openai", "dated", [.input: 1000], at: before).charge.list.description == "0.004")
    let (line, charge) = try priced("openai", "dated", [.input: 1000])
    #expect(charge.list.description == "0.002")
    #expect(line.priceFrom == Fixture.noon)
  }

  @Test func `a service tier has its own card and never the standard one in silence`() throws {
    let model = "claude-sonnet-9"
    #expect(
      try priced("anthropic", model, [.input: 1000], tier: "batch").charge.list.description
        == "0.0005")
    #expect(try priced("anthropic", model, [.input: 1000], tier: "standard").line.tier == "base")
    let (line, charge) = try priced("anthropic", model, [.input: 1000], tier: "priority")
    #expect(line.status == .unpriced)
    #expect(line.reason == "no_service_tier:priority")
    #expect(charge.list == .zero)
  }

  @Test func `modifiers choose a card or multiply token rates`() throws {
    let model = "claude-sonnet-9"
    let fast = try priced("anthropic", model, [.input: 1000], modifiers: "speed=fast")
    #expect(fast.charge.list.description == "0.006")
    #expect(fast.line.tier == "speed=fast")
    let both = try priced(
      "anthropic", model, [.input: 1000], modifiers: "inference_geo=us\u{1F}speed=fast")
    #expect(both.charge.list.description == "0.0066")
    #expect(both.line.tier == "speed=fast,inference_geo=us")
    let other = try priced("anthropic", model, [.input: 1000], modifiers: "inference_geo=eu")
    #expect(other.charge.list.description == "0.001")
  }

  @Test func `what costs nothing says why`() throws {
    var subject = Fixture.subject("openai", "gpt-9")
    let none = BillableUsage(time: Fixture.noon, tokens: TokenUsage())
    #expect(try charge(Self.book, subject, none).line.reason == "no_usage")
    subject.status = .error
    let failed = try charge(Self.book, subject, none)
    #expect(failed.line.status == .notBilled)
    #expect(failed.line.reason == "failed")
    // A failure with usage is billed: the provider has worked.
    #expect(try charge(Self.book, subject, Fixture.usage([.input: 1])).line.status == .priced)
    subject.status = .cancelled
    #expect(try charge(Self.book, subject, none).line.status == .unpriced)
    subject.status = .ok
    subject.gatewayCacheHit = true
    let hit = try charge(Self.book, subject, Fixture.usage([.input: 1000]))
    #expect(hit.line.reason == "gateway_cache_hit")
    #expect(hit.charge.billed == .zero)
  }

  @Test func `no usage above zero costs zero and is priced`() throws {
    let (line, charge) = try priced("openai", "gpt-9", [.input: 0, .output: 0])
    #expect(line.status == .priced)
    #expect(charge.list == .zero)
  }

  @Test func `components add up to the list cost`() throws {
    let plan = BookPricer(book: Self.book).plan(for: Fixture.subject("openai", "thinker"))
    let usage = Fixture.usage([.input: 7, .output: 11, .reasoning: 13])
    let components = try plan.components(usage)
    #expect(components.map(\.meter) == ["input", "output", "reasoning"])
    var sum = Money.zero
    for component in components {
      #expect(try component.unitPrice.multiplied(by: component.quantity, "") == component.cost)
      sum = try sum.adding(component.cost, "")
    }
    #expect(try plan.charge(usage).list == sum)
  }

  @Test func `an overflow is an error that names the quantity`() throws {
    var rates = Rates()
    rates[.input] = Money(units: Int128.max / 4)
    let entry = Fixture.entry("acme", "dear", [DatedPrice(base: PriceCard(rates: rates))])
    let plan = BookPricer(book: PriceTable(id: "x", entries: [entry]))
      .plan(for: Fixture.subject("acme", "dear"))
    #expect(throws: ArithmeticOverflow("input cost")) {
      try plan.charge(Fixture.usage([.input: 5]))
    }
  }

  @Test func `web searches come on top and images only where tokens have no price`() throws {
    var searching = Fixture.price([.input: "1", .output: "1"])
    searching.base.rates[.units(.webSearches)] = Fixture.money("0.01")
    let book = PriceTable(
      id: "x",
      entries: [
        Fixture.entry("acme", "search", [searching]),
        Fixture.entry("acme", "plain", [Fixture.price([.input: "1", .output: "1"])]),
      ])
    var usage = Fixture.usage([.input: 1000])
    usage.units[.webSearches] = ExactDecimal(3)
    #expect(
      try charge(book, Fixture.subject("acme", "search"), usage).charge.list.description == "0.031")
    #expect(
      try charge(book, Fixture.subject("acme", "plain"), usage).line.reason
        == "no_rate:web_searches")
    var pictures = Fixture.usage([.input: 1000])
    pictures.units[.images] = ExactDecimal(1)
    #expect(try charge(book, Fixture.subject("acme", "plain"), pictures).line.status == .priced)
  }
}
