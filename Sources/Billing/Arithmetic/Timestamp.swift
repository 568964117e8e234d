/// An instant: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Timestamp: Sendable, Hashable, Comparable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The start of a UTC day.
  public init(day: Day) { self.microseconds = Int64(day.number) * Self.microsecondsPerDay }

  public static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The width of a rollup bucket. Zone offsets are multiples of it, so that any local day or
  /// month starts on a bucket's edge.
  public static let microsecondsPerBucket: Int64 = 900_000_000

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }

  /// The UTC day that holds the instant.
  public var day: Day {
    Day(number: Int32(Self.floorDivide(microseconds, Self.microsecondsPerDay)))
  }

  /// The number of the 15-minute UTC bucket that holds the instant.
  public var bucket: Int32 { Int32(Self.floorDivide(microseconds, Self.microsecondsPerBucket)) }

  /// Instants from year 1 to the end of year 9999, what RFC 3339 can write.
  public static let representable =
    Timestamp(
      microseconds: -62_135_596_800_000_000)...Timestamp(
      microseconds: 253_402_300_799_999_999)

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

/// A day of the proleptic Gregorian calendar, as a count of days since 1970-01-01.
public struct Day: Sendable, Hashable, Comparable {
  public var number: Int32

  public init(number: Int32) { self.number = number }

  /// The day with this civil date, or `nil` when there is no such date.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Day.length(ofMonth: month, year: year)).contains(day)
    else { return nil }
    // Days from civil, after Howard Hinnant's algorithm: the year starts in March.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }

  /// Year, month 1–12, day 1–31.
  public var civil: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
  }

  /// Monday 1 … Sunday 7.
  public var weekday: Int { ((Int(number) % 7) + 7 + 3) % 7 + 1 }

  /// The number of days in a month.
  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
