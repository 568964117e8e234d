import Billing
import Insights

/// The flat table of spend: one row for each combination of the asked dimensions and currency.
enum SpendTable {
  static func table(
    _ id: String, _ title: String, _ spend: SpendBreakdown, period: Period, timeZone: String
  ) -> Table {
    var table = Table(id, title, columns: [])
    table.columns =
      [
        .init("period_start", "From", .date, for: .machines),
        .init("period_end", "To", .date, for: .machines),
        .init("time_zone", "Time zone", .text, for: .machines),
      ] + spend.dimensions.map { .init($0.rawValue, $0.title, $0 == .day ? .date : .text) }
      + measures
    let frame: [TableCell] = [
      .date(period.days.lowerBound), .date(period.days.upperBound), .text(timeZone),
    ]
    table.rows = spend.rows.map { row in
      frame + row.values.map(TableCell.label) + cells(row.totals, row.currency)
    }
    if let only = spend.totals.first, spend.totals.count == 1, spend.rows.count > 1 {
      let labels = spend.dimensions.indices.map { $0 == 0 ? TableCell.text("Total") : .text("") }
      table.total = frame + labels + cells(only.totals, only.currency)
    }
    return table
  }

  private static let measures: [Table.Column] = [
    .init("currency", "Currency", .text),
    .init("requests", "Requests", .integer, unit: "requests"),
    .init("priced_requests", "Priced", .integer, unit: "requests", for: .machines),
    .init("partial_requests", "Partly priced", .integer, unit: "requests", for: .machines),
    .init("unpriced_requests", "Unpriced", .integer, unit: "requests"),
    .init("not_billed_requests", "Not billed", .integer, unit: "requests", for: .machines),
    .init("requests_without_usage", "No usage", .integer, unit: "requests", for: .machines),
    .init("requests_with_reported_cost", "Reported", .integer, unit: "requests", for: .machines),
    .init("input_tokens", "Input tokens", .integer, unit: "tokens"),
    .init("cache_read_tokens", "Cache read", .integer, unit: "tokens", for: .machines),
    .init("cache_write_tokens", "Cache write", .integer, unit: "tokens", for: .machines),
    .init("output_tokens", "Output tokens", .integer, unit: "tokens"),
    .init("reasoning_tokens", "Reasoning", .integer, unit: "tokens", for: .machines),
    .init("list_cost", "List cost", .money, unit: "currency"),
    .init("billed_cost", "Billed cost", .money, unit: "currency"),
    .init("reported_cost", "Reported cost", .money, unit: "currency"),
    .init("billed_minus_list", "Billed − list", .money, unit: "currency"),
    .init(
      "billed_minus_list_requests", "Compared", .integer, unit: "requests", for: .machines),
    .init("reported_minus_billed", "Reported − billed", .money, unit: "currency"),
    .init(
      "reported_minus_billed_requests", "Compared", .integer, unit: "requests", for: .machines),
  ]

  private static func cells(_ totals: SpendTotals, _ currency: String) -> [TableCell] {
    let coverage = totals.coverage
    let tokens = totals.tokens
    // With no usage in any log line, token counts are unknown, not zero.
    let hasUsage = coverage.withoutUsage.requests < coverage.all.requests
    let count = { (value: Int64) in hasUsage ? TableCell.integer(value) : .empty }
    return [
      .text(currency), .integer(coverage.all.requests), .integer(coverage.priced.requests),
      .integer(coverage.partial.requests), .integer(coverage.unpriced.requests),
      .integer(coverage.notBilled.requests), .integer(coverage.withoutUsage.requests),
      .integer(coverage.reported.requests), count(tokens.inputTotal), count(tokens[.cacheRead]),
      count(tokens[.cacheWrite] + tokens[.cacheWrite5m] + tokens[.cacheWrite1h]),
      count(tokens.outputTotal), count(tokens[.reasoning]), .money(totals.list),
      .money(totals.billed), .money(totals.reported), .money(totals.billedOverList.difference),
      .integer(totals.billedOverList.requests), .money(totals.reportedOverBilled.difference),
      .integer(totals.reportedOverBilled.requests),
    ]
  }
}
