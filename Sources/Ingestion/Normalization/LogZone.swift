import Billing
import Foundation

/// The time zone of times that a log writes without one.
struct LogZone: Sendable {
  private let zone: TimeZone?
  private let offset: Int64

  /// - Parameter name: an offset such as `+02:00`, or a name of the IANA database.
  /// - Returns: `nil` when there is no such zone.
  init?(_ name: String) {
    if name.hasPrefix("+") || name.hasPrefix("-") {
      guard let start = Timestamp.parse(Array("1970-01-01T00:00\(name)".utf8)) else { return nil }
      zone = nil
      offset = -start.time.microseconds
    } else {
      let isIANA = name == "UTC" || name.contains("/")
      guard isIANA, let zone = TimeZone(identifier: name) else { return nil }
      self.zone = zone
      offset = 0
    }
  }

  /// The instant at which clocks of the zone show a time. Of an hour that comes twice the first one is
  /// meant; an hour that is left out is read as if the clock had not been set yet.
  func instant(ofLocal local: Timestamp) -> Timestamp {
    guard let zone else { return Timestamp(microseconds: local.microseconds - offset) }
    func ahead(at microseconds: Int64) -> Int64 {
      let date = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
      return Int64(zone.secondsFromGMT(for: date)) * 1_000_000
    }
    // A day before, the clock had not been set; where it shows the time with that offset, it does so
    // for the first time.
    let before = ahead(at: local.microseconds - Timestamp.microsecondsPerDay)
    let first = local.microseconds - before
    if ahead(at: first) == before { return Timestamp(microseconds: first) }
    let after = ahead(at: local.microseconds + Timestamp.microsecondsPerDay)
    let second = local.microseconds - after
    return Timestamp(microseconds: ahead(at: second) == after ? second : first)
  }
}
