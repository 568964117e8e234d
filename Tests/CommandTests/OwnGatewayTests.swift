import Foundation
import Testing

/// Gateways that nobody has, as somebody meets the program who has one: a log, a dialect of his own.
@Suite struct OwnGatewayTests {
  static let dialect = """
    dialect: own.log
    gateway: own
    detect: {all: [own]}
    fields:
      id: own
      time: t
      provider: {constant: openai}
      response_model: m
      reported_cost: c
      reported_currency: cur
    usage: [{at: u, shape: {input: i, output: o}}]

    """

  static func line(_ id: String, _ more: String) -> String {
    #"{"own":"\#(id)","t":"2026-10-02T09:14:20Z","u":{"i":1000,"o":100},\#(more)}"# + "\n"
  }

  // MARK: Currencies

  @Test func `a reported cost in another currency is in no sum of dollars`() throws {
    try withFolder { folder in
      try folder.write("own.yaml", Self.dialect)
      try folder.write(
        "own.jsonl",
        Self.line("a", #""m":"gpt-5-mini","c":"1.00","cur":"USD""#)
          + Self.line("b", #""m":"gpt-5-mini","c":"10000","cur":"JPY""#)
          + Self.line("c", #""m":"nobody-knows","c":"2.00","cur":"EUR""#)
          + Self.line("d", #""m":"gpt-5-mini","c":"0.50","cur":"usd""#)
          + Self.line("e", #""m":"gpt-5-mini","c":"0.25""#))
      let first = try Tollbook.run(["try", "--dialect", "own.yaml", "own.jsonl"], in: folder)
      #expect(
        first.output.contains(
          "1.75 USD reported by 3 requests; 2 report a cost in another currency, not counted"),
        "\(first.output)\(first.diagnostics)")
      let run = try Tollbook.run(
        ["ingest", "-q", "--dialect", "own.yaml", "own.jsonl"], in: folder)
      #expect(run.status == 0)
      let report = try Tollbook.run(["report", "-o", "a.json", "-o", "a.md"], in: folder)
      #expect(report.status == 0, "\(report.diagnostics)")
      let json = try folder.text("a.json")
      #expect(json.contains(#""reported_cost": "1.75""#) && !json.contains("10001"))
      let markdown = try folder.text("a.md")
      #expect(
        markdown.contains(
          "reported cost in another currency than that of their charge: 2. No amount counts it."))
      #expect(!markdown.contains("10,00"))
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  // MARK: check

  private struct Checked: Decodable {
    struct Remark: Decodable, Equatable {
      var code: String
      var problem: Bool
      var text: String
    }

    struct Refused: Decodable, Equatable {
      var field: String
      var reason: String
      var records: Int
    }

    var dialect: String
    var events: Int
    var fields: [String: Int]
    var refused: [Refused]
    var remarks: [Remark]
  }

  private func check(
    _ dialect: String, _ log: String, _ arguments: [String] = []
  ) throws -> (checked: Checked, status: Int32, text: String) {
    try withFolder { folder in
      try folder.write("own.yaml", dialect)
      try folder.write("own.jsonl", log)
      let json = try Tollbook.run(
        ["dialects", "check", "--json", "own.yaml", "own.jsonl"] + arguments, in: folder)
      let text = try Tollbook.run(
        ["dialects", "check", "--strict", "own.yaml", "own.jsonl"] + arguments, in: folder)
      let checked = try JSONDecoder().decode(Checked.self, from: Data(json.output.utf8))
      for remark in checked.remarks { #expect(text.output.contains("  \(remark.text)\n")) }
      return (checked, text.status, text.output + text.diagnostics)
    }
  }

  private static let good = line("a", #""m":"gpt-5-mini","c":"0.0004","cur":"USD""#)

  @Test func `check has nothing to say of a dialect that is right`() throws {
    let (checked, status, text) = try check(Self.dialect, Self.good)
    #expect(checked.remarks == [] && checked.refused == [])
    #expect(status == 0, "\(text)")
  }

  @Test func `check says that events without a time come to nothing`() throws {
    let (checked, status, _) = try check(
      Self.dialect.replacing("  time: t\n", with: ""), Self.good)
    #expect(checked.remarks.map(\.code) == ["no_time"])
    #expect(checked.remarks[0].text.hasPrefix("1 of 1 events have no time"))
    #expect(status == 1)
  }

  @Test func `check lists words that nobody gave a meaning, and no more of a log`() throws {
    let dialect =
      Self.dialect.replacing(
        "  time: t\n",
        with: """
            time: t
            status: {path: s, values: {done: ok, bad: error}}
            team: {path: p, values: {x: y}}
            operation: {path: op, values: {talk: chat}, otherwise: other}

          """) + "errors: why\n"
    let secret = "sk-live-0123456789abcdef"
    let log =
      Self.line("a", #""m":"x","s":"done","p":"Anna Field","op":"draw""#)
      + Self.line("b", #""m":"x","s":"lost","p":"Anna Field","op":"draw""#)
      + Self.line("c", #""m":"x","s":"lost","op":"draw""#)
      + Self.line("d", #""m":"x","s":"bad","why":"E_TIDE","op":"draw""#)
    let (checked, status, text) = try check(dialect, log)
    #expect(
      checked.remarks.map(\.code) == [
        "unknown_errors", "unused_values", "unmatched_values", "unmatched_values",
      ], "\(checked.remarks)")
    #expect(checked.remarks[0].text.contains("`errors` at `why`: 1 of 1 values"))
    #expect(checked.remarks[0].text.contains(": E_TIDE 1."))
    #expect(checked.remarks[1].text.contains("`operation` at `op`: no word under `values:`"))
    #expect(checked.remarks[2].text.contains("`status` at `s`: 2 of 4 values"))
    #expect(checked.remarks[2].text.contains(": lost 2."))
    #expect(checked.remarks[3].text.contains("`team` at `p`: 2 of 2 values"))
    #expect(!text.contains("Anna"))
    #expect(status == 1)
    // One value that is no word, and none is shown.
    let more = log + Self.line("e", "\"m\":\"x\",\"s\":\"\(secret)\"")
    let closed = try check(dialect, more)
    #expect(!closed.text.contains(secret) && !closed.text.contains("lost"))
  }

  @Test func `check tells of rows that sum requests`() throws {
    let counted = Self.dialect.replacing("  time: t\n", with: "  time: t\n  requests: n\n")
    let log = Self.line("a", #""m":"x","n":40"#)
    let plain = try check(counted, log)
    #expect(plain.checked.remarks.map(\.code) == ["requests_without_aggregates"])
    #expect(plain.status == 1)
    let summing = try check(counted + "aggregates: true\n", log)
    #expect(summing.checked.remarks.map(\.code) == ["aggregates"])
    #expect(summing.checked.remarks[0].text.contains("--aggregates counts them"))
  }

  @Test func `check asks for the unit of a cost that is far from its price`() throws {
    let log = Self.line("a", #""m":"gpt-5-mini","c":"450""#)
    let far = try check(Self.dialect, log)
    #expect(far.checked.remarks.map(\.code) == ["unit"] && far.status == 1)
    #expect(far.checked.remarks[0].text.contains("in 1 of 1 events with both"))
    let right = Self.dialect.replacing(
      "  reported_cost: c\n", with: "  reported_cost: {path: c, factor: \"0.000001\"}\n")
    #expect(try check(right, log).checked.remarks == [])
  }

  @Test func `check counts what the dialect has read, not what follows`() throws {
    let dialect = Self.dialect.replacing(
      "  time: t\n",
      with: "  time: t\n  status: {path: s, values: {done: ok}}\n  http_status: h\n")
    let (checked, _, _) = try check(
      dialect, Self.line("a", #""m":"x","h":503"#) + Self.line("b", #""m":"x","s":"done""#))
    #expect(checked.fields["status"] == 1 && checked.fields["http_status"] == 1)
    #expect(checked.events == 2)
  }

  @Test func `check names the field for which a record was refused`() throws {
    let times = #"{"own":"a","t":"soon","m":"x"}"# + "\n"
    let numbers = #"{"own":"b","t":"2026-10-02","m":"x","u":{"i":1,"o":-7}}"# + "\n"
    let dialect = Self.dialect.replacing(
      "shape: {", with: "shape: {cache: inside, cache_read: r, ")
    let parts = #"{"own":"c","t":"2026-10-02","m":"x","u":{"i":1,"o":7,"r":5}}"# + "\n"
    let (checked, _, text) = try check(dialect, Self.good + times + numbers + parts)
    #expect(
      checked.refused.map { "\($0.field) \($0.reason) \($0.records)" } == [
        "time invalid_time 1", "usage.input contradiction 1", "usage.output invalid_number 1",
      ])
    #expect(text.contains("refused for a field, in how many records\n  time          invalid_time"))
  }

  @Test func `check says that a dialect takes a built-in one's place`() throws {
    let dialect = Self.dialect.replacing("dialect: own.log", with: "dialect: openai.chat")
    let (checked, status, _) = try check(dialect, Self.good)
    #expect(checked.remarks.map(\.code) == ["replaces_built_in"] && status == 0)
  }

  @Test func `check reads an envelope of one's own with the dialects inside`() throws {
    try withFolder { folder in
      let own = folder.appending(path: "own")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try own.write("call.yaml", Self.dialect)
      try own.write(
        "batch.yaml",
        "dialect: own.batch\ndetect: {all: [batch]}\nunwrap: {at: batch}\nfields: {team: crew}\n")
      try folder.write(
        "a.jsonl", "{\"batch\":[\(Self.good.dropLast()),\(Self.good.dropLast())],\"crew\":\"x\"}\n")
      let both = try Tollbook.run(["dialects", "check", "--json", "own", "a.jsonl"], in: folder)
      let checked = try JSONDecoder().decode([Checked].self, from: Data(both.output.utf8))
      #expect(checked.map(\.dialect) == ["own.batch", "own.log"], "\(both.diagnostics)")
      #expect(checked.map(\.events) == [2, 2])
      #expect(checked[0].fields == ["team": 2])
      #expect(checked[1].fields["id"] == 2)
      let one = try Tollbook.run(
        [
          "dialects", "check", "--json", "own/call.yaml", "a.jsonl", "--dialect", "own/batch.yaml",
        ], in: folder)
      let inner = try JSONDecoder().decode(Checked.self, from: Data(one.output.utf8))
      #expect(inner.fields == checked[1].fields)
      #expect(
        try Tollbook.run(["dialects", "check", "--strict", "own", "a.jsonl"], in: folder).status
          == 0)
    }
  }

  // MARK: Messages

  @Test func `arguments of check that are swapped are put right`() throws {
    try withFolder { folder in
      try folder.write("own.yaml", Self.dialect)
      try folder.write("own.jsonl", Self.good)
      let run = try Tollbook.run(["dialects", "check", "own.jsonl", "own.yaml"], in: folder)
      #expect(run.status == 64)
      #expect(run.diagnostics.contains("Write `tollbook dialects check own.yaml own.jsonl`."))
    }
  }

  @Test func `a log that one's own dialect does not fit is told apart`() throws {
    try withFolder { folder in
      try folder.write("own.yaml", Self.dialect)
      try folder.write("other.jsonl", "{\"whatever\":1}\n")
      for command in ["try", "normalize", "ingest"] {
        let run = try Tollbook.run(
          [command, "--dialect", "own.yaml", "other.jsonl"], in: folder)
        #expect(run.status == 65)
        #expect(run.diagnostics.contains("(unknown_format), also not with own.yaml"))
        #expect(run.diagnostics.contains("`tollbook dialects check own.yaml other.jsonl` tells"))
      }
    }
  }
}
