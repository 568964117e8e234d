public import Billing
public import Insights

/// Rows and columns of typed values, before any text.
public struct Table: Sendable, Hashable {
  /// A stable name for machines: `spend`, `fallback_by_edge`.
  public var id: String
  public var title: String
  public var columns: [Column]
  /// Each row has one cell for each column.
  public var rows: [[TableCell]]
  /// The exact totals, shown to people; `nil` when a total would mean nothing.
  public var total: [TableCell]?

  public init(_ id: String, _ title: String, columns: [Column]) {
    self.id = id
    self.title = title
    self.columns = columns
    self.rows = []
  }

  /// What a column holds.
  public struct Column: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
      case text, integer, money, decimal, percent, date, time
    }

    /// Who sees the column: files for machines have all of them.
    public enum Audience: Sendable, Hashable {
      case everyone, machines
    }

    /// The key in JSON and the heading in CSV.
    public var id: String
    public var title: String
    public var kind: Kind
    /// `requests`, `tokens`, `currency`: what one of it is; empty for texts.
    public var unit: String
    public var audience: Audience

    public init(
      _ id: String, _ title: String, _ kind: Kind, unit: String = "",
      for audience: Audience = .everyone
    ) {
      self.id = id
      self.title = title
      self.kind = kind
      self.unit = unit
      self.audience = audience
    }

    /// Numbers stand at the right.
    public var isNumeric: Bool {
      switch kind {
      case .integer, .money, .decimal, .percent: true
      case .text, .date, .time: false
      }
    }
  }

  /// The table as people see it.
  var forPeople: Table {
    let shown = columns.indices.filter { columns[$0].audience == .everyone }
    var table = self
    table.columns = shown.map { columns[$0] }
    table.rows = rows.map { row in shown.map { row[$0] } }
    table.total = total.map { row in shown.map { row[$0] } }
    return table
  }
}

/// One value of a table.
public enum TableCell: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  /// In the currency that stands in the row.
  case money(Money)
  case decimal(ExactDecimal)
  /// A fraction: 0.05 is 5 %.
  case percent(Ratio)
  case date(Day)
  case time(Timestamp)
  /// Not known, or without meaning here. Never zero.
  case empty

  /// A text, or `empty` when the log does not say.
  public static func label(_ text: String) -> TableCell { text.isEmpty ? .empty : .text(text) }

  public static func money(_ amount: Money?) -> TableCell { amount.map { .money($0) } ?? .empty }

  public static func percent(_ ratio: Ratio?) -> TableCell { ratio.map { .percent($0) } ?? .empty }

  public static func percent(_ fraction: ExactDecimal?) -> TableCell {
    .percent(fraction.flatMap { Ratio($0) })
  }
}
