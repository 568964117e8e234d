public import Billing

/// A number of requests with their tokens.
public struct Tally: Sendable, Hashable {
  public var requests: Int64 = 0
  public var tokens: Int64 = 0

  public init() {}

  init(_ measures: Measures) throws(ArithmeticOverflow) {
    requests = measures.requests
    tokens = try measures.tokens.total()
  }

  mutating func add(_ other: Tally) throws(ArithmeticOverflow) {
    try requests.add(other.requests, "requests")
    try tokens.add(other.tokens, "tokens")
  }
}

/// How many requests have a price, and how many do not.
///
/// Invariant: `all == priced + partial + unpriced + notBilled`; the rest cuts across these.
public struct Coverage: Sendable, Hashable {
  public var all = Tally()
  /// Every token has a price.
  public var priced = Tally()
  /// Some tokens have a price; the amounts count only those.
  public var partial = Tally()
  public var unpriced = Tally()
  /// The terms do not bill them: their billed cost is known to be nothing.
  public var notBilled = Tally()
  /// The log gives no token counts.
  public var withoutUsage = Tally()
  /// The log gives what the gateway charged, in the currency of the charge.
  public var reported = Tally()
  /// The log gives it in another currency: no amount counts it.
  public var reportedInOtherCurrency = Tally()
  /// Priced from an entry on which two price tables disagree.
  public var contested = Tally()

  public init() {}

  mutating func add(_ cell: Cell, _ measures: Measures) throws(ArithmeticOverflow) {
    let tally = try Tally(measures)
    try all.add(tally)
    switch cell.charge {
    case .priced: try priced.add(tally)
    case .partial: try partial.add(tally)
    case .unpriced: try unpriced.add(tally)
    case .notBilled: try notBilled.add(tally)
    }
    if !cell.flags.contains(.hasUsage) { try withoutUsage.add(tally) }
    if cell.flags.contains(.hasReportedCost) { try reported.add(tally) }
    if cell.flags.contains(.reportsOtherCurrency) { try reportedInOtherCurrency.add(tally) }
    if cell.flags.contains(.contested) { try contested.add(tally) }
  }

  mutating func add(_ other: Coverage) throws(ArithmeticOverflow) {
    try all.add(other.all)
    try priced.add(other.priced)
    try partial.add(other.partial)
    try unpriced.add(other.unpriced)
    try notBilled.add(other.notBilled)
    try withoutUsage.add(other.withoutUsage)
    try reported.add(other.reported)
    try reportedInOtherCurrency.add(other.reportedInOtherCurrency)
    try contested.add(other.contested)
  }

  /// The share of requests whose billed cost is fully known; `nil` when there are none.
  public var ofRequests: Ratio? {
    Ratio(priced.requests + notBilled.requests, over: all.requests)
  }

  /// The share of tokens whose billed cost is fully known; `nil` when there are none.
  public var ofTokens: Ratio? { Ratio(priced.tokens + notBilled.tokens, over: all.tokens) }
}

/// Two amounts over the same requests, so that their difference means something.
public struct Comparison: Sendable, Hashable {
  /// The requests for which both amounts are known.
  public var requests: Int64 = 0
  public var from = Money.zero
  public var to = Money.zero

  public init() {}

  mutating func add(_ requests: Int64, from: Money, to: Money, _ quantity: String)
    throws(ArithmeticOverflow)
  {
    try self.requests.add(requests, "requests")
    try self.from.add(from, quantity)
    try self.to.add(to, quantity)
  }

  mutating func add(_ other: Comparison, _ quantity: String) throws(ArithmeticOverflow) {
    try add(other.requests, from: other.from, to: other.to, quantity)
  }

  /// `to − from`; `nil` when no request has both, or beyond the range of money.
  public var difference: Money? { requests == 0 ? nil : try? to.subtracting(from, "difference") }
}

/// Everything that is added up for one line of a spend report, in one currency.
public struct SpendTotals: Sendable, Hashable {
  public var coverage = Coverage()
  public var tokens = InlineCounts()
  private var costs = Costs()
  /// Over requests whose list and billed costs are both fully known.
  public var billedOverList = Comparison()
  /// Over requests whose billed cost is fully known and whose reported cost the log gives.
  public var reportedOverBilled = Comparison()

  public init() {}

  /// The list cost of what has a price; `nil` when nothing has.
  public var list: Money? {
    coverage.priced.requests + coverage.partial.requests == 0 ? nil : costs.list
  }

  /// The billed cost of what has a price or is known not to be billed; `nil` when nothing is.
  public var billed: Money? {
    coverage.all.requests == coverage.unpriced.requests ? nil : costs.billed
  }

  /// What the logs say was charged; `nil` when they say nothing.
  public var reported: Money? { coverage.reported.requests == 0 ? nil : costs.reported }

  mutating func add(_ cell: Cell, _ measures: Measures) throws(ArithmeticOverflow) {
    try coverage.add(cell, measures)
    try tokens.add(measures.tokens)
    try costs.add(measures.costs)
    let list = measures.costs.list
    let billed = measures.costs.billed
    if cell.charge == .priced {
      try billedOverList.add(measures.requests, from: list, to: billed, "billed cost")
    }
    let isBilledKnown = cell.charge == .priced || cell.charge == .notBilled
    if isBilledKnown && cell.flags.contains(.hasReportedCost) {
      try reportedOverBilled.add(
        measures.requests, from: billed, to: measures.costs.reported, "reported cost")
    }
  }

  mutating func add(_ other: SpendTotals) throws(ArithmeticOverflow) {
    try coverage.add(other.coverage)
    try tokens.add(other.tokens)
    try costs.add(other.costs)
    try billedOverList.add(other.billedOverList, "billed cost")
    try reportedOverBilled.add(other.reportedOverBilled, "reported cost")
  }
}
