public import Billing
import Insights
import Reporting

extension LineAccounting {
  /// The account for machines, one object.
  public var json: String { jsonValue.text }

  var jsonValue: JSONValue {
    let reasons = rejections.filter { $0.value > 0 }
      .map { JSONValue.Member($0.key.name, .integer($0.value)) }
      .sorted { TextOrder.precedes($0.key, $1.key) }
    return .object([
      .init("lines", .integer(lines)), .init("event_lines", .integer(eventLines)),
      .init("duplicates", .integer(duplicates)), .init("rejected", .integer(rejected)),
      .init("skipped", .integer(skipped)), .init("events", .integer(events)),
      .init("id_conflicts", .integer(idConflicts)), .init("bytes", .integer(bytes)),
      .init("rejections", .object(reasons)),
    ])
  }
}
