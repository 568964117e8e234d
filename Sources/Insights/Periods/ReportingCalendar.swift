public import Billing
import Foundation

/// Days and months as people of one time zone count them.
///
/// Zone offsets are multiples of 15 minutes, so a local day always starts on a rollup bucket's edge.
public struct ReportingCalendar: Sendable {
  /// The zone's name as it was asked for: `UTC`, `Europe/Berlin`, `+05:45`.
  public let name: String
  private let zone: TimeZone?
  private let fixedOffset: Int64

  public static let utc = ReportingCalendar(name: "UTC", zone: nil, fixedOffset: 0)

  private init(name: String, zone: TimeZone?, fixedOffset: Int64) {
    self.name = name
    self.zone = zone
    self.fixedOffset = fixedOffset
  }

  /// The calendar of a zone: an IANA name, `UTC`, or a fixed offset such as `+05:45`.
  ///
  /// - Returns: `nil` when there is no such zone.
  public init?(zone name: String) {
    if name == "UTC" {
      self = .utc
    } else if let first = name.utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    {
      guard let parsed = Timestamp.parse(Array("1970-01-01T00:00\(name)".utf8)) else { return nil }
      let offset = -parsed.time.microseconds
      guard offset % Timestamp.microsecondsPerBucket == 0 else { return nil }
      self.init(name: name, zone: nil, fixedOffset: offset)
    } else {
      guard let zone = TimeZone(identifier: name) else { return nil }
      self.init(name: name, zone: zone, fixedOffset: 0)
    }
  }

  /// The local day that holds an instant.
  public func day(of time: Timestamp) -> Day {
    Timestamp(microseconds: time.microseconds + offset(at: time)).day
  }

  /// The first instant of a local day, also where the clock skips midnight.
  public func start(of day: Day) -> Timestamp {
    let midnight = Timestamp(day: day).microseconds
    let offsets = [-1, 1].map { side in
      offset(at: Timestamp(microseconds: midnight + side * Timestamp.microsecondsPerDay))
    }
    let candidates = offsets.map { Timestamp(microseconds: midnight - $0) }.sorted()
    let first = candidates.first { candidate in
      let before = candidate.microseconds - Timestamp.microsecondsPerBucket
      return self.day(of: candidate) == day && self.day(of: Timestamp(microseconds: before)) < day
    }
    return first ?? candidates[0]
  }

  /// Microseconds that local time is ahead of UTC.
  private func offset(at time: Timestamp) -> Int64 {
    guard let zone else { return fixedOffset }
    let seconds = Double(time.microseconds / 1_000_000)
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))) * 1_000_000
  }
}
