import Billing
import Documents

/// The fields of LiteLLM's table that hold more than a number.
enum LiteLLMStructures {
  /// `[{range: [0, 32000], input_cost_per_token: …}, …]`: the first range is the base, each further
  /// one reprices the whole request above its lower end.
  static func readTiers(_ node: DocumentNode, into sheet: inout PriceSheet) throws(DocumentError) {
    for item in try node.list() {
      let map = try item.mapping(allowing: nil)
      guard let range = try map.optional("range")?.list(), let low = range.first else { continue }
      let start = try ExactDecimal(scalar: low)
      let threshold = Int64(start.units / ExactDecimal.unitsPerOne)
      for (field, value) in map.all {
        guard field != "range", var place = LiteLLMField(field),
          let amount = LiteLLMTable.money(value)
        else { continue }
        place.threshold = threshold == 0 ? nil : threshold
        place.set(amount, in: &sheet, atLeast: false)
      }
    }
  }

  /// Rates that hold in windows of UTC hours on certain weekdays of a time zone.
  static func readOffPeak(_ node: DocumentNode, into sheet: inout PriceSheet) throws(DocumentError)
  {
    let map = try node.mapping(allowing: nil)
    var rates = Rates()
    for (field, value) in map.all {
      if let place = LiteLLMField(field), let amount = LiteLLMTable.money(value) {
        rates[place.quantity] = amount
      }
    }
    let name = try map.optional("weekday_timezone")?.text() ?? "UTC"
    guard let zone = zones[name] else {
      throw node.error("the time zone `\(name)` is not known", "Add it to the importer.")
    }
    var windows: [(hours: [DocumentNode], weekdays: [Int])] = []
    if let list = try map.optional("windows")?.list() {
      for window in list {
        let window = try window.mapping(allowing: nil)
        windows.append((try hours(window), try weekdays(window)))
      }
    } else {
      windows.append((try hours(map), try weekdays(map)))
    }
    for window in windows {
      var spans: [WeekCalendar.Window] = []
      for text in window.hours { spans += try localWindows(text, zone) }
      let calendar = WeekCalendar(
        zone: zone,
        weekdays: window.weekdays, windows: spans)
      sheet.timeRules.append(TimeRule(name: "off_peak", calendar: calendar, rates: rates))
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
  private static func localWindows(_ node: DocumentNode, _ zone: ZoneOffsets)
    throws(DocumentError) -> [WeekCalendar.Window]
  {
    let text = try node.text()
    let ends = text.split(separator: "-").map { $0.split(separator: ":").compactMap { Int($0) } }
    guard ends.count == 2, ends.allSatisfy({ $0.count == 2 }) else {
      throw node.error("`\(text)` is not a window of hours", "Write `01:00-04:00`.")
    }
    let start = ends[0][0] * 60 + ends[0][1]
    var end = ends[1][0] * 60 + ends[1][1]
    if end <= start { end += 1440 }
    let from = (start + zone.seconds(at: .init(microseconds: 0)) / 60) % 1440
    let length = end - start
    let pieces = [(from, min(from + length, 1440)), (0, from + length - 1440)]
    return pieces.compactMap { WeekCalendar.Window(start: $0.0, end: $0.1) }
  }

  /// Zones without daylight saving only: the table's hours are UTC.
  private static let zones: [String: ZoneOffsets] = [
    "UTC": .utc, "Asia/Shanghai": ZoneOffsets(name: "+08:00", seconds: 28_800),
  ]
}

extension ExactDecimal {
  /// A number of a table, exponent accepted.
  init(scalar node: DocumentNode) throws(DocumentError) {
    guard let text = node.scalar?.text, let value = try? ExactDecimal(literal: text) else {
      throw node.error("a number is expected", "Check the table.")
    }
    self = value
  }
}
