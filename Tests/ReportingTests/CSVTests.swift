import Billing
import Insights
import Reporting
import Testing

@Suite struct CSVTests {
  private static func line(_ cell: TableCell) -> String {
    var table = Table("t", "T", columns: [.init("c", "C", .text)])
    table.rows = [[cell]]
    let text = String(decoding: CSVRenderer().render(table), as: UTF8.self)
    return String(text.unicodeScalars.dropFirst("c\r\n".unicodeScalars.count))
  }

  /// A text from a log; the field that a spreadsheet may see.
  static let texts: [(text: String, field: String)] = [
    ("gpt-4o", "gpt-4o"),
    ("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\""),
    ("+1", "\"'+1\""), ("-2+3+cmd|' /C calc'!A0", "\"'-2+3+cmd|' /C calc'!A0\""),
    ("@SUM(A1)", "\"'@SUM(A1)\""), ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""),
    ("\n=1", "\"'\n=1\""), ("\0=1", "\"'\0=1\""), ("＝1", "\"'＝1\""), ("＋1", "\"'＋1\""),
    ("－1", "\"'－1\""), ("＠a", "\"'＠a\""), ("  =1", "\"'  =1\""),
    ("a,b", "\"a,b\""), ("a;b", "\"a;b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("a=b", "a=b"), ("1-2", "1-2"), ("line\r\nbreak", "\"line\r\nbreak\""),
    ("\u{1B}[2J", "\\x1b[2J"), ("a\u{202E}b", "a\\u{202e}b"), ("", ""),
  ]

  @Test(arguments: texts)
  func `a text never becomes a formula`(_ text: String, _ field: String) {
    #expect(Array(Self.line(.text(text)).utf8) == Array((field + "\r\n").utf8))
  }

  // Acceptance row 87.
  @Test func `numbers stay numbers`() {
    #expect(Self.line(.money(Money(units: -5 * Money.unitsPerOne))) == "-5\r\n")
    #expect(Self.line(.decimal(ExactDecimal(-7))) == "-7\r\n")
    #expect(Self.line(.integer(-3)) == "-3\r\n")
    #expect(Self.line(.percent(Ratio(-1 as Int64, over: 3))) == "-0.333333\r\n")
    #expect(Self.line(.empty) == "\r\n")
  }

  @Test func `amounts are exact`() throws {
    let literal = "0.00032839999999999996"
    #expect(Self.line(.money(try Money(literal: literal))) == literal + "\r\n")
  }
}
