import Foundation
import Testing

/// An explanation, as far as these tests look at it.
private struct Explained: Decodable {
  struct Component: Decodable {
    var quantity: String
    var unit_price: String
    var cost: String
  }
  struct Step: Decodable {
    var before: String
    var after: String
  }
  struct Stored: Decodable {
    var is_equal: Bool
    var departure: String?
  }
  var status: String
  var reason: String?
  var tier: String?
  var list_cost: String?
  var billed_cost: String?
  var difference: String?
  var components: [Component]?
  var steps: [Step]?
  var stored: Stored?
}

private struct Priced: Decodable {
  struct Charge: Decodable {
    var status: String
    var reason: String?
    var tier: String?
    var list_cost: String?
    var billed_cost: String?
  }
  var id: String?
  var charge: Charge
}

private func decoded<Value: Decodable>(_ lines: String, as type: Value.Type) throws -> [Value] {
  try lines.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
}

@Suite struct ExplainTests {
  private static let terms = """
    version: 1
    gateway: "*"
    rules: [{markup_percent: "10", fixed_fee: "0.0005"}]
    rounding: {mode: half_up, scale: 6}
    """

  @Test func `every explanation ends in the charge`() throws {
    try withFolder { folder in
      try folder.write("terms.yaml", Self.terms)
      let events = try Tollbook.run(
        ["normalize", Repository.path("sample-logs/gateways"), "-q"], in: folder)
      let input = Data(events.output.utf8)
      let pricing = ["--terms", "terms.yaml"]
      let charges = try decoded(
        try Tollbook.run(["price"] + pricing, in: folder, input: input).output, as: Priced.self)
      let run = try Tollbook.run(["explain", "-", "--json"] + pricing, in: folder, input: input)
      #expect(run.status == 0, "\(run.diagnostics)")
      let explanations = try decoded(run.output, as: Explained.self)
      #expect(explanations.count == charges.count && charges.count > 1000)
      for (explained, priced) in zip(explanations, charges) {
        #expect(explained.status == priced.charge.status)
        #expect(explained.reason == priced.charge.reason)
        #expect(explained.tier == priced.charge.tier)
        #expect(explained.list_cost == priced.charge.list_cost)
        #expect(explained.billed_cost == priced.charge.billed_cost)
        try check(explained)
      }
      #expect(Set(explanations.map(\.status)).count >= 3)
      try SchemaValidator.expect(lines: run.output, fit: "explanation", in: folder)
    }
  }

  /// Components make up the list cost, and each step begins where the one before it ended.
  private func check(_ explained: Explained) throws {
    guard let list = explained.list_cost, explained.status == "priced" else { return }
    var sum = Decimal(0)
    for part in explained.components ?? [] {
      let cost = try decimal(part.cost)
      #expect(try decimal(part.quantity) * decimal(part.unit_price) == cost)
      sum += cost
    }
    #expect(try decimal(list) == sum)
    let steps = explained.steps ?? []
    for (step, next) in zip(steps, steps.dropFirst()) { #expect(step.after == next.before) }
    #expect(steps.last?.after == explained.billed_cost)
  }

  private func decimal(_ text: String) throws -> Decimal {
    try #require(Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")))
  }

  @Test func `a request of the ledger is explained to the stored digit`() throws {
    try withFolder { folder in
      let samples = try Repository.samples
      let ledger = ["--ledger", "t.db"]
      _ = try Tollbook.run(["ingest"] + samples + ledger + ["-q"], in: folder)
      let events = try Tollbook.run(["normalize"] + samples + ["-q"], in: folder)
      let priced = try decoded(
        try Tollbook.run(["price"], in: folder, input: Data(events.output.utf8)).output,
        as: Priced.self)
      let known = priced.filter { $0.id != nil }
      for request in stride(from: 0, to: known.count, by: known.count / 12).map({ known[$0] }) {
        let id = try #require(request.id)
        let run = try Tollbook.run(["explain", id, "--json"] + ledger, in: folder)
        #expect(run.status == 0, "\(run.diagnostics)")
        let explained = try decoded(run.output, as: Explained.self)
        #expect(explained.allSatisfy { $0.stored?.is_equal == true }, "\(run.output)")
        #expect(explained.contains { $0.list_cost == request.charge.list_cost })
      }
      let missing = try Tollbook.run(["explain", "nobody"] + ledger, in: folder)
      #expect(missing.status == 65)
      #expect(missing.diagnostics.contains("no request has the id `nobody`"))
    }
  }

  @Test func `a change of terms shows as a departure`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.line(1) + "\n")
      try folder.write("terms.yaml", Self.terms)
      let ledger = ["--ledger", "t.db"]
      _ = try Tollbook.run(["ingest", "a.jsonl", "--final"] + ledger, in: folder)
      let run = try Tollbook.run(
        ["explain", "chatcmpl-1", "--terms", "terms.yaml"] + ledger, in: folder)
      #expect(run.output.contains("differs: its terms were others when it was counted"))
      #expect(run.output.contains("markup"))
    }
  }

  @Test func `a request without a price says where it was sought`() throws {
    try withFolder { folder in
      let event =
        #"{"id":"1","time":"2026-10-05T12:00:00Z","gateway":"g","dialect":"t.t","#
        + #""provider":"openai","request_model":"gpt-none-20261301","status":"ok","#
        + #""input_tokens":10,"output_tokens":5}"#
      let run = try Tollbook.run(["explain", "-"], in: folder, input: Data(event.utf8))
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(run.output.contains("gpt-none-20261301 at openai: no"))
      #expect(run.output.contains("outcome       unpriced: no_price"))
      #expect(!run.output.contains("List cost"))
      let nothing = try Tollbook.run(["explain", "-"], in: folder)
      #expect(nothing.status == 65)
    }
  }
}
