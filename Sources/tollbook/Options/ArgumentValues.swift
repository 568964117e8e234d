public import ArgumentParser
public import Billing
import Foundation
public import Insights

extension Timestamp: ExpressibleByArgument {
  /// RFC 3339 with its zone.
  public init?(argument: String) {
    guard let parsed = Timestamp.parse(Array(argument.utf8)), !parsed.zoneAssumed else {
      return nil
    }
    self = parsed.time
  }

  static var now: Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }
}

extension Day: ExpressibleByArgument {
  /// `2026-10-31`.
  public init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2] else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2])
  }
}

extension ReportKind: ExpressibleByArgument {}

/// A month of the calendar: `2026-10`.
struct Month: ExpressibleByArgument {
  var firstDay: Day

  init?(argument: String) {
    guard let day = Day(argument: argument + "-01") else { return nil }
    firstDay = day
  }
}

/// An age in days, `400d`, or the first day that is young enough: `2026-01-01`.
enum Age: ExpressibleByArgument {
  case days(Int32)
  case since(Day)

  /// Ages up to a thousand years.
  init?(argument: String) {
    if let day = Day(argument: argument) {
      self = .since(day)
    } else if argument.last == "d", let days = Int32(argument.dropLast()),
      (1...365_000).contains(days)
    {
      self = .days(days)
    } else {
      return nil
    }
  }

  /// The first UTC day that is not older.
  func firstDay(at now: Timestamp) -> Day {
    switch self {
    case .days(let days): Day(number: now.day.number - days)
    case .since(let day): day
    }
  }
}

/// A number of bytes: `4096`, `64MiB`.
struct ByteSize: ExpressibleByArgument {
  var bytes: Int64

  init?(argument: String) {
    let units: [(String, Int64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
    let unit = units.first { argument.hasSuffix($0.0) }
    let digits = argument.dropLast(unit == nil ? 0 : 3)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int64(digits)
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}

/// Dimensions separated by commas: `provider,model`.
struct DimensionList: ExpressibleByArgument {
  var dimensions: [Insights.Dimension] = []

  init?(argument: String) {
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let dimension = Insights.Dimension(name: String(name)) else { return nil }
      dimensions.append(dimension)
    }
  }
}

/// A time zone: `UTC`, `Europe/Berlin`, `+05:30`.
struct Zone: ExpressibleByArgument {
  var calendar: ReportingCalendar

  init?(argument: String) {
    guard let calendar = ReportingCalendar(zone: argument) else { return nil }
    self.calendar = calendar
  }
}

/// A code of ISO 4217: `EUR`.
struct CurrencyCode: ExpressibleByArgument {
  var code: String

  init?(argument: String) {
    guard Currency.isKnown(argument) else { return nil }
    code = argument
  }
}
