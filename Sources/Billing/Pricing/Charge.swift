/// Everything that a price and the gateway's terms may depend on and that many requests share.
///
/// A plan is resolved once for each distinct subject; what differs from request to request (time,
/// counts, sizes) is in `BillableUsage`.
public struct PricingSubject: Sendable, Hashable {
  public var gateway = ""
  public var provider = ""
  public var region = ""
  /// The model as the log writes it: the one that served, else the one that was asked.
  public var model = ""
  public var serviceTier = ""
  /// `key=value` pairs in key order, joined by U+001F, as in `UsageEvent.modifiers`.
  public var modifiers = ""
  public var operation = Operation.other
  public var status = Status.ok
  public var gatewayCacheHit = false
  public var byok = false
  public var team = ""
  public var key = ""
  /// The currency of what the gateway reports; empty for US dollars.
  public var reportedCurrency = ""

  public init() {}
}

/// What the log says that the gateway charged; `nil` where it says nothing.
public struct ReportedAmounts: Sendable, Hashable {
  public var cost: Money?
  /// The parts of the cost that the log names.
  public var markup: Money?
  public var discount: Money?
  public var fee: Money?

  public init() {}

  var hasMargins: Bool { markup != nil || discount != nil || fee != nil }
}

/// What one request used.
public struct BillableUsage: Sendable {
  public var time: Timestamp
  public var tokens: TokenUsage
  public var units: MeteredUnits
  public var requestBytes: Int64?
  public var responseBytes: Int64?
  public var requests: Int64
  /// Only terms that ask for the gateway's own amounts look at these.
  public var reported = ReportedAmounts()

  public init(
    time: Timestamp, tokens: TokenUsage, units: MeteredUnits = MeteredUnits(),
    requestBytes: Int64? = nil, responseBytes: Int64? = nil, requests: Int64 = 1
  ) {
    self.time = time
    self.tokens = tokens
    self.units = units
    self.requestBytes = requestBytes
    self.responseBytes = responseBytes
    self.requests = requests
  }
}

/// The outcome of pricing one request: amounts, and which line of the plan made them.
public struct Charge: Sendable {
  /// Index into `PricePlan.lines`: everything about the charge that many requests share.
  public var line: Int
  /// List cost, billed cost, markup, fee, rounding; zero when `unpriced`.
  public var list = Money.zero
  public var billed = Money.zero
  public var markup = Money.zero
  public var fee = Money.zero
  public var rounding = Money.zero
  /// What the gateway's own amount differs by, where the terms prefer it: billed is list + markup +
  /// fee + rounding + adjustment.
  public var adjustment = Money.zero

  public init(line: Int) { self.line = line }
}

/// What charges of one kind have in common: how the model matched, which dated price, which tier.
public struct ChargeLine: Sendable, Hashable {
  public var status: ChargeStatus
  /// Why it is not `priced`; empty when it is: `no_price`, `no_rate:cache_write_1h`, `no_usage`, …
  public var reason = ""
  public var currency = "USD"
  /// Id of the price book's entry; empty when unpriced.
  public var entry = ""
  public var match: PriceMatch?
  /// Start of the dated price that applied; `nil` when it has no start.
  public var priceFrom: Timestamp?
  /// The price tier: `base`, or what replaced it.
  public var tier = ""
  /// Two price tables disagree on this model's current price.
  public var contested = false

  public init(status: ChargeStatus) { self.status = status }
}

/// One product of quantity and unit price in a charge.
public struct ChargeComponent: Sendable, Hashable {
  public var meter: String
  public var quantity: ExactDecimal
  public var unitPrice: Money
  public var cost: Money

  public init(meter: String, quantity: ExactDecimal, unitPrice: Money, cost: Money) {
    self.meter = meter
    self.quantity = quantity
    self.unitPrice = unitPrice
    self.cost = cost
  }
}
