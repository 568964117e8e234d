import Foundation
import Testing

/// A gateway that nobody has: a dialect for it was written from one page, `Harbor/harbor.md`, with
/// what `dialects show` and the schema tell. The events were written before the log was read.
@Suite struct HarborTests {
  private struct Checked: Decodable {
    struct Recognition: Decodable {
      var records: Int
      var recognised: Int
      var without_it: [String: Int]
      var others: [String: Int]
      var unknown: Int
    }

    struct Unread: Decodable, Equatable {
      var path: String
      var text: String?
      var lines: Int
    }

    struct Rejected: Decodable, Equatable {
      var reason: String
      var input: String
      var line: Int
    }

    struct Warning: Decodable, Equatable {
      struct Place: Decodable, Equatable {
        var input: String
        var line: Int
      }

      var events: Int
      var places: [Place]
    }

    var dialect: String
    var events: Int
    var recognition: Recognition
    var fields: [String: Int]
    var never_filled: [String]
    var tokens: [String: Int]
    var warnings: [String: Warning]
    var rejected: [Rejected]
    var unread: [Unread]
  }

  private static let name = "Tests/CommandTests/Harbor/harbor"

  /// Calls `body` with a folder that holds the dialect and the log.
  private func withHarbor(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try folder.write("harbor.yaml", try Repository.text("\(Self.name).yaml"))
      try folder.write("harbor.jsonl", try Repository.text("\(Self.name).jsonl"))
      try body(folder)
    }
  }

  private func check(_ arguments: [String] = ["harbor.jsonl"], in folder: URL) throws -> Checked {
    let run = try Tollbook.run(
      ["dialects", "check", "--json", "harbor.yaml"] + arguments, in: folder)
    return try JSONDecoder().decode(Checked.self, from: Data(run.output.utf8))
  }

  private static func objects(_ lines: String) throws -> [NSDictionary] {
    try lines.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }
  }

  /// Rewrites the dialect.
  private func replace(_ old: String, with new: String, in folder: URL) throws {
    let text = try folder.text("harbor.yaml")
    try #require(text.contains(old))
    try folder.write("harbor.yaml", text.replacing(old, with: new))
  }

  // MARK: normalize

  @Test func `its calls are read as its page says`() throws {
    try withHarbor { folder in
      try SchemaValidator.expect([folder.appending(path: "harbor.yaml").path], fit: "dialect")
      let truth = try Self.objects(try Repository.text("\(Self.name).events.jsonl"))
      let run = try Tollbook.run(
        ["normalize", "--dialect", "harbor.yaml", "harbor.jsonl"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      try SchemaValidator.expect(lines: run.output, fit: "usage-event", in: folder)
      let events = try Self.objects(run.output)
      #expect(events.count == truth.count)
      for (event, expected) in zip(events, truth) { #expect(event == expected) }
      try folder.write("tollbook.yaml", "dialects: [harbor.yaml]\n")
      let configured = try Tollbook.run(["normalize", "harbor.jsonl"], in: folder)
      #expect(configured.output == run.output)
    }
  }

  @Test func `its calls are kept in a ledger under its name`() throws {
    try withHarbor { folder in
      try folder.write("tollbook.yaml", "dialects: [harbor.yaml]\n")
      let run = try Tollbook.run(["ingest", "harbor.jsonl"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      let report = try Tollbook.run(["report", "--by", "gateway"], in: folder)
      #expect(report.output.contains("harbor"), "\(report.diagnostics)")
    }
  }

  // MARK: check

  @Test func `check tells what was filled and what was left`() throws {
    try withHarbor { folder in
      let found = try check(in: folder)
      #expect(found.dialect == "harbor.voyages")
      #expect(found.events == 4)
      #expect((found.recognition.records, found.recognition.recognised) == (4, 4))
      #expect(found.recognition.without_it == [:])
      #expect(found.fields["id"] == 4)
      #expect(found.fields["response_model"] == 3)
      #expect(found.fields["http_status"] == 1)
      #expect(found.never_filled == [])
      #expect(found.tokens["cache_write_5m_tokens"] == 1)
      #expect(found.tokens["output_tokens"] == 3)
      #expect(found.rejected == [])
      #expect(found.unread == [Checked.Unread(path: "legs[*].berth.credits", text: nil, lines: 3)])
      let run = try Tollbook.run(["dialects", "check", "harbor.yaml", "harbor.jsonl"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("  legs[*].berth.credits  3\n"))
      for value in ["hv-001", "claude-sonnet", "night", "1.2345", "rate_limit"] {
        #expect(!run.output.contains(value))
      }
      let strict = try Tollbook.run(
        ["dialects", "check", "--strict", "harbor.yaml", "harbor.jsonl"], in: folder)
      #expect(strict.status == 1)
      #expect(strict.output == run.output)
    }
  }

  @Test func `check is content with a dialect that reads all`() throws {
    try withHarbor { folder in
      let log = try folder.text("harbor.jsonl").replacing("\"credits\"", with: "\"place\"")
      try folder.write("harbor.jsonl", log)
      let run = try Tollbook.run(
        ["dialects", "check", "--strict", "harbor.yaml", "harbor.jsonl"], in: folder)
      #expect(run.status == 0, "\(run.output)")
    }
  }

  @Test func `check finds numbers in a text with JSON that is not opened`() throws {
    try withHarbor { folder in
      try replace("embedded: manifest\n", with: "", in: folder)
      try replace("manifest.load", with: "manifest.usage", in: folder)
      let log = try folder.text("harbor.jsonl").replacing("load", with: "usage")
      try folder.write("harbor.jsonl", log)
      let found = try check(in: folder)
      #expect(found.tokens == [:])
      #expect(found.never_filled == ["response_model"])
      let inText = found.unread.filter { $0.text == "legs[*].manifest" }
      #expect(
        inText.map(\.path).sorted() == [
          "legs[*].manifest.usage.in.fresh", "legs[*].manifest.usage.in.stowed",
          "legs[*].manifest.usage.in.warm", "legs[*].manifest.usage.out.mused",
          "legs[*].manifest.usage.out.said",
        ])
      let run = try Tollbook.run(["dialects", "check", "harbor.yaml", "harbor.jsonl"], in: folder)
      #expect(run.output.contains("token counts: `usage` found none\n"))
      #expect(run.output.contains("in the text `legs[*].manifest`: name it under `embedded`"))
    }
  }

  @Test func `check looks into envelopes`() throws {
    try withHarbor { folder in
      let plain = try check(in: folder)
      let lines = try folder.text("harbor.jsonl").split(separator: "\n").map { line in
        let text = try JSONEncoder().encode(String(line))
        return "{\"@timestamp\":\"2026-10-05T12:00:00Z\",\"message\":"
          + String(decoding: text, as: UTF8.self) + "}\n"
      }
      try folder.write("shipped.jsonl", lines.joined())
      let found = try check(["shipped.jsonl"], in: folder)
      #expect(found.events == plain.events)
      #expect(found.recognition.recognised == plain.recognition.recognised)
      #expect(found.recognition.records == plain.recognition.records)
      #expect(found.fields == plain.fields)
      #expect(found.unread == plain.unread)
    }
  }

  @Test func `check names attributes as the dialect would`() throws {
    try withFolder { folder in
      let attributes =
        #"[{"key":"acme.tokens","value":{"intValue":"42"}},"#
        + #"{"key":"acme.cost_usd","value":{"doubleValue":0.5}}]"#
      try folder.write("a.jsonl", "{\"acme\":1,\"attributes\":\(attributes)}\n")
      let head = "dialect: acme.otel\ngateway: acme\ndetect: {all: [acme]}\nfields: {id: i}\n"
      func unread(_ rest: String) throws -> [String] {
        try folder.write("harbor.yaml", head + rest)
        return try check(["a.jsonl"], in: folder).unread.map(\.path)
      }
      #expect(
        try unread("") == [
          "attributes[?key=='acme.cost_usd'].value.*", "attributes[?key=='acme.tokens'].value.*",
        ])
      let counts = "{cache: inside, reasoning: inside, input: \"attributes['acme.tokens']\"}"
      let rest = "keyed: attributes\nusage: [{at: \".\", shape: \(counts)}]\n"
      #expect(try unread(rest) == ["attributes['acme.cost_usd']"])
      // What it prints can be written into the dialect as it stands.
      for path in ["attributes[?key=='acme.cost_usd'].value.*", "attributes['acme.cost_usd']"] {
        let field = "fields: {id: i, reported_cost: \"\(path)\"}\n"
        try folder.write("harbor.yaml", head.replacing("fields: {id: i}\n", with: field) + rest)
        #expect(try check(["a.jsonl"], in: folder).unread == [])
      }
    }
  }

  @Test(
    arguments: [
      "{\"max_tokens\":100}", "{\"usage\":{\"tokens_per_minute_limit\":5}}",
      "{\"context_window\":8000}", "{\"usage\":{\"cost\":0}}", "{\"cost\":null}",
      "{\"started_ms\":1790930000123}", "{\"rates\":{\"cost_per_token\":0.1}}",
      "{\"messages\":[{\"usage\":{\"tokens\":5}}]}", "{\"tokens\":\"many\"}",
      "{\"prompt\":\"{\\\"usage\\\":{\\\"cost\\\":5}}\"}", "{\"port\":8080,\"level\":3}",
    ])
  func `limits, rates, instants, zeros and what people say are no usage`(members: String) throws {
    try withFolder { folder in
      try folder.write(
        "harbor.yaml",
        "dialect: acme.log\ngateway: acme\ndetect: {all: [acme]}\nfields: {request_model: m}\n")
      try folder.write("a.jsonl", "{\"acme\":1,\"m\":\"x\"," + members.dropFirst() + "\n")
      #expect(try check(["a.jsonl"], in: folder).unread == [])
    }
  }

  @Test(
    arguments: [
      "{\"promptTokens\":1}", "{\"usage\":{\"neurons\":0.5}}", "{\"billing\":{\"x\":\"12\"}}",
      "{\"ttft\":12}", "{\"durationMs\":12}", "{\"n_images\":2}", "{\"a\":[{\"credits\":1}]}",
      "{\"body\":\"{\\\"usage\\\":{\\\"cost\\\":5}}\"}", "{\"cost-usd\":\"0.5\"}",
    ])
  func `tokens, money, units and durations are usage`(members: String) throws {
    try withFolder { folder in
      try folder.write(
        "harbor.yaml",
        "dialect: acme.log\ngateway: acme\ndetect: {all: [acme]}\nfields: {request_model: m}\n")
      try folder.write("a.jsonl", "{\"acme\":1,\"m\":\"x\"," + members.dropFirst() + "\n")
      #expect(try check(["a.jsonl"], in: folder).unread.map(\.lines) == [1])
    }
  }

  @Test func `check finds what a misspelt path leaves`() throws {
    try withHarbor { folder in
      try replace("toll_cents", with: "tol_cents", in: folder)
      try replace("cast_off, to: moored", with: "cast_of, to: moored", in: folder)
      let found = try check(in: folder)
      #expect(found.never_filled == ["latency_ms", "reported_cost"])
      #expect(found.unread.map(\.path).sorted() == ["legs[*].berth.credits", "legs[*].toll_cents"])
    }
  }

  @Test func `check tells of other dialects, refused lines and warnings with their places`() throws
  {
    try withHarbor { folder in
      try folder.write("more.jsonl", SampleLog.lines(2) + "{\"kind\":\"storm\"}\nnot json\n")
      try replace("{path: cast_off, unit: ms}", with: "$.sailed", in: folder)
      let log = try folder.text("harbor.jsonl")
        .replacing(
          "\"port\": \"anthropic\"",
          with: "\"port\": \"anthropic\", \"sailed\": \"2026-10-05 12:00:00\"")
      try folder.write("harbor.jsonl", log)
      let found = try check(["harbor.jsonl", "more.jsonl"], in: folder)
      #expect(found.recognition.records == 7)
      #expect(found.recognition.others == ["openai.chat": 2])
      #expect(found.recognition.unknown == 1)
      #expect(
        found.rejected == [Checked.Rejected(reason: "malformed", input: "more.jsonl", line: 4)])
      let place = Checked.Warning.Place(input: "harbor.jsonl", line: 1)
      #expect(found.warnings == ["zone_assumed": Checked.Warning(events: 1, places: [place])])
    }
  }

  @Test func `check tells which dialect reads its lines without it`() throws {
    try withFolder { folder in
      try folder.write(
        "chat.yaml",
        "dialect: mine.chat\ngateway: mine\ndetect: {all: [usage.prompt_tokens]}\n"
          + "fields: {request_model: model}\n")
      try folder.write("a.jsonl", SampleLog.lines(3))
      let run = try Tollbook.run(["dialects", "check", "chat.yaml", "a.jsonl"], in: folder)
      #expect(run.output.contains("  without this dialect they are openai.chat  3\n"))
      let unread = ["usage.completion_tokens", "usage.prompt_tokens", "usage.total_tokens"]
      for path in unread { #expect(run.output.contains("  \(path)")) }
    }
  }

  @Test func `check fails where nothing can be read`() throws {
    try withHarbor { folder in
      try folder.write("bad.jsonl", "not json\n")
      let run = try Tollbook.run(["dialects", "check", "harbor.yaml", "bad.jsonl"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("bad.jsonl: no line of it could be read"))
      let missing = try Tollbook.run(
        ["dialects", "check", "harbour.yaml", "bad.jsonl"], in: folder)
      #expect(missing.status == 69)
      let unknown = try Tollbook.run(
        ["dialects", "check", "openai.chatt", "bad.jsonl"], in: folder)
      #expect(unknown.status == 64)
      #expect(unknown.diagnostics.contains("Did you mean `openai.chat`?"))
    }
  }
}
