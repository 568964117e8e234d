import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// Lines that are odd, broken or hostile, each beside good neighbours.
@Suite struct LineTests {
  /// The reason for which a line is refused between two good ones; `nil` when it is read.
  static func verdict(_ line: some Sequence<UInt8>) throws -> RejectionReason? {
    let before = Array((chatLine(id: "before") + "\n").utf8)
    let after = Array(("\n" + chatLine(id: "after") + "\n").utf8)
    let reading = try Reading.of(before + Array(line) + after)
    let ids = reading.events.map { $0["id"] ?? "" }
    #expect(ids.first == "before" && ids.last == "after")
    #expect(reading.accounting.isBalanced)
    #expect(reading.accounting.lines == 3)
    #expect(reading.accounting.rejected <= 1)
    return reading.rejections.keys.first
  }

  static let malformed = [
    "{", "}", "[", "null", "12", "\"text\"", "plain text", "{\"a\":1", "{\"a\"}", "{\"a\":}",
    "{\"usage\":{\"prompt_tokens\":1,}}", "{\"a\":1,}", "{\"a\":1}}", "{\"a\":1} x",
    "{\"a\":1}{\"b\":2}", "{\"a\":1},", "{a:1}", "{\"a\" 1}", "{'a':1}", "// {\"a\":1}",
    "{\"usage\":{\"prompt_tokens\":1 \"x\":2}}", "{\"object\":\"chat.completion}",
    "{\"id\":\"unclosed", "{\"id\":\"raw \u{01} control\"}", "# {\"a\":1}", "]",
  ]

  // Acceptance row 54.
  @Test(arguments: malformed) func `a line that is not one object is malformed`(line: String) throws
  {
    #expect(try Self.verdict(line.utf8) == .malformed)
  }

  // Acceptance row 54.
  @Test func `two good objects on a line are not guessed at`() throws {
    let line = chatLine(id: "x")
    #expect(try Self.verdict((line + line).utf8) == .malformed)
    #expect(try Self.verdict((line + " " + line).utf8) == .malformed)
  }

  @Test func `a list on a line is a line of records`() throws {
    #expect(try Self.verdict("[]".utf8) == nil)
    #expect(try Self.verdict("[{\"a\":1}]".utf8) == .unknownFormat)
  }

  @Test func `an object of no known form is told apart`() throws {
    #expect(try Self.verdict("{}".utf8) == .unknownFormat)
    #expect(try Self.verdict("{\"level\":\"info\",\"msg\":\"ok\"}".utf8) == .unknownFormat)
  }

  /// A message of a Gemini CLI chat.
  private static func message(_ id: String, _ tokens: String = "\"output\":2") -> String {
    "{\"id\":\"\(id)\",\"timestamp\":\"2026-10-01T00:00:00Z\",\"type\":\"gemini\","
      + "\"content\":\"\",\"model\":\"gemini-3.1-pro\",\"tokens\":{\"input\":1,\(tokens)}}"
  }

  private static func session(_ id: String, _ messages: [String]) -> String {
    "{\"sessionId\":\"\(id)\",\"projectHash\":\"p\",\"messages\":["
      + messages.joined(separator: ",") + "]}"
  }

  /// The elements before the one that shows it have been read by then.
  @Test func `a line whose last element shows that it is none gives no event`() throws {
    for (tokens, reason) in [("\"output\" 2", "malformed"), ("\"input\":2", "duplicate_key")] {
      let line = Self.session("s", [Self.message("a"), Self.message("b", tokens)])
      #expect(try Self.verdict(line.utf8)?.name == reason)
      let folder = try Folder()
      let text = [chatLine(), line, chatLine(id: "z")].joined(separator: "\n")
      let file = try folder.write("a.jsonl", text)
      let account = try ingest([file], into: folder.path("a.db")).total
      #expect(account.events == 2 && account.rejected == 1 && account.isBalanced)
    }
  }

  @Test func `a line hands on what it says, not what the line before it said`() throws {
    let lines = [
      Self.session("s", [Self.message("a")]), Self.message("b"), Self.session("t", []),
      Self.message("c"),
    ]
    let reading = try Reading.of(lines.joined(separator: "\n"))
    #expect(reading.events.map { $0["session_id"] } == ["s", "s", "t"])
  }

  /// Row by row: how a count may be written, and what is refused.
  static let counts: [(String, Int?)] = [
    ("5", 5), ("0", 0), ("\"5\"", 5), ("3.0", 3), ("1e2", 100), ("1.2e1", 12), ("-0", 0),
    ("1099511627776", 1_099_511_627_776), ("\"1000.0\"", 1000),
    ("1099511627777", nil), ("-1", nil), ("1.5", nil), ("1e400", nil),
    ("9223372036854775808", nil), ("true", nil), ("01", nil), ("+1", nil), ("NaN", nil),
    ("\"five\"", nil), ("{}", nil), ("[1]", nil), ("1e-1", nil), ("-1e2", nil), ("1e", nil),
    ("Infinity", nil), ("0x10", nil), ("1.", nil), (".5", nil), ("1_000", nil),
    ("99999999999999999999999999999999999999999999", nil),
  ]

  // Acceptance row 50.
  @Test func `a count is a whole number from 0 to 2⁴⁰`() throws {
    for (text, value) in Self.counts {
      let reading = try Reading.of(chatLine(prompt: text) + "\n")
      if let value {
        #expect(reading.events.first?["input_tokens"] == "\(value)", "\(text)")
      } else {
        #expect(reading.lines.isEmpty, "\(text)")
        let reason = reading.rejections.keys.first
        #expect(reason == .invalidNumber || reason == .malformed, "\(text)")
      }
    }
  }

  @Test(arguments: ["null", "\"\"", "\"-\"", "\"None\"", "\"null\""])
  func `a spelling of nothing is no count`(text: String) throws {
    let event = try #require(
      try Reading.of(chatLine(prompt: text, completion: "7") + "\n").events.first)
    #expect(event["input_tokens"] == nil)
    #expect(event["output_tokens"] == "7")
  }

  // Acceptance row 49.
  @Test func `a key that stands twice where it counts is refused`() throws {
    let twice = chatLine().replacing("\"prompt_tokens\":100", with: "\"prompt_tokens\":1,$0")
      .replacing("$0", with: "\"prompt_tokens\":100")
    #expect(try Self.verdict(twice.utf8) == .duplicateKey)
    let escaped = chatLine(more: ",\"us\\u0061ge\":{}")
    #expect(try Self.verdict(escaped.utf8) == .duplicateKey)
    let unread = chatLine(more: ",\"note\":1,\"note\":2")
    #expect(try Self.verdict(unread.utf8) == nil)
  }

  @Test func `a key is found however it is escaped`() throws {
    let line = chatLine().replacing("\"usage\"", with: "\"us\\u0061ge\"")
      .replacing("\"completion_tokens\"", with: "\"\\u0063ompletion\\u005ftokens\"")
    let event = try #require(try Reading.of(line + "\n").events.first)
    #expect(event["input_tokens"] == "100")
    #expect(event["output_tokens"] == "10")
  }

  @Test func `many keys of one object are told apart`() throws {
    let names = (0..<200).map { "k\($0)" }
    let dialect =
      "dialect: own.wide\ngateway: own\ndetect: {all: [k0, k199]}\nfields:\n  id: ["
      + names.joined(separator: ", ") + "]\n  request_model: k7\n"
    let record = "{" + names.reversed().map { "\"\($0)\":\"v\($0)\"" }.joined(separator: ",") + "}"
    let event = try #require(try Reading.of(record + "\n", dialects: [dialect]).events.first)
    #expect(event["id"] == "vk0")
  }

  // Acceptance row 42.
  @Test func `text that is not UTF-8 spoils the line that uses it`() throws {
    let good = Array(chatLine(more: ",\"note\":\"?\"").utf8)
    let bad = good.map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
    #expect(try Self.verdict(bad) == nil)
    let model = Array(chatLine().replacing("gpt-5-mini", with: "gpt?5-mini").utf8)
    #expect(try Self.verdict(model.map { $0 == UInt8(ascii: "?") ? 0xC0 : $0 }) == .invalidText)
  }

  // Acceptance row 43.
  @Test func `a lone surrogate spoils the line that uses it`() throws {
    let model = chatLine().replacing("gpt-5-mini", with: "gpt\\ud800")
    #expect(try Self.verdict(model.utf8) == .invalidText)
    #expect(try Self.verdict(chatLine(more: ",\"note\":\"\\ud800\"").utf8) == nil)
    let pair = chatLine().replacing("gpt-5-mini", with: "gpt\\ud83d\\ude00")
    let event = try #require(try Reading.of(pair + "\n").events.first)
    #expect(event["response_model"] == "gpt😀-2025-08-07")
  }

  // Acceptance row 44.
  @Test func `a raw NUL is told, and records beside a hole of NULs are read`() throws {
    #expect(try Self.verdict(Array("{\"id\":\"a\u{0}b\"}".utf8)) == .nul)
    #expect(try Self.verdict(Array(repeating: 0, count: 5000)) == .nul)
    #expect(try Self.verdict(Array(repeating: 0, count: 500) + Array(chatLine().utf8)) == nil)
    #expect(try Self.verdict(Array(chatLine().utf8) + [0, 0]) == nil)
    let text = chatLine(id: "a\\u0000b")
    #expect(try Self.verdict(text.utf8) == nil)
  }

  // Acceptance row 48.
  @Test(arguments: [10, 500, 511, 513, 100_000, 5_000_000])
  func `nesting is limited without recursion`(depth: Int) throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] where depth < 1_000_000 || open == "[" {
      let middle = open == "[" ? "" : "1"
      let deep =
        String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
      let verdict = try Self.verdict(chatLine(more: ",\"deep\":\(deep)").utf8)
      #expect(verdict == (depth < 512 ? nil : .tooDeep), "\(open)")
      let open = String(repeating: open, count: depth)
      let unclosed = try Self.verdict(chatLine(more: ",\"deep\":\(open)").utf8)
      #expect(unclosed == .malformed)
    }
  }

  @Test func `brackets in strings are text`() throws {
    let event = try #require(
      try Reading.of(
        chatLine(more: ",\"note\":\"]}{[ \\\" usage: {\"") + "\n"
      ).events.first)
    #expect(event["input_tokens"] == "100")
  }
}
