import Foundation
import Testing

/// Each limit is counted under a reason of its own, told with what it is, and raised by a setting.
@Suite struct LimitTests {
  private static let deep =
    #"{"object":"chat.completion","x":"# + String(repeating: "[", count: 20)
    + String(repeating: "]", count: 20) + "}"
  private static let wide =
    #"{"object":"chat.completion","x":""# + String(repeating: "y", count: 2000) + #""}"#
  private static let digits = SampleLog.line(9).replacing(
    "1000", with: "1000." + String(repeating: "0", count: 150))

  static let lines: [(line: String, low: String, high: String, reason: String, told: String)] = [
    (wide, "line_bytes: 1024", "line_bytes: 4096", "too_long", "more than 1,024 bytes"),
    (deep, "depth: 8", "depth: 100", "too_deep", "deeper than 8 levels"),
    (digits, "digits: 100", "digits: 200", "too_many_digits", "more than 100 digits"),
  ]

  @Test(arguments: lines.indices) func `a limit of lines is counted, told and raised`(
    index: Int
  ) throws {
    let (line, low, high, reason, told) = Self.lines[index]
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.line(1) + "\n" + line + "\n" + SampleLog.line(2) + "\n")
      for (limit, isHit) in [(low, true), (high, false)] {
        try folder.write("tollbook.yaml", "limits: {\(limit)}\n")
        let run = try Tollbook.run(["normalize", "a.jsonl", "--accounting", "a.json"], in: folder)
        let account = try Account(folder, "a.json")
        #expect((account.rejections[reason] ?? 0) == (isHit ? 1 : 0), "\(limit)")
        #expect(run.diagnostics.contains(told) == isHit, "\(run.diagnostics)")
        let setting = "`limits.\(limit.prefix { $0 != ":" })`"
        #expect(run.diagnostics.contains(setting) == isHit)
        let ingest = try Tollbook.run(["ingest", "a.jsonl", "--ledger", "\(isHit).db"], in: folder)
        #expect(ingest.diagnostics.contains(told) == isHit)
      }
    }
  }

  @Test func `the limit of an archive's expansion is told and raised`() throws {
    try withFolder { folder in
      let make = "{ head -c 80000000 /dev/zero | tr '\\0' '\\n'; } | gzip -9 > a.gz"
      #expect(try Program.shell(make, in: folder).status == 0)
      try folder.write("tollbook.yaml", "limits: {expansion: 100}\n")
      let bomb = try Tollbook.run(["normalize", "a.gz"], in: folder)
      #expect(bomb.status == 65)
      #expect(bomb.diagnostics.contains("expands beyond the limit"))
      #expect(bomb.diagnostics.contains("`limits.expansion`"))
      try folder.write("tollbook.yaml", "limits: {expansion: 5000}\n")
      #expect(try Tollbook.run(["normalize", "-q", "a.gz"], in: folder).status == 0)
    }
  }

  // Acceptance row 92.
  @Test func `names beyond the limit are told and stand in reports as other`() throws {
    try withFolder { folder in
      let lines = (0..<30).map { number in
        SampleLog.line(number).replacing("gpt-5-mini", with: "new-model-\(number)")
      }
      try folder.write("a.jsonl", lines.joined(separator: "\n") + "\n")
      try folder.write("tollbook.yaml", "limits: {label_values: 10}\n")
      let run = try Tollbook.run(["ingest", "a.jsonl"], in: folder)
      #expect(run.status == 0)
      #expect(
        run.diagnostics.contains("20 events under (other) for model: a day keeps 10 of them"))
      #expect(run.diagnostics.contains("`limits.label_values`"))
      let report = try Tollbook.run(["report", "spend", "--by", "model"], in: folder)
      #expect(report.output.contains("(other)") && report.output.contains("new-model-9"))
      #expect(!report.output.contains("new-model-10"))
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  // Acceptance row 11.
  @Test func `a thousand inputs need few descriptors`() throws {
    try withFolder { folder in
      let make = """
        mkdir logs; for i in $(seq 1000); do
          printf '%s\\n' '\(SampleLog.line(7))' | sed "s/chatcmpl/f$i/" > logs/$i.jsonl; done
        ulimit -n 16; '\(Tollbook.binary.path)' ingest -q --strict --threads 2 logs
        """
      try folder.write("tollbook.yaml", "limits: {open_files: 16}\n")
      let run = try Program.shell(make, in: folder)
      #expect(run.status == 0 && run.diagnostics == "", "\(run.diagnostics)")
      let again = try Tollbook.run(["ingest", "logs"], in: folder)
      #expect(again.diagnostics.contains("nothing new in 1,000 inputs"))
    }
  }

  /// Dispatch dies where it has no descriptors for its threads.
  @Test(arguments: 4...10) func `few descriptors are an error or enough`(count: Int) throws {
    try withFolder { folder in
      let logs = (0..<4).map { "\($0).jsonl" }
      for (number, log) in logs.enumerated() {
        try folder.write(log, SampleLog.line(number) + "\n")
      }
      let arguments = logs.joined(separator: " ")
      let limited =
        "ulimit -n \(count); '\(Tollbook.binary.path)' ingest -q --threads 3 \(arguments)"
      let run = try Program.shell(limited, in: folder)
      #expect([0, 73].contains(run.status), "\(run.status) \(run.diagnostics)")
      let again = try Tollbook.run(["ingest"] + logs, in: folder)
      #expect(again.status == 0, "\(again.diagnostics)")
    }
  }

  @Test(arguments: ["--time-limit 1s", ""]) func `a run whose time is over goes on in the next`(
    option: String
  ) throws {
    try withFolder { folder in
      if option.isEmpty { try folder.write("tollbook.yaml", "limits: {time: 1s}\n") }
      let (first, second) = (SampleLog.line(1), SampleLog.line(2))
      let run = try Program.shell(
        "{ printf '%s\\n' '\(first)'; sleep 3; printf '%s\\n' '\(second)'; }"
          + " | '\(Tollbook.binary.path)' ingest \(option) -", in: folder)
      #expect(run.status == 75, "\(run.diagnostics)")
      #expect(run.diagnostics.contains("the time is over; what was read is stored in tollbook.db."))
      #expect(run.diagnostics.contains("`limits.time`"))
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
      try folder.write("all.jsonl", first + "\n" + second + "\n")
      let rest = try Tollbook.run(["ingest", "all.jsonl", "--time-limit", "1h"], in: folder)
      #expect(rest.status == 0)
      let events = try Program.shell(
        "'\(Tollbook.binary.path)' report spend --format json | tr -d ' \\n' "
          + "| grep -o '\"requests\":[0-9]*' | head -n 1", in: folder)
      #expect(events.output == "\"requests\":2\n", "\(events.output)")
    }
  }
}
