/// Compiles what the book and the terms say about one subject into a plan without lookups.
struct PlanBuilder {
  private let subject: PricingSubject
  private let terms: GatewayTerms?
  private let keepsNotes: Bool
  private var plan = BookPlan.Storage()
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

  private mutating func add(_ line: ChargeLine, reason: String) -> Int {
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
        let schedule = schedule(rule.applied(to: card), context)
        plan.rules.append(BookPlan.Rule(calendar: rule.calendar, schedule: schedule))
      }
      period.rules = first..<plan.rules.count
    }
    plan.periods.append(period)
  }

  /// What all cards of one dated price share.
  private struct Context {
    var names: [String]
    var factors: [PriceMultiplier]
    var line: ChargeLine
    var price: DatedPrice
    /// What states rates, the first before the others.
    var layers: [(name: String, rates: Rates)]
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

  /// The cards by ascending count.
  private mutating func steps(of card: PriceCard, _ context: Context) -> [BookPlan.Step] {
    if card.tierMode == .graduated, !card.contextTiers.isEmpty {
      var graduated = context
      graduated.names.append(TierMode.graduated.name)
      let index = compile(card.rates, card, graduated)
      addBands(card, to: index, context)
      return [.init(start: Int64.min, card: index)]
    }
    var steps = [BookPlan.Step(start: Int64.min, card: compile(card.rates, card, context))]
    switch card.longContext {
    case .own:
      for tier in card.contextTiers {
        var context = context
        context.names.append(tier.name)
        context.layers.insert((tier.name, tier.rates), at: 0)
        let index = compile(tier.rates.over(card.rates), card, context)
        steps.append(.init(start: tier.start, card: index))
      }
    case .standard:
      for tier in context.price.base.contextTiers {
        var context = context
        context.names.append("\(tier.name)=standard")
        let base = context.price.base
        context.layers = [(tier.name, tier.rates), ("base", base.rates)]
        let index = compile(tier.rates.over(base.rates), base, context)
        steps.append(.init(start: tier.start, card: index))
      }
    case .unpriced:
      for tier in context.price.base.contextTiers {
        var context = context
        context.names.append(tier.name)
        steps.append(.init(start: tier.start, card: compile(Rates(), PriceCard(), context)))
      }
    }
    return steps
  }

  /// The rates above the thresholds of graduated tiers.
  private mutating func addBands(_ card: PriceCard, to index: Int, _ context: Context) {
    let first = plan.bands.count
    for bucket in TokenBucket.allCases {
      for tier in card.contextTiers {
        var merged = card
        merged.rates = tier.rates.over(card.rates)
        guard let rate = factored(rate(of: bucket, merged.rates, merged).rate, bucket, context)
        else { continue }
        plan.bands.append(
          .init(bucket: Int(bucket.rawValue), start: tier.start - 1, rate: rate.units))
      }
    }
    plan.cards[index].bands = first..<plan.bands.count
  }

  /// A rate times the factors that concern it; `nil` when a product is finer than the engine.
  private func factored(_ rate: Money?, _ bucket: TokenBucket, _ context: Context) -> Money? {
    context.factors.reduce(rate) { rate, factor in
      factor.buckets.contains(bucket) ? rate?.multipliedExactly(by: factor.factor) : rate
    }
  }

  private mutating func compile(_ rates: Rates, _ card: PriceCard, _ context: Context) -> Int {
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

  /// Where a rate comes from, for explanations.
  private func note(
    _ quantity: PricedQuantity, _ stated: Money, _ reading: String?, _ context: Context
  ) -> RateNote {
    let standIn = reading.flatMap { text in text.split(separator: "=").last.map(String.init) }
    let source = standIn.map { PricedQuantity(name: $0) } ?? quantity
    let origin = source.flatMap { source in context.layers.first { $0.rates[source] != nil }?.name }
    var note = RateNote(
      quantity: quantity, origin: origin ?? "fallback", standIn: standIn, stated: stated,
      factors: [])
    guard case .tokens(let bucket) = quantity else { return note }
    var rate = stated
    for factor in context.factors where factor.buckets.contains(bucket) {
      guard let product = rate.multipliedExactly(by: factor.factor) else { break }
      note.factors.append(
        .init(condition: factor.condition, factor: factor.factor, before: rate, after: product))
      rate = product
    }
    return note
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
    if plan.terms?.waivesFreeModels == true, card.missing & 1 == 0,
      plan.rates.suffix(BookPlan.quantityCount).allSatisfy({ $0 == 0 })
    {
      line.status = .notBilled
      card.freeLine = add(line, reason: "free_model")
    }
  }
}
