import Billing
import Insights

/// The document in GitHub-flavoured Markdown, with columns aligned in the source.
public struct MarkdownRenderer: ReportRenderer {
  public static let fileExtension = "md"

  public init() {}

  public func render(_ document: ReportDocument) -> [UInt8] {
    var blocks = ["# " + Self.escaped(document.title)]
    blocks.append(Self.list(document.head.lines))
    blocks.append(Self.escaped(ReportDocument.roundingNote))
    for section in document.sections {
      blocks.append("## " + Self.escaped(section.title))
      blocks += section.lines.map(Self.escaped)
      for table in section.tables where !table.rows.isEmpty {
        if section.tables.count > 1 { blocks.append("### " + Self.escaped(table.title)) }
        blocks.append(Self.table(table.forPeople))
      }
      blocks += section.findings.map(Self.finding)
    }
    return Array((blocks.joined(separator: "\n\n") + "\n").utf8)
  }

  private static func list(_ lines: [(name: String, text: String)]) -> String {
    lines.map { "- **\($0.name):** \(escaped($0.text))" }.joined(separator: "\n")
  }

  private static func finding(_ finding: Finding) -> String {
    let subject = VisibleText.escaped(FindingTable.subject(finding), limit: 400)
    let heading = "#### " + escaped("\(finding.severity.name): \(finding.name)")
    return heading + (subject.isEmpty ? "" : " — " + escaped(subject)) + "\n\n"
      + escaped(finding.summary) + "\n\n" + list(finding.lines)
  }

  private static func table(_ table: Table) -> String {
    let heading = table.columns.map { escaped($0.title) }
    let rows = (table.rows + [table.total].compactMap { $0 })
      .map { row in row.map { escaped(VisibleText.escaped($0.humanText)) } }
    let widths = heading.indices.map { column in
      ([heading] + rows).reduce(3) { max($0, $1[column].count) }
    }
    let rule = table.columns.indices.map { column in
      table.columns[column].isNumeric
        ? String(repeating: "-", count: widths[column] - 1) + ":"
        : String(repeating: "-", count: widths[column])
    }
    let lines = [heading, rule] + rows
    return lines.map { line in
      let cells = line.indices.map { column in
        padded(line[column], widths[column], right: table.columns[column].isNumeric)
      }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    .joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int, right: Bool) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  /// The text as itself: nothing in it is markup, a link or an image.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in VisibleText.escaped(text, limit: .max).unicodeScalars {
      switch scalar {
      case "\\", "|", "`", "*", "_", "[", "]", "<", ">", "#", "!", "~", "&":
        result += "\\" + String(scalar)
      // GFM makes links of bare addresses: `https://`, `www.`, `a@b.c`.
      case ":" where result.hasSuffix("http") || result.hasSuffix("https"),
        "." where result.hasSuffix("www"), "@":
        result += "\\" + String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
