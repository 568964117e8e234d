public import ArgumentParser
public import Billing
import Documents
import Foundation
public import Insights
import Pipeline

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

/// A time that something may take: `90s`, `30m`, `2h`, `1d`.
struct Duration: ExpressibleByArgument {
  var seconds: Int64

  init?(argument: String) {
    guard let seconds = DocumentNode.seconds(in: argument) else { return nil }
    self.seconds = seconds
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
