public import Billing
public import Documents

/// A price book as a document says it.
public struct PriceBookDocument: Sendable {
  public var id: String
  public var sources: [PriceSource]
  public var entries: [PriceEntry]
}

/// Where the prices of a book were taken from.
public struct PriceSource: Sendable, Hashable {
  public var name: String
  public var version: String
  public var sha256: String

  public init(name: String, version: String, sha256: String) {
    self.name = name
    self.version = version
    self.sha256 = sha256
  }
}

extension PriceTable {
  /// Reads a price book that a person wrote, YAML or JSON.
  ///
  /// - Parameter files: opens the files that it names: holidays.
  ///
  /// Beyond the form, it checks that no id and no name stands twice at a provider, that dated prices
  /// neither overlap nor leave gaps, that no rate is negative and that fallbacks end.
  ///
  /// - Throws: `DocumentError` with file, line, what is wrong and how to write it.
  public init(reading root: DocumentNode, files: DocumentFiles = .none) throws(DocumentError) {
    let document = try PriceBookReader.read(root, files)
    self.init(id: document.id, entries: document.entries)
  }
}

/// Reads the document form of price books.
struct PriceBookReader {
  /// Named calendars and fallbacks of the book.
  var calendars: [String: WeekCalendar] = [:]
  var fallbacks: [String: [TokenBucket: RateFallback]] = [:]
  private let files: DocumentFiles

  static let rootKeys = [
    "version", "id", "made_by", "sources", "calendars", "fallbacks", "entries",
  ]

  /// A whole book.
  static func read(_ root: DocumentNode, _ files: DocumentFiles = .none) throws(DocumentError)
    -> PriceBookDocument
  {
    let map = try root.mapping(allowing: rootKeys)
    let reader = try PriceBookReader(header: map, files)
    var ids: Set<String> = []
    var names: Set<String> = []
    var entries: [PriceEntry] = []
    for node in try map.required("entries").list() {
      let entry = try reader.entry(node)
      guard ids.insert(entry.id).inserted else {
        throw node.error("the id `\(entry.id)` stands twice", "Give each entry its own id.")
      }
      for name in entry.keys(of: entry.names + entry.aliases)
      where !name.hasPrefix(PriceEntry.anyRegion) {
        guard names.insert(entry.provider + "\u{0}" + name.asciiLowercased).inserted else {
          throw node.error(
            "`\(name)` stands twice at `\(entry.provider)`", "Keep the name in one entry.")
        }
      }
      entries.append(entry)
    }
    return PriceBookDocument(
      id: try map.required("id").text(), sources: try sources(map.optional("sources")),
      entries: entries)
  }

  /// What entries may refer to.
  init(header map: DocumentMapping, _ files: DocumentFiles = .none) throws(DocumentError) {
    self.files = files
    let version = try map.required("version")
    guard try version.int() == 1 else {
      throw version.error("this version of the form is not known", "Write `version: 1`.")
    }
    if let node = map.optional("calendars") {
      for (name, value) in try node.mapping(allowing: nil).all {
        calendars[name] = try CalendarReader.calendar(
          try value.mapping(allowing: CalendarReader.keys), files)
      }
    }
    if let node = map.optional("fallbacks") {
      for (name, value) in try node.mapping(allowing: nil).all {
        fallbacks[name] = try RatesReader.fallbacks(value)
      }
    }
  }

  static func sources(_ node: DocumentNode?) throws(DocumentError) -> [PriceSource] {
    var sources: [PriceSource] = []
    for item in try node?.list() ?? [] {
      let map = try item.mapping(allowing: ["name", "version", "sha256", "license", "url"])
      sources.append(
        PriceSource(
          name: try map.required("name").text(), version: try map.optional("version")?.text() ?? "",
          sha256: try map.optional("sha256")?.text() ?? ""))
    }
    return sources
  }

  private static let entryKeys = [
    "id", "provider", "served_by", "region", "match", "class", "limits", "capabilities",
    "deprecated", "retired", "replacement", "contested", "prices", "source", "checked",
  ]

  /// One entry.
  func entry(_ node: DocumentNode) throws(DocumentError) -> PriceEntry {
    let map = try node.mapping(allowing: Self.entryKeys)
    let vendor = ProviderIdentity.canonical(try map.required("provider").text())
    let server = try map.optional("served_by")?.text()
    let match = try map.required("match").mapping(allowing: ["exact", "aliases", "snapshots"])
    var entry = PriceEntry(
      id: try map.required("id").text(),
      provider: server.map(ProviderIdentity.canonical) ?? vendor,
      names: try Self.names(try match.required("exact")), prices: [])
    if entry.provider != vendor { entry.vendor = vendor }
    if entry.names.isEmpty {
      throw match.node.error("no name is given", "Write at least one name under `exact`.")
    }
    entry.aliases = try match.optional("aliases").map(Self.names) ?? []
    if let region = map.optional("region") {
      entry.regions = region.scalar == nil ? try region.texts() : [try region.text()]
    }
    for format in try match.optional("snapshots")?.list() ?? [] {
      entry.snapshots.append(try format.word(of: SnapshotDate.Format.self))
    }
    entry.modelClass = try map.optional("class")?.text() ?? ""
    if let limits = try map.optional("limits")?.mapping(allowing: ["context", "max_output"]) {
      entry.contextWindow = try limits.optional("context")?.int(in: 0...Int64.max)
      entry.maxOutput = try limits.optional("max_output")?.int(in: 0...Int64.max)
    }
    entry.capabilities = try map.optional("capabilities")?.texts() ?? []
    entry.deprecated = try map.optional("deprecated")?.day()
    entry.retired = try map.optional("retired")?.day()
    entry.replacement = try map.optional("replacement")?.text()
    entry.source = try map.optional("source")?.text() ?? ""
    entry.checked = try map.optional("checked")?.day()
    for item in try map.optional("contested")?.list() ?? [] {
      entry.contests.append(try Self.contest(item))
    }
    entry.prices = try prices(try map.required("prices"))
    return entry
  }

  private static func contest(_ node: DocumentNode) throws(DocumentError) -> PriceEntry.Contest {
    let map = try node.mapping(allowing: ["subject", "chosen", "claims"])
    var claims: [PriceEntry.Contest.Claim] = []
    for (source, amount) in try map.required("claims").mapping(allowing: nil).all {
      claims.append(.init(source: source, amount: try amount.text()))
    }
    return PriceEntry.Contest(
      subject: try map.required("subject").text(), chosen: try map.required("chosen").text(),
      claims: claims)
  }

  /// Names as they are: a pattern would match models that nobody has priced.
  private static func names(_ node: DocumentNode) throws(DocumentError) -> [String] {
    var names: [String] = []
    for item in try node.list() {
      let name = try item.text()
      let signs = ["^", "$", "|", "\\", ".*", ".+", "(", ")", "[", "]", "{", "}", "?"]
      guard !signs.contains(where: name.contains), !name.hasSuffix("*") else {
        throw item.error(
          "`\(name)` looks like a pattern; names are compared as they are",
          "Write each name; give dated snapshots under `snapshots`.")
      }
      names.append(name)
    }
    return names
  }

  /// Dated prices; in each currency each begins where the one before it ends.
  private func prices(_ node: DocumentNode) throws(DocumentError) -> [DatedPrice] {
    var prices: [DatedPrice] = []
    for item in try node.list() {
      let price = try price(item)
      if let last = prices.last(where: { $0.currency == price.currency }) {
        guard let until = last.until else {
          throw item.error("it follows a price without an end", "Give the price before it `until`.")
        }
        guard let from = price.from, from >= until else {
          throw item.error(
            "it overlaps the price before it, which ends at \(until)", "Write `from: \"\(until)\"`."
          )
        }
        guard from == until else {
          throw item.error(
            "there is a gap between \(until) and \(from)", "Write `from: \"\(until)\"`.")
        }
      }
      prices.append(price)
    }
    if prices.isEmpty { throw node.error("no price is given", "Write at least one price.") }
    return prices
  }

  private static let priceKeys =
    [
      "from", "until", "currency", "per", "service_tiers", "variants", "other_service_tiers",
      "multipliers", "time_rules", "other_rates",
    ] + RatesReader.cardKeys

  private func price(_ node: DocumentNode) throws(DocumentError) -> DatedPrice {
    let map = try node.mapping(allowing: Self.priceKeys)
    let per = try map.optional("per")?.int(in: 1...1_000_000_000) ?? 1
    let reader = RatesReader(per: per, profiles: fallbacks)
    var price = DatedPrice(
      from: try map.optional("from")?.time(), until: try map.optional("until")?.time(),
      base: try reader.card(map, inheriting: [:]))
    if let from = price.from, let until = price.until, until <= from {
      throw node.error("`until` is not after `from`", "Write a later `until`.")
    }
    if let node = map.optional("currency") {
      price.currency = try node.text()
      guard Currency.isKnown(price.currency) else {
        throw node.error(
          "`\(price.currency)` is not a code of ISO 4217", "Write a code such as `USD` or `CNY`.")
      }
    }
    price.meterRules = try MeterReader.rules(map.optional("units"))
    price.cards = try reader.cards(map, base: price.base)
    if let node = map.optional("other_service_tiers") {
      let word = try node.word(of: ["standard", "unpriced"])
      price.pricesUnknownTiersAsStandard = word == "standard"
    }
    for item in try map.optional("multipliers")?.list() ?? [] {
      price.multipliers.append(try reader.multiplier(item, price))
    }
    for item in try map.optional("time_rules")?.list() ?? [] {
      price.timeRules.append(try timeRule(item, reader))
    }
    for (name, amount) in try map.optional("other_rates")?.mapping(allowing: nil).all ?? [] {
      price.otherRates[name] = try amount.text()
    }
    return price
  }

  private func timeRule(_ node: DocumentNode, _ reader: RatesReader) throws(DocumentError)
    -> TimeRule
  {
    let keys = CalendarReader.keys + ["name", "calendar", "rates", "context_tiers"]
    let map = try node.mapping(allowing: keys)
    let calendar: WeekCalendar
    if let reference = map.optional("calendar") {
      let name = try reference.text()
      guard let known = calendars[name] else {
        throw reference.error("the calendar `\(name)` is not defined", "Add it to `calendars`.")
      }
      calendar = known
    } else {
      calendar = try CalendarReader.calendar(map, files)
    }
    var card = PriceCard()
    if let node = map.optional("context_tiers") { try reader.readTiers(node, into: &card) }
    return TimeRule(
      name: try map.required("name").text(), calendar: calendar,
      rates: try reader.rates(try map.required("rates")), contextTiers: card.contextTiers)
  }
}
