/// Compiles what the book and the terms say about one subject into a plan without lookups.
struct PlanBuilder {
  let subject: PricingSubject
  private let terms: GatewayTerms?
  private let keepsNotes: Bool
  var plan = BookPlan.Storage()
  /// What the tier of every charge begins with.
  private var names: [String] = []

  /// - Parameter keepsNotes: the plan is to be explained.
  init(subject: PricingSubject, terms: GatewayTerms?, keepsNotes: Bool = false) {
    self.subject = subject
    self.terms = terms
    self.keepsNotes = keepsNotes
  }

  /// The conditions that the subject meets: its modifiers, and its service tier when not standard.
  private var conditions: [PriceCondition] {
    var conditions: [PriceCondition] = []
    let tier = ServiceTier.canonical(subject.serviceTier)
    if !tier.isEmpty { conditions.append(.init(key: PriceCondition.serviceTierKey, value: tier)) }
    for pair in LabelList.parts(of: subject.modifiers) {
      let parts = pair.utf8.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let texts = parts.map { String(decoding: $0, as: UTF8.self).asciiLowercased }
      conditions.append(.init(key: texts[0], value: texts[1]))
    }
    return conditions.sorted()
  }

  consuming func plan(_ outcome: PriceLookup.Outcome) -> BookPlan {
    switch subject.status {
    case .error: plan.failedLine = add(ChargeLine(status: .notBilled), reason: "failed")
    case .blocked: plan.failedLine = add(ChargeLine(status: .notBilled), reason: "blocked")
    case .ok, .cancelled: break
    }
    if let terms, terms.notBilled.contains(.failedBeforeFirstToken), subject.status != .ok {
      plan.freeFailure = .withoutOutput
      if subject.status == .cancelled {
        plan.failedLine = add(ChargeLine(status: .notBilled), reason: "cancelled")
        plan.freeFailure = .withKnownSilence
      }
    }
    switch outcome {
    case .missing(let reason):
      plan.fixedLine = add(ChargeLine(status: .unpriced), reason: reason)
    case .found(let entry, let match, let isOtherRegion):
      compile(entry, match, isOtherRegion: isOtherRegion)
    }
    return BookPlan(plan)
  }

  mutating func add(_ line: ChargeLine, reason: String) -> Int {
    var line = line
    line.reason = reason
    plan.lines.append(line)
    return plan.lines.count - 1
  }

  private mutating func compile(_ entry: PriceEntry, _ match: PriceMatch, isOtherRegion: Bool) {
    var line = ChargeLine(status: .unpriced)
    line.entry = entry.id
    line.match = match
    plan.noUsageLine = add(line, reason: "no_usage")
    plan.noPriceLine = add(line, reason: "no_price_at_time")
    if let terms {
      let model = entry.names.first ?? ""
      let rule = terms.rule(
        for: subject, provider: entry.provider, model: model, modelClass: entry.modelClass)
      plan.terms = PlanTerms(terms, rule: rule, subject: subject)
    }
    if isOtherRegion { names = ["\(subject.region)=standard"] }
    for price in entry.prices(preferring: terms?.currency) {
      line.currency = price.currency
      line.priceFrom = price.from
      compile(price, line, contests: price.until == nil ? entry.contests : [])
    }
  }

  private mutating func compile(
    _ price: DatedPrice, _ line: ChargeLine, contests: [PriceEntry.Contest]
  ) {
    var line = line
    let from = price.from?.microseconds ?? Int64.min
    let until = price.until?.microseconds ?? Int64.max
    var period = BookPlan.Period(from: from, until: until, schedule: 0, rules: 0..<0)
    period.currency = price.currency
    if let currency = terms?.currency, currency != price.currency {
      period.schedule = schedule(unpriced: line, reason: "currency:\(price.currency)")
      return plan.periods.append(period)
    }
    let (chosen, missing) = card(of: price)
    guard let chosen else {
      period.schedule = schedule(unpriced: line, reason: "no_service_tier:\(missing)")
      return plan.periods.append(period)
    }
    let multipliers = price.multipliers.filter { conditions.contains($0.condition) }
    var names = self.names + chosen.conditions.map(\.name)
    line.contested = contests.contains { $0.concerns(chosen.conditions) }
    if !missing.isEmpty { names.append("\(missing)=standard") }
    let factors = multipliers.filter { !chosen.conditions.contains($0.condition) }
    names += factors.map { "\($0.condition.key)=\($0.condition.value)" }
    names += unmentioned(chosen, multipliers).map { "\($0.key)=\($0.value)=standard" }
    var card = chosen.card
    for quantity in PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count)
    where card.rates[quantity] == nil {
      card.rates[quantity] = price.base.rates[quantity]
    }
    let origin =
      chosen.conditions.isEmpty ? "base" : chosen.conditions.map(\.name).joined(separator: ",")
    let context = Context(
      names: names, factors: factors, line: line, price: price,
      layers: [(origin, chosen.card.rates), ("base", price.base.rates)])
    period.schedule = schedule(card, context)
    if chosen.conditions.isEmpty {
      let first = plan.rules.count
      for rule in price.timeRules {
        var context = context
        context.names.insert(rule.name, at: 0)
        context.layers.insert((rule.name, rule.rates), at: 0)
        context.isTimeRule = true
        let schedule = schedule(rule.applied(to: card), context)
        plan.rules.append(BookPlan.Rule(calendar: rule.calendar, schedule: schedule))
      }
      period.rules = first..<plan.rules.count
    }
    plan.periods.append(period)
  }

  /// Modifiers that may matter, and of which the price says nothing.
  private func unmentioned(_ chosen: ConditionalCard, _ multipliers: [PriceMultiplier])
    -> [PriceCondition]
  {
    conditions.filter { condition in
      condition.key != PriceCondition.serviceTierKey && !Self.neutral.contains(condition.value)
        && !chosen.conditions.contains(condition)
        && !multipliers.contains { $0.condition == condition }
    }
  }

  /// Values of modifiers that ask for nothing beyond the standard.
  private static let neutral: Set<String> = [
    "", "auto", "default", "false", "global", "none", "normal", "not_available", "standard",
    "unknown",
  ]

  /// What all cards of one dated price share.
  struct Context {
    var names: [String]
    var factors: [PriceMultiplier]
    var line: ChargeLine
    var price: DatedPrice
    /// What states rates, the first before the others.
    var layers: [(name: String, rates: Rates)]
    var isTimeRule = false
  }

  /// The card with the most conditions that the subject meets. A service tier without a card is
  /// never priced as the standard tier in silence: it is unpriced, or `missing` names it.
  private func card(of price: DatedPrice) -> (ConditionalCard?, missing: String) {
    let conditions = conditions
    let met = price.cards.filter { $0.conditions.allSatisfy(conditions.contains) }
    let best = met.max { $0.conditions.count < $1.conditions.count }
    let wanted = conditions.first { $0.key == PriceCondition.serviceTierKey }
    guard let wanted else {
      return (best ?? ConditionalCard(conditions: [], card: price.base), "")
    }
    if let best, best.conditions.contains(wanted) { return (best, "") }
    guard price.pricesUnknownTiersAsStandard else { return (nil, wanted.value) }
    return (best ?? ConditionalCard(conditions: [], card: price.base), wanted.value)
  }

  private mutating func schedule(unpriced line: ChargeLine, reason: String) -> Int {
    var line = line
    line.status = .unpriced
    plan.schedules.append(.init(unpricedLine: add(line, reason: reason), steps: 0..<0))
    return plan.schedules.count - 1
  }

  private mutating func schedule(_ card: PriceCard, _ context: Context) -> Int {
    let steps = steps(of: card, context)
    let first = plan.steps.count
    plan.steps += steps.reversed()
    let tiers = card.longContext == .own ? card : context.price.base
    plan.schedules.append(
      .init(
        unpricedLine: nil, steps: first..<plan.steps.count, selector: tiers.tierSelector))
    return plan.schedules.count - 1
  }

  mutating func compile(_ rates: Rates, _ card: PriceCard, _ context: Context) -> Int {
    var compiled = BookPlan.Card()
    var notes: [RateNote] = []
    for bucket in TokenBucket.allCases {
      let (stated, reading) = rate(of: bucket, rates, card)
      guard let stated, let rate = factored(stated, bucket, context) else {
        compiled.missing |= 1 << UInt32(bucket.rawValue)
        plan.rates.append(0)
        continue
      }
      if let reading, bucket != .reasoning {
        compiled.readings |= 1 << UInt32(bucket.rawValue)
        plan.readings.append((plan.cardCount, Int(bucket.rawValue), reading))
      }
      plan.rates.append(rate.units)
      if keepsNotes { notes.append(note(.tokens(bucket), stated, reading, context)) }
    }
    for quantity in PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count) {
      if rates[quantity] == nil { compiled.missing |= 1 << UInt32(quantity.index) }
      plan.rates.append(rates[quantity]?.units ?? 0)
      if keepsNotes, let rate = rates[quantity] { notes.append(note(quantity, rate, nil, context)) }
    }
    if keepsNotes { plan.notes.append(notes) }
    compiled.hasTokenRate = rates.hasTokenRate
    let hasUnitRate = PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count).contains {
      rates[$0] != nil
    }
    compiled.isUnpriced = compiled.missing & 1 != 0 && (rates.hasTokenRate || !hasUnitRate)
    let first = plan.meterRules.count
    for meter in Meter.allCases {
      if let rule = context.price.meterRules[meter] { plan.meterRules.append((meter, rule)) }
    }
    compiled.meterRules = first..<plan.meterRules.count
    addLines(&compiled, context.names, context.line)
    plan.cards.append(compiled)
    plan.cardCount += 1
    return plan.cardCount - 1
  }

  /// The rate of a kind of token, and the name of the reading when another kind's stands in.
  func rate(of bucket: TokenBucket, _ rates: Rates, _ card: PriceCard)
    -> (rate: Money?, reading: String?)
  {
    var current = bucket
    for _ in TokenBucket.allCases {
      if let rate = rates[current] {
        let reading = current == bucket ? card.assumed[bucket] : current.name
        return (rate, reading.map { "\(bucket.name)=\($0)" })
      }
      switch card.fallback(current) {
      case .like(let other): current = other
      case .free: return (.zero, "\(bucket.name)=free")
      case .unpriced: return (nil, nil)
      }
    }
    return (nil, nil)
  }
}
