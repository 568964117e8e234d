import Billing
public import Insights

extension ReportDocument {
  /// The document of an analysis: the sections that its kind asks for, in a fixed order.
  public init(_ analysis: UsageAnalysis) {
    let request = analysis.request
    head = Head(
      kind: request.kind, period: request.period, timeZone: request.calendar.name,
      dataThrough: analysis.dataThrough, priceBook: analysis.priceBook,
      accounting: analysis.accounting, coverage: analysis.spend.coverage,
      totals: analysis.byGateway.totals, notes: analysis.notes)
    title =
      "LLM \(request.kind == .all ? "spend" : request.kind.rawValue) report, "
      + request.period.title
    findings = analysis.findings

    let spend = Self.spendSection(analysis)
    let fallback =
      request.kind.includes(.fallback) ? Self.fallbackSection(analysis) : nil
    let idle = analysis.idle.map(Self.idleSection)
    let markup = analysis.markup.map(Self.markupSection)
    let isSpend = request.kind.includes(.spend)
    let invoice = analysis.invoices.map(Self.invoiceSection)
    let converted = analysis.converted.map(Self.convertedSection)
    sections =
      (isSpend ? [spend, Self.gatewaySection(analysis)] : [])
      + [fallback, idle, markup, invoice, converted].compactMap { $0 }
      + [Self.unknownSection(analysis)]

    let lead = isSpend ? spend : fallback ?? idle ?? markup ?? invoice ?? spend
    primary =
      isSpend
      ? analysis.converted.map(Self.conversionTable) ?? lead.tables[0]
      : lead.tables.first { $0.id != "fallback_total" && $0.id != "invoices" }
        ?? FindingTable.table("findings", "Findings", findings)
  }

  private static func spendSection(_ analysis: UsageAnalysis) -> Section {
    let request = analysis.request
    let names = analysis.spend.dimensions.map { $0.title.lowercased() }
    var section = Section(
      "spend", names.isEmpty ? "Spend" : "Spend by " + names.joined(separator: ", "))
    section.lines = [
      "List cost is the provider's public price, billed cost is what the gateway's terms make of it, "
        + "reported cost is what the log says. A difference counts only requests for which both of "
        + "its sides are known."
    ]
    section.tables = [
      SpendTable.table(
        "spend", "Spend", analysis.spend, period: request.period, timeZone: request.calendar.name)
    ]
    return section
  }

  private static func gatewaySection(_ analysis: UsageAnalysis) -> Section {
    let request = analysis.request
    var section = Section("gateways", "Costs side by side, by gateway")
    section.tables = [
      SpendTable.table(
        "gateways", "Gateways", analysis.byGateway, period: request.period,
        timeZone: request.calendar.name)
    ]
    return section
  }

  private static func idleSection(_ idle: IdleAnalysis) -> Section {
    var section = Section("idle", "Unused expensive models")
    let catalogue =
      idle.isBookOnly
      ? "the price book's \(idle.modelCount) models of the families that the logs have seen, for "
        + "want of `models:` in the configuration"
      : "the \(idle.modelCount) models of the configuration"
    section.lines = [
      "Looked at \(catalogue), over \(idle.window.title) (\(idle.window.dayCount) days)."
    ]
    if idle.window.dayCount < idle.settings.minimumHistoryDays {
      section.lines.append(
        "Fewer than \(idle.settings.minimumHistoryDays) days are recorded: nothing is called "
          + "dormant yet.")
    }
    if idle.omitted > 0 {
      section.lines.append(
        "\(idle.omitted) more models of the price book are expensive and unused; "
          + "list your models in the configuration to see the ones that matter.")
    }
    section.findings = idle.findings
    section.tables = [FindingTable.table("idle", "Findings", idle.findings)]
    return section
  }
}

/// Findings as rows, for machines that read one flat table.
enum FindingTable {
  static func table(_ id: String, _ title: String, _ findings: [Finding]) -> Table {
    var table = Table(
      id, title,
      columns: [
        .init("finding", "Finding", .text), .init("severity", "Severity", .text),
        .init("subject", "Subject", .text), .init("requests", "Requests", .integer),
        .init("money", "Money", .money, unit: "currency"),
        .init("currency", "Currency", .text),
        .init("money_meaning", "Money is", .text),
        .init("window_start", "From", .time, for: .machines),
        .init("window_end", "Until", .time, for: .machines),
        .init("baseline", "Baseline", .text, for: .machines),
        .init("evidence", "Evidence", .text, for: .machines),
        .init("next", "Next", .text, for: .machines),
      ])
    table.rows = findings.map { finding in
      [
        .text(finding.name), .text(finding.severity.name), .label(subject(finding)),
        .integer(finding.requests), .money(finding.money?.money),
        .label(finding.money?.currency ?? ""), .text(finding.moneyMeaning),
        .time(finding.window.lowerBound), .time(finding.window.upperBound),
        .label(finding.baseline),
        .label(finding.evidence.map(\.description).joined(separator: "; ")), .text(finding.next),
      ]
    }
    return table
  }

  /// `model gpt-5-pro, provider openai`.
  static func subject(_ finding: Finding) -> String {
    finding.subject.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }
}
