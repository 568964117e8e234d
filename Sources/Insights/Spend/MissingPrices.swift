public import Billing

/// Requests that the price book could not price, for each model: what to add to it first.
public struct MissingPrices: Sendable {
  public struct Entry: Sendable, Hashable {
    public var model: String
    public var provider: String
    public var status: ChargeStatus
    /// `no_price`, `no_rate:cache_write_1h`, `ambiguous_provider`, …
    public var reason: String
    /// Requests and tokens.
    public var tally: Tally
  }

  /// The most used first.
  public let entries: [Entry]

  /// - Throws: what reading the history throws.
  public init(of history: any UsageHistory) throws {
    let reader = CellReader(history.cells)
    let labels = history.labels
    var tallies: [[String]: Tally] = [:]
    if let extent = try history.extent() {
      let end = Timestamp(microseconds: extent.upperBound.microseconds + 1)
      try history.forEachRow(in: Timestamp.representable.lowerBound..<end) { row in
        let cell = reader[row.cell]
        guard cell.charge == .partial || cell.charge == .unpriced else { return }
        let key = [
          labels.text(cell.billedModel), labels.text(cell.provider), cell.charge.name,
          labels.text(cell.chargeReason),
        ]
        try tallies[key, default: Tally()].add(Tally(row.measures))
      }
    }
    entries = tallies.sorted { first, second in
      if first.value.requests != second.value.requests {
        return first.value.requests > second.value.requests
      }
      return TextOrder.precedes(first.key, second.key)
    }.map { key, tally in
      Entry(
        model: key[0], provider: key[1], status: ChargeStatus(name: key[2]) ?? .unpriced,
        reason: key[3], tally: tally)
    }
  }
}
