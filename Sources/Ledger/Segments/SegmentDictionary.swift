import Billing

/// Numbers the cells and texts of one segment, in the order in which its rows name them.
///
/// Rows stand in an order that depends on their content only, so that the numbers do too: the
/// same facts give the same bytes, whatever labels they had in the run. Order of appearance needs
/// no sorting of texts, and makes a column all zeros where every row has a part of its own.
struct SegmentDictionary {
  private let cells: CellList
  private let texts: [String]
  private let split: CellParts

  /// By part: number in the segment plus one, by number in the run; 0 for what this segment has not.
  private var partNumbers: [[UInt32]]
  /// By part: what this segment has, by number in the segment.
  private var usedParts: [[UInt32]]
  /// Number in the segment plus one, by number in the run; 0 for what this segment has not.
  private var labelNumbers: [UInt32]
  private var usedTexts: [String] = [""]
  private var usedLabels: [UInt32] = [0]
  private var wordNumbers: [[UInt32]] = []

  init(labels: LabelTable, cells: CellTable, splitter: CellSplitter) {
    // The texts after the cells: a cell names only labels that are in the table before it.
    self.cells = cells.snapshot
    self.texts = labels.snapshot
    split = splitter.parts(of: self.cells)
    partNumbers = split.parts.map { Array(repeating: 0, count: $0.count) }
    usedParts = split.parts.map { _ in [] }
    labelNumbers = Array(repeating: 0, count: self.texts.count)
    reset()
  }

  /// Starts another segment.
  mutating func reset() {
    for part in usedParts.indices {
      for number in usedParts[part] { partNumbers[part][Int(number)] = 0 }
      usedParts[part].removeAll(keepingCapacity: true)
    }
    for label in usedLabels { labelNumbers[Int(label)] = 0 }
    usedTexts = [""]
    usedLabels = [0]
    labelNumbers[0] = 1
    wordNumbers = Cell.wordNames.map { Array(repeating: 0, count: $0.count) }
  }

  /// A part of the cells of all rows.
  ///
  /// - Returns: As the column holds it, 0 for the next new one, else its number plus one; and the
  ///   number in the segment.
  mutating func column(of part: CellPart, _ cells: [CellID]) -> (codes: [Int64], numbers: [Int]) {
    let ofCell = split.numbers[part.rawValue]
    var inSegment = partNumbers[part.rawValue]
    partNumbers[part.rawValue] = []
    defer { partNumbers[part.rawValue] = inSegment }
    var codes: [Int64] = []
    var numbers: [Int] = []
    codes.reserveCapacity(cells.count)
    numbers.reserveCapacity(cells.count)
    for cell in cells {
      let number = Int(ofCell[Int(cell.index)])
      let known = inSegment[number]
      codes.append(Int64(known))
      if known == 0 {
        usedParts[part.rawValue].append(UInt32(number))
        inSegment[number] = UInt32(usedParts[part.rawValue].count)
      }
      numbers.append(Int(inSegment[number]) - 1)
    }
    return (codes, numbers)
  }

  /// The parts that the rows named, by number in the segment.
  func used(_ part: CellPart) -> [Cell] {
    usedParts[part.rawValue].map { split.parts[part.rawValue][Int($0)] }
  }

  /// The cell of the run's table.
  func cell(_ id: CellID) -> Cell { cells[id] }

  /// Appends the texts and cells that the rows named.
  mutating func write(to writer: inout ColumnWriter) {
    var columns: [[[Int64]]] = []
    for part in CellPart.allCases { columns.append(self.columns(of: part)) }
    writer.append(varint: UInt64(usedTexts.count))
    writer.append(column: usedTexts.map { Int64($0.utf8.count) })
    for text in usedTexts { writer.append(utf8: text) }
    for part in CellPart.allCases {
      writer.append(varint: UInt64(usedParts[part.rawValue].count))
      for column in columns[part.rawValue] { writer.append(column: column) }
    }
  }

  private mutating func columns(of part: CellPart) -> [[Int64]] {
    let used = used(part)
    var columns = part.labelFields.map { field in
      used.map { number(of: Cell.labelFields[field]($0)) }
    }
    guard part.hasWords else { return columns }
    for (index, field) in Cell.wordFields.enumerated() {
      columns.append(used.map { number(ofWord: field($0), index) })
    }
    columns.append(used.map { Int64($0.flags.rawValue) })
    return columns
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
