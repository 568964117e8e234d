public import Billing
import Insights
import Reporting

/// The account of lines, as it is printed to people: one row for each input that had lines, the
/// total, and where lines were rejected. Never what stands in a line.
public struct AccountText: Sendable {
  private let inputs: [InputReport]
  private let unchanged: Int
  private let late: HistoryNotes.LateEvents
  /// All inputs together.
  public let total: LineAccounting

  /// - Parameters:
  ///   - unchanged: inputs that were not read again, for nothing of them was new.
  ///   - late: events that were added to days that were long over.
  public init(
    _ inputs: [InputReport], unchanged: Int = 0, late: HistoryNotes.LateEvents = .init()
  ) {
    self.late = late
    self.inputs = inputs
    self.unchanged = unchanged
    total = inputs.reduce(into: LineAccounting()) { $0.add($1.accounting) }
  }

  public var text: String {
    let shown = inputs.filter { $0.accounting.lines > 0 }
    var rows = [["", "lines", "= events'", "+ duplicates", "+ rejected", "+ skipped"]]
    rows += shown.map { Self.row(VisibleText.escaped($0.name), $0.accounting) }
    if shown.count != 1 { rows.append(Self.row("total", total)) }
    var text = shown.isEmpty ? "" : Self.aligned(rows)
    if unchanged > 0 {
      text += "nothing new in \(Self.count(Int64(unchanged), "input"))\n"
    }
    if total.idConflicts > 0 {
      text +=
        "\(Self.count(total.idConflicts, "event")) had the id of another request; both count\n"
    }
    return text + lateEvents + rejections + refusedRecords
  }

  /// `late  12 events for 2026-10-01 .. 2026-10-03`.
  private var lateEvents: String {
    guard let first = late.days.keys.min(), let last = late.days.keys.max() else { return "" }
    let span = first == last ? "\(first)" : "\(first) .. \(last)"
    return "late  \(Self.count(late.count, "event")) for \(span)\n"
  }

  /// Records that lines lost although others of them count.
  private var refusedRecords: String {
    var reasons: [RejectionReason: Int64] = [:]
    for input in inputs { reasons.merge(input.refusedRecords, uniquingKeysWith: +) }
    guard !reasons.isEmpty else { return "" }
    return "records refused in lines of which others count\n"
      + reasons.sorted { TextOrder.precedes($0.key.name, $1.key.name) }
      .map { "  \($0.name)  \(HumanNumber.integer($1))  \(places($0))\n" }
      .joined()
  }

  private static func row(_ name: String, _ account: LineAccounting) -> [String] {
    [name]
      + [
        account.lines, account.eventLines, account.duplicates, account.rejected, account.skipped,
      ].map(HumanNumber.integer)
  }

  /// The first column to the left, numbers to the right.
  static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row.indices, row).map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      .joined(separator: "  ") + "\n"
    }
    .joined()
  }

  private var rejections: String {
    let reasons = total.rejections.filter { $0.value > 0 }
      .sorted { TextOrder.precedes($0.key.name, $1.key.name) }
    guard !reasons.isEmpty else { return "" }
    let width = reasons.map { $0.key.name.count }.max() ?? 0
    return "rejected lines by reason, and where the first ones stand\n"
      + reasons.map { reason, count in
        let name = reason.name + String(repeating: " ", count: width - reason.name.count)
        return "  \(name)  \(HumanNumber.integer(count))  \(places(reason))\n"
      }
      .joined()
  }

  private func places(_ reason: RejectionReason) -> String {
    let samples = inputs.flatMap { input in
      input.samples.filter { $0.reason == reason }.map { (input.name, $0) }
    }
    return samples.prefix(InputReport.samplesPerReason).map { name, sample in
      "\(VisibleText.escaped(name)):\(sample.line) (byte \(sample.offset))"
    }
    .joined(separator: ", ")
  }

  private static func count(_ number: Int64, _ noun: String) -> String {
    HumanNumber.integer(number) + " " + noun + (number == 1 ? "" : "s")
  }
}
