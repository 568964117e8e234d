public import Billing

/// What a report is converted to, and by which rates.
public struct Conversion: Sendable {
  public var rates: ExchangeRates
  /// ISO 4217.
  public var currency: String

  public init(_ rates: ExchangeRates, to currency: String) {
    self.rates = rates
    self.currency = currency
  }
}

/// Spend in another currency, each day by the last rate that was published until then.
///
/// Where there is no rate nothing is converted: such requests are counted apart.
public struct ConvertedSpend: Sendable {
  public struct Costs: Sendable, Hashable {
    public var list: Money?
    public var billed: Money?
    public var reported: Money?

    init() {}

    init(_ totals: SpendTotals) {
      (list, billed, reported) = (totals.list, totals.billed, totals.reported)
    }

    func converted(_ rate: ExactDecimal) throws(ArithmeticOverflow) -> Costs {
      var result = Costs()
      result.list = try list?.multiplied(by: rate, "converted cost")
      result.billed = try billed?.multiplied(by: rate, "converted cost")
      result.reported = try reported?.multiplied(by: rate, "converted cost")
      return result
    }

    mutating func add(_ other: Costs) throws(ArithmeticOverflow) {
      list = try Self.sum(list, other.list)
      billed = try Self.sum(billed, other.billed)
      reported = try Self.sum(reported, other.reported)
    }

    private static func sum(_ left: Money?, _ right: Money?) throws(ArithmeticOverflow) -> Money? {
      guard let left, let right else { return left ?? right }
      return try left.adding(right, "converted cost")
    }
  }

  /// The spend of one day in one currency, with the rate.
  public struct Entry: Sendable, Hashable {
    public var values: [String]
    public var day: Day
    public var currency: String
    public var requests: Int64
    public var costs: Costs
    /// `nil` when there is no rate; then nothing is converted.
    public var rate: ExchangeRates.Rate?
    public var converted: Costs?
  }

  /// A sum over entries.
  public struct Total: Sendable, Hashable {
    public var values: [String]
    public var requests: Int64 = 0
    /// Requests without a rate, in no amount.
    public var unconverted: Int64 = 0
    public var converted = Costs()

    init(_ values: [String]) { self.values = values }

    mutating func add(_ entry: Entry) throws(ArithmeticOverflow) {
      try requests.add(entry.requests, "requests")
      if let costs = entry.converted {
        try converted.add(costs)
      } else {
        try unconverted.add(entry.requests, "requests")
      }
    }
  }

  public let conversion: Conversion
  public let dimensions: [Dimension]
  /// By dimensions, day and currency.
  public let entries: [Entry]
  /// By dimensions.
  public let rows: [Total]
  /// By day and currency alone.
  public let days: [Entry]
  public let total: Total

  init(
    of history: any UsageHistory, in range: Range<Timestamp>, by dimensions: [Dimension],
    calendar: ReportingCalendar, _ conversion: Conversion
  ) throws {
    func entries(_ dimensions: [Dimension]) throws -> [Entry] {
      let spend = try SpendBreakdown(
        of: history, in: range, by: dimensions + [.day], calendar: calendar)
      return try spend.rows.compactMap { try Self.entry($0, conversion) }
    }
    self.conversion = conversion
    self.dimensions = dimensions
    self.entries = try entries(dimensions)
    days = try entries([])
    var rows: [Total] = []
    var total = Total([])
    for entry in self.entries {
      let isNew = rows.last.map { last in
        !zip(last.values, entry.values).allSatisfy(TextOrder.isSame)
      }
      if isNew ?? true { rows.append(Total(entry.values)) }
      try rows[rows.count - 1].add(entry)
      try total.add(entry)
    }
    self.rows = rows
    self.total = total
  }

  private static func entry(_ row: SpendBreakdown.Row, _ conversion: Conversion) throws -> Entry? {
    guard let text = row.values.last, let day = Timestamp.parse(Array(text.utf8))?.time.day else {
      return nil
    }
    let rate = conversion.rates.rate(from: row.currency, to: conversion.currency, on: day)
    let costs = Costs(row.totals)
    return Entry(
      values: row.values.dropLast(), day: day, currency: row.currency,
      requests: row.totals.coverage.all.requests, costs: costs, rate: rate,
      converted: try rate.map { try costs.converted($0.value) })
  }
}
