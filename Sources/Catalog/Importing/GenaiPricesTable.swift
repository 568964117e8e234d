import Billing
import Documents

/// The table of genai-prices: dated prices and price variants for each model of a provider.
struct GenaiPricesTable {
  /// A price that holds from an instant on.
  struct Period {
    /// `nil`: since ever.
    var from: Timestamp?
    var sheet: PriceSheet
  }

  struct Model {
    var id: String
    var match: GenaiMatch
    /// In the order of time.
    var periods: [Period]
    var facts: ModelFacts
  }

  struct Provider {
    /// The book's spelling.
    var id: String
    /// Providers, in the book's spelling, whose models it sells at their price.
    var fallbacks: [String]
    var models: [Model]

    /// The first model that a name matches, else the one whose id it is.
    func model(named name: String) -> Model? {
      let name = name.lowercased()
      return models.first { $0.match.matches(name) } ?? models.first { $0.id.lowercased() == name }
    }
  }

  private(set) var providers: [Provider] = []

  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode) throws(DocumentError) {
    for node in try root.list() {
      let map = try node.mapping(allowing: nil)
      var provider = Provider(
        id: ProviderIdentity.canonical(try map.required("id").text()), fallbacks: [], models: [])
      for other in try map.optional("fallback_model_providers")?.texts() ?? [] {
        provider.fallbacks.append(ProviderIdentity.canonical(other))
      }
      for model in try map.required("models").list() {
        provider.models.append(try Self.model(try model.mapping(allowing: nil)))
      }
      providers.append(provider)
    }
  }

  private static func model(_ map: DocumentMapping) throws(DocumentError) -> Model {
    var facts = ModelFacts()
    facts.contextWindow = try map.optional("context_window")?.int(in: 0...Int64.max)
    return Model(
      id: try map.required("id").text(), match: try GenaiMatch(try map.required("match")),
      periods: try periods(map), facts: facts)
  }

  /// A list is tried from its end, the first that is active wins. Start dates split time into
  /// periods; a daily window has no date and so holds in all of them.
  private static func periods(_ map: DocumentMapping) throws(DocumentError) -> [Period] {
    let prices = try map.required("prices")
    var dated: [(from: Timestamp?, values: PriceSheet.Values)] = []
    var rules: [TimeRule] = []
    if case .mapping = prices.content {
      dated.append((nil, try values(prices)))
    } else {
      for item in try prices.list() {
        let item = try item.mapping(allowing: nil)
        let values = try values(try item.required("prices"))
        let constraint = try item.optional("constraint")?.mapping(allowing: nil)
        if let window = try constraint.flatMap(window) {
          let calendar = WeekCalendar(
            zone: .utc, weekdays: Array(1...7), windows: window)
          var rates = Rates()
          for (quantity, value) in values { rates[quantity] = value.amount }
          rules.insert(TimeRule(name: "window", calendar: calendar, rates: rates), at: 0)
        } else {
          dated.append((try start(constraint), values))
        }
      }
    }
    var variants: [(from: Timestamp?, conditions: [PriceCondition], values: PriceSheet.Values)] = []
    for item in try map.optional("price_variants")?.list() ?? [] {
      let item = try item.mapping(allowing: nil)
      let constraint = try item.optional("constraint")?.mapping(allowing: nil)
      let conditions = try conditions(try item.required("when"))
      let values = try values(try item.required("prices"))
      guard !values.isEmpty else { continue }
      variants.append((try start(constraint), conditions, values))
    }
    return assemble(dated, variants, rules)
  }

  private static func assemble(
    _ dated: [(from: Timestamp?, values: PriceSheet.Values)],
    _ variants: [(from: Timestamp?, conditions: [PriceCondition], values: PriceSheet.Values)],
    _ rules: [TimeRule]
  ) -> [Period] {
    let starts = Set((dated.map(\.from) + variants.map(\.from)).compactMap { $0 }).sorted()
    var periods: [Period] = []
    for from in [nil] + starts.map(Optional.some) {
      let instant = from ?? Timestamp.representable.lowerBound
      let active = { (start: Timestamp?) in start.map { $0 <= instant } ?? true }
      var sheet = PriceSheet()
      if let base = dated.last(where: { active($0.from) }) { sheet.base = base.values }
      for variant in variants where active(variant.from) {
        sheet.cards[variant.conditions] = variant.values
      }
      sheet.timeRules = rules
      sheet.dropRedundantReasoning()
      sheet.sellsNoTokens = !sheet.base.isEmpty && !sheet.base.keys.contains(where: \.isTokens)
      if sheet.base.isEmpty { sheet.cards = [:] }
      periods.append(Period(from: from, sheet: sheet))
    }
    return periods
  }

  private static func start(_ constraint: DocumentMapping?) throws(DocumentError) -> Timestamp? {
    guard let node = constraint?.optional("start_date") else { return nil }
    return Timestamp(day: try node.day())
  }

  private static func window(_ constraint: DocumentMapping) throws(DocumentError)
    -> [WeekCalendar.Window]?
  {
    guard let start = try constraint.optional("start_time")?.text(),
      let end = try constraint.optional("end_time")?.text()
    else { return nil }
    func minute(_ text: String) -> Int {
      let parts = text.split(separator: ":").prefix(2).compactMap { Int($0) }
      return parts.count == 2 ? parts[0] * 60 + parts[1] : 0
    }
    return WeekCalendar.Window(start: minute(start), end: minute(end)).map { [$0] } ?? []
  }

  private static func conditions(_ node: DocumentNode) throws(DocumentError) -> [PriceCondition] {
    var conditions: [PriceCondition] = []
    for (key, value) in try node.mapping(allowing: nil).all {
      let key = key == "processing" ? PriceCondition.serviceTierKey : key
      conditions.append(PriceCondition(key: key, value: try value.text()))
    }
    return conditions.sorted()
  }

  private static func values(_ node: DocumentNode) throws(DocumentError) -> PriceSheet.Values {
    var values: PriceSheet.Values = [:]
    for (key, node) in try node.mapping(allowing: nil).all {
      guard let (quantity, per) = quantities[key] else { continue }
      guard let value = try value(node, per: per) else { continue }
      values[quantity] = value
    }
    return values
  }

  private static func value(_ node: DocumentNode, per: Int64) throws(DocumentError)
    -> PriceSheet.Value?
  {
    if node.scalar != nil {
      return try node.money().dividedExactly(by: per).map { .init(amount: $0) }
    }
    let map = try node.mapping(allowing: ["base", "tiers"])
    var value = PriceSheet.Value(
      amount: try map.required("base").money().dividedExactly(by: per))
    for tier in try map.required("tiers").list() {
      let tier = try tier.mapping(allowing: ["start", "price"])
      guard let amount = try tier.required("price").money().dividedExactly(by: per) else {
        continue
      }
      value.tiers.append(
        .init(
          comparison: .above, threshold: try tier.required("start").int(in: 0...Int64.max),
          amount: amount))
    }
    value.tiers.sort { $0.start < $1.start }
    return value
  }

  private static let quantities: [String: (PricedQuantity, Int64)] = [
    "input_mtok": (.tokens(.input), 1_000_000),
    "output_mtok": (.tokens(.output), 1_000_000),
    "cache_read_mtok": (.tokens(.cacheRead), 1_000_000),
    "cache_write_mtok": (.tokens(.cacheWrite5m), 1_000_000),
    "cache_write_1h_mtok": (.tokens(.cacheWrite1h), 1_000_000),
    "input_audio_mtok": (.tokens(.inputAudio), 1_000_000),
    "input_image_mtok": (.tokens(.inputImage), 1_000_000),
    "input_video_mtok": (.tokens(.inputVideo), 1_000_000),
    "output_audio_mtok": (.tokens(.outputAudio), 1_000_000),
    "output_image_mtok": (.tokens(.outputImage), 1_000_000),
    "output_reasoning_mtok": (.tokens(.reasoning), 1_000_000),
    "web_searches_kcount": (.units(.webSearches), 1000),
    "requests_kcount": (.requests, 1000),
    "input_document_kpages": (.units(.pages), 1000),
    "input_mchars": (.units(.characters), 1_000_000),
    "audio_hours": (.units(.audioSeconds), 3600),
    "input_audio_hours": (.units(.audioSeconds), 3600),
  ]
}

extension PricedQuantity {
  fileprivate var isTokens: Bool { if case .tokens = self { true } else { false } }
}

/// The tree of conditions by which genai-prices finds a model.
indirect enum GenaiMatch {
  case equals(String), startsWith(String), endsWith(String), contains(String)
  case pattern(Regex<AnyRegexOutput>)
  case any([GenaiMatch]), all([GenaiMatch])

  /// - Throws: `DocumentError` when the tree is not of the known form.
  init(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: nil)
    guard let (key, value) = map.all.first, map.keys.count == 1 else {
      throw node.error("one condition is expected", "Check the table.")
    }
    switch key {
    case "equals": self = .equals(try value.text().lowercased())
    case "starts_with": self = .startsWith(try value.text().lowercased())
    case "ends_with": self = .endsWith(try value.text().lowercased())
    case "contains": self = .contains(try value.text().lowercased())
    case "regex":
      let text = try value.text()
      guard let regex = try? Regex(text) else {
        throw value.error("`\(text)` is not a regular expression", "Check the table.")
      }
      self = .pattern(regex)
    case "or_", "and_":
      var parts: [GenaiMatch] = []
      for part in try value.list() { parts.append(try GenaiMatch(part)) }
      self = key == "or_" ? .any(parts) : .all(parts)
    default: throw value.error("the condition `\(key)` is not known", "Add it to the importer.")
    }
  }

  /// - Parameter name: in lower case.
  func matches(_ name: String) -> Bool {
    switch self {
    case .equals(let text): name == text
    case .startsWith(let text): name.hasPrefix(text)
    case .endsWith(let text): name.hasSuffix(text)
    case .contains(let text): name.contains(text)
    case .pattern(let regex): name.firstMatch(of: regex) != nil
    case .any(let parts): parts.contains { $0.matches(name) }
    case .all(let parts): parts.allSatisfy { $0.matches(name) }
    }
  }

  /// The beginnings of names that are spelt out.
  var beginnings: [String] {
    switch self {
    case .equals(let text), .startsWith(let text), .contains(let text): [text]
    case .any(let parts), .all(let parts): parts.flatMap(\.beginnings)
    case .endsWith, .pattern: []
    }
  }

  /// The names that are spelt out.
  var names: [String] {
    switch self {
    case .equals(let text): [text]
    case .any(let parts): parts.flatMap(\.names)
    default: []
    }
  }
}
