public import Billing

/// What differs between two price books, entry by entry.
public struct PriceBookDiff: Sendable {
  public enum Kind: UInt8, Word {
    case added, removed, changed

    public static let names = spelledCases
  }

  /// One difference.
  public struct Change: Sendable, Hashable {
    public var kind: Kind
    public var entry: String
    /// What of the entry: `input`, `batch output >272000`, `names`; empty for a whole entry.
    public var subject: String
    /// Empty when it is not there.
    public var before: String
    public var after: String
  }

  /// By entry.
  public let changes: [Change]

  public init(from before: any PriceBook, to after: any PriceBook) {
    let old = Dictionary(before.entries.map { ($0.id, $0) }) { first, _ in first }
    let new = Dictionary(after.entries.map { ($0.id, $0) }) { first, _ in first }
    let ids = Set(old.keys).union(new.keys).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    changes = ids.flatMap { id -> [Change] in
      switch (old[id], new[id]) {
      case (nil, let entry?): [Self.whole(.added, entry)]
      case (let entry?, nil): [Self.whole(.removed, entry)]
      case (let first?, let second?): Self.changes(first, second)
      case (nil, nil): []
      }
    }
  }

  private static func whole(_ kind: Kind, _ entry: PriceEntry) -> Change {
    let rates = entry.currentPrice.map { EntryFacts.rates($0.base.rates) } ?? []
    let text = rates.prefix(3).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return Change(
      kind: kind, entry: entry.id, subject: "", before: kind == .removed ? text : "",
      after: kind == .added ? text : "")
  }

  private static func changes(_ first: PriceEntry, _ second: PriceEntry) -> [Change] {
    guard first != second else { return [] }
    let old = EntryFacts(first).facts
    let new = EntryFacts(second).facts
    let before = Dictionary(old.map { ($0.name, $0.value) }) { first, _ in first }
    let after = Dictionary(new.map { ($0.name, $0.value) }) { first, _ in first }
    let names = old.map(\.name) + new.map(\.name).filter { before[$0] == nil }
    return names.compactMap { name in
      guard before[name] != after[name] else { return nil }
      return Change(
        kind: .changed, entry: first.id, subject: name, before: before[name] ?? "",
        after: after[name] ?? "")
    }
  }
}

/// An entry as names and values, for comparison. Token rates are quoted for a million.
struct EntryFacts {
  typealias Fact = (name: String, value: String)

  private(set) var facts: [Fact] = []

  init(_ entry: PriceEntry) {
    add("provider", entry.provider)
    add("names", entry.names.joined(separator: ", "))
    add("aliases", entry.aliases.joined(separator: ", "))
    add("snapshots", entry.snapshots.map(\.name).joined(separator: ", "))
    add("class", entry.modelClass)
    add("context", entry.contextWindow.map(String.init) ?? "")
    add("max_output", entry.maxOutput.map(String.init) ?? "")
    add("capabilities", entry.capabilities.joined(separator: ", "))
    add("deprecated", entry.deprecated.map { "\($0)" } ?? "")
    add("replacement", entry.replacement ?? "")
    for price in entry.prices { add(price) }
  }

  private mutating func add(_ name: String, _ value: String) {
    if !value.isEmpty { facts.append((name, value)) }
  }

  private mutating func add(_ price: DatedPrice) {
    let place = price.from.map { "from \($0) " } ?? ""
    add(place + "until", price.until.map { "\($0)" } ?? "")
    add(place + "currency", price.currency == "USD" ? "" : price.currency)
    add(price.base, place)
    for card in price.cards {
      add(card.card, place + card.conditions.map(\.name).joined(separator: " ") + " ")
    }
    for multiplier in price.multipliers {
      let condition = multiplier.condition
      add("\(place)factor \(condition.key)=\(condition.value)", "\(multiplier.factor)")
    }
    for (index, rule) in price.timeRules.enumerated() {
      let name = "\(place)\(rule.name)\(index == 0 ? "" : " \(index + 1)") "
      add(name + "hours", Self.hours(rule.calendar))
      for rate in Self.rates(rule.rates) { add(name + rate.name, rate.value) }
    }
    add(place + "other_service_tiers", price.pricesUnknownTiersAsStandard ? "standard" : "")
    for (name, value) in price.otherRates.sorted(by: { $0.key < $1.key }) {
      add("\(place)other \(name)", value)
    }
  }

  private mutating func add(_ card: PriceCard, _ place: String) {
    for rate in Self.rates(card.rates) { add(place + rate.name, rate.value) }
    for tier in card.contextTiers {
      for rate in Self.rates(tier.rates) { add("\(place)\(rate.name) \(tier.name)", rate.value) }
    }
    for bucket in TokenBucket.allCases {
      if let fallback = card.fallbacks[bucket] { add("\(place)no \(bucket.name)", fallback.name) }
    }
  }

  /// Every rate; those of tokens for a million.
  static func rates(_ rates: Rates) -> [Fact] {
    PricedQuantity.allCases.compactMap { quantity in
      guard let rate = rates[quantity] else { return nil }
      guard case .tokens = quantity else { return (quantity.name, "\(rate)") }
      let quoted = try? rate.multiplied(by: 1_000_000, quantity.name)
      return (quantity.name, quoted.map { "\($0)" } ?? "\(rate) for one")
    }
  }

  private static func hours(_ calendar: WeekCalendar) -> String {
    let windows = calendar.windows.map { "\(clock($0.start))-\(clock($0.end))" }
    let days = calendar.weekdays.map(String.init).joined(separator: ",")
    let holidays = calendar.holidays.isEmpty ? "" : " without \(calendar.holidays.count) days"
    return "\(windows.joined(separator: " ")) \(calendar.zone.name) on \(days)\(holidays)"
  }

  private static func clock(_ minutes: Int) -> String {
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }
}
