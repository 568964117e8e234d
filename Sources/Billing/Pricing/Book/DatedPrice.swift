/// A condition of the request that a price depends on: `service_tier` = `batch`, `speed` = `fast`.
public struct PriceCondition: Sendable, Hashable, Comparable {
  public var key: String
  public var value: String

  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  public static let serviceTierKey = "service_tier"

  public static func < (lhs: PriceCondition, rhs: PriceCondition) -> Bool {
    lhs.key == rhs.key
      ? lhs.value.utf8.lexicographicallyPrecedes(rhs.value.utf8)
      : lhs.key.utf8.lexicographicallyPrecedes(rhs.key.utf8)
  }

  /// `batch` for a service tier, else `speed=fast`.
  public var name: String { key == Self.serviceTierKey ? value : "\(key)=\(value)" }
}

/// A card that holds instead of the base when all conditions are met.
public struct ConditionalCard: Sendable, Hashable {
  /// In order, at least one.
  public var conditions: [PriceCondition]
  public var card: PriceCard

  public init(conditions: [PriceCondition], card: PriceCard) {
    self.conditions = conditions.sorted()
    self.card = card
  }
}

/// A published factor on token rates, applied when its condition is met.
public struct PriceMultiplier: Sendable, Hashable {
  public var condition: PriceCondition
  public var factor: ExactDecimal
  /// The kinds of token whose rates it changes.
  public var buckets: Set<TokenBucket>

  public init(
    condition: PriceCondition, factor: ExactDecimal,
    buckets: Set<TokenBucket> = Set(TokenBucket.allCases)
  ) {
    self.condition = condition
    self.factor = factor
    self.buckets = buckets
  }
}

/// Rates at certain hours of the week, inside a dated price so that they cannot leak into the past.
public struct TimeRule: Sendable, Hashable {
  /// The name that the charge's tier shows: `peak`.
  public var name: String
  public var calendar: WeekCalendar
  /// What they state replaces the base and its context tiers; what they leave out stays.
  public var rates: Rates
  /// Context tiers that hold at these hours only.
  public var contextTiers: [ContextTier]

  public init(
    name: String, calendar: WeekCalendar, rates: Rates, contextTiers: [ContextTier] = []
  ) {
    self.name = name
    self.calendar = calendar
    self.rates = rates
    self.contextTiers = contextTiers
  }

  /// The base card as it is at these hours.
  func applied(to base: PriceCard) -> PriceCard {
    var card = base
    card.rates = rates.over(base.rates)
    if contextTiers.isEmpty {
      for quantity in PricedQuantity.allCases where rates[quantity] != nil {
        for index in card.contextTiers.indices { card.contextTiers[index].rates[quantity] = nil }
      }
      card.contextTiers.removeAll { $0.rates.isEmpty }
    } else {
      card.contextTiers = contextTiers
    }
    return card
  }
}

/// Prices that hold from one instant up to another, which is excluded.
public struct DatedPrice: Sendable, Hashable {
  /// `nil`: since ever.
  public var from: Timestamp?
  /// `nil`: until further notice.
  public var until: Timestamp?
  /// ISO 4217. A list in another currency is one that the vendor publishes, never a conversion.
  public var currency = "USD"
  public var base: PriceCard
  /// By conditions.
  public var cards: [ConditionalCard] = []
  /// A service tier without a card is priced by the base card and the charge says so; otherwise it is
  /// unpriced.
  public var pricesUnknownTiersAsStandard = false
  /// Applied in this order.
  public var multipliers: [PriceMultiplier] = []
  /// The first that holds at the instant replaces the base card's rates.
  public var timeRules: [TimeRule] = []
  /// How metered quantities are counted; a meter without a rule is billed as it is.
  public var meterRules: [Meter: MeterRule] = [:]
  /// Prices that the source states for what no usage event counts: name and amount as text. They
  /// are kept, and price nothing.
  public var otherRates: [String: String] = [:]

  public init(from: Timestamp? = nil, until: Timestamp? = nil, base: PriceCard) {
    self.from = from
    self.until = until
    self.base = base
  }

  /// Whether the price holds at an instant.
  public func contains(_ time: Timestamp) -> Bool {
    (from.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
  }
}
