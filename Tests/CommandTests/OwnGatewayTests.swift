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
}
