import Foundation
import Testing

/// Days of any zone add up, and the clock of the machine changes no figure.
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
    months = list(csv.DictReader(open('months.csv', newline='')))
    assert sum(int(row['requests']) for row in months) == sum(days.values()) == 1300
    """

  // Acceptance row 79.
  @Test(arguments: [
    "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia",
  ])
  func `each local day has its requests, and the months make up the whole`(zone: String) throws {
    try withFolder { folder in
      try folder.write("year.jsonl", Self.year)
      try folder.write("oracle.py", Self.oracle)
      #expect(try Tollbook.run(["ingest", "-q", "year.jsonl"], in: folder).status == 0)
      let period = ["--since", "2025-12-01", "--until", "2027-12-31", "--tz", zone]
      for (by, name) in [("day", "days.csv"), ("month", "months.csv")] {
        let run = try Tollbook.run(
          ["report", "spend", "--by", by, "-o", name] + period, in: folder)
        #expect(run.status == 0, "\(run.diagnostics)")
      }
      let run = try Program.shell("python3 oracle.py \(zone)", in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
    }
  }

  /// Where Debian and Fedora put it.
  private static let faketime =
    (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib").flatMap { folder in
      ["/usr/lib/\(folder)/faketime/libfaketime.so.1", "/usr/lib/\(folder)/libfaketime.so.1"]
    })?.first { FileManager.default.fileExists(atPath: $0) } ?? ""

  // Acceptance row 80.
  @Test(.enabled(if: !faketime.isEmpty, "libfaketime is not installed"))
  func `the clock of the machine changes no figure`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(40))
      var reports: Set<String> = []
      for time in [
        "2026-10-05 23:59:59", "2026-10-25 02:59:59", "2024-01-01 00:00:00",
        "2039-06-01 12:00:00",
      ] {
        let run = try Program.shell(
          """
          export LD_PRELOAD='\(Self.faketime)' FAKETIME='@\(time)'
          rm -f t.db*; '\(Tollbook.binary.path)' ingest -q a.jsonl --ledger t.db &&
            FAKETIME='-1h' '\(Tollbook.binary.path)' ingest -q a.jsonl --ledger t.db &&
            '\(Tollbook.binary.path)' report --ledger t.db --format csv spend --by day,model
          """, in: folder)
        #expect(run.status == 0, "\(time): \(run.diagnostics)")
        #expect(run.output.contains(",40,"))
        reports.insert(run.output)
      }
      #expect(reports.count == 1)
    }
  }
}
