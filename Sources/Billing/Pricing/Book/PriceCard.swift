/// What a charge counts: a kind of token, a metered quantity, or the request itself.
public enum PricedQuantity: Sendable, Hashable, CaseIterable {
  case tokens(TokenBucket)
  case units(Meter)
  case requests

  public static let allCases: [PricedQuantity] =
    TokenBucket.allCases.map(PricedQuantity.tokens) + Meter.allCases.map(PricedQuantity.units)
    + [.requests]

  /// Tokens first, in the order of `TokenBucket`, then meters, then requests.
  public var index: Int {
    switch self {
    case .tokens(let bucket): Int(bucket.rawValue)
    case .units(let meter): TokenBucket.allCases.count + Int(meter.rawValue)
    case .requests: TokenBucket.allCases.count + Meter.allCases.count
    }
  }

  /// The name in a price book and in a charge's components.
  public var name: String {
    switch self {
    case .tokens(let bucket): bucket.name
    case .units(let meter): meter.name
    case .requests: "requests"
    }
  }

  /// The quantity with this name.
  public init?(name: String) {
    guard let value = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = value
  }
}

/// What an absent rate means; it is never a zero by accident.
public enum RateFallback: Sendable, Hashable {
  /// Priced like another kind of token.
  case like(TokenBucket)
  case free
  /// The charge is partial and says so.
  case unpriced

  /// `input`, `output`, another kind of token, `free` or `unpriced`.
  public var name: String {
    switch self {
    case .like(let bucket): bucket.name
    case .free: "free"
    case .unpriced: "unpriced"
    }
  }

  public init?(name: String) {
    switch name {
    case "free": self = .free
    case "unpriced": self = .unpriced
    default:
      guard let bucket = TokenBucket.allCases.first(where: { $0.name == name }) else { return nil }
      self = .like(bucket)
    }
  }
}

/// Rates per unit of each priced quantity; absent means not published, zero means free.
public struct Rates: Sendable, Hashable {
  private var amounts: [Money?] = Array(repeating: nil, count: PricedQuantity.allCases.count)

  public init() {}

  public subscript(quantity: PricedQuantity) -> Money? {
    get { amounts[quantity.index] }
    set { amounts[quantity.index] = newValue }
  }

  public subscript(bucket: TokenBucket) -> Money? {
    get { self[.tokens(bucket)] }
    set { self[.tokens(bucket)] = newValue }
  }

  public var isEmpty: Bool { amounts.allSatisfy { $0 == nil } }

  /// Some kind of token has a rate.
  public var hasTokenRate: Bool { TokenBucket.allCases.contains { self[$0] != nil } }

  /// These rates where they are stated, else those of `other`.
  public func over(_ other: Rates) -> Rates {
    var merged = other
    for quantity in PricedQuantity.allCases {
      if let amount = self[quantity] { merged[quantity] = amount }
    }
    return merged
  }
}

/// The count that context tiers compare.
public enum TierSelector: UInt8, Word {
  /// All input, cached tokens included.
  case inputTotal
  /// Input that was neither read from nor written to a cache.
  case uncachedInput
  case outputTotal
  /// Input and output.
  case total

  public static let names = spelledCases
}

/// What a context tier reprices.
public enum TierMode: UInt8, Word {
  /// All of the request.
  case wholeRequest
  /// Of each kind of token, only what lies above the threshold.
  case graduated

  public static let names = spelledCases
}

/// The request is priced at other rates when it is large.
public struct ContextTier: Sendable, Hashable {
  /// How the request's count is compared.
  public enum Comparison: UInt8, Word {
    case above, atLeast

    public static let names = [">", ">="]
  }

  public var comparison: Comparison
  /// Tokens.
  public var threshold: Int64
  /// Rates that replace those below; what is absent stays.
  public var rates: Rates
  /// The card has no price for such requests: these are the standard ones, and the name says so.
  public var isStandard = false

  public init(comparison: Comparison, threshold: Int64, rates: Rates) {
    self.comparison = comparison
    self.threshold = threshold
    self.rates = rates
  }

  /// The least count that the tier applies to.
  public var start: Int64 { comparison == .above ? threshold + 1 : threshold }

  /// `>200000`.
  public var name: String { "\(comparison.name)\(threshold)" + (isStandard ? "=standard" : "") }
}

/// Rates with what to do where one is absent, and the context tiers.
public struct PriceCard: Sendable, Hashable {
  public var rates: Rates
  /// By kind of token; absent means `unpriced`, for reasoning `output`.
  public var fallbacks: [TokenBucket: RateFallback]
  /// By ascending threshold.
  public var contextTiers: [ContextTier]
  /// Of all context tiers of the card. It says nothing where they are graduated.
  public var tierSelector = TierSelector.inputTotal
  public var tierMode = TierMode.wholeRequest
  public var longContext = LongContext.own

  /// What a service tier says of requests that the standard card has context tiers for.
  public enum LongContext: Sendable, Hashable {
    /// The card's own context tiers, or none.
    case own
    /// The service tier excludes them; they are priced by the standard card, and the charge says so.
    case standard
    /// The service tier excludes them, and they have no price.
    case unpriced
  }
  /// Rates that the source does not state for this card, with what was taken for them: `standard`.
  /// The charge's tier names it.
  public var assumed: [TokenBucket: String]

  public init(
    rates: Rates = Rates(), fallbacks: [TokenBucket: RateFallback] = [:],
    contextTiers: [ContextTier] = [], assumed: [TokenBucket: String] = [:]
  ) {
    self.rates = rates
    self.fallbacks = fallbacks
    self.contextTiers = contextTiers
    self.assumed = assumed
  }

  /// What an absent rate of a kind of token means here.
  public func fallback(_ bucket: TokenBucket) -> RateFallback {
    fallbacks[bucket] ?? (bucket == .reasoning ? .like(.output) : .unpriced)
  }

  /// The context tiers, each with what it leaves out as it is in the tier below.
  var cumulativeTiers: [ContextTier] {
    var below = Rates()
    return contextTiers.map { tier in
      below = tier.rates.over(below)
      var tier = tier
      tier.rates = below
      return tier
    }
  }
}
