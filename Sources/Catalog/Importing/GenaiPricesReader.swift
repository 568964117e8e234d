import Billing
import Documents

/// Reads one model of genai-prices.
struct GenaiPricesReader {
  let model: String
  private(set) var report: ImportReport

  /// Prices from an instant on, `nil` for since ever.
  private struct Dated {
    var from: Timestamp?
    var conditions: [PriceCondition] = []
    var values: PriceSheet.Values
    var other: [String: String]
  }

  private struct DatedRule {
    var from: Timestamp?
    var rule: TimeRule
  }

  init(model: String, report: ImportReport) {
    self.model = model
    self.report = report
  }

  mutating func model(_ id: String, _ map: DocumentMapping) throws(DocumentError)
    -> GenaiPricesTable.Model
  {
    try PriceFields.requireDollars(map)
    for (field, node) in PriceFields.unknown(
      in: map, besides: ["prices", "price_variants", "price_comments"])
    {
      report.unpriced(field, model: model, value: TableAmount.example(node))
    }
    var facts = ModelFacts()
    facts.contextWindow = try? map.optional("context_window")?.int(in: 0...Int64.max)
    return GenaiPricesTable.Model(
      id: id, match: try GenaiMatch(try map.required("match")), periods: try periods(map),
      facts: facts)
  }

  /// A list is tried from its end, the first that is active wins. Start dates split time into
  /// periods; a daily window without a date holds in all of them.
  private mutating func periods(_ map: DocumentMapping) throws(DocumentError)
    -> [GenaiPricesTable.Period]
  {
    let prices = try map.required("prices")
    var dated: [Dated] = []
    var rules: [DatedRule] = []
    if case .mapping = prices.content {
      dated.append(try values(prices, from: nil))
    } else {
      for item in try prices.list() {
        let item = try item.mapping(allowing: ["prices", "constraint"])
        let constraint = try Self.constraint(item)
        let values = try values(try item.required("prices"), from: try Self.start(constraint))
        guard let calendar = try constraint.flatMap(Self.calendar) else {
          dated.append(values)
          continue
        }
        var rates = Rates()
        for (quantity, value) in values.values { rates[quantity] = value.amount }
        let rule = TimeRule(name: "window", calendar: calendar, rates: rates)
        rules.insert(DatedRule(from: values.from, rule: rule), at: 0)
      }
    }
    var variants: [Dated] = []
    for item in try map.optional("price_variants")?.list() ?? [] {
      let item = try item.mapping(allowing: ["when", "prices", "constraint"])
      let constraint = try Self.constraint(item)
      var values = try values(try item.required("prices"), from: try Self.start(constraint))
      values.conditions = try Self.conditions(try item.required("when"))
      if try constraint.flatMap(Self.calendar) != nil {
        throw item.node.error("a variant with hours of the day", "The book cannot say it.")
      }
      if !values.values.isEmpty { variants.append(values) }
    }
    return Self.assemble(dated, variants, rules)
  }

  private static func assemble(_ dated: [Dated], _ variants: [Dated], _ rules: [DatedRule])
    -> [GenaiPricesTable.Period]
  {
    let all = dated.map(\.from) + variants.map(\.from) + rules.map(\.from)
    let starts = Set(all.compactMap { $0 }).sorted()
    return ([nil] + starts.map(Optional.some)).map { from in
      let instant = from ?? Timestamp.representable.lowerBound
      let active = { (start: Timestamp?) in start.map { $0 <= instant } ?? true }
      var sheet = PriceSheet()
      let base = dated.last { active($0.from) }
      if let base {
        sheet.base = base.values
        sheet.other = base.other
      }
      for variant in variants where active(variant.from) {
        sheet.cards[variant.conditions] = variant.values
        for (name, text) in variant.other {
          let condition = variant.conditions.map(\.name).joined(separator: " ")
          sheet.other["\(condition) \(name)"] = text
        }
      }
      sheet.timeRules = rules.filter { active($0.from) }.map(\.rule)
      sheet.dropRedundantReasoning()
      sheet.sellsNoTokens = !sheet.base.isEmpty && !sheet.base.keys.contains(where: \.isTokens)
      if sheet.base.isEmpty { sheet.cards = [:] }
      return GenaiPricesTable.Period(from: from, sheet: sheet, isStated: base != nil)
    }
  }

  private static func constraint(_ item: DocumentMapping) throws(DocumentError) -> DocumentMapping?
  {
    try item.optional("constraint")?.mapping(allowing: ["start_date", "start_time", "end_time"])
  }

  private static func start(_ constraint: DocumentMapping?) throws(DocumentError) -> Timestamp? {
    guard let node = constraint?.optional("start_date") else { return nil }
    return Timestamp(day: try node.day())
  }

  /// `{start_time: 16:30:00+00:00, end_time: 00:30:00+00:00}`, the end excluded.
  private static func calendar(_ constraint: DocumentMapping) throws(DocumentError)
    -> WeekCalendar?
  {
    guard let start = constraint.optional("start_time"), let end = constraint.optional("end_time")
    else { return nil }
    let from = try minute(start)
    let length = (try minute(end) - from + 1440) % 1440
    return WeekCalendar(
      zone: .utc, weekdays: Array(1...7),
      windows: ClockTime.windows(from: from, length: length == 0 ? 1440 : length))
  }

  /// The minute of the UTC day.
  private static func minute(_ node: DocumentNode) throws(DocumentError) -> Int {
    let text = try node.text()
    var clock = text[...]
    if clock.hasSuffix("Z") { clock = clock.dropLast() }
    var offset = 0
    if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let distance = ClockTime.minutes(clock[clock.index(after: sign)...]) else {
        throw node.error("`\(text)` is not a time of the day", "Check the table.")
      }
      offset = clock[sign] == "+" ? distance : -distance
      clock = clock[..<sign]
    }
    guard let minute = ClockTime.minutes(clock) else {
      throw node.error("`\(text)` is not a time of the day", "Check the table.")
    }
    return minute - offset
  }

  private static func conditions(_ node: DocumentNode) throws(DocumentError) -> [PriceCondition] {
    var conditions: [PriceCondition] = []
    for (key, value) in try node.mapping(allowing: nil).all {
      let key = key == "processing" ? PriceCondition.serviceTierKey : key
      conditions.append(PriceCondition(key: key, value: try value.text()))
    }
    return conditions.sorted()
  }

  private mutating func values(_ node: DocumentNode, from: Timestamp?) throws(DocumentError)
    -> Dated
  {
    var dated = Dated(from: from, values: [:], other: [:])
    for (key, node) in try node.mapping(allowing: nil).all where !node.isNull {
      if let (quantity, per) = Self.quantities[key], let value = try Self.value(node, per: per) {
        dated.values[quantity] = value
        continue
      }
      let leaves = TableAmount.leaves(node, path: key)
      for (path, text) in leaves { dated.other[path] = text }
      report.unpriced(key, model: model, value: leaves.first?.text ?? "")
    }
    return dated
  }

  /// - Returns: `nil` when a rate for one unit has no exact decimal.
  private static func value(_ node: DocumentNode, per: Int64) throws(DocumentError)
    -> PriceSheet.Value?
  {
    if node.scalar != nil {
      return try TableAmount.read(node).dividedExactly(by: per).map { .init(amount: $0) }
    }
    let map = try node.mapping(allowing: ["base", "tiers"])
    guard let base = try TableAmount.read(try map.required("base")).dividedExactly(by: per) else {
      return nil
    }
    var value = PriceSheet.Value(amount: base)
    for tier in try map.required("tiers").list() {
      let tier = try tier.mapping(allowing: ["start", "price"])
      let price = try TableAmount.read(try tier.required("price"))
      guard let amount = price.dividedExactly(by: per) else { return nil }
      let start = try tier.required("start").int(in: 0...TokenUsage.countLimit)
      value.addTier(.above, start, amount)
    }
    return value
  }

  private static let quantities: [String: (PricedQuantity, Int64)] = [
    "input_mtok": (.tokens(.input), 1_000_000),
    "output_mtok": (.tokens(.output), 1_000_000),
    "cache_read_mtok": (.tokens(.cacheRead), 1_000_000),
    "cache_write_mtok": (.tokens(.cacheWrite5m), 1_000_000),
    "cache_write_5m_mtok": (.tokens(.cacheWrite5m), 1_000_000),
    "cache_write_1h_mtok": (.tokens(.cacheWrite1h), 1_000_000),
    "input_audio_mtok": (.tokens(.inputAudio), 1_000_000),
    "input_image_mtok": (.tokens(.inputImage), 1_000_000),
    "input_video_mtok": (.tokens(.inputVideo), 1_000_000),
    "output_audio_mtok": (.tokens(.outputAudio), 1_000_000),
    "output_image_mtok": (.tokens(.outputImage), 1_000_000),
    "output_reasoning_mtok": (.tokens(.reasoning), 1_000_000),
    "web_searches_kcount": (.units(.webSearches), 1000),
    "storage_searches_kcount": (.units(.fileSearches), 1000),
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
