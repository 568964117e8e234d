public import Billing
import Insights
import Reporting

extension LineAccounting {
  /// The account for machines, one object.
  public var json: String { jsonValue.text }

  /// The account of a run that added events to days that were long over.
  public func json(late: HistoryNotes.LateEvents) -> String { object(late).text }

  var jsonValue: JSONValue { object(nil) }

  private func object(_ late: HistoryNotes.LateEvents?) -> JSONValue {
    let days = late.map { late in
      JSONValue.object(
        late.days.sorted { $0.key < $1.key }.map { .init("\($0.key)", .integer($0.value)) })
    }
    let reasons = rejections.filter { $0.value > 0 }
      .map { JSONValue.Member($0.key.name, .integer($0.value)) }
      .sorted { TextOrder.precedes($0.key, $1.key) }
    return .object(
      [
        .init("lines", .integer(lines)), .init("event_lines", .integer(eventLines)),
        .init("duplicates", .integer(duplicates)), .init("rejected", .integer(rejected)),
        .init("skipped", .integer(skipped)), .init("events", .integer(events)),
        .init("id_conflicts", .integer(idConflicts)), .init("bytes", .integer(bytes)),
        .init("rejections", .object(reasons)),
      ] + JSONValue.member("late", days))
  }
}
