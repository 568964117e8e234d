/// Cards by the size of the request.
extension PlanBuilder {
  /// The cards by ascending count.
  mutating func steps(of card: PriceCard, _ context: Context) -> [BookPlan.Step] {
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
      for tier in card.cumulativeTiers {
        var context = context
        context.names.append(tier.name)
        context.layers.insert((tier.name, tier.rates), at: 0)
        let index = compile(tier.rates.over(card.rates), Self.naming(tier, in: card), context)
        steps.append(.init(start: tier.start, isAbove: tier.comparison == .above, card: index))
      }
      steps += unmentionedSteps(of: card, context)
    case .standard:
      for tier in context.price.base.cumulativeTiers {
        var context = context
        context.names.append("\(tier.name)=standard")
        let base = context.price.base
        context.layers = [(tier.name, tier.rates), ("base", base.rates)]
        let index = compile(tier.rates.over(base.rates), base, context)
        steps.append(.init(start: tier.start, isAbove: tier.comparison == .above, card: index))
      }
    case .unpriced:
      for tier in context.price.base.cumulativeTiers {
        var context = context
        context.names.append(tier.name)
        let index = compile(Rates(), PriceCard(), context)
        let line = plan.lineIndex[plan.cards[index].lineIndex].unpriced
        let origin = context.layers.first?.name ?? ""
        plan.lines[line].reason = "no_service_tier:\(origin)\(tier.name)"
        steps.append(.init(start: tier.start, isAbove: tier.comparison == .above, card: index))
      }
    }
    return steps
  }

  /// Long requests of a card that says nothing of them, where the standard card does: they are priced
  /// by the card, and the tier says so.
  mutating func unmentionedSteps(of card: PriceCard, _ context: Context) -> [BookPlan.Step] {
    let base = context.price.base
    guard card.contextTiers.isEmpty, let first = base.contextTiers.first,
      let origin = context.layers.first?.name, origin != "base", !context.isTimeRule
    else { return [] }
    var context = context
    context.names.append("\(first.name)=\(origin)")
    let index = compile(card.rates, card, context)
    return [.init(start: first.start, isAbove: first.comparison == .above, card: index)]
  }

  /// A tier that has a price for input and none for cached input leaves the latter as it is below: the
  /// charge's tier says so.
  static func naming(_ tier: ContextTier, in card: PriceCard) -> PriceCard {
    var card = card
    guard tier.rates[.input] != nil else { return card }
    for bucket in [TokenBucket.cacheRead, .cacheWrite5m, .cacheWrite1h, .cacheWrite]
    where tier.rates[bucket] == nil && card.rates[bucket] != nil {
      card.assumed[bucket] = "below"
    }
    return card
  }

  /// The rates above the thresholds of graduated tiers.
  mutating func addBands(_ card: PriceCard, to index: Int, _ context: Context) {
    let first = plan.bands.count
    for bucket in TokenBucket.allCases {
      for tier in card.cumulativeTiers {
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
  func factored(_ rate: Money?, _ bucket: TokenBucket, _ context: Context) -> Money? {
    context.factors.reduce(rate) { rate, factor in
      factor.buckets.contains(bucket) ? rate?.multipliedExactly(by: factor.factor) : rate
    }
  }
}
