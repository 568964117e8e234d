import Foundation
import Testing

/// `tollbook prune`, and what is told of days whose facts are gone.
@Suite struct PruneTests {
  /// Three calls a day over October and November 2026: one falls back to a dearer model.
  private static func log(_ days: ClosedRange<Int>, from number: Int = 0) -> String {
    days.flatMap { day in
      (0..<3).map { index in
        let trace = index == 0 ? "" : #","trace_id":"t-\#(day)""#
        return SampleLog.line(
          number + day * 10 + index, model: index == 2 ? "gpt-5-2025-08-07" : "gpt-5-mini",
          day: day, input: 1000 + day, extra: trace) + "\n"
      }
    }.joined()
  }

  private static func run(_ arguments: String..., in folder: URL) throws -> Tollbook.Outcome {
    try Tollbook.run(arguments, in: folder)
  }

  private static let periods = [
    ["--month", "2026-10"], ["--since", "2026-10-20", "--until", "2026-11-10"], [],
  ]

  @Test func `spend does not change by a digit, and what needs single requests says so`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", Self.log(1...60))
      #expect(try Self.run("ingest", "-q", "a.jsonl", in: folder).status == 0)
      let reports = Self.periods.flatMap { period in
        ["provider,model", "key,day,status", "gateway,operation,service_tier"].map {
          ["report", "spend", "--by", $0, "--format", "csv", "--tz", "Asia/Kathmandu"] + period
        }
      }
      let before = try reports.map { try Tollbook.run($0, in: folder).output }
      let prune = try Self.run("prune", "--facts-older-than", "2026-11-01", in: folder)
      #expect(prune.status == 0)
      #expect(prune.output == "")
      #expect(prune.diagnostics.contains("pruned 93 facts of 2026-10-01 .. 2026-10-31"))
      #expect(try reports.map { try Tollbook.run($0, in: folder).output } == before)
      #expect(before.allSatisfy { $0.split(separator: "\r\n").count > 1 })
      #expect(try Self.run("verify", in: folder).status == 0)

      let month = try Self.run(
        "report", "fallback", "--month", "2026-10", "--format", "txt", in: folder
      ).output
      #expect(month.contains("The facts of this period were pruned"))
      #expect(!month.contains("No fallback in this period"))
      let part = try Self.run(
        "report", "--since", "2026-10-20", "--until", "2026-11-10", "--format", "txt", in: folder)
      #expect(part.output.contains("single requests before 2026-11-01 (UTC)"))
      #expect(part.output.contains("this part covers 2026-11-01 .. 2026-11-10"))
      let later = try Self.run(
        "report", "--month", "2026-11", "--format", "txt", in: folder
      ).output
      #expect(!later.contains("runed"))
      let json = ["report", "--month", "2026-10", "-o", "r.json"]
      #expect(try Tollbook.run(json, in: folder).status == 0)
      #expect(try folder.text("r.json").contains(#""pruned_before": "2026-11-01""#))
      try SchemaValidator.expect([folder.appending(path: "r.json").path], fit: "report")

      let explained = try Self.run("explain", "chatcmpl-50", in: folder)
      #expect(explained.status == 65)
      #expect(
        explained.diagnostics.contains("before 2026-11-01, where single requests were pruned"))
      #expect(try Self.run("explain", "chatcmpl-400", in: folder).status == 0)
      let dump = try Self.run("dump", in: folder).output
      #expect(dump.contains("\tpruned\t"))
      for kind in ["idle", "markup", "invoice", "all"] {
        #expect(try Self.run("report", kind, "--month", "2026-10", in: folder).status == 0)
      }
    }
  }

  // Acceptance row 30.
  @Test func `a known line of a pruned day is a duplicate, and a new one is rejected as too late`()
    throws
  {
    try withFolder { folder in
      try folder.write("a.jsonl", Self.log(1...40))
      #expect(try Self.run("ingest", "-q", "a.jsonl", in: folder).status == 0)
      #expect(
        try Self.run("prune", "-q", "--facts-older-than", "2026-11-01", in: folder).status == 0)
      let report = ["report", "--format", "csv"]
      let before = try Tollbook.run(report, in: folder).output
      try folder.write("b.jsonl", Self.log(5...6, from: 5000) + Self.log(1...40))
      let arguments = ["ingest", "b.jsonl", "--accounting", "b.json"]
      let again = try Tollbook.run(arguments, in: folder)
      #expect(again.status == 0)
      #expect(again.diagnostics.contains("too_late"))
      #expect(again.diagnostics.contains("b.jsonl:1 (byte 0)"))
      let account = try Account(folder, "b.json")
      #expect(account.isBalanced)
      #expect(account.duplicates == 120)
      #expect(account.rejections == ["too_late": 6])
      #expect(try Tollbook.run(report, in: folder).output == before)
      // Lines that were understood are no failure of the input; --strict names every rejection.
      try folder.write("c.jsonl", Self.log(7...7, from: 7000))
      #expect(try Self.run("ingest", "-q", "c.jsonl", in: folder).status == 0)
      try folder.write("d.jsonl", Self.log(8...8, from: 8000))
      #expect(try Self.run("ingest", "-q", "--strict", "d.jsonl", in: folder).status == 1)
      #expect(try Self.run("verify", in: folder).status == 0)
    }
  }

  // Acceptance rows 30 and 35.
  @Test func `lines without an id are known by their bytes and their number`() throws {
    try withFolder { folder in
      let line = SampleLog.line(5, day: 3).replacing(#""id":"chatcmpl-5","#, with: "") + "\n"
      try folder.write("a.jsonl", line + line)
      #expect(try Self.run("ingest", "-q", "a.jsonl", in: folder).status == 0)
      #expect(
        try Self.run("prune", "-q", "--facts-older-than", "2026-11-01", in: folder).status == 0)
      try folder.write("b.jsonl", Self.log(2...2, from: 900) + line + line + line)
      #expect(
        try Self.run("ingest", "-q", "b.jsonl", "--accounting", "b.json", in: folder).status == 0)
      let account = try Account(folder, "b.json")
      #expect(account.duplicates == 2)
      #expect(account.rejections == ["too_late": 4])
      #expect(account.isBalanced)
    }
  }

  @Test func `a dry run tells what would be pruned, and changes nothing`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", Self.log(1...40))
      #expect(try Self.run("ingest", "-q", "a.jsonl", in: folder).status == 0)
      let ledger = folder.appending(path: "tollbook.db")
      let before = try Data(contentsOf: ledger)
      let dry = try Self.run("prune", "--facts-older-than", "2026-10-15", "--dry-run", in: folder)
      #expect(dry.status == 0)
      #expect(dry.diagnostics.contains("would prune 42 facts of 2026-10-01 .. 2026-10-14"))
      #expect(try Data(contentsOf: ledger) == before)
      let run = try Self.run("prune", "--facts-older-than", "2026-10-15", in: folder)
      let saved = try #require(dry.diagnostics.split(separator: ", ").last)
      #expect(run.diagnostics.contains(saved.prefix { $0 != "\n" }))
      let again = try Self.run("prune", "--facts-older-than", "2026-10-15", in: folder)
      #expect(again.status == 0)
      #expect(again.diagnostics.contains("there is nothing to prune"))
    }
  }

  @Test func `an age is in days, and neither the future nor a ledger that is not there is pruned`()
    throws
  {
    try withFolder { folder in
      #expect(try Self.run("prune", "--facts-older-than", "400d", in: folder).status == 69)
      #expect(!folder.has("tollbook.db"))
      try folder.write("a.jsonl", Self.log(1...2))
      #expect(try Self.run("ingest", "-q", "a.jsonl", in: folder).status == 0)
      for (age, status) in [
        ("9999-01-01", 64), ("0d", 64), ("400", 64), ("-5d", 64), ("soon", 64), ("36500d", 0),
      ] {
        let run = try Self.run("prune", "--facts-older-than=\(age)", in: folder)
        #expect(run.status == Int32(status), "\(age)")
      }
    }
  }

  // Acceptance row 29.
  @Test func `late events are told by the run, in its account and in the report`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", Self.log(10...20))
      let first = try Self.run("ingest", "a.jsonl", in: folder)
      #expect(!first.diagnostics.contains("late"))
      try folder.write("b.jsonl", Self.log(4...5) + Self.log(19...21))
      let late = try Self.run("ingest", "b.jsonl", "--accounting", "b.json", in: folder)
      #expect(late.diagnostics.contains("late  6 events for 2026-10-04 .. 2026-10-05\n"))
      let account = try folder.text("b.json")
      #expect(account.contains(#""2026-10-04": 3"#) && account.contains(#""2026-10-05": 3"#))
      let report = try Self.run(
        "report", "--month", "2026-10", "--format", "txt", in: folder)
      #expect(report.output.contains("6 events by the last run, for 2026-10-04 .. 2026-10-05"))
      let other = try Self.run(
        "report", "--month", "2026-11", "--format", "txt", in: folder
      ).output
      #expect(!other.contains("by the last run"))
      let json = try Self.run("report", "--month", "2026-10", "-o", "late.json", in: folder)
      #expect(json.status == 0)
      try SchemaValidator.expect([folder.appending(path: "late.json").path], fit: "report")
      // The usage is right, as if the lines had not been late.
      try folder.write("all.jsonl", Self.log(4...5) + Self.log(10...21))
      #expect(try Self.run("ingest", "-q", "all.jsonl", "--ledger", "b.db", in: folder).status == 0)
      let spend = ["report", "spend", "--by", "day,model", "--format", "csv"]
      #expect(
        try Tollbook.run(spend, in: folder).output
          == Tollbook.run(spend + ["--ledger", "b.db"], in: folder).output)
    }
  }
}
