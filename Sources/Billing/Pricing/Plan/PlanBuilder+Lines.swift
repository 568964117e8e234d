/// What charges of a card are called, and why they are not whole.
extension PlanBuilder {
  /// Where a rate comes from, for explanations.
  func note(
    _ quantity: PricedQuantity, _ stated: Money, _ reading: String?, _ context: Context
  ) -> RateNote {
    let name = reading.flatMap { $0.split(separator: "=").last.map(String.init) }
    let other = name.flatMap { PricedQuantity(name: $0) }
    let layer = context.layers.first { $0.rates[other ?? quantity] != nil }?.name
    var note = RateNote(
      quantity: quantity, origin: layer ?? "fallback",
      standIn: other != nil || name == RateFallback.free.name ? name : nil, stated: stated,
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

  /// Counts without which a cost is only a part of it: a log that tells the output and no input has
  /// lost something. Whoever failed or makes no text has no output to tell.
  mutating func requireCounts(of card: inout BookPlan.Card, _ line: ChargeLine) {
    var line = line
    line.status = .partial
    let rates = plan.rates.suffix(BookPlan.quantityCount)
    func isPriced(_ bucket: TokenBucket) -> Bool {
      rates[rates.startIndex + Int(bucket.rawValue)] != 0
    }
    if isPriced(.input) {
      card.required |= 1 << UInt16(TokenBucket.input.rawValue)
      card.lackingLines.input = add(line, reason: "no_count:\(TokenBucket.input.name)")
    }
    let makesText = [.chat, .completion, .responses, .messages].contains(subject.operation)
    if isPriced(.output), makesText, subject.status == .ok || subject.status == .cancelled {
      card.required |= 1 << UInt16(TokenBucket.output.rawValue)
      card.lackingLines.output = add(line, reason: "no_count:\(TokenBucket.output.name)")
    }
  }

  mutating func addLines(
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
    requireCounts(of: &card, line)
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
