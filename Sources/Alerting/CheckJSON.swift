import Billing
import Insights
public import Reporting

extension Check {
  /// Raised when a key changes its meaning or goes away.
  public static let schemaVersion: Int64 = 1

  /// The answer as `schemas/check.schema.json` defines it.
  public var jsonValue: JSONValue {
    .object(
      [
        .init("schema", .string("tollbook.check")),
        .init("schema_version", .integer(Self.schemaVersion)),
        .init("status", .string(status.rawValue)),
        .init("exit_code", .integer(Int64(status.exitCode))),
        .init("now", .string("\(now)")),
      ] + JSONValue.member("data_through", dataThrough.map { .string("\($0)") })
        + [
          .init("stale_after_seconds", .integer(settings.staleAfterSeconds)),
          .init("coverage_floor", .string("\(settings.coverageFloor)")),
          .init("checks", .array(items.map(\.jsonValue))),
          .init("findings", .array(findings.map(\.jsonValue))),
        ])
  }
}

extension Check.Item {
  fileprivate var jsonValue: JSONValue {
    .object(
      [
        .init("id", .string(id)), .init("status", .string(status.rawValue)),
        .init("message", .string(message)),
      ] + JSONValue.member("budget", reading?.jsonValue))
  }
}

extension BudgetReading {
  fileprivate var jsonValue: JSONValue {
    let share = { (ratio: Ratio?) in ratio?.rounded(places: 6).map { JSONValue.string("\($0)") } }
    let identity: [JSONValue.Member] = [
      .init("name", .string(budget.name)), .init("amount", .string("\(budget.amount)")),
      .init("currency", .string(budget.currency)), .init("basis", .string(budget.basis.rawValue)),
      .init("interval", .string(budget.interval.rawValue)),
      .init("time_zone", .string(budget.calendar.name)),
      .init("first_day", .string("\(period.days.lowerBound)")),
      .init("last_day", .string("\(period.days.upperBound)")),
      .init("levels", .array(budget.levels.map { .integer(Int64($0)) })),
      .init("warning_level", .integer(Int64(budget.warningLevel))),
      .init("critical_level", .integer(Int64(budget.criticalLevel))),
    ]
    return .object(
      identity + [.init("spent", .string("\(spent)"))]
        + JSONValue.member("share", share(self.share))
        + JSONValue.member("reached_level", reachedLevel.map { .integer(Int64($0)) })
        + [
          .init("requests", .integer(requests)),
          .init("unknown_requests", .integer(unknownRequests)),
          .init("unknown_tokens", .integer(unknownTokens)),
        ]
        + JSONValue.member("unknown_reported", unknownReported.map { .string("\($0)") })
        + [.init("other_currency_requests", .integer(otherCurrencyRequests))]
        + JSONValue.member("coverage", share(coverage))
        + JSONValue.member("forecast", forecast.map { .string("\($0)") }))
  }
}
