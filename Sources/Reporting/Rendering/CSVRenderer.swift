import Billing
import Insights

/// The document's flat table by RFC 4180: comma, CRLF, a header line, exact values.
///
/// A text that a spreadsheet could take for a formula gets an apostrophe in front, by the type of
/// its column: numbers, also negative ones, stay numbers. There is no total row: it would be added
/// up with the rest.
public struct CSVRenderer: ReportRenderer {
  public static let fileExtension = "csv"

  public init() {}

  public func render(_ document: ReportDocument) -> [UInt8] { render(document.primary) }

  /// The bytes of one table.
  public func render(_ table: Table) -> [UInt8] {
    var text = table.columns.map { Self.quoted($0.id) }.joined(separator: ",") + "\r\n"
    for row in table.rows {
      text += row.map(Self.field).joined(separator: ",") + "\r\n"
    }
    return Array(text.utf8)
  }

  private static func field(_ cell: TableCell) -> String {
    guard case .text(let text) = cell else { return cell.exactText }
    return quoted(isFormula(text) ? "'" + visible(text) : visible(text))
  }

  /// The first character after spaces starts a formula or moves to another cell, in a spreadsheet of
  /// any locale.
  private static func isFormula(_ text: String) -> Bool {
    switch text.unicodeScalars.first(where: { $0 != " " })?.value {
    case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0A, 0x0D, 0x00, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20: true
    default: false
    }
  }

  /// Hidden characters escaped, but for those that CSV itself can carry.
  private static func visible(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x00, 0x09, 0x0A, 0x0D: result.append(scalar)
      default:
        if let escape = VisibleText.escape(scalar) {
          result.append(contentsOf: escape.unicodeScalars)
        } else {
          result.append(scalar)
        }
      }
    }
    return String(result)
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "'"),
        UInt8(ascii: " "), 0x00...0x1F:
        true
      default: false
      }
    }
    guard needsQuotes else { return text }
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result.append(scalar) }
      result.append(scalar)
    }
    result.append("\"")
    return String(result)
  }
}
