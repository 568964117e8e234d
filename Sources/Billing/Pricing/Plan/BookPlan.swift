/// The prices and terms of one subject, compiled into flat arrays.
final class BookPlan: PricePlan {
  /// A dated price.
  struct Period {
    var from: Int64
    var until: Int64
    var schedule: Int
    /// Into `rules`; the first that holds replaces `schedule`.
    var rules: Range<Int>
  }

  /// Other rates in windows of the week.
  struct Rule {
    var calendar: WeekCalendar
    var schedule: Int
  }

  /// Cards by input total.
  struct Schedule {
    /// The line of every request when there is no card.
    var unpricedLine: Int?
    /// Into `steps`, by descending start.
    var steps: Range<Int>
  }

  struct Step {
    var start: Int64
    var card: Int
  }

  /// Which quantities have no rate, and where the card's lines stand.
  struct Card {
    /// A bit for each `PricedQuantity.index` without a rate.
    var missing: UInt32 = 0
    /// A bit for each kind of token that is priced like another.
    var readings: UInt32 = 0
    var hasTokenRate = false
    /// The principal rate is not published: no part of a request is priced.
    var isUnpriced = false
    var line = 0
    /// Where the card's part of `lineIndex` begins.
    var lineIndex = 0
    var noPayloadLine: Int?
    /// The line of every request when all rates are zero and the terms do not bill such models.
    var freeLine: Int?
  }

  /// When a failed request has no list cost.
  enum FreeFailure {
    /// The log gives no usage above zero.
    case withoutUsage
    /// The log gives no output above zero.
    case withoutOutput
    /// The log says that there was no output: for one that was cancelled, silence is no such word.
    case withKnownSilence
  }

  /// What `PlanBuilder` fills.
  struct Storage {
    var lines: [ChargeLine] = []
    /// The line of every request.
    var fixedLine: Int?
    /// The line of a failed request without usage, or without output.
    var failedLine: Int?
    var freeFailure = FreeFailure.withoutUsage
    var noUsageLine = 0
    var noPriceLine = 0
    var periods: [Period] = []
    var rules: [Rule] = []
    var schedules: [Schedule] = []
    var steps: [Step] = []
    var cards: [Card] = []
    var cardCount = 0
    /// Units of 10⁻²⁴ by card and `PricedQuantity.index`.
    var rates: [Int128] = []
    /// Lines by card and `PricedQuantity.index`.
    var lineIndex: [(partial: Int, unpriced: Int, reading: Int)] = []
    var readings: [(card: Int, bucket: Int, text: String)] = []
    var terms: PlanTerms?
  }

  let storage: Storage
  /// No product of a rate with a count up to 2⁴⁰ can overflow, nor the sum of all.
  private let isSmall: Bool

  static let quantityCount = PricedQuantity.allCases.count
  static let bucketCount = TokenBucket.allCases.count
  private static let tokenBits: UInt32 = 1 << UInt32(bucketCount) - 1

  init(_ storage: Storage) {
    self.storage = storage
    isSmall = storage.rates.allSatisfy { $0.magnitude < 1 << 80 }
  }

  /// A plan with one outcome.
  static func constant(_ status: ChargeStatus, reason: String) -> BookPlan {
    var storage = Storage()
    var line = ChargeLine(status: status)
    line.reason = reason
    storage.lines = [line]
    storage.fixedLine = 0
    return BookPlan(storage)
  }

  var lines: [ChargeLine] { storage.lines }

  func charge(_ usage: BillableUsage) throws(ArithmeticOverflow) -> Charge {
    var recorder = NoRecorder()
    return try charge(usage, &recorder)
  }

  func steps(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [BillStep] {
    var recorder = StepRecorder()
    _ = try charge(usage, &recorder)
    return recorder.steps
  }

  @inline(__always)
  private func charge(_ usage: BillableUsage, _ recorder: inout some BillRecorder)
    throws(ArithmeticOverflow) -> Charge
  {
    switch place(usage) {
    case .line(let line): return Charge(line: line)
    case .card(let index):
      var charge = Charge(line: line(index, usage))
      guard storage.lines[charge.line].status != .unpriced else { return charge }
      let tokens = try tokenCost(index, usage.tokens)
      let list =
        try usage.units.isEmpty && !pricesRequests(index)
        ? tokens : tokens.adding(try unitCost(index, usage), "list cost")
      charge.list = list
      charge.billed = list
      if let terms = storage.terms {
        try apply(terms, to: &charge, index, usage, &recorder)
      } else {
        recorder.record(.zero, list) {
          (GatewayTerms.Step.listPrice.name, "no terms: the list cost is billed")
        }
      }
      return charge
    }
  }

  func components(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [ChargeComponent] {
    guard case .card(let index) = place(usage) else { return [] }
    var components: [ChargeComponent] = []
    try forEachCost(index, usage) { quantity, count, price, cost in
      components.append(
        ChargeComponent(meter: quantity.name, quantity: count, unitPrice: price, cost: cost))
    }
    return components
  }

  private enum Place {
    case line(Int)
    case card(Int)
  }

  /// The card that prices a request, or the line that says why none does.
  @inline(__always)
  private func place(_ usage: BillableUsage) -> Place {
    if let failed = storage.failedLine, usage.isFree(storage.freeFailure) { return .line(failed) }
    if let fixed = storage.fixedLine { return .line(fixed) }
    guard !usage.tokens.isUnknown || !usage.units.isEmpty else { return .line(storage.noUsageLine) }
    let time = usage.time.microseconds
    var index = storage.periods.count - 1
    while index >= 0 {
      let period = storage.periods[index]
      if period.from <= time, time < period.until { break }
      index -= 1
    }
    guard index >= 0 else { return .line(storage.noPriceLine) }
    var schedule = storage.periods[index].schedule
    for rule in storage.periods[index].rules where storage.rules[rule].calendar.contains(usage.time)
    {
      schedule = storage.rules[rule].schedule
      break
    }
    if let line = storage.schedules[schedule].unpricedLine { return .line(line) }
    return .card(card(in: storage.schedules[schedule].steps, usage))
  }

  /// A row that stands for several requests is placed by their mean input.
  @inline(__always)
  private func card(in steps: Range<Int>, _ usage: BillableUsage) -> Int {
    guard steps.count > 1 else { return storage.steps[steps.lowerBound].card }
    let input = usage.tokens.inputTotal / max(usage.requests, 1)
    var index = steps.lowerBound
    while storage.steps[index].start > input { index += 1 }
    return storage.steps[index].card
  }

  /// The line by the quantities that were used.
  @inline(__always)
  private func line(_ index: Int, _ usage: BillableUsage) -> Int {
    let card = storage.cards[index]
    var used: UInt32 = 0
    for bucket in 0..<Self.bucketCount where usage.tokens[rawValue: bucket] != 0 {
      used |= 1 << UInt32(bucket)
    }
    if !usage.units.isEmpty { used |= usedMeters(card, usage.units, tokens: used) }
    if card.isUnpriced { return storage.lineIndex[card.lineIndex].unpriced }
    var missing = used & card.missing
    // A model that is sold by the image or the second reports tokens as well: they are no bill.
    if !card.hasTokenRate, used & ~card.missing != 0 { missing &= ~Self.tokenBits }
    if missing != 0 {
      let place = storage.lineIndex[card.lineIndex + missing.trailingZeroBitCount]
      return missing == used ? place.unpriced : place.partial
    }
    let readings = used & card.readings
    guard readings != 0 else { return card.line }
    return storage.lineIndex[card.lineIndex + readings.trailingZeroBitCount].reading
  }

  /// Meters that count: searches come on top of tokens; images, seconds, characters and pages
  /// without a rate only describe again what tokens have priced.
  private func usedMeters(_ card: Card, _ units: MeteredUnits, tokens used: UInt32) -> UInt32 {
    var bits: UInt32 = 0
    for entry in units.entries where entry.quantity != .zero {
      let bit: UInt32 = 1 << UInt32(PricedQuantity.units(entry.meter).index)
      let isExtra = entry.meter == .webSearches || entry.meter == .searchUnits
      if isExtra || card.missing & bit == 0 || used & ~card.missing == 0 { bits |= bit }
    }
    return bits
  }

  @inline(__always)
  private func pricesRequests(_ index: Int) -> Bool {
    storage.cards[index].missing & 1 << UInt32(Self.quantityCount - 1) == 0
  }
}

extension BillableUsage {
  /// The log gives no usage above zero.
  var isEmpty: Bool {
    guard units.isEmpty else { return units.entries.allSatisfy { $0.quantity == .zero } }
    return tokens.isUnknown || (tokens.inputTotal == 0 && tokens.outputTotal == 0)
  }

  @inline(__always)
  func isFree(_ failure: BookPlan.FreeFailure) -> Bool {
    switch failure {
    case .withoutUsage: isEmpty
    case .withoutOutput:
      tokens.outputTotal == 0 && units.entries.allSatisfy { $0.quantity == .zero }
    case .withKnownSilence: tokens.isKnown(.output) && isFree(.withoutOutput)
    }
  }
}

extension BookPlan {
  /// The list cost of the tokens.
  @inline(__always)
  func tokenCost(_ card: Int, _ tokens: TokenUsage) throws(ArithmeticOverflow) -> Money {
    let base = card * Self.quantityCount
    var sum: Int128 = 0
    var all: Int64 = 0
    for bucket in 0..<Self.bucketCount { all |= tokens[rawValue: bucket] }
    guard isSmall, all >= 0, all <= TokenUsage.countLimit * 2 - 1 else {
      return try checkedTokenCost(base, tokens)
    }
    for bucket in 0..<Self.bucketCount {
      let count = tokens[rawValue: bucket]
      if count != 0 { sum &+= storage.rates[base + bucket] &* Int128(count) }
    }
    return Money(units: sum)
  }

  private func checkedTokenCost(_ base: Int, _ tokens: TokenUsage) throws(ArithmeticOverflow)
    -> Money
  {
    var sum = Money.zero
    for bucket in TokenBucket.allCases where tokens[bucket] != 0 {
      let rate = Money(units: storage.rates[base + Int(bucket.rawValue)])
      let cost = try rate.multiplied(by: tokens[bucket], "\(bucket.name) cost")
      sum = try sum.adding(cost, "list cost")
    }
    return sum
  }

  /// The list cost of metered units and of the request itself.
  func unitCost(_ card: Int, _ usage: BillableUsage) throws(ArithmeticOverflow) -> Money {
    var sum = Money.zero
    try forEachUnitCost(card, usage) { _, _, _, cost throws(ArithmeticOverflow) in
      sum = try sum.adding(cost, "list cost")
    }
    return sum
  }

  /// Each product that is priced, in the order of `PricedQuantity`.
  func forEachCost(
    _ card: Int, _ usage: BillableUsage,
    _ body: (PricedQuantity, ExactDecimal, Money, Money) throws(ArithmeticOverflow) -> Void
  ) throws(ArithmeticOverflow) {
    guard !storage.cards[card].isUnpriced else { return }
    for bucket in TokenBucket.allCases where usage.tokens[bucket] != 0 {
      guard storage.cards[card].missing & 1 << UInt32(bucket.rawValue) == 0 else { continue }
      let price = Money(units: storage.rates[card * Self.quantityCount + Int(bucket.rawValue)])
      let count = usage.tokens[bucket]
      let cost = try price.multiplied(by: count, "\(bucket.name) cost")
      try body(.tokens(bucket), ExactDecimal(count), price, cost)
    }
    try forEachUnitCost(card, usage, body)
  }

  private func forEachUnitCost(
    _ card: Int, _ usage: BillableUsage,
    _ body: (PricedQuantity, ExactDecimal, Money, Money) throws(ArithmeticOverflow) -> Void
  ) throws(ArithmeticOverflow) {
    func visit(_ quantity: PricedQuantity, _ count: ExactDecimal) throws(ArithmeticOverflow) {
      guard count != .zero, storage.cards[card].missing & 1 << UInt32(quantity.index) == 0 else {
        return
      }
      let price = Money(units: storage.rates[card * Self.quantityCount + quantity.index])
      try body(quantity, count, price, try price.multiplied(by: count, "\(quantity.name) cost"))
    }
    for entry in usage.units.entries { try visit(.units(entry.meter), entry.quantity) }
    try visit(.requests, ExactDecimal(usage.requests))
  }
}
