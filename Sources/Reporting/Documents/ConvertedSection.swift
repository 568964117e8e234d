import Billing
import Insights

extension ReportDocument {
  static func convertedSection(_ spend: ConvertedSpend) -> Section {
    let conversion = spend.conversion
    var section = Section("converted", "Spend in \(conversion.currency)")
    section.lines = [
      "Each day's amounts are converted by the last rate that was published on that day or before "
        + "it, at most \(conversion.rates.maximumAge) days old; inverse and cross rates are rounded "
        + "half to even to \(conversion.rates.rounding.scale) decimals. Source: "
        + "\(conversion.rates.source)."
    ]
    if spend.total.unconverted > 0 {
      section.lines.append(
        "Requests without a rate: \(HumanNumber.integer(spend.total.unconverted)). They are in no "
          + "converted amount.")
    }
    section.tables = [converted(spend), rates(spend)]
    return section
  }

  private static func costs(_ costs: ConvertedSpend.Costs?) -> [TableCell] {
    [.money(costs?.list), .money(costs?.billed), .money(costs?.reported)]
  }

  private static func columns(_ spend: ConvertedSpend) -> [Table.Column] {
    spend.dimensions.map { .init($0.rawValue, $0.title, $0 == .day ? .date : .text) }
  }

  private static func converted(_ spend: ConvertedSpend) -> Table {
    let currency = spend.conversion.currency
    var table = Table(
      "converted", "In \(currency)",
      columns: columns(spend) + [
        .init("currency", "Currency", .text),
        .init("requests", "Requests", .integer, unit: "requests"),
        .init("unconverted_requests", "Without a rate", .integer, unit: "requests"),
        .init("list_cost", "List cost", .money, unit: "currency"),
        .init("billed_cost", "Billed cost", .money, unit: "currency"),
        .init("reported_cost", "Reported cost", .money, unit: "currency"),
      ])
    let row = { (labels: [TableCell], total: ConvertedSpend.Total) in
      labels + [
        .text(currency), .integer(total.requests), .integer(total.unconverted),
      ] + costs(total.converted)
    }
    table.rows = spend.rows.map { row($0.values.map(TableCell.label), $0) }
    if !spend.dimensions.isEmpty, spend.rows.count > 1 {
      let labels = spend.dimensions.indices.map { TableCell.text($0 == 0 ? "Total" : "") }
      table.total = row(labels, spend.total)
    }
    return table
  }

  private static let conversionColumns: [Table.Column] = [
    .init("charge_day", "Day", .date), .init("charge_currency", "Currency", .text),
    .init("requests", "Requests", .integer, unit: "requests"),
    .init("list_cost", "List cost", .money, unit: "currency", for: .machines),
    .init("billed_cost", "Billed cost", .money, unit: "currency"),
    .init("reported_cost", "Reported cost", .money, unit: "currency", for: .machines),
    .init("rate", "Rate", .decimal), .init("rate_day", "Rate of", .date),
    .init("rate_source", "Source", .text, for: .machines),
    .init("converted_currency", "Into", .text),
    .init("converted_list_cost", "Converted list", .money, unit: "currency", for: .machines),
    .init("converted_billed_cost", "Converted", .money, unit: "currency"),
    .init(
      "converted_reported_cost", "Converted reported", .money, unit: "currency", for: .machines),
  ]

  private static func cells(_ entry: ConvertedSpend.Entry, _ currency: String) -> [TableCell] {
    [.date(entry.day), .text(entry.currency), .integer(entry.requests)] + costs(entry.costs) + [
      entry.rate.map { .decimal($0.value) } ?? .empty, entry.rate.map { .date($0.day) } ?? .empty,
      .label(entry.rate?.source ?? ""), .text(currency),
    ] + costs(entry.converted)
  }

  private static func rates(_ spend: ConvertedSpend) -> Table {
    var table = Table("exchange_rates", "Rates by day", columns: conversionColumns)
    table.rows = spend.days.map { cells($0, spend.conversion.currency) }
    return table
  }

  /// Every amount with its rate, for machines that read one flat table.
  static func conversionTable(_ spend: ConvertedSpend) -> Table {
    var table = Table("conversion", "Conversion", columns: columns(spend) + conversionColumns)
    table.rows = spend.entries.map { entry in
      entry.values.map(TableCell.label) + cells(entry, spend.conversion.currency)
    }
    return table
  }
}
