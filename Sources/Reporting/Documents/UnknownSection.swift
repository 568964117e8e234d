import Billing
import Insights

extension ReportDocument {
  /// What stands in no amount above, so that nobody takes the totals for complete.
  static func unknownSection(_ analysis: UsageAnalysis) -> Section {
    var section = Section("unknown", "What is unknown")
    let coverage = analysis.spend.coverage
    let accounting = analysis.accounting
    var lines: [String] = []
    func note(_ count: Int64, _ text: String) {
      if count > 0 { lines.append("\(HumanNumber.integer(count)) \(text)") }
    }
    note(coverage.unpriced.requests, "requests have no price; no amount counts them.")
    note(
      coverage.partial.requests,
      "requests are priced in part; list and billed cost count only the priced tokens.")
    note(coverage.withoutUsage.requests, "requests come without token counts.")
    note(
      coverage.all.requests - coverage.reported.requests,
      "requests come without a reported cost.")
    note(
      coverage.contested.requests,
      "requests are priced from an entry on which two price tables disagree.")
    note(
      analysis.fallback?.totals.reduce(0) { $0 + $1.totals.unknownExcess } ?? 0,
      "fallbacks have an unknown excess: the requested or the served model has no price.")
    note(accounting.rejected, "lines were rejected, in all input that is recorded.")
    note(
      accounting.idConflicts,
      "events share an id with another but differ from it; all were counted.")
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
