import Billing
import Documents
import Testing

@testable import Ingestion

/// What is wrong in a dialect file: each mistake is named with its line and a way out.
@Suite struct DialectMistakeTests {
  struct Mistake: Sendable {
    var text: String
    var line: Int
    var part: String
  }

  /// A file that is right but for the lines that are added, which begin with line 4.
  private static func file(_ lines: String, _ line: Int, _ part: String) -> Mistake {
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [a]}\n" + lines + "\n", line: line, part: part)
  }

  /// A file with one field in line 5.
  private static func field(_ text: String, _ part: String) -> Mistake {
    file("fields:\n  \(text)", 5, part)
  }

  /// A file with one more key in line 5.
  private static func key(_ text: String, _ part: String, line: Int = 5) -> Mistake {
    file("fields: {id: i}\n\(text)", line, part)
  }

  static let wholeFile = [
    Mistake(
      text: "gateway: x\ndetect: {all: [a]}\nfields: {}\n", line: 1, part: "`dialect` is missing"),
    Mistake(
      text: "dialect: x\ndetect: {all: [a]}\nfields: {}\n", line: 1, part: "`gateway` is missing"),
    Mistake(text: "dialect: x\ngateway: x\nfields: {}\n", line: 1, part: "`detect` is missing"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [a]}\n", line: 1, part: "`fields` is missing"),
    Mistake(text: "dialect: x\ngateway: x\ndetect: [\n", line: 4, part: ""),
    key("routng: {}", "Did you mean `routing`?"),
    key("order: 1.5", "`1.5` is not a whole number"),
    Mistake(text: "- a\n", line: 1, part: "a mapping is expected, this is a list"),
    Mistake(
      text: "dialect: [x]\ngateway: x\ndetect: {all: [a]}\nfields: {}\n", line: 1,
      part: "dialect: a text is expected, this is a list"),
    Mistake(
      text: "dialect: My Gateway\ngateway: x\ndetect: {all: [a]}\nfields: {}\n", line: 1,
      part: "`My Gateway` is no name for a dialect"),
    Mistake(
      text: "dialect: x..y\ngateway: x\ndetect: {all: [a]}\nfields: {}\n", line: 1,
      part: "`x..y` is no name for a dialect"),
    Mistake(
      text: "dialect: x\ngateway: \"\"\ndetect: {all: [a]}\nfields: {}\n", line: 2,
      part: "the gateway has no name"),
    Mistake(
      text: "dialect: x\ngateway: {path: a, unit: s}\ndetect: {all: [a]}\nfields: {}\n", line: 2,
      part: "`s` is no unit of `gateway`"),
    key("envelopes: [data]", "`envelopes` is not known here"),
    key("revision: largest", "Did you mean `revisions`?"),
    key("revisions: last", "`last` is not one of the words that may stand here"),
    key("aggregates: yes", "true or false is expected"),
    key("order: -1", "-1 is out of range"),
    key("title: {a: b}", "title: a text is expected, this is a mapping"),
    key("sources: https://example.com", "sources: a list is expected, this is a scalar"),
    key("keys: lose", "Did you mean `loose`?"),
  ]

  static let keys = [
    key("each: a[*]\nunwrap: {at: b}", "`each` and `unwrap` exclude one another"),
    key("each: a[*]\nkeys: loose", "`keys: loose` and `each` exclude one another"),
    key("containers: [usage]", "`containers` is read with `keys: loose` only"),
    key("defaults: {id: b}", "`defaults` is what an envelope says"),
    key("unwrap: {at: b}\ncarry: {m: model}", "an envelope carries nothing", line: 6),
    key(
      "unwrap: {at: b}\nrunning: {shape: openai, at: u}", "an envelope has no running totals",
      line: 6),
    key("unwrap: {at: b}\nrevisions: largest", "an envelope has no revisions", line: 6),
    key("unwrap: {at: b}\naggregates: true", "an envelope is no aggregate", line: 6),
    key(
      "unwrap: {at: b}\nexpand: {list: l, kind: k, model: m, shape: openai}",
      "an envelope expands nothing", line: 6),
    key("unwrap: b", "unwrap: a mapping is expected, this is a scalar"),
    key("unwrap: {from: b}", "`from` is not known here"),
    key("unwrap: {at: []}", "unwrap.at: an empty list says nothing"),
    key("embedded: [\"a[*]\"]", "`[*]` names many values where one is wanted"),
    key("keyed: {at: a, key: k}", "`value` is missing"),
    key("each: \"a[b]\"", "`[b]` is none of `[0]`, `[-1]`, `['name']`"),
    key("each: \"a[*\"", "`[` is not closed"),
    key("skip: []", "skip: an empty list says nothing"),
    key("errors: [a.code, b.code, a.code]", "`a.code` stands twice in this list"),
    key("errors: {path: a, values: {b: fatal}}", "`fatal` is not one of the words"),
    key("errors: {constant: server}", "`constant` gives no value for `errors`"),
    key("errors: {path: a, warn: unit_assumed}", "`warn` has no effect on `errors`"),
    key("routing: {attempts: [{list: a, order: reverse}]}", "Allowed: oldest_first, newest_first."),
  ]

  static let detection = [
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: []}\nfields: {}\n", line: 3,
      part: "nothing is asked of a record"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {al: [a]}\nfields: {}\n", line: 3,
      part: "Did you mean `all`?"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: [a]\nfields: {}\n", line: 3,
      part: "a mapping is expected, this is a list"),
    Mistake(
      text:
        "dialect: x\ngateway: x\ndetect:\n  all:\n    - {path: a, differs_from: b}\nfields: {}\n",
      line: 4, part: "detection asks one value at a time"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [$.a]}\neach: b[*]\nfields: {}\n", line: 3,
      part: "Leave out `differs_from` and `$.`"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [{path: a, equals: b, not: c}]}\nfields: {}\n",
      line: 3, part: "one condition asks `equals` and `not`"),
    Mistake(
      text:
        "dialect: x\ngateway: x\ndetect: {all: [{path: a, kind: number}, {path: b, kind: lst}]}\n"
        + "fields: {}\n", line: 3, part: "Did you mean `list`?"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [{path: a, in: []}]}\nfields: {}\n", line: 3,
      part: "in: an empty list says nothing"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [{path: a, in: b}]}\nfields: {}\n", line: 3,
      part: "in: a list is expected"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [[a, {path: b, absent: true}]]}\nfields: {}\n",
      line: 3, part: "Write what must be absent under `none:`"),
    key("skip: [{path: a, equals: [b, c]}]", "Write `in: […]` for several."),
    key("skip: [{path: a, equals: null}]", "Write `absent: true`"),
    key("skip: [{path: a, at_least: 1.5}]", "`1.5` is not a whole number"),
    key("skip: [{path: a, equal: b}]", "Did you mean `equals`?"),
    key("skip: [{equals: b}]", "`path` is missing"),
  ]

  static let fields = [
    field("modle: a", "`modle` is not known here"),
    field("respone_model: a", "Did you mean `response_model`?"),
    field("id: a..b", "`a..b` is not a path: a name is empty"),
    field("status: {constant: fine}", "`fine` is not one of the words"),
    field("operation: {path: a, values: {b: chatt}}", "Did you mean `chat`?"),
    field("id: []", "an empty list says nothing"),
    field("id: [a, b, a]", "`a` stands twice in this list"),
    field("id: {path: a, constant: b}", "`path` and `constant` both give the value"),
    field("id: {constant: a}", "`constant` gives no value for `id`"),
    field("id: {when: a}", "the value's place is missing"),
    field("id: a[*].b", "`[*]` names many values where one is wanted"),
    field("id: $.a", "`$.` leads out of an element, and there is no `each`"),
    field("id: {path: a, when: $.b}", "`$.` leads out of an element"),
    field("id: {path: a, secret: true}", "`secret` has no effect on `id`"),
    field("id: {path: a, warm: x}", "Did you mean `warn`?"),
    field("id: {path: a, warn: time_aproximate}", "Did you mean `time_approximate`?"),
    field("id: {carried: a}", "`a` is carried by no line"),
    field("id: {path: a, after: \"\"}", "the mark is empty"),
    field("id: {path: a, after: x, after_last: y}", "`after` and `after_last` exclude one another"),
    field("latency_ms: {from: a, to: b, before: x}", "`before` cuts a text at a `path` only"),
    field("latency_ms: {from: a}", "the value's place is missing"),
    field("latency_ms: {path: a, to: b}", "`to` has no `from`"),
    field("latency_ms: {path: a, unit: sec}", "`sec` is not one of the words"),
    field("latency_ms: {path: a, unit: usd}", "`usd` is no unit of `latency_ms`"),
    field("latency_ms: {path: a, less: b}", "`less` is for `time` only"),
    field("audio_seconds: {path: a, unit: ms}", "or write `factor:` for a quantity"),
    field("images: {constant: 1}", "`constant` gives no value for `images`"),
    field("reported_cost: {path: a, factor: 0}", "a factor of 0 leaves nothing"),
    field("reported_cost: {path: a, factor: \"0.0x\"}", "`0.0x` is not a decimal number"),
    field("reported_cost: {path: a, factor: 1e-6}", "Write it as a plain decimal"),
    field("reported_cost: {path: a, unit: cent, factor: \"0.1\"}", "exclude one another"),
    field("reported_cost: {path: a, markup_ratio: b}", "`markup_ratio` is for `reported_markup`"),
    field("http_status: {path: a, factor: \"2\"}", "`factor` has no effect on `http_status`"),
    field("status: state", "nothing says what the words of the log mean for `status`"),
    field("status: {path: state, values: {fine: okay}}", "Allowed: ok, error, cancelled, blocked."),
    field("status: {path: state, values: {}}", "no word is given a meaning"),
    field("operation: {url_path: url}", "Write `{url_path: …, values:"),
    field("stream: {constant: \"yes\"}", "`yes` is not one of the words that may stand here"),
    field("time: {path: a, values: {b: c}}", "`values` has no effect on `time`"),
    field("time: {path: a, zone: Berlin}", "Write an offset such as `+02:00`"),
    field("id: {path: a, zone: UTC}", "`zone` is for `time` only"),
    field("team: {path: a, split: \",\"}", "`split` is for `tags` only"),
    field("tags: {path: a, split: \"\"}", "the mark is empty"),
    field("latency: a", "Did you mean `latency_ms`?"),
    field("reported_cost: {path: a, unit: microusd}", "Write `factor:` for any other"),
    field("reported_cost: {sum: [a, b], path: c}", "`sum` and `path` both give the value"),
    field("latency_ms: {sum: [a, b]}", "`sum` gives no value for `latency_ms`"),
    field("reported_cost: {sum: []}", "an empty list says nothing"),
    field("id: \"l[?code==200].v\"", "write `[?code=='200']`"),
    field("id: [a, l[0].b]", "A path with brackets needs quotes here"),
  ]

  static let usage = [
    key("usage: {shape: openai, at: u}", "usage: a list is expected"),
    key("usage: [{shape: opnai, at: u}]", "Did you mean `openai`?"),
    key("usage: [{shape: openai}]", "`at` is missing"),
    key("usage: [{shape: openai, at: []}]", "at: an empty list says nothing"),
    key("usage: [{shape: openai, at: $.u}]", "Leave out `$.`"),
    key("usage: [{shape: {cache: within, reasoning: inside, input: i}, at: u}]", "`within`"),
    key("usage: [{shape: {input: i, cache_read: c}, at: u}]", "`cache_read` needs `cache`"),
    key("usage: [{shape: {output: o, reasoning_part: r}, at: u}]", "`reasoning: beside`"),
    key("usage: [{shape: {input: i, cache: {read: inside}}, at: u}]", "`write` is missing"),
    key("usage: [{shape: {input: i, cache: {read: auto, write: inside}}, at: u}]", "`auto`"),
    key(
      "usage: [{shape: {cache: inside, reasoning: inside, inputs: i}, at: u}]",
      "Did you mean `input`?"),
    key(
      "usage: [{shape: {cache: inside, reasoning: inside, total: t}, at: u}]",
      "the shape tells neither `input` nor `output`"),
    key(
      "each: l[*]\nusage: [{shape: {cache: inside, reasoning: inside, input: $.i}, at: u}]",
      "cannot leave it", line: 6),
    key("carry: {}", "nothing is carried"),
    key("carry: {model: {path: a, keep: frist}}", "Allowed: first, last."),
    key("carry: {model: {host: a}}", "`host` gives no value for a carried value"),
    Mistake(
      text: "dialect: x\ngateway: x\ndetect: {all: [a]}\nfields:\n  id: i\n  request_model:\n"
        + "    - {carried: modle}\ncarry: {model: {path: m}}\n", line: 7,
      part: "`modle` is carried by no line"),
    Mistake(
      text: "dialect: x\ngateway: {carried: g}\ndetect: {all: [a]}\nfields: {id: i}\n", line: 2,
      part: "`g` is carried by no line"),
    key("routing: {attempts: [{model: m}]}", "`list` is missing"),
    key("routing: {attempts: {list: l}}", "attempts: a list is expected"),
    key("routing: {mismatch: maybe}", "true or false is expected"),
    key("each: e[*]\nrouting: {attempts: [{list: l, model: $.m}]}", "cannot leave it", line: 6),
    key("expand: {list: l, kind: k, model: m, shape: anthropc}", "Did you mean `anthropic`?"),
  ]

  static let all = wholeFile + keys + detection + fields + usage

  @Test func `a mistake is named with its line and a way out`() throws {
    for mistake in Self.all {
      do {
        let node = try DocumentNode.read(text: mistake.text, file: "own.yaml")
        _ = try DialectSet(user: [node], labels: LabelTable())
        Issue.record("accepted: \(mistake.text)")
      } catch let error as DocumentError {
        Self.check(error, mistake)
      } catch DialectSet.Failure.document(let error) {
        Self.check(error, mistake)
      }
    }
  }

  private static func check(_ error: DocumentError, _ mistake: Mistake) {
    #expect(error.file == "own.yaml")
    #expect(error.line == mistake.line, "\(mistake.text)\(error)")
    #expect(error.description.contains(mistake.part), "\(mistake.text)\(error)")
    #expect(!error.remedy.isEmpty, "\(error)")
  }

  @Test func `two dialects of one name are one too many`() throws {
    let text = "gateway: x\ndialect: acme.log\ndetect: {all: [a]}\nfields: {id: i}\n"
    let nodes = try ["first.yaml", "second.yaml"].map {
      try DocumentNode.read(text: text, file: $0)
    }
    #expect {
      try DialectSet(user: nodes, labels: LabelTable())
    } throws: { error in
      guard case DialectSet.Failure.document(let error) = error else { return false }
      return error.file == "second.yaml" && error.line == 2
        && error.problem == "the dialect `acme.log` is in first.yaml already"
    }
  }

  @Test(arguments: BuiltInDialects.names)
  func `a user can start from any built-in dialect`(name: String) throws {
    let text = try #require(BuiltInDialects.text(named: name))
    let node = try DocumentNode.read(text: text, file: "\(name).yaml")
    let set = try DialectSet(user: [node], labels: LabelTable())
    #expect(set.dialects[0].name == name)
    #expect(!set.dialects[0].isBuiltIn)
  }
}
