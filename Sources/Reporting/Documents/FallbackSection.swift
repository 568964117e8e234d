import Billing
import Insights

extension ReportDocument {
  static func fallbackSection(_ analysis: UsageAnalysis) -> Section {
    let settings = analysis.request.fallback
    var section = Section("fallback", "Premium fallback")
    section.lines = [
      "A fallback is an answer by another model than the one that was asked for. It is premium when "
        + "the served model's list cost is \(settings.premiumRatio) times the requested model's or "
        + "more, and dearer by \(settings.premiumDifference) or more, for the same tokens "
        + "(not rescaled to the other tokenizer). Excess is the difference of these list costs.",
      "Avoidable means that the failure was transient and another request to the requested model "
        + "succeeded within \(settings.recoverySeconds) s after it.",
    ]
    if analysis.factPeriod != analysis.request.period {
      section.lines.append(
        analysis.factPeriod.map {
          "The facts of the days before were pruned: this part covers \($0.title)."
        } ?? "The facts of this period were pruned: nothing tells its fallbacks any more.")
    }
    guard let fallback = analysis.fallback else { return section }
    if fallback.totals.isEmpty { section.lines.append("No fallback in this period.") }
    let share = { fallback.share(of: $0) }
    let text = { (id: String, title: String) in Table.Column(id, title, .text) }
    section.tables = [
      table("fallback_total", "Total", [], fallback.totals, share),
      table(
        "fallback_by_edge", "By models", [text("from_model", "Asked"), text("to_model", "Served")],
        fallback.byEdge, share),
      table(
        "fallback_by_trigger", "By trigger", [text("trigger", "Error")], fallback.byTrigger, share),
      table(
        "fallback_by_day", "By day", [Table.Column("day", "Day", .date)], fallback.byDay, share),
      table("fallback_by_team", "By team", [text("team", "Team")], fallback.byTeam, share),
    ]
    section.findings = fallback.findings
    return section
  }

  private static func table(
    _ id: String, _ title: String, _ labels: [Table.Column], _ rows: [FallbackRow],
    _ share: (FallbackRow) -> Ratio?
  ) -> Table {
    var table = Table(id, title, columns: labels)
    table.columns += [
      .init("currency", "Currency", .text),
      .init("fallbacks", "Fallbacks", .integer, unit: "requests"),
      .init("premium_fallbacks", "Premium", .integer, unit: "requests"),
      .init("premium_billed_cost", "Premium billed", .money, unit: "currency"),
      .init("share_of_billed_cost", "Share of spend", .percent),
      .init("excess_list_cost", "Excess", .money, unit: "currency"),
      .init("unknown_excess_requests", "Excess unknown", .integer, unit: "requests"),
      .init("avoidable_fallbacks", "Avoidable", .integer, unit: "requests"),
      .init("avoidable_excess_list_cost", "Avoidable excess", .money, unit: "currency"),
      .init("failed_attempts_billed_cost", "Failed attempts", .money, unit: "currency"),
    ]
    table.rows = rows.map { row in
      let totals = row.totals
      // Where no excess could be worked out there is no amount, and no zero that looks like one.
      let isKnown = totals.unknownExcess < totals.fallbacks
      return row.values.map(TableCell.label) + [
        .text(row.currency), .integer(totals.fallbacks),
        isKnown ? .integer(totals.premium) : .empty,
        .money(isKnown ? totals.premiumBilled : nil), .percent(isKnown ? share(row) : nil),
        .money(isKnown ? totals.excess : nil), .integer(totals.unknownExcess),
        isKnown ? .integer(totals.avoidable) : .empty,
        .money(isKnown ? totals.avoidableExcess : nil), .money(totals.failedBilled),
      ]
    }
    return table
  }
}
