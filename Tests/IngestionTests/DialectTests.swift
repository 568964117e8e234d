import Billing
import LogFixtures
import Testing

@testable import Ingestion

/// Dialects of the user: what a file can say, and what is wrong in one.
@Suite struct DialectTests {
  static func dialect(_ fields: String, rest: String = "") -> String {
    "dialect: own.log\ngateway: own\ndetect: {all: [own]}\nfields:\n"
      + fields.split(separator: "\n").map { "  \($0)\n" }.joined() + rest
  }

  /// The event of one record, by key.
  static func event(_ record: String, _ dialect: String) throws -> [String: String] {
    let line = "{\"own\":1," + record.dropFirst() + "\n"
    let reading = try Reading.of(line, dialects: [dialect])
    return try #require(reading.events.first, "\(record): \(reading.rejections)")
  }

  // MARK: Times

  static let times: [(String, String, String?)] = [
    // What is written, the unit, and the instant; nil is refused.
    ("\"2026-10-05T12:34:56Z\"", "", "2026-10-05T12:34:56.000000Z"),
    ("\"2026-10-05T12:34:56.1Z\"", "", "2026-10-05T12:34:56.100000Z"),
    ("\"2026-10-05T12:34:56.123456789Z\"", "", "2026-10-05T12:34:56.123456Z"),
    ("\"2026-10-05T12:34:56.1234567Z\"", "", "2026-10-05T12:34:56.123456Z"),
    ("\"2026-10-05T12:34:56+00:00\"", "", "2026-10-05T12:34:56.000000Z"),
    ("\"2026-10-05T12:34:56+05:45\"", "", "2026-10-05T06:49:56.000000Z"),
    ("\"2026-10-05T12:34:56-0330\"", "", "2026-10-05T16:04:56.000000Z"),
    ("\"2026-10-05 12:34:56.5\"", "", "2026-10-05T12:34:56.500000Z"),
    ("\"2026-10-05T23:59:60Z\"", "", "2026-10-06T00:00:00.000000Z"),
    ("\"2026-10-05\"", "", "2026-10-05T00:00:00.000000Z"),
    ("\"2026-10-05T12:34:56 UTC\"", "", "2026-10-05T12:34:56.000000Z"),
    ("\"05\\/Oct\\/2026:12:34:56 +0200\"", "", "2026-10-05T10:34:56.000000Z"),
    ("1791203696", "", "2026-10-05T12:34:56.000000Z"),
    ("1791203696123", "", "2026-10-05T12:34:56.123000Z"),
    ("1791203696123456", "", "2026-10-05T12:34:56.123456Z"),
    ("1791203696123456789", "", "2026-10-05T12:34:56.123456Z"),
    ("\"1791203696123456789\"", "", "2026-10-05T12:34:56.123456Z"),
    ("1791203696.123456", "", "2026-10-05T12:34:56.123456Z"),
    ("1791203696.1234567", "s", "2026-10-05T12:34:56.123456Z"),
    ("1.791203696e9", "s", "2026-10-05T12:34:56.000000Z"),
    ("1791203696123", "ms", "2026-10-05T12:34:56.123000Z"),
    ("1791203696123.5", "ms", "2026-10-05T12:34:56.123500Z"),
    ("1791203696123456", "us", "2026-10-05T12:34:56.123456Z"),
    ("\"1791203696123456789\"", "ns", "2026-10-05T12:34:56.123456Z"),
    ("\"soon\"", "", nil), ("\"2026-13-05T00:00:00Z\"", "", nil),
    ("\"2026-02-29T00:00:00Z\"", "", nil), ("\"2026-10-05T24:00:00Z\"", "", nil),
    ("\"2026-10-05T12:34:56 CEST\"", "", nil), ("\"2026-10-05T12:34:56.Z\"", "", nil),
    ("\"0000-01-01T00:00:00Z\"", "", nil), ("\"9999-12-31T23:59:59Z\"", "", nil),
    ("\"1969-12-31T23:59:59Z\"", "", nil), ("12", "", nil), ("-1791203696", "", nil),
    ("1791203696123", "s", nil), ("true", "", nil), ("{}", "", nil), ("1e300", "s", nil),
  ]

  @Test func `a time is read in every form or refused`() throws {
    for (written, unit, expected) in Self.times {
      let place = unit.isEmpty ? "time: at" : "time: {path: at, unit: \(unit)}"
      let dialect = Self.dialect("\(place)\nrequest_model: m")
      let reading = try Reading.of(
        "{\"own\":1,\"m\":\"x\",\"at\":\(written)}\n", dialects: [dialect])
      if let expected {
        #expect(reading.events.first?["time"] == expected, "\(written) \(unit)")
      } else {
        #expect(reading.rejections == [.invalidTime: 1], "\(written) \(unit)")
      }
    }
  }

  @Test func `a time without a zone is taken as UTC and says so`() throws {
    let dialect = Self.dialect("time: at\nrequest_model: m")
    let naive = "{\"own\":1,\"m\":\"x\",\"at\":\"2026-10-05 12:34:56\"}\n"
    #expect(try Reading.of(naive, dialects: [dialect]).lines[0].contains("[\"zone_assumed\"]"))
    let zoned = "{\"own\":1,\"m\":\"x\",\"at\":\"2026-10-05 12:34:56Z\"}\n"
    #expect(try !Reading.of(zoned, dialects: [dialect]).lines[0].contains("zone_assumed"))
  }

  @Test(arguments: ["null", "\"\"", "\"-\"", "\"None\""])
  func `an event without a time is printed without one`(written: String) throws {
    let event = try Self.event(
      "{\"m\":\"x\",\"at\":\(written)}", Self.dialect("time: at\nrequest_model: m"))
    #expect(event["time"] == nil)
    #expect(event["request_model"] == "x")
  }

  // MARK: Conditions

  static let conditions: [(String, String, Bool)] = [
    ("a", #"{"a":1}"#, true), ("a", #"{"a":null}"#, false), ("a", #"{"b":1}"#, false),
    ("a", #"{"a":""}"#, true), ("a.b", #"{"a":{"b":false}}"#, true),
    ("{path: a, absent: true}", #"{"b":1}"#, true), ("{path: a, absent: true}", #"{"a":0}"#, false),
    ("{path: a, absent: true}", #"{"a":null}"#, true),
    ("{path: a, or_null: true}", #"{"a":null}"#, true), ("{path: a, or_null: true}", "{}", false),
    ("{path: a, equals: x}", #"{"a":"x"}"#, true), ("{path: a, equals: x}", #"{"a":"xy"}"#, false),
    ("{path: a, equals: \"1\"}", #"{"a":1}"#, true),
    ("{path: a, equals: \"true\"}", #"{"a":true}"#, true),
    ("{path: a, in: [x, y]}", #"{"a":"y"}"#, true), ("{path: a, in: [x, y]}", #"{"a":"z"}"#, false),
    ("{path: a, not: x}", #"{"a":"y"}"#, true), ("{path: a, not: x}", "{}", true),
    ("{path: a, not: x}", #"{"a":"x"}"#, false),
    ("{path: a, not_in: [x, y]}", #"{"a":"y"}"#, false),
    ("{path: a, not_in: [x, y]}", #"{"a":"z"}"#, true),
    ("{path: a, differs_from: b}", #"{"a":"x","b":"y"}"#, true),
    ("{path: a, differs_from: b}", #"{"a":"x","b":"x"}"#, false),
    ("{path: a, differs_from: b}", #"{"a":"x"}"#, false),
    ("{path: a, prefix: gen-}", #"{"a":"gen-1"}"#, true),
    ("{path: a, prefix: gen-}", #"{"a":"agen-1"}"#, false),
    ("{path: a, suffix: '.z'}", #"{"a":"x.z"}"#, true),
    ("{path: a, suffix: '.z'}", #"{"a":"z"}"#, false),
    ("{path: a, at_least: 1}", #"{"a":1}"#, true), ("{path: a, at_least: 1}", #"{"a":"2"}"#, true),
    ("{path: a, at_least: 1}", #"{"a":0}"#, false),
    ("{path: a, at_least: 1}", #"{"a":"x"}"#, false),
    ("{path: a, kind: object}", #"{"a":{}}"#, true),
    ("{path: a, kind: object}", #"{"a":[]}"#, false),
    ("{path: a, kind: list}", #"{"a":[]}"#, true), ("{path: a, kind: text}", #"{"a":"\n"}"#, true),
    ("{path: a, kind: text}", #"{"a":1}"#, false), ("'a[1]'", #"{"a":[0,1]}"#, true),
    ("'a[2]'", #"{"a":[0,1]}"#, false), ("{path: 'a[-1]', equals: z}", #"{"a":["x","z"]}"#, true),
    ("[a, {path: b, equals: y}]", #"{"a":1,"b":"y"}"#, true),
    ("[a, {path: b, equals: y}]", #"{"a":1,"b":"x"}"#, false),
  ]

  @Test func `a condition holds or it does not`() throws {
    for (condition, record, holds) in Self.conditions {
      let dialect = Self.dialect(
        "request_model:\n- {constant: yes-it-does, when: \(condition)}\n- {constant: no}"
          .replacing("\n-", with: "\n  -"))
      let record = record == "{}" ? "{\"z\":1}" : record
      let event = try Self.event(record, dialect)
      #expect(event["request_model"] == (holds ? "yes-it-does" : "no"), "\(condition) \(record)")
    }
  }

  // MARK: Values

  @Test func `hosts and paths of URLs are matched by their longest ends`() throws {
    let hosts =
      "{host: url, values: {tokenmix.ai: tokenmix, eu.tokenmix.ai: tokenmix-eu}}"
    let dialect = Self.dialect("request_model: m").replacing(
      "gateway: own", with: "gateway: \(hosts)")
    let cases = [
      ("https://tokenmix.ai/v1", "tokenmix"), ("https://API.TokenMix.ai:443/v1?x=1", "tokenmix"),
      ("https://api.eu.tokenmix.ai", "tokenmix-eu"),
      ("https://eviltokenmix.ai/", "eviltokenmix.ai"),
      ("https://tokenmix.ai.evil.example/", "tokenmix.ai.evil.example"),
      ("https://user:sk-secret@relay.example:8443/v1", "relay.example"),
      ("relay.example/v1", "relay.example"),
      ("https://evil.example/?u=@tokenmix.ai", "evil.example"),
      ("https://evil.example#@tokenmix.ai", "evil.example"),
    ]
    for (url, gateway) in cases {
      #expect(try Self.event("{\"m\":\"x\",\"url\":\"\(url)\"}", dialect)["gateway"] == gateway)
    }
    let paths = Self.dialect(
      "operation: {url_path: url, values: {completions: completion, chat/completions: chat}}\n"
        + "request_model: m")
    for (url, operation) in [
      ("https://x/v1/chat/completions", "chat"), ("https://x/v1/completions?api=2", "completion"),
      ("https://x/v1/chat/completions/", "chat"), ("https://x/v1/mycompletions", nil),
    ] {
      let event = try Self.event("{\"m\":\"x\",\"url\":\"\(url)\"}", paths)
      #expect(event["operation"] == operation, "\(url)")
    }
  }

  @Test func `a credential is named, never shown`() throws {
    let dialect = Self.dialect("key: {path: k, secret: true}\nrequest_model: m")
    func name(_ key: String) throws -> String? {
      try Self.event("{\"m\":\"x\",\"k\":\"\(key)\"}", dialect)["key"]
    }
    let hash = String(repeating: "0123456789abcdef", count: 4)
    #expect(try name(hash) == "0123456789ab")
    let secret = try #require(try name("sk-live-abcdef"))
    #expect(secret.hasPrefix("key-") && secret.utf8.count == 16)
    #expect(try name("sk-live-abcdef") == secret)
    #expect(try name("sk-live-abcdeg") != secret)
    #expect(try name(hash.uppercased())?.hasPrefix("key-") == true)
    #expect(try name("") == nil)
  }

  @Test func `units are turned exactly`() throws {
    let dialect = Self.dialect(
      "latency_ms: {path: s, unit: s}\nfirst_token_ms: {path: u, unit: us}\n"
        + "gateway_overhead_ms: {path: n, unit: ns}\nreported_cost: {path: c, unit: cent}\n"
        + "reported_fee: f\nrequest_model: m")
    let event = try Self.event(
      #"{"m":"x","s":1.2345,"u":1500,"n":"2500000","c":0.0147,"f":8.8e-06}"#, dialect)
    #expect(event["latency_ms"] == "1234.5")
    #expect(event["first_token_ms"] == "1.5")
    #expect(event["gateway_overhead_ms"] == "2.5")
    #expect(event["reported_cost"] == "0.000147")
    #expect(event["reported_fee"] == "0.0000088")
  }

  @Test func `a duration beyond all measure is no duration`() throws {
    let dialect = Self.dialect("latency_ms: {from: a, to: b}\nrequest_model: m")
    for (from, to) in [
      ("\"0001-01-01\"", "\"9999-12-31\""), ("-170000000000000", "170000000000000"),
      ("-9000000000000000000", "9000000000000000000"), ("\"x\"", "\"y\""),
    ] {
      let event = try Self.event("{\"m\":\"x\",\"a\":\(from),\"b\":\(to)}", dialect)
      #expect(event["latency_ms"] == nil, "\(from) \(to)")
    }
    let micros = #"{"m":"x","a":1791203696123456,"b":1791203696124956}"#
    #expect(try Self.event(micros, dialect)["latency_ms"] == "1.5")
  }

  @Test func `JSON in a string is read, and a text that only looks like it is left alone`() throws {
    let dialect = Self.dialect("request_model: [r.model, m]\nid: r.id", rest: "embedded: [r]\n")
    let quoted = #"{"m":"x","r":"{\"model\":\"in\\u0073ide\",\"id\":\"i\"}"}"#
    #expect(try Self.event(quoted, dialect)["request_model"] == "inside")
    for text in [
      #"{\"model\":\"cut"#, #"{\"id\":\"i\",\"model\":"#, #"{\"id\":\"i\"} and more"#, "{", "[1",
      #"{\"id\":\"i\""#, "plain", "",
    ] {
      let event = try Self.event("{\"m\":\"x\",\"r\":\"\(text)\"}", dialect)
      #expect(event["request_model"] == "x", "\(text)")
      #expect(event["id"] == nil, "\(text)")
    }
  }

  // MARK: Sets

  @Test func `an unknown dialect is answered with those there are`() {
    #expect {
      try DialectSet(only: "openai.chatt", labels: LabelTable())
    } throws: { error in
      guard case DialectSet.Failure.unknownName(let name, let known) = error else { return false }
      return name == "openai.chatt" && known.contains("openai.chat")
    }
  }

  @Test func `names in keyed lists are asked for whatever line stands before`() throws {
    let own = Self.dialect(
      "request_model: \"attributes['acme.model']\"", rest: "keyed: attributes\n"
    )
    .replacing("{all: [own]}", with: "{all: [\"attributes['acme.model']\"]}")
    let span =
      #"{"attributes":[{"key":"acme.tier","value":{"intValue":"1"}},"#
      + #"{"key":"acme.model","value":{"stringValue":"x"}}]}"# + "\n"
    let other = chatLine() + "\n"
    for log in [span + other + span, other + span + other] {
      let reading = try Reading.of(log, dialects: [own])
      #expect(reading.rejections == [:])
      #expect(reading.events.compactMap { $0["dialect"] }.contains("own.log"))
    }
  }

  @Test func `a dialect of the user comes first and replaces its namesake`() throws {
    let own = """
      dialect: openai.chat
      gateway: mine
      detect: {all: [usage.prompt_tokens]}
      fields: {request_model: model}
      """
    let event = try #require(
      try Reading.of(chatLine() + "\n", dialects: [own]).events.first)
    #expect(event["gateway"] == "mine")
    #expect(event["input_tokens"] == nil)
  }
}
