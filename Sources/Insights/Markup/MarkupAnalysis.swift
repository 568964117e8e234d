public import Billing

/// What gateways really add to list prices, by gateway and model.
///
/// Only comparable requests count: every token has a list price, the log gives the reported cost,
/// the provider was called, and the gateway paid for the call.
public struct MarkupAnalysis: Sendable {
  /// The markup of one gateway, or of one model at a gateway.
  public struct Row: Sendable, Hashable {
    public var gateway: String
    /// `nil` for the whole gateway.
    public var model: String?
    public var currency: String
    public var bridge: MarkupBridge
    /// Σ reported ÷ Σ list − 1; `nil` without enough support.
    public var measured: ExactDecimal?
    /// Σ billed ÷ Σ list − 1 over the same requests: what the configured terms make.
    public var byTerms: ExactDecimal?
    /// What the gateway says it adds; `nil` when nobody declared it.
    public var declared: ExactDecimal?
    /// Of `measured`, leaving out one day at a time; `nil` with fewer than two days.
    public var standardError: ExactDecimal?
    /// `measured` differs from what is declared, or else from the terms, beyond the thresholds.
    public var isHidden: Bool
  }

  /// Sorted by gateway, the gateway's own row first, then by model and currency.
  public let rows: [Row]
  public let findings: [Finding]
  public let settings: MarkupSettings

  private struct Group: Hashable {
    var gateway: Label
    var model: Label?
    var currency: Label

    /// The currency as it is recorded comes last: an absent one and US dollars print alike.
    func order(_ labels: LabelTable) -> [String] {
      let currency = labels.text(currency)
      return [
        labels.text(gateway), model == nil ? "" : "1", model.map(labels.text) ?? "",
        Amount.currency(named: currency), currency,
      ]
    }
  }

  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: any UsageHistory, in period: Period, settings: MarkupSettings = MarkupSettings(),
    calendar: ReportingCalendar
  ) throws {
    self.settings = settings
    let reader = CellReader(history.cells)
    let days = DayReader(calendar)
    var groups: [Group: [Day: MarkupBridge]] = [:]
    try history.forEachRow(in: period.range) { row in
      let cell = reader[row.cell]
      guard cell.isMarkupComparable else { return }
      for model in [nil, cell.billedModel] {
        let group = Group(gateway: cell.gateway, model: model, currency: cell.currency)
        try groups[group, default: [:]][days[row.bucket], default: MarkupBridge()]
          .add(row.measures)
      }
    }
    let labels = history.labels
    rows = try groups.sorted { TextOrder.precedes($0.key.order(labels), $1.key.order(labels)) }
      .map { group, byDay in
        try Self.row(
          gateway: labels.text(group.gateway), model: group.model.map(labels.text),
          currency: Amount.currency(named: labels.text(group.currency)), byDay, settings)
      }
      .filter { $0.bridge.requests != 0 }
    findings = try HiddenMarkup(history: history, period: period, settings: settings)
      .findings(rows)
  }

  private static func row(
    gateway: String, model: String?, currency: String, _ byDay: [Day: MarkupBridge],
    _ settings: MarkupSettings
  ) throws -> Row {
    let blocks = byDay.sorted { $0.key < $1.key }.map(\.value)
    var bridge = MarkupBridge()
    for block in blocks { try bridge.add(block) }
    var row = Row(
      gateway: gateway, model: model, currency: currency, bridge: bridge, measured: nil,
      byTerms: nil, declared: settings.declared[gateway], standardError: nil, isHidden: false)
    guard bridge.list >= settings.minimumList, bridge.requests >= settings.minimumRequests else {
      return row
    }
    row.measured = markup(bridge.reported, over: bridge.list)
    row.byTerms = markup(bridge.billed, over: bridge.list)
    let error = DayBlockError(blocks, of: bridge)
    row.standardError = error?.rounded
    if let measured = row.measured, let expected = row.declared ?? row.byTerms, let error {
      let difference = try measured.subtracting(expected, "markup")
      row.isHidden =
        difference.units.magnitude > settings.tolerance.units.magnitude
        && error.isExceeded(by: difference, times: settings.standardErrors)
    }
    return row
  }

  /// `amount ÷ list − 1`, to nine places.
  static func markup(_ amount: Money, over list: Money) -> ExactDecimal? {
    guard let difference = try? amount.subtracting(list, "markup") else { return nil }
    return Ratio(difference, over: list)?.rounded(places: 9)
  }
}

extension Cell {
  /// The list cost and the reported cost stand for the same call, paid by the gateway.
  var isMarkupComparable: Bool {
    charge == .priced && flags.contains(.hasReportedCost) && !flags.contains(.byok)
      && !flags.contains(.gatewayCacheHit)
  }
}

/// The standard error of a markup by leaving out one day at a time (the jackknife over day blocks).
///
/// Whole numbers only: billionths of the list cost.
private struct DayBlockError {
  private let blocks: Int128
  private let sumOfSquares: Int128

  /// - Returns: `nil` with fewer than two days.
  init?(_ days: [MarkupBridge], of total: MarkupBridge) {
    let left = days.compactMap { day -> Int128? in
      guard let list = try? total.list.subtracting(day.list, ""),
        let reported = try? total.reported.subtracting(day.reported, ""),
        let markup = MarkupAnalysis.markup(reported, over: list)
      else { return nil }
      return Self.billionths(markup)
    }
    guard left.count >= 2 else { return nil }
    blocks = Int128(left.count)
    let mean = left.reduce(0, +) / blocks
    sumOfSquares = left.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// Within a million times the list cost, so that squares fit.
  private static func billionths(_ value: ExactDecimal) -> Int128 {
    let limit: Int128 = 1_000_000_000_000_000
    return min(limit, max(-limit, value.units / 1_000_000_000_000_000))
  }

  /// |difference| > times × error, compared by squares.
  func isExceeded(by difference: ExactDecimal, times: Int64) -> Bool {
    let value = Self.billionths(difference)
    return value * value * blocks > Int128(times * times) * (blocks - 1) * sumOfSquares
  }

  /// To nine places, cut.
  var rounded: ExactDecimal {
    let square = (blocks - 1) * sumOfSquares / blocks
    var root: Int128 = 0
    var bit: Int128 = 1 << 62
    while bit > 0 {
      if (root + bit) * (root + bit) <= square { root += bit }
      bit /= 2
    }
    return ExactDecimal(units: root * 1_000_000_000_000_000)
  }
}
