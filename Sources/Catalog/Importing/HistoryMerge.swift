import Billing

/// The dated prices of one model from one or two tables.
struct HistoryMerge {
  private(set) var prices: [DatedPrice] = []
  private(set) var contests: [PriceEntry.Contest] = []

  /// A model that only the dated table has.
  ///
  /// - Parameter emptyIsFree: the table writes no prices at all for what costs nothing. Its library
  ///   takes that for zero; the price then says so for each kind of token.
  init(dated model: GenaiPricesTable.Model, emptyIsFree: Bool = false) {
    for (index, period) in model.periods.enumerated() {
      let until = Self.end(of: index, in: model.periods)
      if !period.sheet.base.isEmpty {
        let merge = SheetMerge(only: period.sheet, isBroad: false)
        append(merge.price(from: period.from, until: until))
      } else if emptyIsFree, !period.sheet.other.isEmpty {
        // All that is stated is what no usage event counts.
        append(PriceSheet.unpriced(period.sheet.other, from: period.from, until: until))
      } else if emptyIsFree {
        let free = TokenBucket.allCases.map { ($0, RateFallback.free) }
        let card = PriceCard(fallbacks: Dictionary(uniqueKeysWithValues: free))
        var price = DatedPrice(from: period.from, until: until, base: card)
        price.pricesUnknownTiersAsStandard = true
        append(price)
      }
    }
  }

  /// - Parameters:
  ///   - broad: the undated table's sheet.
  ///   - model: the dated table's model.
  ///   - isFallback: the dated table prices it by another provider's list, without variants.
  ///   - isLoose: the dated table found it by a pattern; its cards may be another model's.
  init(
    broad: PriceSheet, model: GenaiPricesTable.Model, isFallback: Bool, isLoose: Bool,
    provider: String, asOf: Timestamp
  ) {
    var periods = model.periods
    if isFallback {
      for index in periods.indices {
        periods[index].sheet.cards = periods[index].sheet.cards.filter { $0.key.isEmpty }
      }
    }
    periods.removeAll { $0.sheet.base.isEmpty }
    guard let current = periods.last(where: { $0.from.map { $0 <= asOf } ?? true }) else {
      prices = [SheetMerge(only: broad, isBroad: true).price(from: nil, until: nil)]
      return
    }
    // Where the tables disagree on the current price, the undated one says nothing of the past.
    let disagrees = Self.disagree(broad, current.sheet)
    let prefersDated =
      Self.hasRegionalPremium(broad, current.sheet, provider: provider)
      || Self.isStale(broad, current.sheet, in: periods)
    for (index, period) in periods.enumerated() {
      let until = Self.end(of: index, in: periods)
      guard period.sheet.base == current.sheet.base else {
        let merge = SheetMerge(only: period.sheet, isBroad: false)
        append(merge.price(from: period.from, until: until))
        continue
      }
      let merge = SheetMerge(
        broad: broad, dated: period.sheet,
        prefersDated: prefersDated || (disagrees && period.from != current.from),
        takesCards: !isLoose)
      if period.from == current.from { contests = merge.contests }
      append(merge.price(from: period.from, until: until))
    }
  }

  /// Adds a price; one that only continues the last one extends it.
  private mutating func append(_ price: DatedPrice) {
    guard var last = prices.last, last.until == price.from else { return prices.append(price) }
    last.from = price.from
    last.until = price.until
    // What prices nothing does not begin a price of its own.
    last.otherRates = price.otherRates
    guard last == price else { return prices.append(price) }
    prices[prices.count - 1].until = price.until
    prices[prices.count - 1].otherRates = price.otherRates
  }

  private static func end(of index: Int, in periods: [GenaiPricesTable.Period]) -> Timestamp? {
    index + 1 < periods.count ? periods[index + 1].from : nil
  }

  private static func disagree(_ broad: PriceSheet, _ dated: PriceSheet) -> Bool {
    broad.base.contains { quantity, value in
      guard let other = dated.base[quantity]?.amount, let amount = value.amount else {
        return false
      }
      return amount != other
    }
  }

  /// The undated table still has what the dated one had before its last change.
  private static func isStale(
    _ broad: PriceSheet, _ current: PriceSheet, in periods: [GenaiPricesTable.Period]
  ) -> Bool {
    let key = { (sheet: PriceSheet) in
      [TokenBucket.input, .output].map { sheet.base[.tokens($0)]?.amount ?? .zero }
    }
    let stated = key(broad)
    return stated != key(current) && periods.contains { key($0.sheet) == stated }
  }

  /// Bedrock's in-region ids cost a tenth more than its global ones for newer Claude models; LiteLLM
  /// has the global price for both.
  private static func hasRegionalPremium(
    _ broad: PriceSheet, _ dated: PriceSheet, provider: String
  ) -> Bool {
    guard provider == "bedrock", let base = broad.base[.tokens(.input)]?.amount,
      let regional = dated.base[.tokens(.input)]?.amount
    else { return false }
    return regional.units * 10 == base.units * 11
  }
}
