import Foundation
import Testing

/// Reports while an ingest runs, and reports of a part of what is recorded.
@Suite struct ConcurrentReportTests {
  private struct Report: Decodable {
    struct Lines: Decodable { var events: Int }
    struct Tally: Decodable { var requests: Int }
    struct Coverage: Decodable { var all: Tally }
    var lines: Lines
    var coverage: Coverage
  }

  // Acceptance row 13.
  @Test func `reports in a loop during an ingest are whole, and neither sees a busy ledger`() throws
  {
    try withFolder { folder in
      try folder.write("0.jsonl", SampleLog.line(0) + "\n")
      #expect(try Tollbook.run(["ingest", "-q", "0.jsonl"], in: folder).status == 0)
      for part in 1...8 {
        let lines = (0..<400).map { SampleLog.line(part * 1000 + $0, day: 1 + $0 % 28) + "\n" }
        try folder.write("\(part).jsonl", lines.joined())
      }
      let script = """
        ( for part in 1 2 3 4 5 6 7 8; do "$1" ingest -q $part.jsonl || echo "ingest: $?"
          done; touch done ) 2>&1 &
        number=0
        until [ -e done ] && [ $number -gt 2 ]; do
          number=$((number + 1))
          "$1" report spend --format json >report-$number.out 2>&1 || echo "report: $?"
        done
        wait
        """
      try folder.write("loop.sh", script)
      let run = try Program.shell("bash loop.sh '\(Tollbook.binary.path)'", in: folder).output
      #expect(run == "")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".out") }
      #expect(names.count > 2)
      for name in names {
        let report = try JSONDecoder().decode(
          Report.self, from: Data(contentsOf: folder.appending(path: name)))
        // The account of the lines and the facts are of one state.
        #expect(report.lines.events == report.coverage.all.requests, "\(name)")
        #expect(report.lines.events % 400 == 1, "\(name)")
      }
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  @Test(arguments: ["all", "spend", "fallback", "idle", "markup", "invoice"])
  func `a report of a part reads what it needs beyond it`(kind: String) throws {
    try withFolder { folder in
      let lines = (1...150).map { SampleLog.line($0, day: $0) + "\n" }
      try folder.write("a.jsonl", lines.joined())
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      for period in [["--month", "2026-12"], ["--since", "2026-12-24", "--until", "2026-12-24"]] {
        let run = try Tollbook.run(
          ["report", kind, "--format", "json", "--tz", "America/New_York"] + period, in: folder)
        #expect(run.status == 0, "\(run.diagnostics)")
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        #expect(report.lines.events == 150)
        #expect(report.coverage.all.requests == (period.count == 2 ? 31 : 1))
      }
    }
  }
}
