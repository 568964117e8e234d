import Billing
import LogFixtures
import Testing

@testable import Ingestion

/// Why a request failed, by the name of the error and else by its HTTP status.
@Suite struct OutcomeTests {
  private static let dialect = """
    dialect: own.log
    gateway: own
    detect: {all: [own]}
    fields:
      request_model: m
      status: {path: s, values: {ok: ok, failed: error, blocked: blocked}}
      http_status: code
    errors: [error.type, error.code]
    """

  private static func outcome(_ members: String) throws -> [String?] {
    let line = "{\"own\":1,\"m\":\"x\",\(members)}\n"
    let event = try #require(try Reading.of(line, dialects: [dialect]).events.first)
    return [event["status"], event["error_class"]]
  }

  static let names = [
    ("RateLimitError", "rate_limit"), ("litellm.RateLimitError", "rate_limit"),
    ("RATE_LIMIT_EXCEEDED", "rate_limit"), ("overloaded_error", "overloaded"),
    ("insufficient_quota", "budget"), ("context_length_exceeded", "context_length"),
    ("content_filter", "content_policy"), ("authentication_error", "auth"),
    ("DEADLINE_EXCEEDED", "timeout"), ("server_error", "server"),
    ("invalid_request_error", "bad_request"), ("nobody_knows", "other"), ("", "other"),
  ]

  @Test(arguments: names) func `a name tells the class`(name: String, expected: String) throws {
    #expect(
      try Self.outcome("\"s\":\"failed\",\"error\":{\"type\":\"\(name)\"}") == ["error", expected])
  }

  static let statuses = [
    (400, "bad_request"), (401, "auth"), (402, "budget"), (403, "auth"), (404, "bad_request"),
    (408, "timeout"), (413, "bad_request"), (422, "bad_request"), (429, "rate_limit"),
    (500, "server"), (502, "server"), (503, "overloaded"), (504, "timeout"), (529, "overloaded"),
  ]

  @Test(arguments: statuses) func `a status tells the class`(code: Int, expected: String) throws {
    #expect(try Self.outcome("\"s\":\"failed\",\"code\":\(code)") == ["error", expected])
    #expect(try Self.outcome("\"code\":\(code)") == ["error", expected])
    #expect(
      try Self.outcome("\"s\":\"failed\",\"error\":{\"code\":\"\(code)\"}") == ["error", expected])
  }

  @Test func `a name goes before the status`() throws {
    #expect(
      try Self.outcome("\"s\":\"failed\",\"code\":400,\"error\":{\"type\":\"insufficient_quota\"}")
        == ["error", "budget"])
  }

  @Test func `what is blocked is blocked for its content unless a name says otherwise`() throws {
    #expect(try Self.outcome("\"s\":\"blocked\",\"code\":403") == ["blocked", "content_policy"])
    #expect(
      try Self.outcome("\"s\":\"blocked\",\"error\":{\"type\":\"billing_error\"}")
        == ["blocked", "budget"])
  }

  @Test func `a success has no class`() throws {
    #expect(try Self.outcome("\"s\":\"ok\",\"code\":200") == ["ok", nil])
    #expect(try Self.outcome("\"code\":204") == ["ok", nil])
    #expect(try Self.outcome("\"s\":\"strange\"") == [nil, nil])
  }
}
