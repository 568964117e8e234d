public import Billing
public import Insights

/// What was spent of a budget, and how much of that is certain.
public struct BudgetReading: Sendable {
  public let budget: Budget
  public let period: Period
  /// A floor: requests without a price are not in it.
  public let spent: Money
  /// Requests that the budget counts.
  public let requests: Int64
  /// Of these, the ones that `spent` does not fully contain because a cost is not known.
  public let unknownRequests: Int64
  public let unknownTokens: Int64
  /// What the gateways say they charged for these, in the budget's currency; `nil` when they say
  /// nothing. An indication, not a bound.
  public let unknownReported: Money?
  /// Requests that cost something in another currency; not in `spent`.
  public let otherCurrencyRequests: Int64
  /// What would be spent by the end of the period at the same pace; informative. `nil` in the first
  /// tenth of the period.
  public let forecast: Money?

  /// Reads the budget's period that holds `now`, up to `now`.
  ///
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(of budget: Budget, in history: any UsageHistory, now: Timestamp) throws {
    var sum = Sum(budget)
    let period = budget.period(at: now)
    let matcher = BudgetMatcher(budget.match, in: history)
    try history.forEachRow(in: period.range) { row in
      // A bucket that has begun counts.
      guard Int64(row.bucket) * Timestamp.microsecondsPerBucket <= now.microseconds,
        let cell = matcher.cell(row.cell)
      else { return }
      try sum.add(cell, row.measures, history.labels.text(cell.currency))
    }
    self.budget = budget
    self.period = period
    spent = sum.spent
    requests = sum.requests
    unknownRequests = sum.unknownRequests
    unknownTokens = sum.unknownTokens
    unknownReported = sum.unknownReportedRequests == 0 ? nil : sum.unknownReported
    otherCurrencyRequests = sum.otherCurrencyRequests
    let through = min(now, try history.extent()?.upperBound ?? now)
    forecast = Self.forecast(sum.spent, period.range, through: through)
  }

  /// The share of the counted requests whose cost is fully known; `nil` when there are none.
  public var coverage: Ratio? {
    Ratio(requests - unknownRequests - otherCurrencyRequests, over: requests)
  }

  /// The share of the counted requests whose cost is known in some currency.
  var knownShare: Ratio? { Ratio(requests - unknownRequests, over: requests) }

  /// `spent` over the amount; `nil` when the amount is not above zero.
  public var share: Ratio? { Ratio(spent, over: budget.amount) }

  /// The highest level that is reached; `nil` below the lowest.
  public var reachedLevel: Int? { budget.levels.last(where: hasReached) }

  /// `level` percent of the amount, or more, are spent.
  public func hasReached(_ level: Int) -> Bool {
    guard let bound = try? budget.amount.multiplied(by: Int64(level), "budget"),
      let spent = try? spent.multiplied(by: 100, "spent")
    else { return true }
    return spent >= bound
  }

  private static func forecast(
    _ spent: Money, _ range: Range<Timestamp>, through: Timestamp
  ) -> Money? {
    let length = range.upperBound.microseconds - range.lowerBound.microseconds
    let elapsed = through.microseconds - range.lowerBound.microseconds
    guard elapsed >= length / 10 else { return nil }
    return Ratio(length, over: elapsed)?.of(spent)
  }

  private struct Sum {
    let budget: Budget
    var spent = Money.zero
    var requests: Int64 = 0
    var unknownRequests: Int64 = 0
    var unknownTokens: Int64 = 0
    var unknownReportedRequests: Int64 = 0
    var unknownReported = Money.zero
    var otherCurrencyRequests: Int64 = 0

    init(_ budget: Budget) { self.budget = budget }

    mutating func add(_ cell: Cell, _ measures: Measures, _ currency: String) throws {
      try requests.add(measures.requests, "requests")
      let isHere = (currency.isEmpty ? "USD" : currency) == budget.currency
      let isKnown = budget.basis.isKnown(cell)
      if !isKnown {
        try unknownRequests.add(measures.requests, "requests")
        for bucket in TokenBucket.allCases {
          try unknownTokens.add(measures.tokens[bucket], "tokens")
        }
        if isHere && cell.flags.contains(.hasReportedCost) {
          try unknownReportedRequests.add(measures.requests, "requests")
          unknownReported = try unknownReported.adding(measures.costs.reported, "reported cost")
        }
      }
      let amount = budget.basis.amount(measures.costs)
      if isHere {
        spent = try spent.adding(amount, "\(budget.basis.rawValue) cost")
      } else if isKnown && amount != .zero {
        try otherCurrencyRequests.add(measures.requests, "requests")
      }
    }
  }
}

extension Budget.Basis {
  /// The cost stands in the amounts in full.
  fileprivate func isKnown(_ cell: Cell) -> Bool {
    if cell.charge == .notBilled { return true }
    return switch self {
    case .billed, .list: cell.charge == .priced
    case .reported: cell.flags.contains(.hasReportedCost)
    }
  }

  fileprivate func amount(_ costs: Costs) -> Money {
    switch self {
    case .billed: costs.billed
    case .list: costs.list
    case .reported: costs.reported
    }
  }
}

extension Int64 {
  fileprivate mutating func add(_ other: Int64, _ quantity: String) throws(ArithmeticOverflow) {
    let (sum, overflow) = addingReportingOverflow(other)
    if overflow { throw ArithmeticOverflow(quantity) }
    self = sum
  }
}
