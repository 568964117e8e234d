import Billing
import LogFixtures
import Pipeline
import Testing

/// The attempts of one request, joined by their trace within a file.
@Suite struct AttemptTests {
  /// A row of Portkey's export.
  static func row(
    _ id: String, trace: String? = "t", at second: Int, model: String, status: Int = 200,
    more: String = ""
  ) -> String {
    let ok = status == 200
    let trace = trace.map { "\"trace_id\":\"\($0)\"," } ?? ""
    return "{\"id\":\"\(id)\",\(trace)\"created_at\":\"2026-10-05T12:\(two(second / 60)):"
      + "\(two(second % 60)).000Z\",\"is_success\":\(ok),\"response_status_code\":\(status),"
      + "\"ai_org\":\"openai\",\"ai_model\":\"\(model)\",\"request\":{\"model\":\"\(model)\"},"
      + "\"req_units\":5,\"res_units\":5\(more)}\n"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Route, evidence, origin and reason of the last event.
  static func last(_ rows: String...) throws -> [String?] {
    let event = try #require(try Reading.of(rows.joined()).events.last)
    return ["route", "route_evidence", "route_from", "route_reason"].map { event[$0] }
  }

  private static let failure = row("a", at: 0, model: "gpt-5-mini", status: 429)

  @Test func `a success of the same model after a failure is a retry`() throws {
    let dated = Self.row("b", at: 5, model: "gpt-5-mini-2025-08-07")
    #expect(try Self.last(Self.failure, dated) == ["retry", "inferred", nil, nil])
  }

  @Test func `a success of another model after a failure is a fallback`() throws {
    let other = Self.row("b", at: 5, model: "claude-opus-4-8")
    #expect(
      try Self.last(Self.failure, other) == ["fallback", "inferred", "gpt-5-mini", "rate_limit"])
  }

  @Test func `the first failure names the model, the last the reason`() throws {
    let second = Self.row("b", at: 3, model: "gpt-5", status: 503)
    let served = Self.row("c", at: 6, model: "claude-opus-4-8")
    #expect(
      try Self.last(Self.failure, second, served)
        == ["fallback", "inferred", "gpt-5-mini", "overloaded"])
  }

  @Test(arguments: [(120, true), (121, false)])
  func `a failure explains a success for two minutes`(second: Int, joins: Bool) throws {
    let other = Self.row("b", at: second, model: "claude-opus-4-8")
    #expect(try Self.last(Self.failure, other)[0] == (joins ? "fallback" : nil))
  }

  @Test func `what does not belong together is not joined`() throws {
    let other = Self.row("b", trace: "u", at: 5, model: "claude-opus-4-8")
    #expect(try Self.last(Self.failure, other)[0] == nil)
    let without = Self.row("b", trace: nil, at: 5, model: "claude-opus-4-8")
    #expect(try Self.last(Self.failure, without)[0] == nil)
    let earlier = Self.row("b", at: 0, model: "claude-opus-4-8")
    let late = Self.row("a", at: 9, model: "gpt-5-mini", status: 429)
    #expect(try Self.last(late, earlier)[0] == nil)
    let cancelled = Self.row("b", at: 5, model: "claude-opus-4-8", status: 499)
    #expect(try Self.last(Self.failure, cancelled)[0] == nil)
  }

  @Test func `a failure explains one success`() throws {
    let first = Self.row("b", at: 5, model: "claude-opus-4-8")
    let second = Self.row("c", at: 6, model: "claude-opus-4-8")
    #expect(try Self.last(Self.failure, first, second)[0] == nil)
  }

  @Test func `an explicit fallback stays explicit and learns its origin`() throws {
    let explicit = Self.row(
      "b", at: 5, model: "claude-opus-4-8",
      more: ",\"mode\":\"fallback\",\"last_used_option_index\":1")
    #expect(
      try Self.last(Self.failure, explicit)
        == ["fallback", "explicit", "gpt-5-mini", "rate_limit"])
  }

  @Test func `a status of its own for a guardrail is a matter of content`() throws {
    let event = try #require(
      try Reading.of(Self.row("a", at: 0, model: "gpt-5", status: 446)).events.first)
    #expect(event["status"] == "blocked")
    #expect(event["error_class"] == "content_policy")
  }
}

/// Anthropic's `usage.iterations`: entries that are billed apart.
@Suite struct IterationTests {
  private static func message(_ top: String, _ entries: String...) -> String {
    "{\"type\":\"message\",\"id\":\"msg_1\",\"model\":\"claude-opus-4-8\",\"usage\":{\(top),"
      + "\"iterations\":[\(entries.joined(separator: ","))]},"
      + "\"timestamp\":\"2026-10-05T12:00:00Z\"}\n"
  }

  private static func entry(
    _ type: String, _ input: Int, _ output: Int, model: String? = nil, more: String = ""
  ) -> String {
    let model = model.map { ",\"model\":\"\($0)\"" } ?? ""
    return "{\"type\":\"\(type)\",\"input_tokens\":\(input),\"output_tokens\":\(output)"
      + "\(model)\(more)}"
  }

  private static func rows(_ line: String, _ keys: String...) throws -> [[String?]] {
    try Reading.of(line).events.map { event in keys.map { event[$0] } }
  }

  @Test func `a compaction is an event beside the message`() throws {
    let line = Self.message(
      "\"input_tokens\":300,\"output_tokens\":40", Self.entry("compaction", 9000, 500),
      Self.entry("message", 300, 40))
    #expect(
      try Self.rows(line, "id", "response_model", "input_tokens", "output_tokens", "route") == [
        ["msg_1#1", "claude-opus-4-8", "9000", "500", nil],
        ["msg_1", "claude-opus-4-8", "300", "40", nil],
      ])
  }

  @Test func `an advisor is an event of its own model`() throws {
    let line = Self.message(
      "\"input_tokens\":300,\"output_tokens\":40", Self.entry("message", 200, 10),
      Self.entry("advisor_message", 800, 90, model: "claude-fable-5"),
      Self.entry("message", 100, 30))
    #expect(
      try Self.rows(line, "response_model", "input_tokens", "output_tokens", "status") == [
        ["claude-opus-4-8", "200", "10", "ok"], ["claude-fable-5", "800", "90", "ok"],
        ["claude-opus-4-8", "100", "30", "ok"],
      ])
  }

  @Test func `a fallback that served leaves the declined attempt behind`() throws {
    let line = Self.message(
      "\"input_tokens\":420,\"output_tokens\":70",
      Self.entry("message", 408, 0, model: "claude-fable-5"),
      Self.entry("fallback_message", 420, 70, model: "claude-opus-4-8"))
    #expect(
      try Self.rows(line, "response_model", "input_tokens", "status", "route", "route_from") == [
        ["claude-fable-5", "408", "blocked", nil, nil],
        ["claude-opus-4-8", "420", "ok", "fallback", "claude-fable-5"],
      ])
    let event = try #require(try Reading.of(line).events.first)
    #expect(event["error_class"] == "content_policy")
  }

  @Test func `one entry is the message itself`() throws {
    let line = Self.message(
      "\"input_tokens\":300,\"output_tokens\":40,\"cache_creation_input_tokens\":10,"
        + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":10}",
      Self.entry("message", 300, 40, more: ",\"cache_creation_input_tokens\":10"))
    #expect(
      try Self.rows(line, "id", "input_tokens", "cache_write_1h_tokens") == [
        ["msg_1", "310", "10"]
      ])
  }

  /// An entry without lifetimes takes those of the whole, when it is all that was written.
  @Test func `the lifetimes of cache writes are those of the whole`() throws {
    let line = Self.message(
      "\"input_tokens\":300,\"output_tokens\":40,\"cache_creation_input_tokens\":10,"
        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":10}",
      Self.entry("compaction", 9000, 500),
      Self.entry("message", 300, 40, more: ",\"cache_creation_input_tokens\":10"))
    #expect(
      try Self.rows(line, "input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens") == [
        ["9000", nil, nil], ["310", "0", "10"],
      ])
  }

  @Test func `every entry of a long list is read`() throws {
    let entries = Array(repeating: Self.entry("message", 3, 1), count: 400)
    let line = Self.message(
      "\"input_tokens\":1200,\"output_tokens\":400", entries.joined(separator: ","))
    #expect(try Reading.of(line).lines.count == 400)
  }
}
