import Foundation
import Testing

/// Searches of which the vendor gives some away, from a log to the invoice.
@Suite struct AllowanceTests {
  private static let book = """
    version: 1
    id: test
    entries:
      - {id: acme/a, provider: acme, match: {exact: [a]}, prices: [{rates: {input: "0", output: "0"},
         units: {web_searches: {amount: "0.014", free: {quantity: "10", period: month, group: g}}}}]}
      - {id: acme/b, provider: acme, match: {exact: [b]}, prices: [{rates: {input: "0", output: "0"},
         units: {web_searches: {amount: "0.035", free: {quantity: "10", period: month, group: g}}}}]}
      - {id: acme/c, provider: acme, match: {exact: [c]}, prices: [{rates: {input: "0", output: "0"},
         units: {web_searches: {amount: "0.01", free: {quantity: "2", period: day}}}}]}
    """
  private static let dialect = """
    dialect: acme.log
    gateway: acme
    detect: {all: [acme_id]}
    fields:
      id: acme_id
      time: at
      provider: {constant: acme}
      response_model: model
      status: {constant: ok}
      web_searches: searches
    usage: [{at: ".", shape: {input: i, output: o}}]
    """

  private static func line(_ number: Int, _ model: String, _ day: Int, _ searches: Int) -> String {
    #"{"acme_id":"r\#(number)","at":"2026-10-0\#(day)T12:00:00Z","model":"\#(model)","#
      + #""searches":\#(searches),"i":1,"o":1}"# + "\n"
  }

  /// Invoice rows by charge and line.
  private func invoice(_ folder: URL, _ arguments: [String]) throws -> [String] {
    let run = try Tollbook.run(
      [
        "report", "invoice", "--month", "2026-10", "--ledger", "t.db", "--price-book", "book.yaml",
        "--format", "csv",
      ] + arguments, in: folder)
    #expect(run.status == 0, "\(run.diagnostics)")
    let table = run.output.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let head = try #require(table.first { $0.contains("charge") })
    let columns = try ["charge", "line", "adjustment", "invoiced_cost"]
      .map { name in try #require(head.firstIndex { $0 == name }) }
    return table.filter { $0.count == head.count && $0 != head }
      .map { row in columns.map { row[$0].replacing("\"", with: "") }.joined(separator: " ") }
  }

  @Test func `what a vendor gives away lowers the invoice of its month`() throws {
    try withFolder { folder in
      try folder.write("book.yaml", Self.book)
      try folder.write("acme.yaml", Self.dialect)
      try folder.write(
        "a.jsonl",
        Self.line(1, "a", 1, 12) + Self.line(2, "b", 2, 8) + Self.line(3, "c", 1, 3)
          + Self.line(4, "c", 1, 1) + Self.line(5, "c", 2, 1))
      let ingest = try Tollbook.run(
        [
          "ingest", "a.jsonl", "--final", "--ledger", "t.db", "--dialect", "acme.yaml",
          "--price-book", "book.yaml",
        ], in: folder)
      #expect(ingest.status == 0, "\(ingest.diagnostics)")
      // The group used 20 for 0.448 and has 10 free; model c has 2 free on each of two days.
      let rows = try invoice(folder, [])
      #expect(rows.contains("free_allowance g web_searches -0.224 -0.224"), "\(rows)")
      #expect(rows.contains("free_allowance acme/c web_searches -0.03 -0.03"), "\(rows)")
      try folder.write("keep.yaml", "gateway: acme\n")
      let kept = try invoice(folder, ["--terms", "keep.yaml"])
      #expect(kept.count == 3 && kept.allSatisfy { $0.hasPrefix("usage ") }, "\(kept)")
      try folder.write("pass.yaml", "gateway: acme\nfree_allowances: pass_on\n")
      #expect(try invoice(folder, ["--terms", "pass.yaml"]) == rows)
    }
  }
}
