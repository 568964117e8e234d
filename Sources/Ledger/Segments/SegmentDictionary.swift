import Billing

/// Numbers the cells and texts of one segment, in the order in which its rows name them.
///
/// Rows stand in an order that depends on their content only, so that the numbers do too: the
/// same facts give the same bytes, whatever labels they had in the run. Order of appearance needs
/// no sorting of texts, and makes the cell column all zeros where every row has a cell of its own.
struct SegmentDictionary {
  private let cells: [Cell]
  private let texts: [String]

  /// Number in the segment plus one, by number in the run; 0 for what this segment has not.
  private var cellNumbers: [UInt32]
  private var labelNumbers: [UInt32]
  /// What this segment has, by number in the segment.
  private var usedCells: [UInt32] = []
  private var usedTexts: [String] = [""]
  private var usedLabels: [UInt32] = [0]
  private var wordNumbers: [[UInt32]] = []

  init(labels: LabelTable, cells: CellTable) {
    // The texts after the cells: a cell names only labels that are in the table before it.
    self.cells = cells.snapshot
    self.texts = labels.snapshot
    cellNumbers = Array(repeating: 0, count: self.cells.count)
    labelNumbers = Array(repeating: 0, count: self.texts.count)
    reset()
  }

  /// Starts another segment.
  mutating func reset() {
    for cell in usedCells { cellNumbers[Int(cell)] = 0 }
    for label in usedLabels { labelNumbers[Int(label)] = 0 }
    usedCells.removeAll(keepingCapacity: true)
    usedTexts = [""]
    usedLabels = [0]
    labelNumbers[0] = 1
    wordNumbers = Cell.wordNames.map { Array(repeating: 0, count: $0.count) }
  }

  /// The cell as its column holds it: 0 for the next new one, else its number plus one.
  mutating func code(of cell: CellID) -> Int64 {
    let known = cellNumbers[Int(cell.index)]
    if known != 0 { return Int64(known) }
    usedCells.append(cell.index)
    cellNumbers[Int(cell.index)] = UInt32(usedCells.count)
    return 0
  }

  /// The cell of the run's table.
  func cell(_ id: CellID) -> Cell { cells[Int(id.index)] }

  /// Appends the texts and cells that the rows named.
  mutating func write(to writer: inout ColumnWriter) {
    let used = usedCells.map { cells[Int($0)] }
    var columns = Cell.labelFields.map { field in used.map { number(of: field($0)) } }
    for (index, field) in Cell.wordFields.enumerated() {
      columns.append(used.map { number(ofWord: field($0), index) })
    }
    columns.append(used.map { Int64($0.flags.rawValue) })
    writer.append(varint: UInt64(usedTexts.count))
    writer.append(column: usedTexts.map { Int64($0.utf8.count) })
    for text in usedTexts { writer.append(utf8: text) }
    writer.append(varint: UInt64(used.count))
    for column in columns { writer.append(column: column) }
  }

  private mutating func number(of label: Label) -> Int64 {
    let known = labelNumbers[Int(label.index)]
    if known != 0 { return Int64(known) - 1 }
    let number = usedTexts.count
    usedTexts.append(texts[Int(label.index)])
    usedLabels.append(label.index)
    labelNumbers[Int(label.index)] = UInt32(number + 1)
    return Int64(number)
  }

  private mutating func number(ofWord code: UInt8, _ column: Int) -> Int64 {
    if code == 0 { return 0 }
    let known = wordNumbers[column][Int(code) - 1]
    if known != 0 { return Int64(known) }
    let number = usedTexts.count
    usedTexts.append(Cell.wordNames[column][Int(code) - 1])
    wordNumbers[column][Int(code) - 1] = UInt32(number)
    return Int64(number)
  }
}
