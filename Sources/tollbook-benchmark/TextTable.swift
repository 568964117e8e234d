/// Aligned columns: the first to the left, the others, numbers, to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ heading: [String]) { rows = [heading] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }
      let line = cells.joined(separator: "   ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    .joined()
  }
}

/// Measured values as text.
enum Decimals {
  /// With so many places, whatever the locale.
  ///
  /// - Parameter value: of either sign; what is too large for the places is written as it is.
  static func text(_ value: Double, places: Int) -> String {
    let one = (0..<places).reduce(1) { power, _ in power * 10 }
    guard let steps = Int(exactly: (value * Double(one)).rounded()) else { return "\(value)" }
    guard places > 0 else { return "\(steps)" }
    let (whole, rest) = steps.magnitude.quotientAndRemainder(dividingBy: one.magnitude)
    let fraction = String(rest)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(steps < 0 ? "-" : "")\(whole).\(zeros)\(fraction)"
  }
}
