public import Billing
public import Insights

/// A report as values: what every format prints, none of it text of a format yet.
public struct ReportDocument: Sendable {
  public var title: String
  public var head: Head
  public var sections: [Section]
  public var findings: [Finding]
  /// The one flat table that a CSV file holds.
  public var primary: Table

  /// A part of the report with its own heading.
  public struct Section: Sendable {
    /// A stable name for machines.
    public var id: String
    public var title: String
    /// Sentences before the tables: what the numbers mean.
    public var lines: [String] = []
    public var tables: [Table] = []
    /// Printed after the tables for people; machines read all findings in one list.
    public var findings: [Finding] = []

    public init(_ id: String, _ title: String) {
      self.id = id
      self.title = title
    }
  }

  /// What a reader must know before the first number.
  public struct Head: Sendable {
    public var kind: ReportKind
    public var period: Period
    public var timeZone: String
    public var dataThrough: Timestamp?
    public var priceBook: String
    public var accounting: LineAccounting
    public var coverage: Coverage
    /// One for each currency.
    public var totals: [SpendBreakdown.CurrencyTotal]
    public var notes: HistoryNotes
  }
}

/// Prints a document in one format. One file for each format.
public protocol ReportRenderer: Sendable {
  /// The file name's extension that chooses the format, without the dot.
  static var fileExtension: String { get }

  /// The document's bytes. The same document always gives the same bytes.
  func render(_ document: ReportDocument) -> [UInt8]
}

/// The formats of reports.
public enum ReportFormat {
  /// The renderer for a file name's extension, without the dot; `nil` when there is no such format.
  public static func renderer(forExtension name: String) -> (any ReportRenderer)? {
    let renderers: [any ReportRenderer] = [
      CSVRenderer(), JSONRenderer(), MarkdownRenderer(), TerminalRenderer(),
    ]
    return renderers.first { type(of: $0).fileExtension == name }
  }
}
