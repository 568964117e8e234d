import Foundation
import Testing

/// Invoices and other currencies, from a log to the report.
@Suite struct InvoiceTests {
  private static let terms = """
    gateway: openai
    currency: USD
    rules: [{markup_percent: "3.3"}]
    rounding: {mode: half_up, scale: 2, scope: invoice, carry: largest_remainder}
    purchase_fees: [{name: card, percent: "5.5", minimum: "0.80"}]
    provider_reported_cost: {policy: compare}
    """

  private static func ledger(_ folder: URL) throws {
    let models = ["gpt-5-mini", "gpt-4o-mini", "gpt-5", "text-embedding-3-small"]
    let lines = (0..<60).map { index in
      SampleLog.line(
        index, model: models[index % 4], day: 1 + index % 31, input: 1000 + index * 997,
        output: 20 + index)
    }
    try folder.write("a.jsonl", lines.joined(separator: "\n") + "\n")
    try folder.write("t.yaml", terms)
    let run = try Tollbook.run(["ingest", "-q", "a.jsonl", "--terms", "t.yaml"], in: folder)
    #expect(run.status == 0, "\(run.diagnostics)")
  }

  /// The rows of a CSV file whose fields hold no quotes, by column.
  private static func rows(_ csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { $1 } }
  }

  private static func sum(_ rows: [[String: String]], _ column: String) -> Decimal {
    rows.reduce(Decimal(0)) { $0 + (Decimal(string: $1[column] ?? "") ?? 0) }
  }

  @Test func `lines and adjustments add up to the invoice, in every format`() throws {
    try withFolder { folder in
      try Self.ledger(folder)
      let run = try Tollbook.run(
        [
          "report", "invoice", "--month", "2026-10", "--terms", "t.yaml", "-o", "i.csv", "-o",
          "i.json", "-o", "i.md", "-o", "i.txt",
        ], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      let rows = Self.rows(try folder.text("i.csv"))
      #expect(rows.count == 5)
      let usage = rows.filter { $0["charge"] == "usage" }
      for row in usage {
        let parts = ["billed_cost", "rounding"].map { Self.sum([row], $0) }
        #expect(parts[0] + parts[1] == Self.sum([row], "invoiced_cost"))
        let made = ["list_cost", "markup", "fee", "request_rounding", "reported_adjustment"]
          .reduce(Decimal(0)) { $0 + Self.sum([row], $1) }
        #expect(made == parts[0])
        #expect((row["invoiced_cost"] ?? "").split(separator: ".").last?.count ?? 0 <= 2)
      }
      let invoiced = Self.sum(rows, "invoiced_cost")
      #expect(invoiced == Self.sum(rows, "effective_cost"))
      #expect(invoiced == Self.sum(usage, "invoiced_cost") + Decimal(string: "0.8")!)
      let json = try JSONSerialization.jsonObject(
        with: try Data(contentsOf: folder.appending(path: "i.json")))
      let sections = (json as? [String: Any])?["sections"] as? [[String: Any]]
      let tables = sections?.first { $0["id"] as? String == "invoices" }?["tables"]
      let totals = (tables as? [[String: Any]])?.first?["rows"] as? [[String: Any]]
      #expect(totals?.count == 1)
      #expect(totals?.first?["invoiced_cost"] as? String == "\(invoiced)")
      #expect(totals?.first?["requests"] as? Int == 60)
      try SchemaValidator.expect([folder.appending(path: "i.json").path], fit: "report")
      for name in ["i.md", "i.txt"] { #expect(try folder.text(name).contains("purchase")) }
      // The same for a ledger of the same lines in another order.
      let first = try folder.text("i.csv")
      let shuffle = try Program.shell(
        "tac a.jsonl > b.jsonl && rm a.jsonl tollbook.db && "
          + "\(Tollbook.binary.path) ingest -q b.jsonl --terms t.yaml && \(Tollbook.binary.path) "
          + "report invoice --month 2026-10 --terms t.yaml --format csv", in: folder)
      #expect(shuffle.output == first, "\(shuffle.diagnostics)")
    }
  }

  @Test func `spend is told in another currency with rate, date and source`() throws {
    try withFolder { folder in
      try Self.ledger(folder)
      try folder.write("tollbook.yaml", "fx: {table: ecb.csv, max_age_days: 5}\n")
      try SchemaValidator.expect(
        [folder.appending(path: "tollbook.yaml").path], fit: "configuration")
      let days = [16, 9, 2].map { "2026-10-\($0 < 10 ? "0" : "")\($0),1.\($0),N/A,\r\n" }
      try folder.write("ecb.csv", "Date,USD,JPY,\r\n" + days.joined())
      let run = try Tollbook.run(
        ["report", "spend", "--month", "2026-10", "--currency", "EUR", "--format", "csv"],
        in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      let rows = Self.rows(run.output)
      for row in rows {
        let day = Int((row["charge_day"] ?? "").suffix(2)) ?? 0
        let published = [2, 9, 16].last { $0 <= day && day - $0 <= 5 }
        #expect(row["rate_day"] == (published.map { "2026-10-\($0 < 10 ? "0" : "")\($0)" } ?? ""))
        #expect((row["converted_billed_cost"] == "") == (published == nil))
        #expect(row["rate_source"] == (published == nil ? "" : "ecb.csv"))
      }
      #expect(rows.contains { $0["rate"] == "0.8620689655" })
      let text = try Tollbook.run(
        ["report", "spend", "--month", "2026-10", "--currency", "EUR", "-o", "-"], in: folder)
      #expect(text.output.contains("Requests without a rate: "))
      let all = try Tollbook.run(
        ["report", "--currency", "JPY", "--format", "json"], in: folder)
      try folder.write("all.json", all.output)
      try SchemaValidator.expect([folder.appending(path: "all.json").path], fit: "report")
    }
  }

  @Test func `without a table, or with a wrong one, the report says what to do`() throws {
    try withFolder { folder in
      try Self.ledger(folder)
      let command = ["report", "--currency", "EUR"]
      let none = try Tollbook.run(command, in: folder)
      #expect(none.status == 64)
      #expect(none.diagnostics.contains("`fx: {table: eurofxref-hist.csv}`"))
      try folder.write("tollbook.yaml", "fx: {table: r.csv}\n")
      let missing = try Tollbook.run(command, in: folder)
      #expect(missing.status == 69)
      try folder.write("r.csv", "date,currency,rate\n2026-10-02,USD,1.1.1\n")
      let wrong = try Tollbook.run(command, in: folder)
      #expect(wrong.status == 65)
      #expect(wrong.diagnostics.contains("r.csv:2:16: `1.1.1` is not a rate"))
      #expect(wrong.diagnostics.contains("Write a plain decimal above zero"))
      #expect(try Tollbook.run(["report", "--currency", "RMB"], in: folder).status == 64)
    }
  }
}
