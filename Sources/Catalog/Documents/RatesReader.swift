import Billing
import Documents

/// Reads rates, fallbacks, tiers and cards of one dated price.
struct RatesReader {
  /// The number of units that the rates are quoted for.
  let per: Int64
  let profiles: [String: [TokenBucket: RateFallback]]

  static let cardKeys = ["rates", "units", "fallback", "context_tiers", "assumed"]
  /// Keys of a card that holds instead of the base.
  static let conditionalKeys = cardKeys + ["excludes_context_tiers"]

  /// Rates of a card; `inheriting` are the fallbacks when it states none.
  func card(_ map: DocumentMapping, inheriting: [TokenBucket: RateFallback])
    throws(DocumentError) -> PriceCard
  {
    var card = PriceCard(fallbacks: inheriting)
    if let node = map.optional("rates") { card.rates = try rates(node) }
    if let node = map.optional("units") {
      for (name, value) in try node.mapping(allowing: MeterReader.names).all {
        guard let quantity = PricedQuantity(name: name) else { continue }
        card.rates[quantity] = try MeterReader.rate(value)
      }
    }
    if let node = map.optional("fallback") {
      if node.scalar != nil {
        let name = try node.text()
        guard let profile = profiles[name] else {
          throw node.error("the fallback `\(name)` is not defined", "Add it to `fallbacks`.")
        }
        card.fallbacks = profile
      } else {
        card.fallbacks = try Self.fallbacks(node)
      }
    }
    if let node = map.optional("context_tiers") { try readTiers(node, into: &card) }
    if let node = map.optional("excludes_context_tiers") {
      guard card.contextTiers.isEmpty else {
        throw node.error("the card has context tiers of its own", "Keep one of the two.")
      }
      card.longContext =
        try node.word(of: ["standard", "unpriced"]) == "standard" ? .standard : .unpriced
    }
    if let node = map.optional("assumed") {
      for (name, value) in try node.mapping(allowing: Self.tokenNames).all {
        if case .tokens(let bucket) = PricedQuantity(name: name) {
          card.assumed[bucket] = try value.text()
        }
      }
    }
    return card
  }

  static let tokenNames = TokenBucket.allCases.map(\.name)

  /// Rates by kind of token; null means that no rate is published.
  func rates(_ node: DocumentNode) throws(DocumentError) -> Rates {
    var rates = Rates()
    for (name, value) in try node.mapping(allowing: Self.tokenNames).all where !value.isNull {
      guard let quantity = PricedQuantity(name: name) else { continue }
      rates[quantity] = try Self.amount(value, per: per)
    }
    return rates
  }

  static func amount(_ node: DocumentNode, per: Int64) throws(DocumentError) -> Money {
    let money = try node.money()
    guard money >= .zero else {
      throw node.error("a price below zero", "Write a discount in the gateway's terms.")
    }
    guard let rate = money.dividedExactly(by: per) else {
      throw node.error("divided by \(per) it needs more than 24 decimals", "Use fewer digits.")
    }
    return rate
  }

  static func fallbacks(_ node: DocumentNode) throws(DocumentError) -> [TokenBucket: RateFallback] {
    var fallbacks: [TokenBucket: RateFallback] = [:]
    for (name, value) in try node.mapping(allowing: tokenNames).all {
      let word = try value.word(of: tokenNames + ["free", "unpriced"])
      guard let bucket = TokenBucket.allCases.first(where: { $0.name == name }),
        let fallback = RateFallback(name: word)
      else { continue }
      fallbacks[bucket] = fallback
    }
    for start in TokenBucket.allCases {
      var bucket = start
      for step in TokenBucket.allCases.indices {
        let stated = fallbacks[bucket] ?? (bucket == .reasoning ? .like(.output) : nil)
        guard case .like(let next) = stated else { break }
        bucket = next
        if bucket == start || step == TokenBucket.allCases.count - 1 {
          throw node.error(
            "the fallback of `\(start.name)` leads back to itself",
            "End it with `input`, `output`, `free` or `unpriced`.")
        }
      }
    }
    return fallbacks
  }

  /// By ascending threshold; all of a card compare one count in one mode.
  func readTiers(_ node: DocumentNode, into card: inout PriceCard) throws(DocumentError) {
    card.contextTiers = []
    for item in try node.list() {
      let map = try item.mapping(allowing: ["selector", "op", "value", "mode", "rates", "standard"])
      let selector = try map.optional("selector")?.word(of: TierSelector.self) ?? .inputTotal
      let mode = try map.optional("mode")?.word(of: TierMode.self) ?? .wholeRequest
      var tier = ContextTier(
        comparison: try map.required("op").word(of: ContextTier.Comparison.self),
        threshold: try map.required("value").int(in: 0...TokenUsage.countLimit),
        rates: try rates(try map.required("rates")))
      tier.isStandard = try map.optional("standard")?.bool() ?? false
      if mode == .graduated, map.optional("selector") != nil {
        throw item.error(
          "graduated tiers compare the count of each kind of token by itself", "Remove `selector`.")
      }
      if let last = card.contextTiers.last {
        guard last.start < tier.start else {
          throw item.error("it does not begin after the tier before it", "Order tiers by `value`.")
        }
        guard selector == card.tierSelector, mode == card.tierMode else {
          throw item.error(
            "its selector or mode is not that of the tier before it", "Use one for all tiers.")
        }
      }
      (card.tierSelector, card.tierMode) = (selector, mode)
      card.contextTiers.append(tier)
    }
  }

  /// `service_tiers` and `variants`.
  func cards(_ map: DocumentMapping, base: PriceCard) throws(DocumentError) -> [ConditionalCard] {
    var cards: [ConditionalCard] = []
    if let node = map.optional("service_tiers") {
      for (name, value) in try node.mapping(allowing: nil).all {
        let condition = PriceCondition(key: PriceCondition.serviceTierKey, value: name)
        let keys = Self.conditionalKeys + ["multiplier", "applies_to"]
        let card = try value.mapping(allowing: keys)
        cards.append(
          ConditionalCard(conditions: [condition], card: try multiplied(card, base)))
      }
    }
    for item in try map.optional("variants")?.list() ?? [] {
      let card = try item.mapping(allowing: Self.conditionalKeys + ["when"])
      let conditions = try Self.conditions(try card.required("when"))
      cards.append(
        ConditionalCard(
          conditions: conditions, card: try self.card(card, inheriting: base.fallbacks)))
    }
    return cards
  }

  /// A card with rates of its own, or a published factor on those of the base.
  private func multiplied(_ map: DocumentMapping, _ base: PriceCard) throws(DocumentError)
    -> PriceCard
  {
    guard let node = map.optional("multiplier") else {
      return try card(map, inheriting: base.fallbacks)
    }
    let allowed = ["multiplier", "applies_to", "excludes_context_tiers"]
    guard map.keys.allSatisfy(allowed.contains) else {
      throw node.error("a multiplier and rates stand together", "Keep one of the two.")
    }
    let factor = try node.decimal()
    var card = base
    if map.optional("excludes_context_tiers") != nil {
      card.contextTiers = []
      card.longContext = try self.card(map, inheriting: [:]).longContext
    }
    for bucket in try Self.buckets(map.optional("applies_to")) {
      card.rates[bucket] = try product(base.rates[bucket], factor, node)
      for index in card.contextTiers.indices {
        let rate = card.contextTiers[index].rates[bucket]
        card.contextTiers[index].rates[bucket] = try product(rate, factor, node)
      }
    }
    return card
  }

  private func product(_ rate: Money?, _ factor: ExactDecimal, _ node: DocumentNode)
    throws(DocumentError) -> Money?
  {
    guard let rate else { return nil }
    guard factor >= .zero, let product = rate.multipliedExactly(by: factor) else {
      throw node.error("the product with a rate needs more than 24 decimals", "Use fewer digits.")
    }
    return product
  }

  static func conditions(_ node: DocumentNode) throws(DocumentError) -> [PriceCondition] {
    var conditions: [PriceCondition] = []
    for (key, value) in try node.mapping(allowing: nil).all {
      conditions.append(PriceCondition(key: key, value: try value.text().asciiLowercased))
    }
    if conditions.isEmpty { throw node.error("no condition is given", "Write `key: value`.") }
    return conditions.sorted()
  }

  /// Kinds of token by name; all for none.
  private static func buckets(_ node: DocumentNode?) throws(DocumentError) -> Set<TokenBucket> {
    guard let node else { return Set(TokenBucket.allCases) }
    if node.scalar != nil {
      _ = try node.word(of: ["tokens"])
      return Set(TokenBucket.allCases)
    }
    var buckets: Set<TokenBucket> = []
    for item in try node.list() {
      let name = try item.word(of: tokenNames)
      buckets.formUnion(TokenBucket.allCases.filter { $0.name == name })
    }
    return buckets
  }

  /// A published factor; each product with a rate must be exact, also behind the factors before it.
  func multiplier(_ node: DocumentNode, _ price: DatedPrice) throws(DocumentError)
    -> PriceMultiplier
  {
    let map = try node.mapping(allowing: ["when", "factor", "applies_to"])
    let conditions = try Self.conditions(try map.required("when"))
    guard conditions.count == 1 else {
      throw node.error("a multiplier has one condition", "Write one `key: value` under `when`.")
    }
    let factor = try map.required("factor")
    let multiplier = PriceMultiplier(
      condition: conditions[0], factor: try factor.decimal(),
      buckets: try Self.buckets(map.optional("applies_to")))
    let stack = price.multipliers + [multiplier]
    let cards = [price.base] + price.cards.map(\.card)
    for rates in cards.flatMap({ [$0.rates] + $0.contextTiers.map(\.rates) }) {
      for bucket in TokenBucket.allCases {
        var products = [rates[bucket]]
        for factor in stack where factor.buckets.contains(bucket) {
          for product in products {
            products.append(try self.product(product, factor.factor, node))
          }
        }
      }
    }
    return multiplier
  }
}
