import Foundation
import Testing

/// Days of any zone add up.
@Suite struct TimeTests {
  /// A request every seven hours, from the last days of one year to the first of the next but one.
  private static var year: String {
    (0..<1300).map { number in
      SampleLog.line(number).replacing(
        "\"created\":\(1_790_812_800 + 4 * 86_400 + number)",
        with: "\"created\":\(1_766_880_000 + number * 25_200 + number % 3_600)") + "\n"
    }
    .joined()
  }

  /// Counts the requests of each local day with Python's own zones, and compares.
  private static let oracle = """
    import collections, csv, datetime, json, sys, zoneinfo
    zone = zoneinfo.ZoneInfo(sys.argv[1])
    days = collections.Counter(
        datetime.datetime.fromtimestamp(json.loads(line)['created'], zone).date().isoformat()
        for line in open('year.jsonl'))
    rows = list(csv.DictReader(open('days.csv', newline='')))
    found = {row['day']: int(row['requests']) for row in rows}
    assert found == days, [(day, days[day], found.get(day)) for day in days if days[day] != found.get(day)][:3]
    assert sum(found.values()) == sum(days.values()) == 1300
    """

  // Acceptance row 79.
  @Test(arguments: [
    "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia",
  ])
  func `each local day has its requests, and all days make up the whole`(zone: String) throws {
    try withFolder { folder in
      try folder.write("year.jsonl", Self.year)
      try folder.write("oracle.py", Self.oracle)
      #expect(try Tollbook.run(["ingest", "-q", "year.jsonl"], in: folder).status == 0)
      let period = ["--since", "2025-12-01", "--until", "2027-12-31", "--tz", zone]
      let report = try Tollbook.run(
        ["report", "spend", "--by", "day", "-o", "days.csv"] + period, in: folder)
      #expect(report.status == 0, "\(report.diagnostics)")
      let run = try Program.shell("python3 oracle.py \(zone)", in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
    }
  }
}
