/// Compiles what the book and the terms say about one subject into a plan without lookups.
struct PlanBuilder {
  private let subject: PricingSubject
  private let terms: GatewayTerms?
  private var plan = BookPlan.Storage()

  init(subject: PricingSubject, terms: GatewayTerms?) {
    self.subject = subject
    self.terms = terms
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
    switch outcome {
    case .missing(let reason):
      plan.fixedLine = add(ChargeLine(status: .unpriced), reason: reason)
    case .found(let entry, let match):
      compile(entry, match)
    }
    return BookPlan(plan)
  }

  private mutating func add(_ line: ChargeLine, reason: String) -> Int {
    var line = line
    line.reason = reason
    plan.lines.append(line)
    return plan.lines.count - 1
  }

  private mutating func compile(_ entry: PriceEntry, _ match: PriceMatch) {
    var line = ChargeLine(status: .unpriced)
    line.entry = entry.id
    line.match = match
    plan.noUsageLine = add(line, reason: "no_usage")
    plan.noPriceLine = add(line, reason: "no_price_at_time")
    if let terms {
      let model = entry.names.first ?? ""
      let rule = terms.rule(
        for: subject, provider: entry.provider, model: model, modelClass: entry.modelClass)
      plan.terms = PlanTerms(terms, rule: rule, byok: subject.byok)
    }
    for price in entry.prices {
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
    var names = chosen.conditions.map(\.name)
    line.contested = contests.contains { $0.concerns(chosen.conditions) }
    if !missing.isEmpty { names.append("\(missing)=standard") }
    let factors = multipliers.filter { !chosen.conditions.contains($0.condition) }
    names += factors.map { "\($0.condition.key)=\($0.condition.value)" }
    var card = chosen.card
    for quantity in PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count)
    where card.rates[quantity] == nil {
      card.rates[quantity] = price.base.rates[quantity]
    }
    period.schedule = schedule(card, names, factors, line)
    if chosen.conditions.isEmpty {
      let first = plan.rules.count
      for rule in price.timeRules {
        var card = chosen.card
        card.rates = rule.rates.over(card.rates)
        let schedule = schedule(card, [rule.name] + names, factors, line)
        plan.rules.append(BookPlan.Rule(calendar: rule.calendar, schedule: schedule))
      }
      period.rules = first..<plan.rules.count
    }
    plan.periods.append(period)
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

  private mutating func schedule(
    _ card: PriceCard, _ names: [String], _ factors: [PriceMultiplier], _ line: ChargeLine
  ) -> Int {
    let first = plan.steps.count
    for tier in card.contextTiers.reversed() {
      let rates = tier.rates.over(card.rates)
      let index = compile(rates, card, names + [tier.name], factors, line)
      plan.steps.append(.init(start: tier.start, card: index))
    }
    plan.steps.append(
      .init(start: Int64.min, card: compile(card.rates, card, names, factors, line)))
    plan.schedules.append(.init(unpricedLine: nil, steps: first..<plan.steps.count))
    return plan.schedules.count - 1
  }

  private mutating func compile(
    _ rates: Rates, _ card: PriceCard, _ names: [String], _ factors: [PriceMultiplier],
    _ line: ChargeLine
  ) -> Int {
    var compiled = BookPlan.Card()
    for bucket in TokenBucket.allCases {
      let (rate, reading) = rate(of: bucket, rates, card)
      guard var rate else {
        compiled.missing |= 1 << UInt32(bucket.rawValue)
        plan.rates.append(0)
        continue
      }
      for factor in factors { rate = rate.multipliedExactly(by: factor.factor) ?? rate }
      if let reading, bucket != .reasoning {
        compiled.readings |= 1 << UInt32(bucket.rawValue)
        plan.readings.append((plan.cardCount, Int(bucket.rawValue), reading))
      }
      plan.rates.append(rate.units)
    }
    for quantity in PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count) {
      if rates[quantity] == nil { compiled.missing |= 1 << UInt32(quantity.index) }
      plan.rates.append(rates[quantity]?.units ?? 0)
    }
    compiled.hasTokenRate = rates.hasTokenRate
    let hasUnitRate = PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count).contains {
      rates[$0] != nil
    }
    compiled.isUnpriced = compiled.missing & 1 != 0 && (rates.hasTokenRate || !hasUnitRate)
    addLines(&compiled, names, line)
    plan.cards.append(compiled)
    plan.cardCount += 1
    return plan.cardCount - 1
  }

  /// The rate of a kind of token, and the name of the reading when another kind's stands in.
  private func rate(of bucket: TokenBucket, _ rates: Rates, _ card: PriceCard)
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

  private mutating func addLines(
    _ card: inout BookPlan.Card, _ names: [String], _ line: ChargeLine
  ) {
    var line = line
    line.tier = names.isEmpty ? "base" : names.joined(separator: ",")
    line.status = .priced
    card.line = add(line, reason: "")
    card.lineIndex = plan.lineIndex.count
    for quantity in PricedQuantity.allCases {
      let isMissing = card.missing & 1 << UInt32(quantity.index) != 0
      line.status = .partial
      let partial = isMissing ? add(line, reason: "no_rate:\(quantity.name)") : 0
      line.status = .unpriced
      let unpriced = isMissing ? add(line, reason: "no_rate:\(quantity.name)") : 0
      line.status = .priced
      var read = 0
      if card.readings & 1 << UInt32(quantity.index) != 0,
        let reading = plan.readings.last(where: {
          $0.card == plan.cardCount && $0.bucket == quantity.index
        })
      {
        var reader = line
        reader.tier = names.isEmpty ? reading.text : line.tier + "," + reading.text
        read = add(reader, reason: "")
      }
      plan.lineIndex.append((partial, unpriced, read))
    }
    if plan.terms?.payload != nil {
      line.status = .partial
      card.noPayloadLine = add(line, reason: "no_payload_size")
    }
  }
}
