public import Billing

/// A span of whole local days that a report or a budget covers.
public struct Period: Sendable, Hashable {
  /// The days, the first and the last included.
  public let days: ClosedRange<Day>
  /// The instants, half-open, on edges of rollup buckets.
  public let range: Range<Timestamp>

  /// The span of these days in the calendar's zone.
  public init(_ days: ClosedRange<Day>, in calendar: ReportingCalendar) {
    self.days = days
    let end = calendar.start(of: Day(number: days.upperBound.number + 1))
    self.range = calendar.start(of: days.lowerBound)..<end
  }

  /// The span of the day.
  public static func day(_ day: Day, in calendar: ReportingCalendar) -> Period {
    Period(day...day, in: calendar)
  }

  /// The span of the week, Monday to Sunday, that holds the day.
  public static func week(holding day: Day, in calendar: ReportingCalendar) -> Period {
    let monday = Day(number: day.number - Int32(day.weekday) + 1)
    return Period(monday...Day(number: monday.number + 6), in: calendar)
  }

  /// The span of the calendar month that holds the day.
  public static func month(holding day: Day, in calendar: ReportingCalendar) -> Period {
    Period(CalendarMonth(day).days, in: calendar)
  }

  /// The days that hold all recorded usage.
  public static func all(of extent: ClosedRange<Timestamp>, in calendar: ReportingCalendar)
    -> Period
  {
    Period(calendar.day(of: extent.lowerBound)...calendar.day(of: extent.upperBound), in: calendar)
  }

  /// The whole days from an instant on; `nil` when none is left.
  public func from(_ time: Timestamp, in calendar: ReportingCalendar) -> Period? {
    guard time > range.lowerBound else { return self }
    var day = calendar.day(of: time)
    if calendar.start(of: day) < time { day = Day(number: day.number + 1) }
    return day > days.upperBound ? nil : Period(day...days.upperBound, in: calendar)
  }

  /// `2026-10-01 .. 2026-10-31`, or one day.
  public var title: String {
    days.lowerBound == days.upperBound
      ? "\(days.lowerBound)" : "\(days.lowerBound) .. \(days.upperBound)"
  }

  /// The number of days.
  public var dayCount: Int { Int(days.upperBound.number - days.lowerBound.number) + 1 }

  /// The last day of some month is one of the days.
  var spansMonthEnd: Bool {
    let (year, month, dayOfMonth) = days.lowerBound.civil
    return dayCount > Day.length(ofMonth: month, year: year) - dayOfMonth
  }
}

extension Timestamp {
  /// The instant a number of seconds later.
  func advanced(bySeconds seconds: Int64) -> Timestamp {
    Timestamp(microseconds: microseconds + seconds * 1_000_000)
  }

  /// The start of a rollup bucket.
  init(bucket: Int32) {
    self.init(microseconds: Int64(bucket) * Timestamp.microsecondsPerBucket)
  }
}
