public import Billing

/// A month of the calendar, in whatever zone it is counted.
public struct CalendarMonth: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let days: ClosedRange<Day>

  /// The month that holds a day.
  public init(_ day: Day) {
    let (year, month, dayOfMonth) = day.civil
    let first = Day(number: day.number - Int32(dayOfMonth) + 1)
    days = first...Day(number: first.number + Int32(Day.length(ofMonth: month, year: year)) - 1)
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.days.lowerBound < right.days.lowerBound
  }

  /// `2026-10`.
  public var description: String { String(days.lowerBound.description.dropLast(3)) }
}
