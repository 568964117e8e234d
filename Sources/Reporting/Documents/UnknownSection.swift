import Billing
import Insights

extension ReportDocument {
  /// What stands in no amount above, so that nobody takes the totals for complete.
  static func unknownSection(_ analysis: UsageAnalysis) -> Section {
    var section = Section("unknown", "What is unknown")
    let coverage = analysis.spend.coverage
    let accounting = analysis.accounting
    var lines: [String] = []
    func note(_ count: Int64, _ what: String, _ meaning: String = "") {
      guard count > 0 else { return }
      lines.append(
        "\(what): \(HumanNumber.integer(count))." + (meaning.isEmpty ? "" : " " + meaning))
    }
    note(coverage.unpriced.requests, "Requests without a price", "No amount counts them.")
    note(
      coverage.partial.requests, "Requests priced in part",
      "List and billed cost count only the tokens that have a price.")
    note(coverage.withoutUsage.requests, "Requests without token counts")
    note(
      coverage.all.requests - coverage.reported.requests
        - coverage.reportedInOtherCurrency.requests, "Requests without a reported cost")
    note(
      coverage.reportedInOtherCurrency.requests,
      "Requests with a reported cost in another currency than that of their charge",
      "No amount counts it.")
    note(
      coverage.contested.requests,
      "Requests priced from an entry on which two price tables disagree")
    note(
      analysis.fallback?.totals.reduce(0) { $0 + $1.totals.unknownExcess } ?? 0,
      "Fallbacks with an unknown excess",
      "The requested or the served model has no full price.")
    note(accounting.rejected, "Lines rejected, in all input that is recorded")
    note(
      accounting.idConflicts, "Events that share an id with another but differ from it",
      "All were counted.")
    if lines.isEmpty { lines = ["Nothing: every request is priced and reported."] }
    section.lines = lines
    section.tables = [reasons(analysis.unknowns), rejections(accounting)]
      .filter { !$0.rows.isEmpty }
    return section
  }

  private static func reasons(_ unknowns: Unknowns) -> Table {
    var table = Table(
      "unpriced", "Without a full price, by reason and model",
      columns: [
        .init("reason", "Reason", .text), .init("model", "Model", .text),
        .init("status", "Status", .text),
        .init("requests", "Requests", .integer, unit: "requests"),
        .init("tokens", "Tokens", .integer, unit: "tokens"),
        .init("reported_cost", "Reported cost", .money, unit: "currency"),
        .init("currency", "Currency", .text),
      ])
    table.rows = unknowns.entries.map { entry in
      let hasTokens = entry.tally.tokens > 0
      return [
        .label(entry.reason), .label(entry.model), .text(entry.status.name),
        .integer(entry.tally.requests), hasTokens ? .integer(entry.tally.tokens) : .empty,
        .money(entry.reported?.money), .label(entry.reported?.currency ?? ""),
      ]
    }
    return table
  }

  private static func rejections(_ accounting: LineAccounting) -> Table {
    var table = Table(
      "rejections", "Rejected lines, by reason",
      columns: [
        .init("reason", "Reason", .text), .init("lines", "Lines", .integer, unit: "lines"),
      ])
    table.rows = accounting.rejections.filter { $0.value > 0 }
      .map { (name: $0.key.name, count: $0.value) }
      .sorted { TextOrder.precedes($0.name, $1.name) }
      .map { [.text($0.name), .integer($0.count)] }
    return table
  }
}
