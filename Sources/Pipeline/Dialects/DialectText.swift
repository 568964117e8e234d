import Billing
import Documents
import Ingestion
import Reporting

/// The files that are built in: dialects, and the tables that dialects share.
public enum DialectText {
  /// A file.
  ///
  /// - Throws: `Failure` when there is none of this name.
  public static func named(_ name: String) throws(Failure) -> String {
    let names = BuiltInDialects.names + BuiltInDialects.tableNames
    guard names.contains(where: { $0.utf8.elementsEqual(name.utf8) }),
      let text = BuiltInDialects.text(named: name)
    else {
      throw Failure(
        "", "There is no built-in dialect `\(name)`.", DocumentNode.advice(name, among: names),
        .usage)
    }
    return text
  }
}

/// The dialects that logs are read with, in the order of detection.
public struct DialectList: Sendable {
  private let dialects: [Dialect]

  /// - Throws: `DialectSet.Failure`.
  public init(_ settings: Settings) throws {
    let set = try DialectSet(
      user: settings.reading.dialects, only: settings.reading.onlyDialect, labels: LabelTable())
    dialects = set.forced.map { [set.dialects[$0]] } ?? set.dialects
  }

  /// A row for each: name, what a line of it is, whose it is, title.
  public var text: String {
    TextColumns.aligned(
      dialects.map { dialect in
        [
          dialect.name, dialect.isEnvelope ? "envelope" : dialect.aggregates ? "sums" : "calls",
          dialect.isBuiltIn ? "built-in" : VisibleText.escaped(dialect.file),
          VisibleText.escaped(dialect.title),
        ]
      })
  }

  /// The same for machines.
  public var json: String {
    JSONValue.array(
      dialects.map { dialect in
        .object(
          [
            .init("name", .string(dialect.name)), .init("title", .string(dialect.title)),
            .init("envelope", .boolean(dialect.isEnvelope)),
            .init("aggregates", .boolean(dialect.aggregates)),
            .init("built_in", .boolean(dialect.isBuiltIn)),
          ] + JSONValue.member("file", dialect.isBuiltIn ? nil : .string(dialect.file)))
      }
    ).text
  }
}

/// Rows of text whose columns stand under one another.
enum TextColumns {
  /// - Parameters:
  ///   - rows: of the same number of cells; nothing in them acts on a terminal.
  ///   - numbers: the columns whose cells stand to the right.
  static func aligned(
    _ rows: [[String]], numbers: Set<Int> = [], indent: String = ""
  ) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line +=
          (column == 0 ? "" : "  ") + (numbers.contains(column) ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    .joined()
  }
}
