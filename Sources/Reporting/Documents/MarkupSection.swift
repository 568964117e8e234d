import Billing
import Insights

extension ReportDocument {
  static func markupSection(_ markup: MarkupAnalysis) -> Section {
    let settings = markup.settings
    var section = Section("markup", "Markup by gateway and model")
    section.lines = [
      "Over requests whose every token has a list price and whose reported cost the log gives. "
        + "Measured is reported cost over list cost, less one; by terms is billed cost over list "
        + "cost, less one. A dash in the percentages means too little data: under "
        + "\(settings.minimumRequests) requests or under \(settings.minimumList) of list cost.",
      "The amounts form a bridge: list + markup + fee + rounding + other = billed; "
        + "billed + residual = reported.",
    ]
    if markup.rows.isEmpty {
      section.lines.append("No log of this period reports a cost for a request with a list price.")
    }
    var table = Table("markup", "Markup", columns: columns)
    table.rows = markup.rows.map(row)
    section.tables = [table]
    section.findings = markup.findings
    return section
  }

  private static let columns: [Table.Column] = [
    .init("gateway", "Gateway", .text),
    .init("model", "Model", .text),
    .init("currency", "Currency", .text),
    .init("requests", "Requests", .integer, unit: "requests"),
    .init("list_cost", "List cost", .money, unit: "currency"),
    .init("markup", "Markup", .money, unit: "currency", for: .machines),
    .init("fee", "Fee", .money, unit: "currency", for: .machines),
    .init("rounding", "Rounding", .money, unit: "currency", for: .machines),
    .init("other", "Other", .money, unit: "currency", for: .machines),
    .init("billed_cost", "Billed cost", .money, unit: "currency"),
    .init("residual", "Residual", .money, unit: "currency"),
    .init("reported_cost", "Reported cost", .money, unit: "currency"),
    .init("measured_markup", "Measured", .percent),
    .init("terms_markup", "By terms", .percent),
    .init("declared_markup", "Declared", .percent),
    .init("standard_error", "Std. error", .percent),
    .init("support", "Support", .text, for: .machines),
    .init("hidden", "Hidden", .text),
  ]

  private static func row(_ row: MarkupAnalysis.Row) -> [TableCell] {
    let bridge = row.bridge
    return [
      .label(row.gateway), .text(row.model ?? "(all models)"), .text(row.currency),
      .integer(bridge.requests), .money(bridge.list), .money(bridge.markup), .money(bridge.fee),
      .money(bridge.rounding), .money(try? bridge.other()), .money(bridge.billed),
      .money(try? bridge.residual()), .money(bridge.reported), .percent(row.measured),
      .percent(row.byTerms), .percent(row.declared), .percent(row.standardError),
      .text(row.measured == nil ? "insufficient" : "sufficient"),
      .text(row.isHidden ? "yes" : "no"),
    ]
  }
}
