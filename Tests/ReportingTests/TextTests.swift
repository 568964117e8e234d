import Billing
import Insights
import Testing

@testable import Reporting

@Suite struct TextTests {
  static let markdown: [(text: String, escaped: String)] = [
    ("gpt-4o", "gpt-4o"), ("a|b", "a\\|b"), ("`rm`", "\\`rm\\`"), ("a\nb", "a\\\\nb"),
    ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
    ("![](http://evil)", "\\!\\[\\](http\\://evil)"), ("<script>", "\\<script\\>"),
    ("*a* _b_ ~c~", "\\*a\\* \\_b\\_ \\~c\\~"), ("# h", "\\# h"), ("&amp;", "\\&amp;"),
    ("back\\slash", "back\\\\slash"), ("www.evil.com", "www\\.evil.com"),
    ("\u{1B}]8;;x", "\\\\x1b\\]8;;x"), ("\u{9B}2J", "\\\\x9b2J"), ("\u{200B}", "\\\\u{200b}"),
    ("\u{202E}txt", "\\\\u{202e}txt"), ("é e\u{301}", "é e\u{301}"),
  ]

  @Test(arguments: markdown)
  func `Markdown shows the text itself`(_ text: String, _ escaped: String) {
    #expect(Array(MarkdownRenderer.escaped(text).utf8) == Array(escaped.utf8))
  }

  @Test func `a table of Markdown keeps its columns`() {
    let name = "|`\n[x](y)<b>"
    let cell = MarkdownRenderer.escaped(name)
    let bars = cell.unicodeScalars.indices.filter { cell.unicodeScalars[$0] == "|" }
    for bar in bars {
      let before = cell.unicodeScalars[..<bar].reversed().prefix { $0 == "\\" }
      #expect(before.count % 2 == 1)
    }
    #expect(!cell.contains("\n"))
  }

  @Test func `a long name is cut`() {
    let text = VisibleText.escaped(String(repeating: "a", count: 1_000_000))
    #expect(text.count == VisibleText.lengthLimit + 1)
    #expect(text.hasSuffix("…"))
  }

  @Test func `JSON escapes and reads back`() {
    let value = JSONValue.object([.init("a\"\\", .string("\u{1B}\u{202E}\n€😀\u{E0001}"))])
    #expect(
      value.text
        == "{\n  \"a\\\"\\\\\": \"\\u001b\\u202e\\u000a€😀\\udb40\\udc01\"\n}\n")
    #expect(JSONValue.array([]).text == "[]\n")
    #expect(JSONValue.member("a", nil).isEmpty)
  }

  /// Decimal text of an amount; what people read.
  static let amounts: [(exact: String, human: String)] = [
    ("0", "0.00"), ("18402.174", "18,402.17"), ("18402.175", "18,402.18"),
    ("18402.165", "18,402.16"), ("-1234567.891", "-1,234,567.89"), ("1", "1.00"),
    ("0.5", "0.50"), ("0.056", "0.056"), ("0.0034", "0.0034"), ("0.00345", "0.0034"),
    ("0.00355", "0.0036"), ("0.000000000000000000000001", "0.000000000000000000000001"),
    ("0.999", "1.00"), ("-0.004", "-0.0040"), ("999.995", "1,000.00"),
  ]

  @Test(arguments: amounts)
  func `money as people read it`(_ exact: String, _ human: String) throws {
    #expect(HumanNumber.money(try Money(literal: exact)) == human)
  }

  @Test func `percentages as people read them`() throws {
    let text = { (part: Int64, whole: Int64) in
      Ratio(part, over: whole).map(HumanNumber.percent)
    }
    #expect(text(3, 8) == "37.5 %")
    #expect(text(0, 8) == "0.0 %")
    #expect(text(8, 8) == "100.0 %")
    #expect(text(99_997, 100_000) == "99.997 %")
    #expect(text(999_999_999_999, 1_000_000_000_000) == "almost 100 %")
    #expect(text(1, 100_000) == "0.001 %")
    #expect(text(-1, 8) == "-12.5 %")
    #expect(text(1, 1_000_000_000_000) == "below 0.000001 %")
    let most = Ratio(Money(units: .max), over: Money(units: 1))
    #expect(most.map(HumanNumber.percent) == "beyond 10^14 %")
    #expect(HumanNumber.integer(1_234_567) == "1,234,567")
    #expect(HumanNumber.integer(.min) == "-9,223,372,036,854,775,808")
  }
}
