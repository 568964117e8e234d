import Billing

/// Merges what two tables state for one model at one time.
struct SheetMerge {
  static let litellm = "litellm"
  static let genaiPrices = "genai-prices"

  private(set) var sheet = PriceSheet()
  private(set) var contests: [PriceEntry.Contest] = []
  /// How a conditional card reads what it does not state.
  private(set) var inheritance: [[PriceCondition]: PriceSheet.Inheritance] = [:]

  /// - Parameters:
  ///   - broad: the undated table; it decides where the two disagree, unless `prefersDated`.
  ///   - dated: the dated table.
  ///   - takesCards: whether cards that only the dated table has may be taken over: not when it found
  ///     the model by a loose pattern.
  init(broad: PriceSheet, dated: PriceSheet, prefersDated: Bool, takesCards: Bool) {
    let chosen = prefersDated ? Self.genaiPrices : Self.litellm
    let first = prefersDated ? dated : broad
    let second = prefersDated ? broad : dated
    sheet.multipliers = broad.multipliers
    sheet.timeRules = broad.timeRules
    sheet.meterRules = broad.meterRules
    sheet.assumed = broad.assumed
    sheet.makesText = broad.makesText
    sheet.other = broad.other.merging(dated.other) { first, _ in first }
    sheet.sellsNoTokens = dated.sellsNoTokens && !broad.base.keys.contains(.tokens(.input))
    var all: Set<[PriceCondition]> = Set(broad.cards.keys)
    if takesCards { all.formUnion(dated.cards.keys) } else { all.insert([]) }
    for conditions in all.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let own = first.cards[conditions] ?? [:]
      let other = takesCards || conditions.isEmpty ? second.cards[conditions] ?? [:] : [:]
      var merged = own
      for (quantity, value) in other.sorted(by: { $0.key.index < $1.key.index }) {
        guard let stated = own[quantity] else {
          merged[quantity] = value
          continue
        }
        if stated.amount == value.amount {
          if stated.tiers.isEmpty { merged[quantity]?.tiers = value.tiers }
        } else if let a = stated.amount, let b = value.amount {
          let loser = prefersDated ? Self.litellm : Self.genaiPrices
          contests.append(
            Self.contest(conditions, quantity, chosen: chosen, a, loser: loser, b))
        }
      }
      if !merged.isEmpty { sheet.cards[conditions] = merged }
      let isBroad = broad.cards[conditions] != nil
      inheritance[conditions] = Self.inheritance(conditions, isBroad: isBroad)
    }
    // A factor and a card for one condition say one thing twice; the card is explicit.
    sheet.multipliers.removeAll { sheet.cards[[$0.condition]] != nil }
  }

  /// A sheet that only one table has.
  init(only sheet: PriceSheet, isBroad: Bool) {
    self.sheet = sheet
    for conditions in sheet.cards.keys {
      inheritance[conditions] = Self.inheritance(conditions, isBroad: isBroad)
    }
  }

  /// LiteLLM prices what a batch card leaves out within the card; every other card of both tables
  /// leaves it at the standard rate. A flat rate of a card reaches over all lengths in genai-prices,
  /// while LiteLLM looks for the standard long-context rate first.
  private static func inheritance(_ conditions: [PriceCondition], isBroad: Bool)
    -> PriceSheet.Inheritance
  {
    guard isBroad else { return .standardWhereSilent }
    return conditions.contains { $0.value == "batch" } ? .none : .standard
  }

  private static func contest(
    _ conditions: [PriceCondition], _ quantity: PricedQuantity, chosen: String, _ amount: Money,
    loser: String, _ other: Money
  ) -> PriceEntry.Contest {
    let subject = (conditions.map(\.name) + [quantity.name]).joined(separator: " ")
    let claims = [
      PriceEntry.Contest.Claim(source: chosen, amount: amount.description),
      PriceEntry.Contest.Claim(source: loser, amount: other.description),
    ].sorted { $0.source < $1.source }
    return PriceEntry.Contest(subject: subject, chosen: chosen, claims: claims)
  }

  /// The dated price of the book.
  ///
  /// - Parameter fallbacks: what an absent rate means; the default is how both tables read one.
  func price(
    from: Timestamp?, until: Timestamp?,
    fallbacks: [TokenBucket: RateFallback] = PriceSheet.fallbacks
  ) -> DatedPrice {
    var price = DatedPrice(
      from: from, until: until,
      base: sheet.card([], inheriting: .none, fallbacks: fallbacks))
    price.cards = sheet.conditions.map { conditions in
      ConditionalCard(
        conditions: conditions,
        card: sheet.card(
          conditions, inheriting: inheritance[conditions] ?? .none, fallbacks: fallbacks))
    }
    price.multipliers = sheet.multipliers
    // Both tables price a service tier that they do not know at the standard rates.
    price.pricesUnknownTiersAsStandard = true
    price.timeRules = sheet.timeRules
    price.meterRules = sheet.meterRules.filter { price.base.rates[.units($0.key)] != nil }
    price.otherRates = sheet.other
    return price
  }
}
