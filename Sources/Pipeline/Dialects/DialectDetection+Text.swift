import Billing
import Ingestion
import Insights
import Reporting

extension DialectDetection {
  /// What each input holds, and how to go on with lines of no dialect. Nothing of what stands in a
  /// line but the names of its keys.
  public var text: String {
    inputs.map(\.text).joined(separator: "\n") + hint
  }

  private var hint: String {
    guard let input = inputs.first(where: { !$0.unknown.isEmpty }) else { return "" }
    let nearest = reports.flatMap(\.dialectLines).first?.name ?? "openai.chat"
    return """

      describe the lines of no dialect in one of your own:
        tollbook dialects show \(nearest) > my-gateway.yaml
        tollbook dialects check my-gateway.yaml \(input.isFile ? VisibleText.escaped(input.report.name) : "LOG")

      """
  }

  /// The same for machines.
  public var json: String { JSONValue.array(inputs.map(\.jsonValue)).text }
}

extension DialectDetection.Input {
  /// Lines by what became of them, in the order in which they are told.
  private var rejected: [(reason: RejectionReason, lines: Int64)] {
    report.accounting.rejections.filter { $0.value > 0 }
      .map { (reason: $0.key, lines: $0.value) }
      .sorted { TextOrder.precedes($0.reason.name, $1.reason.name) }
  }

  fileprivate var text: String {
    var rows = report.dialectLines.map { [$0.name, HumanNumber.integer($0.lines)] }
    rows += rejected.map { [Self.shown($0.reason), HumanNumber.integer($0.lines)] }
    if report.accounting.skipped > 0 {
      rows.append(["skipped: without usage", HumanNumber.integer(report.accounting.skipped)])
    }
    if rows.isEmpty { rows = [["no lines", "0"]] }
    return VisibleText.escaped(report.name) + form + "\n"
      + TextColumns.aligned(rows, numbers: [1], indent: "  ") + unknownText
  }

  private var form: String {
    guard let compression else { return "" }
    let parts =
      (compression == .none ? [] : [compression.rawValue]) + [isFramed ? "framed" : "lines"]
    return " (\(parts.joined(separator: ", ")))"
  }

  private static func shown(_ reason: RejectionReason) -> String {
    switch reason {
    case .unknownFormat: "no dialect"
    case .malformed: "not JSON"
    default: "rejected: \(reason.name)"
    }
  }

  private var unknownText: String {
    guard !unknown.isEmpty else { return "" }
    var text = "  lines of no dialect, by their keys\n"
    for shape in unknown {
      let keys = shape.keys.map { VisibleText.escaped($0, limit: 60) }.joined(separator: ", ")
      text +=
        "    \(HumanNumber.integer(shape.lines)), first line \(shape.line)"
        + " (byte \(shape.offset)): \(keys)\n"
    }
    if otherUnknown > 0 { text += "    \(HumanNumber.integer(otherUnknown)) with other keys\n" }
    return text
  }

  fileprivate var jsonValue: JSONValue {
    let lines = report.dialectLines.map { JSONValue.Member($0.name, .integer($0.lines)) }
    let shapes = unknown.map { shape in
      JSONValue.object([
        .init("lines", .integer(shape.lines)), .init("first_line", .integer(shape.line)),
        .init("offset", .integer(shape.offset)),
        .init("keys", .array(shape.keys.map { .string($0) })),
      ])
    }
    return .object(
      [.init("input", .string(report.name))]
        + JSONValue.member("compression", compression.map { .string($0.rawValue) })
        + [
          .init("framed", .boolean(isFramed)),
          .init("dialects", .object(lines)), .init("accounting", report.accounting.jsonValue),
          .init("unknown", .array(shapes)), .init("other_unknown", .integer(otherUnknown)),
        ])
  }
}
