import Billing
import Documents

/// Reads rates, fallbacks, tiers and cards of one dated price.
struct RatesReader {
  /// The number of units that the rates are quoted for.
  let per: Int64
  let profiles: [String: [TokenBucket: RateFallback]]

  static let cardKeys = ["rates", "units", "fallback", "context_tiers", "assumed"]

  /// Rates of a card; `inheriting` are the fallbacks when it states none.
  func card(_ map: DocumentMapping, inheriting: [TokenBucket: RateFallback])
    throws(DocumentError) -> PriceCard
  {
    var card = PriceCard(fallbacks: inheriting)
    if let node = map.optional("rates") { card.rates = try rates(node) }
    if let node = map.optional("units") {
      for (name, value) in try node.mapping(allowing: Self.unitNames).all {
        guard let quantity = PricedQuantity(name: name) else { continue }
        let unit = try value.mapping(allowing: ["amount", "per"])
        let per = try unit.optional("per")?.int(in: 1...1_000_000_000) ?? 1
        card.rates[quantity] = try amount(try unit.required("amount"), per: per)
      }
    }
    if let node = map.optional("fallback") {
      if node.scalar != nil {
        let name = try node.text()
        guard let profile = profiles[name] else {
          throw node.error("the fallback `\(name)` is not defined", "Add it to `fallbacks`.")
        }
        card.fallbacks = profile
      } else {
        card.fallbacks = try Self.fallbacks(node)
      }
    }
    card.contextTiers = try contextTiers(map.optional("context_tiers"))
    if let node = map.optional("assumed") {
      for (name, value) in try node.mapping(allowing: Self.tokenNames).all {
        if case .tokens(let bucket) = PricedQuantity(name: name) {
          card.assumed[bucket] = try value.text()
        }
      }
    }
    return card
  }

  private static let tokenNames = TokenBucket.allCases.map(\.name)
  private static let unitNames = Meter.allCases.map(\.name) + [PricedQuantity.requests.name]

  /// Rates by kind of token; null means that no rate is published.
  func rates(_ node: DocumentNode) throws(DocumentError) -> Rates {
    var rates = Rates()
    for (name, value) in try node.mapping(allowing: Self.tokenNames).all where !value.isNull {
      guard let quantity = PricedQuantity(name: name) else { continue }
      rates[quantity] = try amount(value, per: per)
    }
    return rates
  }

  private func amount(_ node: DocumentNode, per: Int64) throws(DocumentError) -> Money {
    let money = try node.money()
    guard money >= .zero else {
      throw node.error("a price below zero", "Write a discount in the gateway's terms.")
    }
    guard let rate = money.dividedExactly(by: per) else {
      throw node.error("divided by \(per) it needs more than 24 decimals", "Use fewer digits.")
    }
    return rate
  }

  static func fallbacks(_ node: DocumentNode) throws(DocumentError) -> [TokenBucket: RateFallback] {
    var fallbacks: [TokenBucket: RateFallback] = [:]
    for (name, value) in try node.mapping(allowing: tokenNames).all {
      let word = try value.word(of: tokenNames + ["free", "unpriced"])
      guard let bucket = TokenBucket.allCases.first(where: { $0.name == name }),
        let fallback = RateFallback(name: word)
      else { continue }
      fallbacks[bucket] = fallback
    }
    for start in TokenBucket.allCases {
      var bucket = start
      for step in TokenBucket.allCases.indices {
        guard case .like(let next) = fallbacks[bucket] else { break }
        bucket = next
        if bucket == start || step == TokenBucket.allCases.count - 1 {
          throw node.error(
            "the fallback of `\(start.name)` leads back to itself",
            "End it with `input`, `output`, `free` or `unpriced`.")
        }
      }
    }
    return fallbacks
  }

  private func contextTiers(_ node: DocumentNode?) throws(DocumentError) -> [ContextTier] {
    var tiers: [ContextTier] = []
    for item in try node?.list() ?? [] {
      let map = try item.mapping(allowing: ["selector", "op", "value", "mode", "rates"])
      _ = try map.optional("selector")?.word(of: ["input_total"])
      _ = try map.optional("mode")?.word(of: ["whole_request"])
      let tier = ContextTier(
        comparison: try map.required("op").word(of: ContextTier.Comparison.self),
        threshold: try map.required("value").int(in: 0...TokenUsage.countLimit),
        rates: try rates(try map.required("rates")))
      if let last = tiers.last, last.start >= tier.start {
        throw item.error("it does not begin after the tier before it", "Order tiers by `value`.")
      }
      tiers.append(tier)
    }
    return tiers
  }

  /// `service_tiers` and `variants`.
  func cards(_ map: DocumentMapping, base: PriceCard) throws(DocumentError) -> [ConditionalCard] {
    var cards: [ConditionalCard] = []
    if let node = map.optional("service_tiers") {
      for (name, value) in try node.mapping(allowing: nil).all {
        let condition = PriceCondition(key: PriceCondition.serviceTierKey, value: name)
        let keys = Self.cardKeys + ["multiplier", "applies_to"]
        let card = try value.mapping(allowing: keys)
        cards.append(
          ConditionalCard(conditions: [condition], card: try multiplied(card, base)))
      }
    }
    for item in try map.optional("variants")?.list() ?? [] {
      let card = try item.mapping(allowing: Self.cardKeys + ["when"])
      let conditions = try Self.conditions(try card.required("when"))
      cards.append(
        ConditionalCard(
          conditions: conditions, card: try self.card(card, inheriting: base.fallbacks)))
    }
    return cards
  }

  /// A card with rates of its own, or a published factor on those of the base.
  private func multiplied(_ map: DocumentMapping, _ base: PriceCard) throws(DocumentError)
    -> PriceCard
  {
    guard let node = map.optional("multiplier") else {
      return try card(map, inheriting: base.fallbacks)
    }
    guard map.keys.allSatisfy({ $0 == "multiplier" || $0 == "applies_to" }) else {
      throw node.error("a multiplier and rates stand together", "Keep one of the two.")
    }
    let factor = try node.decimal()
    let names = try map.optional("applies_to")?.texts() ?? Self.tokenNames
    var card = base
    for bucket in TokenBucket.allCases where names.contains(bucket.name) {
      card.rates[bucket] = try product(base.rates[bucket], factor, node)
      for index in card.contextTiers.indices {
        let rate = card.contextTiers[index].rates[bucket]
        card.contextTiers[index].rates[bucket] = try product(rate, factor, node)
      }
    }
    return card
  }

  private func product(_ rate: Money?, _ factor: ExactDecimal, _ node: DocumentNode)
    throws(DocumentError) -> Money?
  {
    guard let rate else { return nil }
    guard factor >= .zero, let product = rate.multipliedExactly(by: factor) else {
      throw node.error("the product with a rate needs more than 24 decimals", "Use fewer digits.")
    }
    return product
  }

  static func conditions(_ node: DocumentNode) throws(DocumentError) -> [PriceCondition] {
    var conditions: [PriceCondition] = []
    for (key, value) in try node.mapping(allowing: nil).all {
      conditions.append(PriceCondition(key: key, value: try value.text().asciiLowercased))
    }
    if conditions.isEmpty { throw node.error("no condition is given", "Write `key: value`.") }
    return conditions.sorted()
  }

  /// A published factor; each product with a rate must be exact.
  func multiplier(_ node: DocumentNode, _ price: DatedPrice) throws(DocumentError)
    -> PriceMultiplier
  {
    let map = try node.mapping(allowing: ["when", "factor"])
    let conditions = try Self.conditions(try map.required("when"))
    guard conditions.count == 1 else {
      throw node.error("a multiplier has one condition", "Write one `key: value` under `when`.")
    }
    let factor = try map.required("factor")
    let value = try factor.decimal()
    for card in [price.base] + price.cards.map(\.card) {
      for bucket in TokenBucket.allCases {
        for rates in [card.rates] + card.contextTiers.map(\.rates) {
          _ = try product(rates[bucket], value, factor)
        }
      }
    }
    return PriceMultiplier(condition: conditions[0], factor: value)
  }
}

/// Reads calendars of peak hours.
enum CalendarReader {
  static let keys = ["utc_offset", "weekdays", "windows", "holidays"]

  static func calendar(_ map: DocumentMapping) throws(DocumentError) -> WeekCalendar {
    var weekdays: [Int] = Array(1...7)
    if let list = try map.optional("weekdays")?.list() {
      weekdays = []
      for day in list { weekdays.append(Int(try day.int(in: 1...7))) }
    }
    var windows: [WeekCalendar.Window] = []
    for item in try map.required("windows").list() { windows.append(try window(item)) }
    var holidays: [Day] = []
    for item in try map.optional("holidays")?.list() ?? [] { holidays.append(try item.day()) }
    return WeekCalendar(
      utcOffset: try map.optional("utc_offset").map(offset) ?? 0, weekdays: weekdays,
      windows: windows, holidays: holidays)
  }

  /// `+08:00`.
  private static func offset(_ node: DocumentNode) throws(DocumentError) -> Int {
    let text = Array(try node.text().utf8)
    let hours = text.dropFirst().prefix(2)
    guard text.count == 6, text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-"),
      text[3] == UInt8(ascii: ":"), let hour = number(hours), let minute = number(text[4...]),
      hour < 24, minute < 60
    else { throw node.error("this is no offset from UTC", "Write `\"+08:00\"`.") }
    let seconds = hour * 3600 + minute * 60
    return text[0] == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// `09:00-12:00`; `24:00` ends the day.
  private static func window(_ node: DocumentNode) throws(DocumentError) -> WeekCalendar.Window {
    let text = Array(try node.text().utf8)
    guard text.count == 11, text[5] == UInt8(ascii: "-"), let start = minute(text[0..<5]),
      let end = minute(text[6..<11]), let window = WeekCalendar.Window(start: start, end: end)
    else {
      throw node.error(
        "this is no window of a day",
        "Write `\"09:00-12:00\"`; split a window that crosses midnight.")
    }
    return window
  }

  private static func minute(_ text: ArraySlice<UInt8>) -> Int? {
    guard text[text.startIndex + 2] == UInt8(ascii: ":"), let hour = number(text.prefix(2)),
      let minute = number(text.suffix(2)), minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int? {
    text.allSatisfy { (48...57).contains($0) } ? text.reduce(0) { $0 * 10 + Int($1 & 15) } : nil
  }
}
