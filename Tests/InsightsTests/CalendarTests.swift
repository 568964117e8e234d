import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct CalendarTests {
  private static func day(_ text: String) throws -> Day {
    try #require(Timestamp.parse(Array(text.utf8))).time.day
  }

  /// Zone, local day, its first instant.
  static let starts: [(zone: String, day: String, start: String)] = [
    ("UTC", "2026-10-01", "2026-10-01T00:00:00Z"),
    ("Asia/Kathmandu", "2026-10-01", "2026-09-30T18:15:00Z"),
    ("+05:45", "2026-10-01", "2026-09-30T18:15:00Z"),
    ("-03:30", "2026-10-01", "2026-10-01T03:30:00Z"),
    ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
    ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"),
    ("America/New_York", "2026-03-08", "2026-03-08T05:00:00Z"),
    ("America/New_York", "2026-03-09", "2026-03-09T04:00:00Z"),
    // Midnight does not exist: the clock goes from 23:59 to 01:00.
    ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"),
  ]

  @Test(arguments: starts)
  func `a local day starts where its zone says`(_ zone: String, _ day: String, _ start: String)
    throws
  {
    let calendar = try #require(ReportingCalendar(zone: zone))
    let day = try Self.day(day)
    let first = calendar.start(of: day)
    #expect("\(first)" == start)
    #expect(calendar.day(of: first) == day)
    #expect(calendar.day(of: Timestamp(microseconds: first.microseconds - 1)) < day)
  }

  @Test(arguments: ["Mars/Olympus", "+25:00", "+05:07", "", "+"])
  func `a zone that does not exist is refused`(_ zone: String) {
    #expect(ReportingCalendar(zone: zone) == nil)
  }

  // Acceptance row 79.
  @Test func `months and weeks are whole days`() throws {
    let day = try Self.day("2026-10-15")
    #expect(Period.month(holding: day, in: .utc).title == "2026-10-01 .. 2026-10-31")
    #expect(Period.week(holding: day, in: .utc).title == "2026-10-12 .. 2026-10-18")
    #expect(Period.day(day, in: .utc).title == "2026-10-15")
    let leap = Period.month(holding: try Self.day("2028-02-10"), in: .utc)
    #expect(leap.dayCount == 29)
  }

  static let globs: [(pattern: String, text: String, fits: Bool)] = [
    ("gpt-4o", "gpt-4o", true), ("gpt-4o", "gpt-4o-mini", false), ("gpt-4o*", "gpt-4o-mini", true),
    ("*", "", true), ("*mini", "gpt-4o-mini", true), ("*4o*", "gpt-4o-mini", true),
    ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("aa*aa", "aaa", false), ("", "", true),
    ("", "a", false), ("**", "a", true), ("a*a", "a", false),
  ]

  @Test(arguments: globs)
  func `a star stands for any text`(_ pattern: String, _ text: String, _ fits: Bool) {
    #expect(Glob(pattern).matches(text) == fits)
  }
}
