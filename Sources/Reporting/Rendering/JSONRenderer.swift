import Billing
public import Insights

/// The document as JSON, as `schemas/report.schema.json` defines it.
///
/// Amounts are decimal strings, exact; shares are decimal strings with six places; what is unknown
/// is absent.
public struct JSONRenderer: ReportRenderer {
  public static let fileExtension = "json"
  /// Raised when a key changes its meaning or goes away.
  public static let schemaVersion: Int64 = 1

  public init() {}

  public func render(_ document: ReportDocument) -> [UInt8] {
    let head = document.head
    let members: [[JSONValue.Member]] = [
      [.init("schema", .string("tollbook.report"))],
      [.init("schema_version", .integer(Self.schemaVersion))],
      [.init("kind", .string(head.kind.rawValue))],
      [.init("title", .string(document.title))],
      [.init("period", Self.period(head))],
      JSONValue.member("data_through", head.dataThrough.map { .string("\($0)") }),
      [.init("price_book", .string(head.priceBook))],
      JSONValue.member("pruned_before", head.prunedBefore.map { .string("\($0)") }),
      JSONValue.member("late", head.lateEvents.isEmpty ? nil : Self.late(head)),
      [.init("lines", Self.accounting(head.accounting))],
      [.init("coverage", Self.coverage(head.coverage))],
      [.init("totals", .array(head.totals.map(Self.total)))],
      [.init("sections", .array(document.sections.map(Self.section)))],
      [.init("findings", .array(document.findings.map(\.jsonValue)))],
    ]
    return Array(JSONValue.object(members.flatMap { $0 }).text.utf8)
  }

  private static func period(_ head: ReportDocument.Head) -> JSONValue {
    .object([
      .init("first_day", .string("\(head.period.days.lowerBound)")),
      .init("last_day", .string("\(head.period.days.upperBound)")),
      .init("start", .string("\(head.period.range.lowerBound)")),
      .init("end", .string("\(head.period.range.upperBound)")),
      .init("time_zone", .string(head.timeZone)),
    ])
  }

  private static func late(_ head: ReportDocument.Head) -> JSONValue {
    .object([
      .init("events", .integer(head.lateEvents.reduce(0) { $0 + $1.count })),
      .init(
        "days",
        .object(head.lateEvents.map { .init("\($0.day)", .integer($0.count)) })),
    ])
  }

  private static func accounting(_ accounting: LineAccounting) -> JSONValue {
    let reasons = accounting.rejections.filter { $0.value > 0 }
      .map { JSONValue.Member($0.key.name, .integer($0.value)) }
      .sorted { TextOrder.precedes($0.key, $1.key) }
    return .object([
      .init("lines", .integer(accounting.lines)),
      .init("event_lines", .integer(accounting.eventLines)),
      .init("duplicates", .integer(accounting.duplicates)),
      .init("rejected", .integer(accounting.rejected)),
      .init("skipped", .integer(accounting.skipped)),
      .init("events", .integer(accounting.events)),
      .init("id_conflicts", .integer(accounting.idConflicts)),
      .init("rejections", .object(reasons)),
    ])
  }

  private static func coverage(_ coverage: Coverage) -> JSONValue {
    let tallies: [(String, Tally)] = [
      ("all", coverage.all), ("priced", coverage.priced), ("partial", coverage.partial),
      ("unpriced", coverage.unpriced), ("not_billed", coverage.notBilled),
      ("without_usage", coverage.withoutUsage), ("reported", coverage.reported),
      ("reported_in_other_currency", coverage.reportedInOtherCurrency),
      ("contested", coverage.contested),
    ]
    let members = tallies.map { name, tally in
      let share = { (ratio: Ratio?) in ratio?.rounded(places: 6).map { JSONValue.string("\($0)") } }
      return JSONValue.Member(
        name,
        .object(
          [
            .init("requests", .integer(tally.requests)), .init("tokens", .integer(tally.tokens)),
          ]
            + JSONValue.member(
              "share_of_requests", share(Ratio(tally.requests, over: coverage.all.requests)))
            + JSONValue.member(
              "share_of_tokens", share(Ratio(tally.tokens, over: coverage.all.tokens)))))
    }
    return .object(members)
  }

  private static func total(_ total: SpendBreakdown.CurrencyTotal) -> JSONValue {
    let totals = total.totals
    let money = { (amount: Money?) in amount.map { JSONValue.string("\($0)") } }
    return .object(
      [
        .init("currency", .string(total.currency)),
        .init("requests", .integer(totals.coverage.all.requests)),
      ] + JSONValue.member("list_cost", money(totals.list))
        + JSONValue.member("billed_cost", money(totals.billed))
        + JSONValue.member("reported_cost", money(totals.reported))
        + JSONValue.member("billed_minus_list", money(totals.billedOverList.difference))
        + [.init("billed_minus_list_requests", .integer(totals.billedOverList.requests))]
        + JSONValue.member("reported_minus_billed", money(totals.reportedOverBilled.difference))
        + [.init("reported_minus_billed_requests", .integer(totals.reportedOverBilled.requests))])
  }

  private static func section(_ section: ReportDocument.Section) -> JSONValue {
    .object([
      .init("id", .string(section.id)), .init("title", .string(section.title)),
      .init("notes", .array(section.lines.map(JSONValue.string))),
      .init("tables", .array(section.tables.map(table))),
    ])
  }

  private static func table(_ table: Table) -> JSONValue {
    let columns = table.columns.map { column in
      JSONValue.object(
        [
          .init("id", .string(column.id)), .init("title", .string(column.title)),
          .init("type", .string(column.kind.rawValue)),
        ] + JSONValue.member("unit", column.unit.isEmpty ? nil : .string(column.unit)))
    }
    let rows = table.rows.map { row in
      JSONValue.object(
        zip(table.columns, row).flatMap { JSONValue.member($0.id, $1.jsonValue) })
    }
    return .object([
      .init("id", .string(table.id)), .init("title", .string(table.title)),
      .init("columns", .array(columns)), .init("rows", .array(rows)),
    ])
  }
}

extension TableCell {
  /// The exact value; `nil` when it is not known.
  var jsonValue: JSONValue? {
    switch self {
    case .empty: nil
    case .integer(let value): .integer(value)
    case .percent(let ratio): ratio.rounded(places: 6).map { .string("\($0)") }
    case .text, .money, .decimal, .date, .time: .string(exactText)
    }
  }
}

extension Finding {
  /// The finding as the schemas of reports and checks define it.
  public var jsonValue: JSONValue {
    let details = { (details: [Detail]) in
      JSONValue.object(details.map { .init($0.name, .string($0.value)) })
    }
    return .object(
      [
        .init("name", .string(name)), .init("severity", .string(severity.name)),
        .init("subject", details(subject)), .init("summary", .string(summary)),
      ] + JSONValue.member("money", money.map { .string("\($0.money)") })
        + JSONValue.member("currency", money.map { .string($0.currency) })
        + [
          .init("money_meaning", .string(moneyMeaning)), .init("requests", .integer(requests)),
          .init("window_start", .string("\(window.lowerBound)")),
          .init("window_end", .string("\(window.upperBound)")),
          .init("baseline", .string(baseline)), .init("thresholds", details(thresholds)),
          .init("evidence", .array(evidence.map(\.json))),
          .init("next", .string(next)),
        ])
  }
}

extension Evidence {
  fileprivate var json: JSONValue {
    let model = { (name: String) in name.isEmpty ? nil : JSONValue.string(name) }
    return .object(
      [.init("time", .string("\(time)"))] + JSONValue.member("request_model", model(requestModel))
        + JSONValue.member("response_model", model(responseModel)))
  }
}
