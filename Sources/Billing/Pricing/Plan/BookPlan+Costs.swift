extension BookPlan {
  /// The list cost of the tokens.
  @inline(__always)
  func tokenCost(_ card: Int, _ usage: BillableUsage) throws(ArithmeticOverflow) -> Money {
    let base = card * Self.quantityCount
    let tokens = usage.tokens
    var sum: Int128 = 0
    var all: Int64 = 0
    var rest = tokens.known
    while rest != 0 {
      let bucket = rest.trailingZeroBitCount
      rest &= rest - 1
      let count = tokens[rawValue: bucket]
      all |= count
      if count != 0 { sum &+= storage.rates[base + bucket] &* Int128(count) }
    }
    // Only then is the sum one that cannot have wrapped.
    guard isSmall, all >= 0, all <= TokenUsage.countLimit * 2 - 1, storage.cards[card].bands.isEmpty
    else { return try checkedTokenCost(card, usage) }
    return Money(units: sum)
  }

  private func checkedTokenCost(_ card: Int, _ usage: BillableUsage) throws(ArithmeticOverflow)
    -> Money
  {
    var sum = Money.zero
    try forEachTokenCost(card, usage) { _, _, _, cost throws(ArithmeticOverflow) in
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

  /// Receives a quantity with its count, unit price and cost.
  typealias CostVisitor =
    (PricedQuantity, ExactDecimal, Money, Money) throws(ArithmeticOverflow) -> Void

  /// Each product that is priced, in the order of `PricedQuantity`.
  func forEachCost(_ card: Int, _ usage: BillableUsage, _ body: CostVisitor)
    throws(ArithmeticOverflow)
  {
    guard !storage.cards[card].isUnpriced else { return }
    try forEachTokenCost(card, usage, body)
    try forEachUnitCost(card, usage, body)
  }

  private func forEachTokenCost(_ card: Int, _ usage: BillableUsage, _ body: CostVisitor)
    throws(ArithmeticOverflow)
  {
    func visit(_ bucket: TokenBucket, _ count: Int64, _ rate: Int128) throws(ArithmeticOverflow) {
      guard count > 0 else { return }
      let price = Money(units: rate)
      let cost = try price.multiplied(by: count, "\(bucket.name) cost")
      try body(.tokens(bucket), ExactDecimal(count), price, cost)
    }
    for bucket in TokenBucket.allCases where usage.tokens[bucket] != 0 {
      let index = Int(bucket.rawValue)
      guard storage.cards[card].missing & 1 << UInt32(index) == 0 else { continue }
      var start: Int64 = 0
      var rate = storage.rates[card * Self.quantityCount + index]
      let count = usage.tokens[bucket]
      for band in storage.bands[storage.cards[card].bands] where band.bucket == index {
        let end = min(Self.scaled(band.start, by: usage.requests), count)
        try visit(bucket, end - start, rate)
        (start, rate) = (max(start, end), band.rate)
      }
      try visit(bucket, count - start, rate)
    }
  }

  /// The threshold for a row that sums several requests: as if each had used the mean.
  private static func scaled(_ threshold: Int64, by requests: Int64) -> Int64 {
    let (product, overflow) = threshold.multipliedReportingOverflow(by: max(requests, 1))
    return overflow ? Int64.max : product
  }

  private func forEachUnitCost(_ card: Int, _ usage: BillableUsage, _ body: CostVisitor)
    throws(ArithmeticOverflow)
  {
    func visit(_ quantity: PricedQuantity, _ count: ExactDecimal) throws(ArithmeticOverflow) {
      guard count != .zero, storage.cards[card].missing & 1 << UInt32(quantity.index) == 0 else {
        return
      }
      let price = Money(units: storage.rates[card * Self.quantityCount + quantity.index])
      try body(quantity, count, price, try price.multiplied(by: count, "\(quantity.name) cost"))
    }
    for entry in usage.units.entries {
      var quantity = entry.quantity
      for (meter, rule) in storage.meterRules[storage.cards[card].meterRules]
      where meter == entry.meter {
        quantity = try rule.billed(quantity, requests: usage.requests, meter.name)
      }
      try visit(.units(entry.meter), quantity)
    }
    try visit(.requests, ExactDecimal(usage.requests))
  }

  func allowances(_ usage: BillableUsage) throws(ArithmeticOverflow) -> [AllowanceUse] {
    guard let card = card(for: usage), !storage.cards[card].meterRules.isEmpty,
      storage.terms?.keepsAllowances != true
    else { return [] }
    var uses: [AllowanceUse] = []
    try forEachUnitCost(card, usage) { quantity, count, _, cost in
      for (meter, rule) in storage.meterRules[storage.cards[card].meterRules] {
        guard quantity == .units(meter), var free = rule.free else { continue }
        if free.group.isEmpty { free.group = storage.lines[storage.cards[card].line].entry }
        uses.append(AllowanceUse(meter: meter, allowance: free, quantity: count, cost: cost))
      }
    }
    return uses
  }
}
