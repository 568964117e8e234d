import Billing

/// Turns markups that are not what they should be into findings.
struct HiddenMarkup {
  let history: any UsageHistory
  let period: Period
  let settings: MarkupSettings

  /// One finding for each gateway that is off as a whole, else for each of its models that is.
  func findings(_ rows: [MarkupAnalysis.Row]) throws -> [Finding] {
    let wholes = rows.filter { $0.isHidden && $0.model == nil }
    let parts = rows.filter { row in
      row.isHidden && row.model != nil
        && !wholes.contains {
          TextOrder.isSame($0.gateway, row.gateway) && $0.currency == row.currency
        }
    }
    return try (wholes + parts).map(finding)
  }

  private func finding(_ row: MarkupAnalysis.Row) throws -> Finding {
    let expected = try expectedCost(row)
    var subject: [Finding.Detail] = [.init("gateway", row.gateway)]
    if let model = row.model { subject.append(.init("model", model)) }
    let promise = row.declared == nil ? "its configured terms make" : "it declares"
    let baseline = row.declared ?? row.byTerms ?? .zero
    var finding = Finding(
      "hidden_markup", .warning, subject: subject,
      summary: "The gateway charged \(Self.percent(row.measured)) over list price; \(promise) "
        + "\(Self.percent(baseline)).",
      money: Amount(
        try row.bridge.reported.subtracting(expected, "hidden markup"), row.currency),
      moneyMeaning: "reported cost beyond the expected cost", requests: row.bridge.requests,
      window: period.range,
      baseline: "\(promise) \(Self.percent(baseline)); standard error "
        + Self.percent(row.standardError),
      next: Finding.command(.markup, period))
    finding.thresholds = [
      .init("tolerance", "\(settings.tolerance)"),
      .init("standard_errors", "\(settings.standardErrors)"),
      .init("minimum_list", "\(settings.minimumList)"),
      .init("minimum_requests", "\(settings.minimumRequests)"),
    ]
    finding.evidence = try evidence(row)
    return finding
  }

  private func expectedCost(_ row: MarkupAnalysis.Row) throws -> Money {
    guard let declared = row.declared else { return row.bridge.billed }
    let factor = try ExactDecimal(1).adding(declared, "markup")
    guard
      let cost = Ratio(Money(units: factor.units), over: Money(units: Money.unitsPerOne))?
        .of(row.bridge.list)
    else { throw ArithmeticOverflow("expected cost") }
    return cost
  }

  /// Comparable requests that were reported dearer than billed.
  private func evidence(_ row: MarkupAnalysis.Row) throws -> [Evidence] {
    let reader = CellReader(history.cells)
    let labels = history.labels
    var sample = EvidenceSample()
    try history.forEachFact(in: period.range) { fact in
      let cell = reader[fact.cell]
      guard cell.isMarkupComparable, fact.costs.reported != fact.costs.billed,
        TextOrder.isSame(labels.text(cell.gateway), row.gateway),
        row.model.map({ TextOrder.isSame(labels.text(cell.billedModel), $0) }) ?? true
      else { return }
      sample.add(fact, in: cell, labels)
    }
    return sample.requests
  }

  /// A fraction in percent, two decimals, half to even.
  private static func percent(_ fraction: ExactDecimal?) -> String {
    guard let fraction else { return "unknown" }
    return Ratio(fraction).percent(places: 2).map { "\($0) %" } ?? "beyond 10^14 %"
  }
}
