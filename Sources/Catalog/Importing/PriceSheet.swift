import Billing

/// The prices that one table states for one model, before tables are merged.
struct PriceSheet {
  /// A rate with the rates above input totals.
  struct Value: Hashable {
    /// `nil` when only a long-context rate is published.
    var amount: Money?
    /// By ascending threshold.
    var tiers: [Tier] = []

    mutating func addTier(
      _ comparison: ContextTier.Comparison, _ threshold: Int64, _ amount: Money
    ) {
      tiers.append(Tier(comparison: comparison, threshold: threshold, amount: amount))
      tiers.sort { $0.start < $1.start }
    }
  }

  struct Tier: Hashable {
    var comparison: ContextTier.Comparison
    var threshold: Int64
    var amount: Money

    var start: Int64 { comparison == .above ? threshold + 1 : threshold }
  }

  typealias Values = [PricedQuantity: Value]

  /// By conditions; the base stands under none.
  var cards: [[PriceCondition]: Values] = [:]
  var multipliers: [PriceMultiplier] = []
  var timeRules: [TimeRule] = []
  var meterRules: [Meter: MeterRule] = [:]
  /// Prices of what no usage event counts: name and amount as text.
  var other: [String: String] = [:]
  /// Rates that the table does not state, with what its own calculator takes for them.
  var assumed: [[PriceCondition]: [TokenBucket: String]] = [:]
  /// The model answers in text: an output without a rate is unpriced, not free.
  var makesText = false
  /// The table prices the model by something else (pages, seconds) and its tokens at nothing.
  var sellsNoTokens = false

  var base: Values {
    get { cards[[]] ?? [:] }
    set { cards[[]] = newValue }
  }

  /// A rate for reasoning that only repeats the output's says nothing.
  mutating func dropRedundantReasoning() {
    for conditions in cards.keys {
      let values = cards[conditions] ?? [:]
      if let reasoning = values[.tokens(.reasoning)], reasoning.tiers.isEmpty,
        reasoning.amount == values[.tokens(.output)]?.amount
      {
        cards[conditions]?[.tokens(.reasoning)] = nil
      }
    }
  }

  /// A price without rates, which keeps what is stated beside them.
  static func unpriced(_ other: [String: String], from: Timestamp?, until: Timestamp?)
    -> DatedPrice
  {
    var price = DatedPrice(from: from, until: until, base: PriceCard())
    price.otherRates = other
    return price
  }

  /// Conditions of the cards beyond the base, in order.
  var conditions: [[PriceCondition]] {
    cards.keys.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Where a table is silent about a kind of token, both tables price it by its direction: a cached
  /// token as an input token, an hour of cache like five minutes, audio like text.
  static let fallbacks: [TokenBucket: RateFallback] = [
    .cacheRead: .like(.input), .cacheWrite5m: .like(.input), .cacheWrite1h: .like(.cacheWrite5m),
    .cacheWrite: .like(.cacheWrite5m), .inputAudio: .like(.input), .inputImage: .like(.input),
    .inputVideo: .like(.input), .outputAudio: .like(.output), .outputImage: .like(.output),
  ]

  /// The fallbacks that a built book names in its header.
  static var profiles: [(name: String, fallbacks: [TokenBucket: RateFallback])] {
    var inputOnly = fallbacks
    inputOnly[.output] = .free
    var noTokens = inputOnly
    noTokens[.input] = .free
    return [("direction", fallbacks), ("input_only", inputOnly), ("no_tokens", noTokens)]
  }

  /// What a conditional card says of a quantity that it does not state.
  enum Inheritance {
    /// The standard rate, with its long-context rates; also a long-context rate that it leaves out.
    case standard
    /// The standard rate with its long-context rates; what it states holds for every length.
    case standardWhereSilent
    /// Nothing: the fallback of the kind of token applies within the card.
    case none
  }

  /// A card of the price book.
  func card(
    _ conditions: [PriceCondition], inheriting: Inheritance,
    fallbacks: [TokenBucket: RateFallback]
  ) -> PriceCard {
    var values = cards[conditions] ?? [:]
    var assumed = assumed[conditions] ?? [:]
    if !conditions.isEmpty, inheriting != .none {
      let hasOwnOutput = values[.tokens(.output)]?.amount != nil
      for (quantity, standard) in base {
        // Reasoning is output: a card with an output rate of its own says what it costs.
        if quantity == .tokens(.reasoning), hasOwnOutput { continue }
        guard var own = values[quantity] else {
          values[quantity] = standard
          if case .tokens(let bucket) = quantity, bucket != .reasoning {
            assumed[bucket] = "standard"
          }
          continue
        }
        if own.amount == nil { own.amount = standard.amount }
        if own.tiers.isEmpty, inheriting == .standard, inheritsTiers(conditions) {
          own.tiers = standard.tiers
        }
        values[quantity] = own
      }
    }
    var card = PriceCard(fallbacks: fallbacks, assumed: assumed)
    for (quantity, value) in values { card.rates[quantity] = value.amount }
    // Embeddings bill input only: both tables price an output without a rate at nothing.
    if card.rates[.input] != nil, card.rates[.output] == nil, !makesText {
      card.fallbacks[.output] = .free
    }
    if sellsNoTokens { card.fallbacks[.input] = .free }
    if sellsNoTokens { card.fallbacks[.output] = .free }
    let starts = Set(values.values.flatMap { $0.tiers.map(\.start) }).sorted()
    for start in starts {
      var rates = Rates()
      var comparison = ContextTier.Comparison.above
      for (quantity, value) in values {
        guard let tier = value.tiers.last(where: { $0.start <= start }) else { continue }
        rates[quantity] = tier.amount
        if tier.start == start { comparison = tier.comparison }
      }
      let threshold = comparison == .above ? start - 1 : start
      var tier = ContextTier(comparison: comparison, threshold: threshold, rates: rates)
      tier.isStandard =
        inheriting == .standard && inheritsTiers(conditions)
        && !(cards[conditions] ?? [:]).values.contains { !$0.tiers.isEmpty }
      card.contextTiers.append(tier)
    }
    return card
  }

  /// A tier without long-context rates of its own leaves a long request to the standard ones.
  private func inheritsTiers(_ conditions: [PriceCondition]) -> Bool {
    conditions.contains { $0.key == PriceCondition.serviceTierKey && $0.value != "batch" }
  }
}

/// What a table says of a model beside its prices.
struct ModelFacts: Hashable {
  var contextWindow: Int64?
  var maxOutput: Int64?
  var capabilities: [String] = []
  /// What kind of model it is; how good one of a kind is, no table says.
  var modelClass = ""
  var deprecated: Day?
  var source = ""
}
