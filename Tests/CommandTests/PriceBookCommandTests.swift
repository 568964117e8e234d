import Foundation
import Testing

/// `tollbook prices …` as a user runs it.
@Suite struct PriceBookCommandTests {
  private static let table = #"""
    {"acme/one": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 2e-06,
       "output_cost_per_token": 8e-06, "deprecation_date": "2026-01-31", "moon_cost": 1},
     "acme/bad": {"litellm_provider": "acme", "input_cost_per_token": "much"}}
    """#
  private static let event =
    #"{"id":"1","time":"2026-10-05T12:00:00.000000Z","gateway":"g","dialect":"t.t","#
    + #""provider":"acme","request_model":"MODEL","status":"ok","input_tokens":1000,"#
    + #""output_tokens":10}"# + "\n"

  @Test func `an imported table prices requests, alone when asked`() throws {
    try withFolder { folder in
      try folder.write("table.json", Self.table)
      let made = try Tollbook.run(
        ["prices", "import", "litellm", "table.json", "-o", "book.json"], in: folder)
      #expect(made.status == 0)
      #expect(made.diagnostics.contains("not priced: moon_cost (1), acme/one: 1\n"))
      #expect(made.diagnostics.contains("left out: acme/bad: "))
      try SchemaValidator.expect([folder.appending(path: "book.json").path], fit: "price-book")
      let strict = try Tollbook.run(
        ["prices", "import", "litellm", "table.json", "--strict"], in: folder)
      #expect(strict.status == 1)
      for (model, outcome) in [("one", #""list_cost":"0.00208""#), ("gpt-4o", "no_price")] {
        let run = try Tollbook.run(
          ["price", "--price-book", "book.json", "--no-built-in"], in: folder,
          input: Data(Self.event.replacing("MODEL", with: model).utf8))
        #expect(run.output.contains(outcome), "\(run.output)")
      }
      let unknown = try Tollbook.run(["prices", "import", "lightllm", "table.json"], in: folder)
      #expect(unknown.status == 64)
      #expect(unknown.diagnostics.contains("Did you mean `litellm`?"))
    }
  }

  @Test func `lint, diff and merge print tables and JSON`() throws {
    try withFolder { folder in
      try folder.write("table.json", Self.table)
      try folder.write("dearer.json", Self.table.replacing("8e-06", with: "9e-06"))
      for name in ["table", "dearer"] {
        let run = try Tollbook.run(
          ["prices", "import", "litellm", "\(name).json", "-o", "\(name).book.json"], in: folder)
        #expect(run.status == 0)
      }
      let lint = try Tollbook.run(["prices", "lint", "table.book.json", "--strict"], in: folder)
      #expect(lint.status == 1)
      #expect(
        lint.output == "kind\tentry\tdetail\npast_deprecation\tacme/one\tended on 2026-01-31\n")
      let early = try Tollbook.run(
        ["prices", "lint", "table.book.json", "--on", "2026-01-31", "--strict", "--json"],
        in: folder)
      #expect(early.status == 0)
      #expect(early.output == "[]\n")
      let diff = try Tollbook.run(
        ["prices", "diff", "table.book.json", "dearer.book.json"], in: folder)
      #expect(
        diff.output == """
          change\tentry\twhat\tbefore\tafter
          changed\tacme/one\toutput\t8\t9
          changed\tacme/one\tbatch output\t4\t4.5

          """)
      let json = try Tollbook.run(
        ["prices", "diff", "table.book.json", "dearer.book.json", "--json", "--strict"], in: folder)
      #expect(json.status == 1)
      #expect(json.output.contains(#""what":"output","before":"8","after":"9""#))
      let merged = try Tollbook.run(
        [
          "prices", "merge", "table.book.json", "dearer.book.json", "--prefer", "dearer.book.json",
          "-o", "all.json",
        ], in: folder)
      #expect(merged.status == 0)
      #expect(merged.diagnostics.contains("names with several prices: 1"))
      let list = try Tollbook.run(
        ["prices", "list", "--price-book", "all.json", "--no-built-in"], in: folder)
      #expect(list.output.hasSuffix("acme/one\t2\t\t9\tUSD\t\tbatch\n"))
      try SchemaValidator.expect([folder.appending(path: "all.json").path], fit: "price-book")
    }
  }

  @Test func `what is missing comes with its weight and the next command`() throws {
    try withFolder { folder in
      let lines = (0..<5).map { SampleLog.line($0, model: $0 < 4 ? "made-up-model" : "gpt-5-mini") }
      try folder.write("log.jsonl", lines.joined(separator: "\n") + "\n")
      let run = try Tollbook.run(["prices", "missing", "log.jsonl"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(
        run.output == """
          model\tprovider\tstatus\treason\trequests\ttokens
          made-up-model\topenai\tunpriced\tno_price\t4\t4800

          """)
      #expect(run.diagnostics.contains("next: tollbook prices show"))
      let ingested = try Tollbook.run(["ingest", "log.jsonl"], in: folder)
      #expect(ingested.status == 0)
      let ledger = try Tollbook.run(["prices", "missing", "--json", "--strict"], in: folder)
      #expect(ledger.status == 1)
      #expect(ledger.output.contains(#""requests":4,"tokens":4800"#))
    }
  }
}
