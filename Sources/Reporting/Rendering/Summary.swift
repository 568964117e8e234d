import Billing
public import Insights

/// The one page that `tollbook try` prints: what a first look at somebody's own logs should tell.
public struct Summary: Sendable {
  /// A named line.
  public struct Line: Sendable, Hashable {
    public var name: String
    public var text: String

    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  public let lines: [Line]
  /// Rows of the spend table that are listed.
  static let rowLimit = 8

  public init(_ analysis: UsageAnalysis) {
    lines =
      Self.head(analysis) + Self.spend(analysis) + Self.fallback(analysis)
      + Self.findings(analysis) + Self.unknown(analysis)
  }

  /// The text for a terminal: names in a column, hidden characters escaped.
  ///
  /// - Parameter lead: lines to print first, such as the dialects that were detected.
  public func text(after lead: [Line] = []) -> String {
    let all = lead + lines
    let width = all.reduce(0) { max($0, $1.name.count) }
    return all.map { line in
      let name = line.name + String(repeating: " ", count: width - line.name.count)
      return name + "  " + VisibleText.escaped(line.text, limit: 1000) + "\n"
    }
    .joined()
  }

  private static func head(_ analysis: UsageAnalysis) -> [Line] {
    let count = HumanNumber.integer
    let accounting = analysis.accounting
    let coverage = analysis.spend.coverage
    let request = analysis.request
    let share = coverage.ofRequests.map(HumanNumber.percent) ?? "unknown"
    return [
      Line(
        "lines",
        "\(count(accounting.lines)) = \(count(accounting.eventLines)) with events + "
          + "\(count(accounting.duplicates)) duplicate + \(count(accounting.rejected)) rejected + "
          + "\(count(accounting.skipped)) skipped"),
      Line(
        "period",
        "\(request.period.title), time zone \(request.calendar.name), "
          + "\(count(coverage.all.requests)) requests, \(share) with a known cost"),
    ]
  }

  private static func spend(_ analysis: UsageAnalysis) -> [Line] {
    let totals = analysis.spend.totals.map { total in
      let totals = total.totals
      let missing = totals.coverage.unpriced.requests + totals.coverage.partial.requests
      let floor = missing > 0 ? "at least " : ""
      let other = totals.coverage.reportedInOtherCurrency.requests
      let rest =
        other > 0
        ? "; \(HumanNumber.integer(other)) report a cost in another currency, not counted" : ""
      return Line(
        "cost",
        "\(floor)\(money(totals.billed, total.currency)) billed · "
          + "\(floor)\(money(totals.list, total.currency)) list · "
          + "\(money(totals.reported, total.currency)) reported by "
          + "\(HumanNumber.integer(totals.coverage.reported.requests)) requests\(rest)")
    }
    let dearest = analysis.spend.rows.filter { $0.totals.billed != nil }
      .enumerated().sorted { left, right in
        let amounts = [left, right].map { $0.element.totals.billed ?? .zero }
        return amounts[0] == amounts[1] ? left.offset < right.offset : amounts[0] > amounts[1]
      }
      .map(\.element)
    let rows = dearest.prefix(rowLimit).map { row in
      let names = row.values.map { $0.isEmpty ? "–" : VisibleText.escaped($0) }
      return Line(
        "", "\(money(row.totals.billed, row.currency))  \(names.joined(separator: " · "))")
    }
    let more = dearest.count - rows.count
    return totals + rows
      + (more > 0 ? [Line("", "and \(HumanNumber.integer(Int64(more))) more")] : [])
  }

  private static func fallback(_ analysis: UsageAnalysis) -> [Line] {
    guard let fallback = analysis.fallback else { return [] }
    return fallback.totals.map { row in
      let totals = row.totals
      guard totals.premium > 0 else {
        return Line(
          "fallback",
          "\(HumanNumber.integer(totals.fallbacks)) fallbacks, none known to be premium; "
            + "excess unknown for \(HumanNumber.integer(totals.unknownExcess))")
      }
      let share = fallback.share(of: row).map(HumanNumber.percent) ?? "unknown"
      return Line(
        "fallback",
        "\(money(totals.premiumBilled, row.currency)) (\(share) of spend) went to a dearer model "
          + "after an error, \(money(totals.excess, row.currency)) above the requested model's list "
          + "cost; \(money(totals.avoidableExcess, row.currency)) of it while others got through "
          + "within \(fallback.settings.recoverySeconds) s")
    }
  }

  /// The worst findings, but for the one that the line on fallback tells already.
  private static func findings(_ analysis: UsageAnalysis) -> [Line] {
    let told = analysis.findings.filter { $0.name != "premium_fallback" }
    let shown = told.prefix(rowLimit).map { finding in
      let amount = finding.money.map {
        " (\(money($0.money, $0.currency)): \(finding.moneyMeaning))"
      }
      return Line(
        finding.severity.name,
        "\(finding.name) \(FindingTable.subject(finding)): \(finding.summary)\(amount ?? "")")
    }
    let more = told.count - shown.count
    return shown
      + (more > 0 ? [Line("", "and \(HumanNumber.integer(Int64(more))) more findings")] : [])
  }

  private static func unknown(_ analysis: UsageAnalysis) -> [Line] {
    let coverage = analysis.spend.coverage
    let missing = coverage.unpriced.requests + coverage.partial.requests
    guard missing > 0 else { return [] }
    let models = analysis.unknowns.entries.map(\.model).filter { !$0.isEmpty }
      .reduce(into: [String]()) { names, name in
        if !names.contains(where: { TextOrder.isSame($0, name) }) { names.append(name) }
      }
    return [
      Line(
        "unknown",
        "\(HumanNumber.integer(missing)) requests have no full price "
          + "(models: \(HumanNumber.integer(Int64(models.count)))); no total counts them in full")
    ]
  }

  private static func money(_ amount: Money?, _ currency: String) -> String {
    amount.map { "\(HumanNumber.money($0)) \(currency)" } ?? "unknown"
  }
}
