public import Billing

/// What a report cannot put a price on, and why.
public struct Unknowns: Sendable {
  /// Requests that are not fully priced, for one reason and model.
  public struct Entry: Sendable, Hashable {
    public var status: ChargeStatus
    /// `no_price`, `no_usage`, `no_rate:cache_write_1h`, …
    public var reason: String
    public var model: String
    public var tally: Tally
    /// What the gateways say they charged for these; `nil` when they say nothing.
    public var reported: Amount?
  }

  /// `partial` and `unpriced` requests, sorted by reason, then model.
  public let entries: [Entry]

  private struct Group: Hashable {
    var status: ChargeStatus
    var reason: Label
    var model: Label
    var currency: Label

    func order(_ labels: LabelTable) -> [String] {
      [labels.text(reason), labels.text(model), status.name, labels.text(currency)]
    }
  }

  private struct Sum {
    var tally = Tally()
    var reportedRequests: Int64 = 0
    var reported = Money.zero
  }

  init(of history: any UsageHistory, in range: Range<Timestamp>) throws {
    let reader = CellReader(history.cells)
    var groups: [Group: Sum] = [:]
    try history.forEachRow(in: range) { row in
      let cell = reader[row.cell]
      guard cell.charge == .partial || cell.charge == .unpriced else { return }
      let group = Group(
        status: cell.charge, reason: cell.chargeReason, model: cell.billedModel,
        currency: cell.currency)
      var sum = groups[group] ?? Sum()
      try sum.tally.add(Tally(row.measures))
      if cell.flags.contains(.hasReportedCost) {
        try sum.reportedRequests.add(row.measures.requests, "requests")
        try sum.reported.add(row.measures.costs.reported, "reported cost")
      }
      groups[group] = sum
    }
    let labels = history.labels
    entries =
      groups.sorted { TextOrder.precedes($0.key.order(labels), $1.key.order(labels)) }
      .map { group, sum in
        let currency = Amount.currency(named: labels.text(group.currency))
        return Entry(
          status: group.status, reason: labels.text(group.reason), model: labels.text(group.model),
          tally: sum.tally,
          reported: sum.reportedRequests == 0 ? nil : Amount(sum.reported, currency))
      }
      .filter { $0.tally != Tally() }
  }
}
