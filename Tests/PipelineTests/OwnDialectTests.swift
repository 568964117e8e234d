import Billing
import Documents
import Foundation
import LogFixtures
import Pipeline
import Testing

/// What a dialect of one's own can say of a gateway that nobody knows: one record each.
@Suite struct OwnDialectTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    /// Lines of the dialect, which begins with its name, its gateway and what recognises a record.
    var dialect: String
    var line: String
    /// What the events must say, in order; "" for a key that must be absent.
    var expected: [[String: String]]

    var testDescription: String { name }
  }

  private static let usage = "usage: [{at: u, shape: {input: i, output: o}}]"

  static let cases = [
    Case(
      name: "the elements of a list that `each` names without brackets",
      dialect: "each: tries\nfields: {id: n, response_model: m}\n\(usage)",
      line: #"{"own":1,"tries":[{"n":"a","m":"x","u":{"i":1,"o":2}},{"n":"b","m":"y"}]}"#,
      expected: [["id": "a", "input_tokens": "1"], ["id": "b", "response_model": "y"]]),
    Case(
      name: "the elements of lists in a list",
      dialect: "each: calls[*].tries\nfields: {id: n, response_model: m}",
      line: #"{"own":1,"calls":[{"tries":[{"n":"a","m":"x"}]},{"tries":[{"n":"b","m":"x"}]}]}"#,
      expected: [["id": "a"], ["id": "b"]]),
    Case(
      name: "of objects with one name the first, by a filter and by `keyed`",
      dialect: """
        keyed: {at: tags, key: k, value: v}
        fields: {request_model: "l[?k=='m'].v", team: tags.team, environment: tags.env}
        """,
      line: #"""
        {"own":1,"l":[{"k":"m","v":"first"},{"k":"m","v":"second"}],\#
        "tags":[{"k":"team","v":"a"},{"k":"env","v":"live"},{"k":"team","v":"b"}]}
        """#,
      expected: [["request_model": "first", "team": "a", "environment": "live"]]),
    Case(
      name: "tags of all objects of a list", dialect: "fields: {request_model: m, tags: 't[*].v'}",
      line: #"{"own":1,"m":"x","t":[{"k":"a","v":"red"},{"k":"a","v":"blue"},{"k":"b"}]}"#,
      expected: [["tags": #"["red", "blue"]"#]]),
    Case(
      name: "a text is one tag", dialect: "fields: {request_model: m, tags: t}",
      line: #"{"own":1,"m":"x","t":"red"}"#, expected: [["tags": #"["red"]"#]]),
    Case(
      name: "a text that holds several tags",
      dialect: "fields: {request_model: m, tags: {path: t, split: \",\"}}",
      line: #"{"own":1,"m":"x","t":"red, blue,,green "}"#,
      expected: [["tags": #"["red", "blue", "green"]"#]]),
    Case(
      name: "a list that is written as a text is no tag",
      dialect: "fields: {request_model: m, tags: t}",
      line: #"{"own":1,"m":"x","t":"[\"red\"]"}"#, expected: [["tags": ""]]),
    Case(
      name: "codes of a vendor for errors",
      dialect: """
        fields: {request_model: m, status: {path: s, values: {bad: error}}}
        errors: [{path: code, values: {"17": rate_limit, E_FULL: overloaded}}, kind]
        """,
      line: #"{"own":1,"m":"x","s":"bad","code":17,"kind":"auth"}"#,
      expected: [["error_class": "rate_limit"]]),
    Case(
      name: "a code that the table lacks is looked for in the next place",
      dialect: """
        fields: {request_model: m, status: {path: s, values: {bad: error}}}
        errors: [{path: code, values: {"17": rate_limit, E_FULL: overloaded}}, kind]
        """,
      line: #"{"own":1,"m":"x","s":"bad","code":"E_LOGIN","kind":"authentication_error"}"#,
      expected: [["error_class": "auth"]]),
    Case(
      name: "a cost in parts",
      dialect: "fields: {reported_cost: {sum: [f.i, f.o, f.x], unit: cent}}",
      line: #"{"own":1,"f":{"i":1.5,"o":"0.25","x":null}}"#,
      expected: [["reported_cost": "0.0175"]]),
    Case(
      name: "a cost in items of a list",
      dialect: "fields: {reported_cost: {sum: 'items[*].usd'}}",
      line: #"{"own":1,"items":[{"usd":0.1},{"usd":"0.02"},{"free":true}]}"#,
      expected: [["reported_cost": "0.12"]]),
    Case(
      name: "no part of a cost is no cost",
      dialect: "fields: {request_model: m, reported_cost: {sum: [f.i, f.o]}}",
      line: #"{"own":1,"m":"x","f":{}}"#, expected: [["reported_cost": "", "warnings": ""]]),
    Case(
      name: "a cost of which a part cannot be read is no cost",
      dialect: "fields: {request_model: m, reported_cost: {sum: [f.i, f.o]}}",
      line: #"{"own":1,"m":"x","f":{"i":1,"o":"one"}}"#,
      expected: [["reported_cost": "", "warnings": #"["cost_unreadable"]"#]]),
    Case(
      name: "cached tokens that are beside when read and inside when written",
      dialect: """
        fields: {request_model: m}
        usage:
          - at: u
            shape:
              {cache: {read: beside, write: inside}, input: i, cache_read: r, cache_write: w, output: o}
        """,
      line: #"{"own":1,"m":"x","u":{"i":100,"r":40,"w":30,"o":5}}"#,
      expected: [["input_tokens": "140", "cache_read_tokens": "40", "cache_write_tokens": "30"]]),
    Case(
      name: "cached tokens that are inside when read and beside when written",
      dialect: """
        fields: {request_model: m}
        usage:
          - at: u
            shape:
              {cache: {read: inside, write: beside}, input: i, cache_read: r, cache_write: w, output: o,
               total: t}
        """,
      line: #"{"own":1,"m":"x","u":{"i":100,"r":40,"w":30,"o":5,"t":135}}"#,
      expected: [["input_tokens": "130", "cache_read_tokens": "40", "warnings": ""]]),
    Case(
      name: "a zone for times without one",
      dialect: "fields: {request_model: m, time: {path: t, zone: '+02:00'}}",
      line: #"{"own":1,"m":"x","t":"2026-10-02 09:14:20"}"#,
      expected: [["time": "2026-10-02T07:14:20.000000Z", "warnings": ""]]),
    Case(
      name: "a zone that changes its clocks",
      dialect: "fields: {request_model: m, time: {path: t, zone: Europe/Berlin}}",
      line: #"{"own":1,"m":"x","t":"2026-12-02 09:14:20"}"#,
      expected: [["time": "2026-12-02T08:14:20.000000Z"]]),
    Case(
      name: "a time that names its zone is not moved",
      dialect: "fields: {request_model: m, time: {path: t, zone: Europe/Berlin}}",
      line: #"{"own":1,"m":"x","t":"02\/Oct\/2026:09:14:20 +0100"}"#,
      expected: [["time": "2026-10-02T08:14:20.000000Z"]]),
  ]

  private static let head = "dialect: own.log\ngateway: own\ndetect: {all: [own]}\n"

  @Test(arguments: cases) func `a dialect says it`(example: Case) throws {
    let reading = try Reading.of(example.line + "\n", dialects: [Self.head + example.dialect])
    #expect(reading.rejections == [:])
    #expect(reading.events.count == example.expected.count)
    for (event, expected) in zip(reading.events, example.expected) {
      for (key, value) in expected {
        #expect(event[key] ?? "" == value, "\(key) of \(event)")
      }
    }
  }

  // MARK: Attempts

  private func attempts(_ list: String, ok: Bool, more: String = "") throws -> [String] {
    let dialect =
      Self.head
      + "fields: {request_model: m, status: {path: ok, values: {true: ok, false: error}}}\n"
      + "routing: {attempts: [{list: l, model: m, status: s\(more)}]}\n"
    let reading = try Reading.of(
      "{\"own\":1,\"m\":\"x\",\"ok\":\(ok),\"l\":\(list)}\n", dialects: [dialect])
    let event = try #require(reading.events.first)
    return ["attempt", "route", "route_from", "route_reason"].map { event[$0] ?? "" }
  }

  @Test func `an attempt that was planned and never made is none`() throws {
    let planned = #"[{"m":"a","s":200},{"m":"b","s":null},{"m":"c"}]"#
    #expect(try attempts(planned, ok: true) == ["0", "primary", "", ""])
    let second = #"[{"m":"a","s":503},{"m":"b","s":200},{"m":"c","s":""}]"#
    #expect(try attempts(second, ok: true) == ["1", "fallback", "a", "overloaded"])
    let leftOut = #"[{"m":"a"},{"m":"b","s":200}]"#
    #expect(try attempts(leftOut, ok: true) == ["0", "primary", "", ""])
    let failed = #"[{"m":"a","s":500},{"m":"b","s":null}]"#
    #expect(try attempts(failed, ok: false) == ["0", "primary", "", ""])
  }

  @Test func `where only failures have a status the next attempt served`() throws {
    let list = #"[{"m":"a","s":429},{"m":"b"},{"m":"c"}]"#
    #expect(try attempts(list, ok: true) == ["1", "fallback", "a", "rate_limit"])
    let words = #"[{"m":"a","s":"failed"},{"m":"b"},{"m":"c"}]"#
    #expect(try attempts(words, ok: true) == ["1", "fallback", "a", ""])
    let done = #"[{"m":"a","s":"failed"},{"m":"b","s":"served"},{"m":"c"}]"#
    #expect(try attempts(done, ok: true) == ["1", "fallback", "a", ""])
  }

  @Test func `a word for the outcome of an attempt is a reason too`() throws {
    let list = #"[{"m":"a","s":"rate_limit_exceeded"},{"m":"b","s":"done"}]"#
    #expect(try attempts(list, ok: true) == ["1", "fallback", "a", "rate_limit"])
  }

  @Test func `a list may have its last attempt first`() throws {
    let list = #"[{"m":"b","s":200},{"m":"a","s":429}]"#
    #expect(
      try attempts(list, ok: true, more: ", order: newest_first")
        == ["1", "fallback", "a", "rate_limit"])
  }

  // MARK: Envelopes

  private static let body =
    #"{"object":"chat.completion","id":"c","created":1791000000,"model":"gpt-5-mini","#
    + #""usage":{"prompt_tokens":1,"completion_tokens":2}}"#

  @Test func `a gateway on an envelope leaves its records their provider`() throws {
    let envelope = "dialect: own.batch\ngateway: own\ndetect: {all: [batch]}\nunwrap: {at: batch}\n"
    let inner = """
      dialect: own.call
      gateway: inner
      detect: {all: [call]}
      revisions: largest
      fields: {id: call, provider: by, response_model: m}
      """
    let line = #"{"batch":[{"call":"a","by":"anthropic","m":"x"},\#(Self.body)]}"# + "\n"
    let events = try Reading.of(line, dialects: [envelope, inner]).events
    #expect(events.map { $0["gateway"] } == ["own", "own"])
    #expect(events.map { $0["provider"] } == ["anthropic", "openai"])
    // A record of one's own is told by its own name, a body by that of its envelope.
    #expect(events.map { $0["dialect"] } == ["own.call", "own.batch"])
  }

  @Test func `an envelope around no record is skipped`() throws {
    let envelope = """
      dialect: own.batch
      detect: {all: [batch]}
      unwrap: {at: batch}
      fields: {team: team}
      """
    let reading = try Reading.of(
      #"{"batch":[],"team":"a"}"# + "\n" + #"{"batch":"[]","team":"a"}"# + "\n",
      dialects: [envelope])
    #expect(reading.accounting.skipped == 2)
    #expect(reading.rejections == [:])
  }

  // MARK: Tables

  @Test(arguments: [",", ";", "\t"])
  func `a table is known by the columns of one's own dialect`(delimiter: String) throws {
    let dialect = """
      dialect: own.csv
      gateway: own
      detect: {all: [zug]}
      fields: {id: zug, time: wann, response_model: netz}
      usage: [{at: ".", shape: {input: ein, output: aus}}]
      """
    let rows = [
      ["zug", "wann", "netz", "ein", "aus"], ["z1", "2026-10-02", "gpt-5-mini", "7", "3"],
    ]
    let table = rows.map { $0.joined(separator: delimiter) + "\n" }.joined()
    let reading = try Reading.of(table, dialects: [dialect])
    #expect(reading.events.map { $0["input_tokens"] } == ["7"])
    #expect(reading.accounting.skipped == 1 && reading.rejections == [:])
    // Without the dialect it is text with commas in it.
    #expect(try Reading.of(table).rejections == [.malformed: 2])
  }

  // MARK: Snapshots

  @Test func `of snapshots with equal counts the one with a cost counts, in any order`() throws {
    let dialect = """
      dialect: own.stream
      gateway: own
      detect: {all: [own]}
      revisions: largest
      fields: {id: own, time: t, response_model: m, reported_cost: c, latency_ms: l}
      usage: [{at: u, shape: {input: i, output: o}}]
      """
    func line(_ second: Int, _ more: String) -> String {
      #"{"own":"a","t":"2026-10-02T09:14:0\#(second)Z","m":"x","u":{"i":7,"o":3}\#(more)}"# + "\n"
    }
    let lines = [line(1, ""), line(2, #","l":5"#), line(3, #","c":"0.5""#)]
    var dumps: Set<String> = []
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
      let text = order.map { lines[$0] }.joined()
      let read = try Reading.of(text, dialects: [dialect])
      #expect(read.events.map { $0["reported_cost"] } == ["0.5"], "\(order)")
      let folder = try Folder()
      let own = try DocumentNode.read(text: dialect, file: "own.yaml")
      for (number, position) in order.enumerated() {
        let file = try folder.write("\(number).jsonl", lines[position])
        try ingest([file], into: folder.path("a.db")) { options in
          options.reading.dialects = [own]
        }
      }
      dumps.insert(try dump(folder.path("a.db")))
    }
    #expect(dumps.count == 1)
    #expect(dumps.first?.contains("reported=0.5") ?? false, "\(dumps)")
  }
}
