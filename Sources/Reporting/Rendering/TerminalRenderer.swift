import Billing
import Insights

/// The document as plain text for a terminal: aligned columns, no colours, no control characters.
public struct TerminalRenderer: ReportRenderer {
  public static let fileExtension = "txt"

  public init() {}

  public func render(_ document: ReportDocument) -> [UInt8] {
    var blocks = [VisibleText.escaped(document.title)]
    blocks.append(Self.list(document.head.lines, indent: ""))
    for section in document.sections {
      let title = VisibleText.escaped(section.title)
      blocks.append(title + "\n" + String(repeating: "-", count: title.count))
      blocks += section.lines.map { VisibleText.escaped($0, limit: .max) }
      for table in section.tables where !table.rows.isEmpty {
        let heading = section.tables.count > 1 ? table.title + ":\n" : ""
        blocks.append(heading + Self.table(table.forPeople))
      }
      blocks += section.findings.map(Self.finding)
    }
    blocks.append(ReportDocument.roundingNote)
    return Array((blocks.joined(separator: "\n\n") + "\n").utf8)
  }

  private static func list(_ lines: [(name: String, text: String)], indent: String) -> String {
    let width = lines.reduce(0) { max($0, $1.name.count) }
    return lines.map { line in
      let space = String(repeating: " ", count: width - line.name.count + 2)
      return indent + line.name.lowercased() + space + VisibleText.escaped(line.text, limit: .max)
    }
    .joined(separator: "\n")
  }

  private static func finding(_ finding: Finding) -> String {
    "\(finding.severity.name.uppercased())  \(finding.name)  "
      + VisibleText.escaped(FindingTable.subject(finding), limit: 400) + "\n  "
      + VisibleText.escaped(finding.summary, limit: .max) + "\n" + list(finding.lines, indent: "  ")
  }

  private static func table(_ table: Table) -> String {
    let heading = table.columns.map(\.title)
    let rows = (table.rows + [table.total].compactMap { $0 })
      .map { row in row.map { VisibleText.escaped($0.humanText) } }
    let widths = heading.indices.map { column in
      ([heading] + rows).reduce(0) { max($0, $1[column].count) }
    }
    return ([heading] + rows).map { line in
      let text = line.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - line[column].count)
        return table.columns[column].isNumeric ? space + line[column] : line[column] + space
      }
      .joined(separator: "  ")
      return "  " + String(text.reversed().drop { $0 == " " }.reversed())
    }
    .joined(separator: "\n")
  }
}
