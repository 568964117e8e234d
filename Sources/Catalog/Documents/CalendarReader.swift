import Billing
import Documents
import Foundation

/// Reads calendars of peak hours.
enum CalendarReader {
  static let keys = [
    "utc_offset", "timezone", "weekdays", "windows", "holidays", "holidays_file",
  ]

  /// - Parameter files: opens the files that a document names.
  static func calendar(_ map: DocumentMapping, _ files: DocumentFiles) throws(DocumentError)
    -> WeekCalendar
  {
    var weekdays: [Int] = Array(1...7)
    if let list = try map.optional("weekdays")?.list() {
      weekdays = []
      for day in list { weekdays.append(Int(try day.int(in: 1...7))) }
    }
    var windows: [WeekCalendar.Window] = []
    for item in try map.required("windows").list() { windows.append(try window(item)) }
    var holidays: [Day] = []
    for item in try map.optional("holidays")?.list() ?? [] { holidays.append(try item.day()) }
    if let node = map.optional("holidays_file") {
      let file = try files.document(named: node)
      for item in try file.list() { holidays.append(try item.day()) }
    }
    return WeekCalendar(
      zone: try zone(map), weekdays: weekdays, windows: windows, holidays: holidays)
  }

  private static func zone(_ map: DocumentMapping) throws(DocumentError) -> ZoneOffsets {
    guard let node = map.optional("timezone") else {
      return try map.optional("utc_offset").map(offset) ?? .utc
    }
    guard map.optional("utc_offset") == nil else {
      throw node.error("a time zone and an offset stand together", "Keep one of the two.")
    }
    let name = try node.text()
    guard let zone = ZoneOffsets(zone: name) else {
      throw node.error(
        "`\(name)` is not a time zone", "Write a name such as `Asia/Shanghai`.")
    }
    return zone
  }

  /// `+08:00`.
  private static func offset(_ node: DocumentNode) throws(DocumentError) -> ZoneOffsets {
    let text = Array(try node.text().utf8)
    let hours = text.dropFirst().prefix(2)
    guard text.count == 6, text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-"),
      text[3] == UInt8(ascii: ":"), let hour = number(hours), let minute = number(text[4...]),
      hour < 24, minute < 60
    else { throw node.error("this is no offset from UTC", "Write `\"+08:00\"`.") }
    let seconds = hour * 3600 + minute * 60
    return ZoneOffsets(
      name: try node.text(), seconds: text[0] == UInt8(ascii: "-") ? -seconds : seconds)
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

extension ZoneOffsets {
  /// The offsets of an IANA zone from 2015 to 2050; its clock changes are asked of the system once.
  fileprivate init?(zone name: String) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    var time = Date(timeIntervalSince1970: 1_420_070_400)
    let end = Date(timeIntervalSince1970: 2_524_608_000)
    let first = zone.secondsFromGMT(for: time)
    var changes: [Change] = []
    while let next = zone.nextDaylightSavingTimeTransition(after: time), next < end, next > time {
      let micros = Int64(next.timeIntervalSince1970) * 1_000_000
      changes.append(
        Change(from: Timestamp(microseconds: micros), seconds: zone.secondsFromGMT(for: next)))
      time = next
    }
    self.init(name: name, seconds: first, changes: changes)
  }
}
