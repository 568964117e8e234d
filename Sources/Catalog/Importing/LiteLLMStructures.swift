import Billing
import Documents

/// The fields of LiteLLM's table that hold more than a number.
extension LiteLLMTable {
  /// - Returns: whether the field says something that prices are made of.
  mutating func readStructure(_ field: String, _ node: DocumentNode, _ model: inout Model)
    throws(DocumentError) -> Bool
  {
    switch field {
    case "tiered_pricing": return try readTiers(node, &model)
    case "off_peak_pricing": try readOffPeak(node, &model)
    case "search_context_cost_per_query":
      let sizes = try node.mapping(allowing: nil).all
      var amounts: Set<Money> = []
      for (size, value) in sizes { amounts.insert(try amount(value, "\(field) \(size)", &model)) }
      // Sizes at several prices cannot be told apart from a log.
      guard let amount = amounts.first, amounts.count == 1 else { return false }
      model.sheet.base[.units(.webSearches)] = .init(amount: amount)
    case "web_search_billing_unit":
      let unit = try node.text()
      guard unit == "per_query" || unit == "per_prompt" else { return false }
      model.sheet.meterRules[.webSearches, default: MeterRule()].count =
        unit == "per_prompt" ? .perRequest : .each
    case "search_free_requests":
      guard let free = try Self.allowance(node) else { return false }
      model.sheet.meterRules[.webSearches, default: MeterRule()].free = free
    case "provider_specific_entry":
      let parts = try node.mapping(allowing: nil).all
      for (name, value) in parts {
        if let condition = Self.multiplierConditions[name] {
          try multiply(condition, value, &model)
        } else {
          keep("\(field).\(name)", value, &model)
        }
      }
    case "regional_processing_uplift_multiplier_eu", "regional_processing_uplift_multiplier_us":
      try multiply(.init(key: "data_residency", value: String(field.suffix(2))), node, &model)
    case "regional_endpoint_uplift_multiplier":
      try multiply(.init(key: "endpoint", value: "regional"), node, &model)
    default: return false
    }
    return true
  }

  /// `{count: 5000, period: month, shared_group: gemini-3}`.
  private static func allowance(_ node: DocumentNode) throws(DocumentError) -> FreeAllowance? {
    let map = try node.mapping(allowing: nil)
    guard
      let count = map.optional("count")?.scalar.flatMap({ try? ExactDecimal(literal: $0.text) }),
      count > .zero, let word = try map.optional("period")?.text(),
      let period = FreeAllowance.Period(name: word)
    else { return nil }
    return FreeAllowance(
      quantity: count, period: period, group: try map.optional("shared_group")?.text() ?? "")
  }

  private func multiply(_ condition: PriceCondition, _ node: DocumentNode, _ model: inout Model)
    throws(DocumentError)
  {
    guard let text = node.scalar?.text, let factor = try? ExactDecimal(literal: text),
      factor >= .zero
    else { throw node.error("a factor is expected", "Check the table.") }
    model.sheet.multipliers.append(PriceMultiplier(condition: condition, factor: factor))
  }

  private static let multiplierConditions: [String: PriceCondition] = [
    "us": PriceCondition(key: "inference_geo", value: "us"),
    "fast": PriceCondition(key: "speed", value: "fast"),
  ]

  /// `[{range: [0, 32000], input_cost_per_token: …}, …]`: the first range is the base, each further
  /// one reprices the whole request above its lower end.
  private mutating func readTiers(_ node: DocumentNode, _ model: inout Model)
    throws(DocumentError) -> Bool
  {
    let items = try node.list()
    guard items.allSatisfy({ (try? $0.mapping(allowing: nil).optional("range")) != nil }) else {
      // Ranges of something else than input tokens.
      return false
    }
    for item in items {
      let map = try item.mapping(allowing: nil)
      guard let low = try map.required("range").list().first, let text = low.scalar?.text,
        let start = try? ExactDecimal(literal: text), start >= .zero
      else { throw item.error("a range of tokens is expected", "Check the table.") }
      let threshold = Int64(clamping: start.units / ExactDecimal.unitsPerOne)
      for (field, value) in map.all where field != "range" && !value.isNull {
        guard var place = LiteLLMField(field) else {
          keep("tiered_pricing.\(field)", value, &model)
          continue
        }
        place.threshold = threshold == 0 ? nil : threshold
        place.set(try amount(value, place.subject, &model), in: &model.sheet, atLeast: false)
      }
    }
    return true
  }

  /// Rates that hold in windows of UTC hours on certain weekdays of a time zone.
  private mutating func readOffPeak(_ node: DocumentNode, _ model: inout Model)
    throws(DocumentError)
  {
    let map = try node.mapping(allowing: nil)
    var rates = Rates()
    for (field, value) in map.all where !value.isNull {
      if let place = LiteLLMField(field) {
        rates[place.quantity] = try amount(value, "off-peak \(place.subject)", &model)
      } else if !["windows", "hours_utc", "weekdays", "weekday_timezone"].contains(field) {
        keep("off_peak_pricing.\(field)", value, &model)
      }
    }
    let zone = try map.optional("weekday_timezone")?.text() ?? "UTC"
    guard let offset = Self.offsets[zone] else {
      throw node.error("the time zone `\(zone)` is not known", "Add it to the importer.")
    }
    var windows: [(hours: [DocumentNode], weekdays: [Int])] = []
    if let list = try map.optional("windows")?.list() {
      for window in list {
        let window = try window.mapping(allowing: nil)
        windows.append((try Self.hours(window), try Self.weekdays(window)))
      }
    } else {
      windows.append((try Self.hours(map), try Self.weekdays(map)))
    }
    for window in windows {
      var spans: [WeekCalendar.Window] = []
      for text in window.hours { spans += try Self.localWindows(text, offset: offset) }
      let calendar = WeekCalendar(
        zone: ZoneOffsets(minutes: offset), weekdays: window.weekdays, windows: spans)
      model.sheet.timeRules.append(TimeRule(name: "off_peak", calendar: calendar, rates: rates))
    }
  }

  private static func hours(_ map: DocumentMapping) throws(DocumentError) -> [DocumentNode] {
    let node = try map.required("hours_utc")
    return node.scalar == nil ? try node.list() : [node]
  }

  private static func weekdays(_ map: DocumentMapping) throws(DocumentError) -> [Int] {
    guard let list = try map.optional("weekdays")?.list() else { return Array(1...7) }
    var days: [Int] = []
    for day in list { days.append(Int(try day.int(in: 1...7))) }
    return days
  }

  /// `10:00-00:00` in UTC as local windows that do not cross midnight.
  private static func localWindows(_ node: DocumentNode, offset: Int) throws(DocumentError)
    -> [WeekCalendar.Window]
  {
    let text = try node.text()
    let ends = text.split(separator: "-").map(ClockTime.minutes)
    guard ends.count == 2, let start = ends[0], let end = ends[1] else {
      throw node.error("`\(text)` is not a window of hours", "Write `01:00-04:00`.")
    }
    return ClockTime.windows(
      from: start + offset, length: end > start ? end - start : end - start + 1440)
  }

  /// Minutes east of UTC; zones without daylight saving only.
  private static let offsets = [
    "UTC": 0, "Asia/Shanghai": 480, "Asia/Singapore": 480, "Asia/Tokyo": 540,
  ]
}

/// Times of a day.
enum ClockTime {
  /// The minute of the day of `16:30`; `nil` when it is none.
  static func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count == 3 && parts[2] == "00"), let hour = Int(parts[0]),
      let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute),
      hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }

  /// A span as windows that do not cross midnight.
  ///
  /// - Parameters:
  ///   - start: a minute of the day, also beyond its ends.
  ///   - length: in minutes, at most a day.
  static func windows(from start: Int, length: Int) -> [WeekCalendar.Window] {
    let from = (start % 1440 + 1440) % 1440
    let pieces = [(from, min(from + length, 1440)), (0, from + length - 1440)]
    return pieces.compactMap { WeekCalendar.Window(start: $0.0, end: $0.1) }
  }
}
