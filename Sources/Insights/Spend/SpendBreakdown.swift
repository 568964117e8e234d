public import Billing

/// Spend by a list of dimensions, one currency at a time.
public struct SpendBreakdown: Sendable {
  /// The spend of the requests that agree in every dimension.
  public struct Row: Sendable, Hashable {
    /// One text for each dimension; empty when the log does not say.
    public var values: [String]
    public var currency: String
    public var totals: SpendTotals
  }

  /// The sum of all rows of one currency.
  public struct CurrencyTotal: Sendable, Hashable {
    public var currency: String
    public var totals: SpendTotals
  }

  public let dimensions: [Dimension]
  /// Sorted by the bytes of their values, then by currency.
  public let rows: [Row]
  /// Sorted by currency.
  public let totals: [CurrencyTotal]
  /// The coverage of all requests, whatever their currency.
  public let coverage: Coverage

  /// Adds up the requests in `range`.
  ///
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: any UsageHistory, in range: Range<Timestamp>, by dimensions: [Dimension],
    calendar: ReportingCalendar
  ) throws {
    self.dimensions = dimensions
    var groups: [[Int64]: SpendTotals] = [:]
    let reader = CellReader(history.cells)
    let days = DayReader(calendar)
    try history.forEachRow(in: range) { row in
      let cell = reader[row.cell]
      var codes = dimensions.map { $0.code(of: cell, on: days[row.bucket]) }
      codes.append(Int64(cell.currency.index))
      try groups[codes, default: SpendTotals()].add(cell, row.measures)
    }
    rows = try Self.rows(groups, dimensions, history.labels)
    totals = try Self.totals(rows)
    var coverage = Coverage()
    for row in rows { try coverage.add(row.totals.coverage) }
    self.coverage = coverage
  }

  private static func rows(
    _ groups: [[Int64]: SpendTotals], _ dimensions: [Dimension], _ labels: LabelTable
  ) throws -> [Row] {
    let rows = groups.map { codes, totals in
      let values = zip(dimensions, codes).map { $0.text(of: $1, labels) }
      let currency = Amount.currency(named: labels.text(Label(index: UInt32(codes.last ?? 0))))
      return Row(values: values, currency: currency, totals: totals)
    }
    var merged: [Row] = []
    let order = rows.sorted {
      TextOrder.precedes($0.values + [$0.currency], $1.values + [$1.currency])
    }
    // Two labels may print alike: an absent currency and US dollars, or malformed UTF-8.
    for row in order where row.totals != SpendTotals() {
      if let last = merged.indices.last, merged[last].isAlike(row) {
        try merged[last].totals.add(row.totals)
      } else {
        merged.append(row)
      }
    }
    return merged
  }

  private static func totals(_ rows: [Row]) throws -> [CurrencyTotal] {
    var sums: [CurrencyTotal] = []
    for row in rows {
      if let index = sums.firstIndex(where: { TextOrder.isSame($0.currency, row.currency) }) {
        try sums[index].totals.add(row.totals)
      } else {
        sums.append(CurrencyTotal(currency: row.currency, totals: row.totals))
      }
    }
    return sums.sorted { TextOrder.precedes($0.currency, $1.currency) }
  }

}

extension SpendBreakdown.Row {
  fileprivate func isAlike(_ other: Self) -> Bool {
    TextOrder.isSame(currency, other.currency)
      && zip(values, other.values).allSatisfy(TextOrder.isSame)
  }
}

/// Local days by rollup bucket, remembered: a zone's rules are slow to ask.
final class DayReader {
  private let calendar: ReportingCalendar
  private var known: [Int32: Day] = [:]

  init(_ calendar: ReportingCalendar) { self.calendar = calendar }

  subscript(bucket: Int32) -> Day {
    if let day = known[bucket] { return day }
    let day = calendar.day(of: Timestamp(bucket: bucket))
    known[bucket] = day
    return day
  }
}
