/// The prices and terms of one subject, compiled into flat arrays.
final class BookPlan: PricePlan {
  /// A dated price.
  struct Period {
    var from: Int64
    var until: Int64
    var schedule: Int
    var currency = ""
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
    var selector = TierSelector.inputTotal
  }

  struct Step {
    var start: Int64
    /// The count of `start` − 1 is the threshold that must be exceeded, else `start` is the one to reach.
    var isAbove = true
    var card: Int

    /// Whether a count is large enough; that of a row that sums requests, as if each had the mean.
    @inline(__always)
    func holds(_ count: Int64, requests: Int64) -> Bool {
      guard requests > 1, start != Int64.min else { return count >= start }
      let (bound, overflow) = (isAbove ? start - 1 : start).multipliedReportingOverflow(
        by: requests)
      return !overflow && (isAbove ? count > bound : count >= bound)
    }
  }

  /// The rate of one kind of token above a count, where tiers are graduated.
  struct Band {
    var bucket: Int
    var start: Int64
    var rate: Int128
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
    /// Bits of `TokenUsage.known`: counts without which the cost is only a part.
    var required: UInt16 = 0
    /// The lines of requests whose log gives no input, or no output.
    var lackingLines = (input: 0, output: 0)
    /// Into `bands`, by kind of token and start.
    var bands = 0..<0
    /// Into `meterRules`.
    var meterRules = 0..<0
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
    var bands: [Band] = []
    /// By card; empty unless the plan is to be explained.
    var notes: [[RateNote]] = []
    var meterRules: [(meter: Meter, rule: MeterRule)] = []
    var terms: PlanTerms?
  }

  let storage: Storage
  /// No product of a rate with a count up to 2⁴⁰ can overflow, nor the sum of all.
  let isSmall: Bool

  // Worked out when the program is compiled: a stored constant would be asked whether it is made yet
  // in every loop.
  static var quantityCount: Int { bucketCount + Int(Meter.storageTokenHours.rawValue) + 2 }
  static var bucketCount: Int { Int(TokenBucket.outputImage.rawValue) + 1 }
  private static var tokenBits: UInt32 { 1 << UInt32(bucketCount) - 1 }

  /// By line: lines themselves are large, and hot code asks no more of them.
  private let isUnpriced: [Bool]

  init(_ storage: Storage) {
    self.storage = storage
    isUnpriced = storage.lines.map { $0.status == .unpriced }
    isSmall = storage.rates.allSatisfy { $0.magnitude < 1 << 80 }
  }

  /// A plan with one outcome.
  ///
  /// - Parameter terms: their currency is that of the charge, which has no amount.
  static func constant(_ status: ChargeStatus, reason: String, _ terms: GatewayTerms?) -> BookPlan {
    var storage = Storage()
    var line = ChargeLine(status: status)
    line.reason = reason
    line.currency = terms?.currency ?? line.currency
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
      guard !isUnpriced[charge.line] else { return charge }
      let tokens = try tokenCost(index, usage)
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
    guard let period = period(at: usage.time) else { return .line(storage.noPriceLine) }
    let schedule = schedule(of: period, at: usage.time)
    if let line = storage.schedules[schedule].unpricedLine { return .line(line) }
    return .card(card(in: schedule, usage))
  }

  /// The card that prices a request.
  func card(for usage: BillableUsage) -> Int? {
    if case .card(let index) = place(usage) { index } else { nil }
  }

  /// The number of the dated price that holds at an instant.
  @inline(__always)
  func period(at time: Timestamp) -> Int? {
    let time = time.microseconds
    var index = storage.periods.count - 1
    while index >= 0 {
      let period = storage.periods[index]
      if period.from <= time, time < period.until { return index }
      index -= 1
    }
    return nil
  }

  /// The schedule of a dated price at an instant.
  @inline(__always)
  func schedule(of period: Int, at time: Timestamp) -> Int {
    for rule in storage.periods[period].rules where storage.rules[rule].calendar.contains(time) {
      return storage.rules[rule].schedule
    }
    return storage.periods[period].schedule
  }

  /// A row that stands for several requests is placed by their mean.
  @inline(__always)
  private func card(in schedule: Int, _ usage: BillableUsage) -> Int {
    let steps = storage.schedules[schedule].steps
    guard steps.count > 1 else { return storage.steps[steps.lowerBound].card }
    let count = storage.schedules[schedule].selector.count(usage.tokens)
    var index = steps.lowerBound
    while !storage.steps[index].holds(count, requests: usage.requests) { index += 1 }
    return storage.steps[index].card
  }

  /// The line by the quantities that were used.
  @inline(__always)
  private func line(_ index: Int, _ usage: BillableUsage) -> Int {
    let card = storage.cards[index]
    var used: UInt32 = 0
    var rest = usage.tokens.known
    while rest != 0 {
      let bucket = rest.trailingZeroBitCount
      rest &= rest - 1
      if usage.tokens[rawValue: bucket] != 0 { used |= 1 << UInt32(bucket) }
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
    let lacking = card.required & ~usage.tokens.known
    if lacking != 0, usage.tokens.known != 0 || !isPricedByUnits(card, usage.units) {
      let isInput = lacking & 1 << UInt16(TokenBucket.input.rawValue) != 0
      return isInput ? card.lackingLines.input : card.lackingLines.output
    }
    let readings = used & card.readings
    guard readings != 0 else { return card.line }
    return storage.lineIndex[card.lineIndex + readings.trailingZeroBitCount].reading
  }

  /// An image, a second or a page has a price of its own here: tokens are no part of the bill.
  private func isPricedByUnits(_ card: Card, _ units: MeteredUnits) -> Bool {
    units.entries.contains { entry in
      !entry.meter.isBilledBesideTokens
        && card.missing & 1 << UInt32(PricedQuantity.units(entry.meter).index) == 0
    }
  }

  /// Meters that count: searches come on top of tokens; images, seconds, characters and pages
  /// without a rate only describe again what tokens have priced.
  private func usedMeters(_ card: Card, _ units: MeteredUnits, tokens used: UInt32) -> UInt32 {
    var bits: UInt32 = 0
    for entry in units.entries where entry.quantity != .zero {
      let bit: UInt32 = 1 << UInt32(PricedQuantity.units(entry.meter).index)
      let isExtra = entry.meter.isBilledBesideTokens
      if isExtra || card.missing & bit == 0 || used & ~card.missing == 0 { bits |= bit }
    }
    return bits
  }

  @inline(__always)
  private func pricesRequests(_ index: Int) -> Bool {
    storage.cards[index].missing & 1 << UInt32(Self.quantityCount - 1) == 0
  }
}

extension TierSelector {
  /// The count that is compared.
  @inline(__always)
  func count(_ tokens: TokenUsage) -> Int64 {
    switch self {
    case .inputTotal: tokens.inputTotal
    case .uncachedInput: tokens.uncachedInput
    case .outputTotal: tokens.outputTotal
    case .total: tokens.inputTotal + tokens.outputTotal
    }
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
