import Foundation
import Testing

@Suite struct ReportTests {
  static let configuration = Repository.path("sample-logs/tollbook.yaml")

  private func withMonth(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      let run = try Tollbook.run(["ingest", "-q"] + Repository.samples, in: folder)
      #expect(run.status == 0)
      #expect(run.diagnostics == "")
      try body(folder)
    }
  }

  @Test func `reports go to files by their extension, and fit their schema`() throws {
    try withMonth { folder in
      let outputs = ["a.md", "a.csv", "a.json", "a.txt"]
      let run = try Tollbook.run(
        ["report", "--config", Self.configuration, "--ledger", "tollbook.db", "--month", "2026-10"]
          + outputs.flatMap { ["-o", $0] }, in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(run.output == "" && run.diagnostics == "")
      try SchemaValidator.expect([folder.appending(path: "a.json").path], fit: "report")
      let markdown = try folder.text("a.md")
      for finding in [
        "premium\\_fallback\\_spike — from gpt-5-mini, to claude-opus-4-8, day 2026-10-14",
        "dormant\\_exposure — model gpt-5-pro", "hidden\\_markup — gateway portkey",
        "gpt-6-mini-preview",
      ] {
        #expect(markdown.contains(finding), "\(finding)")
      }
      #expect(try folder.text("a.csv").hasPrefix("period_start,"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!left.contains { $0.hasSuffix(".new") })
    }
  }

  @Test func `each kind, period and grouping is understood`() throws {
    try withMonth { folder in
      for kind in ["all", "spend", "fallback", "idle", "markup"] {
        let run = try Tollbook.run(["report", kind, "--format", "json"], in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains(#""kind": "\#(kind)""#))
      }
      let day = try Tollbook.run(
        [
          "report", "spend", "--since", "2026-10-14", "--until", "2026-10-14", "--by",
          "day,team,request_model", "--tz", "Asia/Kathmandu", "--format", "csv",
        ], in: folder)
      #expect(day.status == 0)
      let rows = day.output.split(separator: "\r\n").dropFirst()
      #expect(!rows.isEmpty)
      #expect(rows.allSatisfy { $0.contains("2026-10-14") && $0.contains("Asia/Kathmandu") })
      let since = try Tollbook.run(["report", "--since", "2026-10-30"], in: folder)
      #expect(since.output.hasPrefix("# LLM spend report, 2026-10-30 .. 2026-10-31\n"))
    }
  }

  static let wrong: [[String]] = [
    ["report", "everything"], ["report", "--month", "2026-13"], ["report", "--month", "October"],
    ["report", "--month", "2026-10", "--since", "2026-10-01"], ["report", "--since", "2026-02-30"],
    ["report", "--by", "colour"], ["report", "--tz", "Mars/Olympus"], ["report", "-o", "a.xlsx"],
    ["report", "--format", "xlsx"], ["ingest"], ["ingest", "a", "--threads", "0"],
    ["ingest", "a", "--time-limit", "soon"],
    ["ingest", "a", "--undated-at", "2026-10-01T00:00:00"], ["check", "--now", "yesterday"],
    ["nope"], ["report", "--nope"], ["prices", "build"], ["dialects", "show", "nope"],
    ["report", "--since", "2026-10-31", "--until", "2026-10-01"],
  ]

  @Test(arguments: wrong) func `a wrong command line exits with 64`(arguments: [String]) throws {
    try withFolder { folder in
      try folder.write("log.jsonl", SampleLog.lines(1))
      #expect(try Tollbook.run(["ingest", "log.jsonl"], in: folder).status == 0)
      let run = try Tollbook.run(arguments, in: folder)
      #expect(run.status == 64, "\(run.diagnostics)")
      #expect(!run.diagnostics.isEmpty)
      #expect(run.output == "")
    }
  }

  // Acceptance row 84.
  @Test func `what cannot be written exits with 73 and leaves the old file`() throws {
    try withFolder { folder in
      try folder.write("log.jsonl", SampleLog.lines(1))
      #expect(try Tollbook.run(["ingest", "log.jsonl"], in: folder).status == 0)
      let missing = try Tollbook.run(["report", "-o", "missing/a.md"], in: folder)
      #expect(missing.status == 73)
      #expect(missing.diagnostics.contains("missing/a.md: its directory does not exist"))
      try folder.write("old.md", "old")
      let line = "ulimit -f 1; '\(Tollbook.binary.path)' report -o old.md"
      let full = try Program.shell(line, in: folder)
      #expect(full.status == 73, "\(full.diagnostics)")
      #expect(full.diagnostics.contains("old.md: there is no space left"))
      #expect(try folder.text("old.md") == "old")
      let device = try Program.shell("'\(Tollbook.binary.path)' report > /dev/full", in: folder)
      #expect(device.status == 73)
      #expect(device.diagnostics.contains("there is no space left"))
    }
  }

  // Acceptance row 85.
  @Test func `a closed pipe ends quietly`() throws {
    try withMonth { folder in
      for command in ["normalize -q '\(try Repository.samples[1])'", "prices list", "report"] {
        let run = try Program.shell(
          "set -o pipefail; '\(Tollbook.binary.path)' \(command) | head -c 10 > part", in: folder)
        #expect(run.status == 0, "\(command)")
        #expect(run.diagnostics == "")
        #expect(try folder.text("part").utf8.count == 10)
      }
    }
  }

  // Acceptance row 14.
  @Test func `a signal ends a run with what was read stored`() throws {
    try withFolder { folder in
      // The threads that tests run on block signals, and programs inherit that.
      try folder.write(
        "unblocked.py",
        "import os, signal, sys\nsignal.pthread_sigmask(signal.SIG_SETMASK, [])\n"
          + "os.execv(sys.argv[1], sys.argv[1:])\n")
      let run = try Program.shell(
        """
        mkfifo pipe; python3 unblocked.py '\(Tollbook.binary.path)' ingest - < pipe & exec 3> pipe
        for i in $(seq 100); do [ -e tollbook.db ] && break; sleep 0.05; done
        sleep 0.2; kill -TERM $!; printf '%s\\n' '\(SampleLog.line(1))' >&3; exec 3>&-
        wait $!
        """, in: folder)
      #expect(run.status == 143, "\(run.diagnostics)")
      #expect(run.diagnostics.contains("stopped by signal 15"))
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }
}

@Suite struct CheckCommandTests {
  private func withBudget(_ amount: String, _ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try folder.write(
        "tollbook.yaml", "budgets:\n  - {name: month, amount: \"\(amount)\", warn: [50, 75, 100]}\n"
      )
      // 100 requests of 1,000 × 0.25 + 200 × 2 millionths of a dollar: 0.065 dollars.
      try folder.write("a.jsonl", SampleLog.lines(100))
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      try body(folder)
    }
  }

  @Test(arguments: [("1", 0, "OK"), ("0.08", 1, "WARNING"), ("0.065", 2, "CRITICAL")])
  func `the exit code is the verdict`(amount: String, code: Int, word: String) throws {
    try withBudget(amount) { folder in
      let arguments = ["check", "--now", "2026-10-05T12:00:00Z"]
      let line = try Tollbook.run(arguments, in: folder)
      #expect(line.status == Int32(code))
      #expect(line.output.hasPrefix("TOLLBOOK \(word) - "))
      #expect(line.output.contains("'month'=0.065;"))
      #expect(line.output.split(separator: "\n").count == 1)
      let json = try Tollbook.run(arguments + ["--json"], in: folder)
      #expect(json.status == Int32(code))
      try folder.write("check.json", json.output)
      try SchemaValidator.expect([folder.appending(path: "check.json").path], fit: "check")
    }
  }

  @Test func `doubt is UNKNOWN`() throws {
    try withBudget("1") { folder in
      let stale = try Tollbook.run(["check", "--now", "2026-10-20T00:00:00Z"], in: folder)
      #expect(stale.status == 3)
      #expect(stale.output.contains("data is stale"))
      try folder.write(
        "b.jsonl", (200..<300).map { SampleLog.line($0, model: "no-such") + "\n" }.joined())
      #expect(try Tollbook.run(["ingest", "-q", "b.jsonl"], in: folder).status == 0)
      let uncovered = try Tollbook.run(["check", "--now", "2026-10-05T12:00:00Z"], in: folder)
      #expect(uncovered.status == 3)
      #expect(uncovered.output.contains("50.0 %"))
      for arguments in [["--ledger", "none.db"], ["--config", "none.yaml"]] {
        let line = try Tollbook.run(["check"] + arguments, in: folder)
        #expect(line.status == 3)
        #expect(line.output.hasPrefix("TOLLBOOK UNKNOWN - "))
        let json = try Tollbook.run(["check", "--json"] + arguments, in: folder)
        #expect(json.status == 3)
        try folder.write("check.json", json.output)
        try SchemaValidator.expect([folder.appending(path: "check.json").path], fit: "check")
      }
    }
  }
}

@Suite struct BuiltInDocumentTests {
  @Test func `the built-in dialects and the price book fit their schemas`() throws {
    let folder = "Sources/Ingestion/Dialects/BuiltIn"
    let dialects = try Repository.names(in: folder)
      .filter { $0.split(separator: ".").count > 2 }.map { Repository.path("\(folder)/\($0)") }
    #expect(dialects.count >= 9)
    try SchemaValidator.expect(dialects, fit: "dialect")
    try SchemaValidator.expect([ReportTests.configuration], fit: "configuration")
    try SchemaValidator.expect(
      [Repository.path("Sources/Catalog/Data/price-book.json")], fit: "price-book")
  }
}
