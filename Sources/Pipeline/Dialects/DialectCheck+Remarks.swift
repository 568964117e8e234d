import Billing
import Ingestion
import Insights
import Reporting

/// What a check adds up over events, to tell whether they would come to right figures.
struct CheckedFacts {
  private let charging: ChargingStage
  private let cells = CellTable()
  private(set) var events: Int64 = 0
  private(set) var undated: Int64 = 0
  /// Events with a reported cost and a full list price, and those where the two are far apart.
  private(set) var compared: Int64 = 0
  private(set) var farApart: Int64 = 0
  private(set) var inOtherCurrency: Int64 = 0

  init(_ pricer: any Pricer, _ labels: LabelTable) {
    charging = ChargingStage(pricer: pricer, labels: labels, cells: cells)
  }

  mutating func add(_ event: UsageEvent) {
    events += 1
    if !event.known.contains(.time) { undated += 1 }
    guard event.known.contains(.reportedCost), event.known.contains(.time),
      let outcome = try? charging.charge(event)
    else { return }
    if !outcome.isComparable { inOtherCurrency += 1 }
    let list = outcome.charge.list.units
    let reported = event.reportedCost.units
    guard outcome.isComparable, cells[outcome.cell].charge == .priced, list > 0, reported > 0
    else { return }
    compared += 1
    if reported / 100 > list || list / 100 > reported { farApart += 1 }
  }
}

extension DialectCheck {
  static func remarks(
    on trial: DialectTrial, _ facts: CheckedFacts, isUsers: Bool
  ) -> [Remark] {
    summing(trial, facts) + time(facts) + trial.words.sorted(by: precedes).flatMap(words)
      + money(facts) + name(trial.dialect, isUsers: isUsers)
  }

  private static func precedes(_ left: WordTable, _ right: WordTable) -> Bool {
    left.place.field == right.place.field
      ? TextOrder.precedes(left.place.path, right.place.path)
      : TextOrder.precedes(left.place.field, right.place.field)
  }

  private static func count(_ number: Int64) -> String { HumanNumber.integer(number) }

  private static func time(_ facts: CheckedFacts) -> [Remark] {
    guard facts.undated > 0 else { return [] }
    return [
      Remark(
        code: "no_time",
        text: "\(count(facts.undated)) of \(count(facts.events)) events have no time: `ingest` and "
          + "`try` reject them (`no_time`). Fill `time:`, or say --undated-at TIME.")
    ]
  }

  private static func words(_ table: WordTable) -> [Remark] {
    let place = "`\(table.place.field)` at `\(table.place.path)`"
    var remarks: [Remark] = []
    if table.known == 0, table.unmatched < table.met {
      remarks.append(
        Remark(
          code: "unused_values",
          text:
            "\(place): no word under `values:` was met in \(count(table.met)) values; all became "
            + "what `otherwise:` or another place says."))
    }
    guard table.unmatched > 0 else { return remarks }
    let shown = (table.unmatchedWords ?? [:])
      .sorted { $0.value == $1.value ? TextOrder.precedes($0.key, $1.key) : $0.value > $1.value }
      .map { "\($0.key) \(count($0.value))" }
    let list = shown.isEmpty ? "" : ": " + shown.joined(separator: ", ")
    let isError = table.place.field == "errors"
    remarks.append(
      Remark(
        code: isError ? "unknown_errors" : "unmatched_values",
        text: "\(place): \(count(table.unmatched)) of \(count(table.met)) values "
          + (isError
            ? "name no class of errors\(list). Write `{path: …, values: {code: class}}`."
            : "are not under `values:` and give nothing\(list)."),
        isProblem: !isError))
    return remarks
  }

  private static func summing(_ trial: DialectTrial, _ facts: CheckedFacts) -> [Remark] {
    let hasCount = trial.fields.contains(.requests)
    let isSum = trial.dialect.aggregates
    let rows = trial.sums.values.reduce(isSum ? facts.events : 0, +)
    var remarks: [Remark] = []
    if rows > 0 {
      remarks.append(
        Remark(
          code: "aggregates",
          text: "\(count(rows)) rows sum requests: `ingest` and `try` leave them out "
            + "(`aggregate`), for the requests may stand in other lines; --aggregates counts them.",
          isProblem: false))
    }
    if hasCount, !isSum {
      remarks.append(
        Remark(
          code: "requests_without_aggregates",
          text: "`requests` is read and `aggregates: true` is missing: `ingest` would count such "
            + "rows beside the requests that they sum."))
    } else if isSum, !hasCount {
      remarks.append(
        Remark(
          code: "aggregates_without_requests",
          text: "`requests` is not read: each row would count as one request."))
    }
    return remarks
  }

  private static func money(_ facts: CheckedFacts) -> [Remark] {
    var remarks: [Remark] = []
    if facts.farApart > 0 {
      remarks.append(
        Remark(
          code: "unit",
          text: "`reported_cost` is more than 100 times the list cost, or less than a hundredth of "
            + "it, in \(count(facts.farApart)) of \(count(facts.compared)) events with both: is its "
            + "`unit:` or `factor:` right?"))
    }
    if facts.inOtherCurrency > 0 {
      remarks.append(
        Remark(
          code: "other_currency",
          text:
            "\(count(facts.inOtherCurrency)) events report a cost in another currency than that "
            + "of their charge: it is in no sum.", isProblem: false))
    }
    return remarks
  }

  private static func name(_ dialect: Dialect, isUsers: Bool) -> [Remark] {
    guard isUsers,
      BuiltInDialects.names.contains(where: { $0.utf8.elementsEqual(dialect.name.utf8) })
    else { return [] }
    return [
      Remark(
        code: "replaces_built_in",
        text:
          "It replaces the built-in dialect `\(dialect.name)`; give it a name of its own if that "
          + "is not meant.", isProblem: false)
    ]
  }
}
