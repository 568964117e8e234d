import Foundation
import Testing

/// Bad input ends in a clear message and the right exit code, and loses nothing that is good.
@Suite struct BadInputTests {
  /// A bad line among good ones, and the reason that the account gives for it.
  static let badLines: [(name: String, line: [UInt8], reason: String)] = [
    ("not JSON", Array("WARN proxy restarted".utf8), "malformed"),
    ("no dialect", Array(#"{"level":"info"}"#.utf8), "unknown_format"),
    ("a NUL", replacing("gpt-5", with: [0x67, 0], in: SampleLog.line(90)), "nul"),
    (
      "invalid UTF-8", replacing("gpt-5-mini", with: [0x67, 0xFF, 0xFE], in: SampleLog.line(91)),
      "invalid_text"
    ),
    (
      "deep nesting",
      Array(#"{"usage":"#.utf8) + Array(repeating: UInt8(ascii: "["), count: 100_000)
        + Array(repeating: UInt8(ascii: "]"), count: 100_000) + [UInt8(ascii: "}")], "too_deep"
    ),
    (
      "a count beyond 64 bits",
      replacing("1000", with: Array("99999999999999999999".utf8), in: SampleLog.line(92)),
      "invalid_number"
    ),
    (
      "a count below zero", replacing("1000", with: Array("-5".utf8), in: SampleLog.line(93)),
      "invalid_number"
    ),
    (
      "duplicate keys in usage",
      replacing(
        #""completion_tokens":200"#,
        with: Array(#""completion_tokens":200,"completion_tokens":201"#.utf8),
        in: SampleLog.line(94)), "duplicate_key"
    ),
    (
      "more cached than read",
      replacing(
        #""total_tokens":1200"#,
        with: Array(#""total_tokens":1200,"prompt_tokens_details":{"cached_tokens":5000}"#.utf8),
        in: SampleLog.line(95)), "contradiction"
    ),
  ]

  static func replacing(_ text: String, with bytes: [UInt8], in line: String) -> [UInt8] {
    guard let range = line.range(of: text) else { return [] }
    return Array(line[..<range.lowerBound].utf8) + bytes + Array(line[range.upperBound...].utf8)
  }

  // Acceptance rows 42, 44 and 48 to 52.
  @Test(arguments: badLines.indices) func `a bad line is counted and placed`(index: Int) throws {
    let (name, line, reason) = Self.badLines[index]
    try withFolder { folder in
      let first = Array((SampleLog.line(1) + "\n").utf8)
      let bytes = first + line + Array(("\n" + SampleLog.line(2) + "\n").utf8)
      try Data(bytes).write(to: folder.appending(path: "a.jsonl"))
      let run = try Tollbook.run(["normalize", "a.jsonl", "--accounting", "a.json"], in: folder)
      #expect(run.status == 0, "\(name)")
      #expect(run.output.split(separator: "\n").count == 2, "\(name)")
      let account = try Account(folder, "a.json")
      #expect(account.rejections == [reason: 1], "\(name)")
      #expect(account.isBalanced)
      #expect(run.diagnostics.contains("a.jsonl:2 (byte \(first.count))"), "\(name)")
    }
  }

  // Acceptance row 47.
  @Test func `a line of 100 MB is passed over without being held`() throws {
    try withFolder { folder in
      let line = """
        { head -c 100000000 /dev/zero | tr '\\0' x; echo; cat good.jsonl; } > a.jsonl
        """
      try folder.write("good.jsonl", SampleLog.lines(2))
      #expect(try Program.shell(line, in: folder).status == 0)
      let run = try Program.shell(
        "ulimit -v 2000000; '\(Tollbook.binary.path)' normalize --threads 2 a.jsonl --accounting a.json",
        in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(try Account(folder, "a.json").rejections == ["too_long": 1])
      #expect(run.output.split(separator: "\n").count == 2)
    }
  }

  // Acceptance row 57.
  @Test func `a file of nothing but bad lines costs little room and time`() throws {
    try withFolder { folder in
      try folder.write("bad.jsonl", String(repeating: "WARN proxy restarted\n", count: 100_000))
      let start = ContinuousClock.now
      let run = try Tollbook.run(["ingest", "bad.jsonl"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("malformed  100,000") && run.diagnostics.utf8.count < 2000)
      #expect(ContinuousClock.now - start < .seconds(60))
      let path = folder.appending(path: "tollbook.db").path
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      #expect(size ?? .max < 1 << 20)
    }
  }

  // Acceptance row 51.
  @Test func `a sum that does not fit is an error`() throws {
    try withFolder { folder in
      let lines = (0..<3).map { number in
        #"{"id":"z\#(number)","call_type":"acompletion","status":"success","#
          + #""startTime":1791000000.25,"endTime":1791000001.5,"model":"gpt-5-mini","#
          + #""model_group":"gpt-5-mini","custom_llm_provider":"openai","prompt_tokens":1,"#
          + #""completion_tokens":1,"total_tokens":2,"response_cost":160000000000000,"#
          + #""metadata":{},"model_map_information":{}}"#
      }
      try folder.write("a.jsonl", lines.joined(separator: "\n") + "\n")
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      let run = try Tollbook.run(["report"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("The reported cost does not fit"))
    }
  }

  // Acceptance row 53.
  @Test(arguments: [
    ("0.0000000375", 0), ("0." + String(repeating: "1", count: 40), 65), ("1e-200", 65),
    ("-1", 65),
  ])
  func `a price is exact or refused`(price: String, status: Int32) throws {
    try withFolder { folder in
      try folder.write(
        "book.yaml",
        "version: 1\nid: own\nentries:\n  - id: own/m\n    provider: own\n    match: {exact: [m]}\n"
          + "    prices: [{rates: {input: \"\(price)\", output: \"1\"}}]\n")
      try folder.write("a.jsonl", SampleLog.line(1, model: "m", input: 1000, output: 0) + "\n")
      let run = try Tollbook.run(
        ["ingest", "-q", "a.jsonl", "--price-book", "book.yaml"], in: folder)
      #expect(run.status == status, "\(run.diagnostics)")
      #expect(status == 0 || run.diagnostics.contains("book.yaml:7:"))
    }
  }

  @Test func `a missing file is named, and the others are read`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(2))
      let run = try Tollbook.run(["ingest", "missing.jsonl", "a.jsonl"], in: folder)
      #expect(run.status == 69)
      #expect(
        run.diagnostics.contains("tollbook: missing.jsonl: there is no such file or directory"))
      #expect(run.diagnostics.contains("the other lines are stored in tollbook.db"))
      #expect(try Tollbook.run(["report"], in: folder).status == 0)
      let alone = try Tollbook.run(["ingest", "missing.jsonl", "--ledger", "b.db"], in: folder)
      #expect(alone.status == 69)
      #expect(!folder.has("b.db"))
    }
  }

  @Test func `a directory without logs and a pattern without a match are named`() throws {
    try withFolder { folder in
      let empty = folder.appending(path: "empty")
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      let run = try Tollbook.run(["ingest", "empty", "*.log"], in: folder)
      #expect(run.status == 69)
      #expect(run.diagnostics.contains("tollbook: empty: the directory holds no logs"))
      #expect(run.diagnostics.contains("tollbook: *.log: no file matches the pattern"))
    }
  }

  // Acceptance row 61.
  @Test(arguments: ["gz", "zst"]) func `a truncated archive gives its whole lines`(form: String)
    throws
  {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(5000))
      try folder.write("good.jsonl", SampleLog.line(9_999) + "\n")
      let name = "a.jsonl.\(form)"
      let pack = form == "gz" ? "gzip a.jsonl" : "zstd -q --rm a.jsonl"
      #expect(
        try Program.shell("\(pack) && truncate -s -100 \(name)", in: folder).status == 0)
      let run = try Tollbook.run(["ingest", name, "good.jsonl"], in: folder)
      #expect(run.status == 65)
      #expect(
        run.diagnostics.contains("tollbook: \(name): the \(form == "gz" ? "gzip" : "zstd") stream"))
      #expect(run.diagnostics.contains("the other lines are stored"))
      let report = try Tollbook.run(["report", "spend", "--format", "csv"], in: folder).output
      #expect(report.contains("gpt-5-mini"))
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  // Acceptance row 45.
  @Test func `a file in UTF-16 is refused, and the others are read`() throws {
    try withFolder { folder in
      let wide = try #require(SampleLog.lines(3).data(using: .utf16))
      try wide.write(to: folder.appending(path: "wide.jsonl"))
      try folder.write("a.jsonl", SampleLog.lines(2))
      let run = try Tollbook.run(["ingest", "wide.jsonl", "a.jsonl"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("tollbook: wide.jsonl: the text is UTF-16 or UTF-32"))
      #expect(run.diagnostics.contains("Save it as UTF-8."))
    }
  }

  // Acceptance row 57.
  @Test func `a file of an unknown form is refused with what to do`() throws {
    try withFolder { folder in
      try folder.write("other.jsonl", #"{"level":"info"}"# + "\n")
      let run = try Tollbook.run(["ingest", "other.jsonl"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("tollbook: other.jsonl: no line of it could be read"))
      #expect(run.diagnostics.contains("tollbook dialects list"))
    }
  }

  @Test func `an unknown dialect is named with the nearest`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1))
      let run = try Tollbook.run(["ingest", "--dialect", "openai.chta", "a.jsonl"], in: folder)
      #expect(run.status == 64)
      #expect(run.diagnostics.contains("There is no dialect `openai.chta`."))
      #expect(run.diagnostics.contains("Did you mean `openai.chat`?"))
      #expect(!folder.has("tollbook.db"))
    }
  }

  @Test func `a hostile name acts on no terminal`() throws {
    try withFolder { folder in
      let name = "a\u{1B}]0;owned\u{07}\u{202E}.jsonl"
      try folder.write(name, "not json\n")
      for arguments in [["ingest", name], ["ingest", name + ".missing"], ["nope\u{1B}[2J"]] {
        let run = try Tollbook.run(arguments, in: folder)
        #expect(run.status >= 64)
        let hidden = run.diagnostics.unicodeScalars.filter {
          ($0.value < 0x20 && $0 != "\n") || $0 == "\u{202E}"
        }
        #expect(hidden.isEmpty)
      }
    }
  }
}
