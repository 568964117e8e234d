/// How a request came to its charge: what the plan that priced it looked up, chose and multiplied.
///
/// Nothing in it is worked out a second time. Rates come with notes that the plan's builder took, and
/// amounts are those of the charge.
public struct Explanation: Sendable {
  /// A name that was sought at a provider, in the order of the search.
  public struct Attempt: Sendable, Hashable {
    public var provider: String
    public var name: String
    public var isFound: Bool
  }

  /// A dated price of the entry.
  public struct Dated: Sendable, Hashable {
    public var currency: String
    public var from: Timestamp?
    public var until: Timestamp?
    /// It holds at the time of the request, and in the currency of the terms.
    public var applies: Bool
  }

  /// What was compared with the thresholds of context tiers.
  public struct Comparison: Sendable, Hashable {
    public var selector: TierSelector
    public var count: Int64
    /// The least counts of the tiers, ascending.
    public var starts: [Int64]
  }

  public var attempts: [Attempt] = []
  /// The entry that prices the model; `nil` when none does.
  public var entry: PriceEntry?
  public var dated: [Dated] = []
  public var comparison: Comparison?
  /// One for each quantity that was used.
  public var rates: [RateNote] = []
  public var components: [ChargeComponent] = []
  /// From the list cost to the billed cost.
  public var steps: [BillStep] = []
  public var line: ChargeLine
  public var charge: Charge

  init(line: ChargeLine, charge: Charge) {
    self.line = line
    self.charge = charge
  }

  /// The explanation of a request without a time: prices are dated, so it has none.
  public init(undated other: Explanation, reason: String) {
    var line = ChargeLine(status: .unpriced)
    line.reason = reason
    self.init(line: line, charge: Charge(line: 0))
    attempts = other.attempts
    entry = other.entry
    dated = other.dated
    for index in dated.indices { dated[index].applies = false }
  }
}

/// Where a unit price comes from.
public struct RateNote: Sendable, Hashable {
  /// A published factor, with the rate before and after it.
  public struct Factor: Sendable, Hashable {
    public var condition: PriceCondition
    public var factor: ExactDecimal
    public var before: Money
    public var after: Money
  }

  public var quantity: PricedQuantity
  /// The part of the price that states the rate: `base`, `batch`, `>200000`, `peak`.
  public var origin: String
  /// What is priced like it, when the quantity has no rate of its own: `input`, `free`.
  public var standIn: String?
  public var stated: Money
  public var factors: [Factor]

  /// The unit price.
  public var final: Money { factors.last?.after ?? stated }
}

/// Notes of a search, for an explanation.
final class LookupLog {
  private(set) var attempts: [Explanation.Attempt] = []

  func note(_ provider: String, _ name: String, isFound: Bool) {
    let attempt = Explanation.Attempt(provider: provider, name: name, isFound: isFound)
    if !attempts.contains(attempt) { attempts.append(attempt) }
  }
}

extension BookPricer {
  /// Prices a request as `plan(for:)` does, and tells how.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  public func explain(_ subject: PricingSubject, _ usage: BillableUsage)
    throws(ArithmeticOverflow) -> Explanation
  {
    let log = LookupLog()
    let (plan, entry) = plan(for: subject, log)
    var explanation = try plan.explanation(of: usage)
    explanation.attempts = log.attempts
    explanation.entry = entry
    return explanation
  }
}

extension BookPlan {
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  fileprivate func explanation(of usage: BillableUsage) throws(ArithmeticOverflow) -> Explanation {
    let charge = try charge(usage)
    var explanation = Explanation(line: lines[charge.line], charge: charge)
    explanation.components = try components(usage)
    explanation.steps = try steps(usage)
    let current = period(at: usage.time)
    for (index, period) in storage.periods.enumerated() {
      let isOpen = (from: period.from == Int64.min, until: period.until == Int64.max)
      explanation.dated.append(
        .init(
          currency: period.currency,
          from: isOpen.from ? nil : Timestamp(microseconds: period.from),
          until: isOpen.until ? nil : Timestamp(microseconds: period.until),
          applies: index == current))
    }
    guard let current else { return explanation }
    let schedule = storage.schedules[schedule(of: current, at: usage.time)]
    if schedule.steps.count > 1 {
      explanation.comparison = .init(
        selector: schedule.selector,
        count: schedule.selector.count(usage.tokens) / max(usage.requests, 1),
        starts: storage.steps[schedule.steps].map(\.start).filter { $0 != Int64.min }.sorted())
    }
    guard let card = card(for: usage) else { return explanation }
    let used = Set(explanation.components.map(\.meter))
    explanation.rates = storage.notes[card].filter { used.contains($0.quantity.name) }
    return explanation
  }
}
