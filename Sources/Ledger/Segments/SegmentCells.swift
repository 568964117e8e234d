import Billing

/// The cells of a stored segment, numbered as in another run's tables.
struct SegmentCells {
  /// By number in the segment.
  let ids: [CellID]
  let cells: [Cell]
  private var named = 0

  /// - Parameter limit: The most cells and texts that there can be: the size of the segment.
  init(
    from reader: inout ColumnReader, limit: Int, labels: LabelTable, cells table: CellTable
  ) throws(SegmentFailure) {
    let texts = try Self.texts(from: &reader, limit: limit)
    let interned = texts.map { labels.intern($0) }
    let count = try reader.count(atMost: limit)
    var cellLabels = [InlineArray<16, Label>](
      repeating: InlineArray(repeating: .none), count: count)
    for field in Cell.labelFields.indices {
      for (row, number) in try reader.column(count).enumerated() {
        guard interned.indices.contains(Int(number)) else { throw Self.lacksText }
        cellLabels[row][field] = interned[Int(number)]
      }
    }
    var cellWords = [InlineArray<8, UInt8>](repeating: InlineArray(repeating: 0), count: count)
    for field in Cell.wordFields.indices {
      let codes = try Self.codes(of: try reader.column(count), texts, Cell.wordNames[field])
      for row in codes.indices { cellWords[row][field] = codes[row] }
    }
    var cells: [Cell] = []
    cells.reserveCapacity(count)
    for (row, flags) in try reader.column(count).enumerated() {
      guard let flags = UInt8(exactly: flags).map(Cell.Flags.init(rawValue:)),
        let cell = Cell(labels: cellLabels[row], words: cellWords[row], flags: flags)
      else { throw Self.unknownWord }
      cells.append(cell)
    }
    self.cells = cells
    ids = cells.map { table.intern($0) }
  }

  /// The number in the segment behind a value of the cell column.
  mutating func number(_ code: Int64) throws(SegmentFailure) -> Int {
    let number = code == 0 ? named : Int(truncatingIfNeeded: code &- 1)
    guard ids.indices.contains(number) else {
      throw SegmentFailure("a row names a cell that it lacks")
    }
    if code == 0 { named += 1 }
    return number
  }

  private static func texts(from reader: inout ColumnReader, limit: Int) throws(SegmentFailure)
    -> [[UInt8]]
  {
    let count = try reader.count(atMost: limit)
    var texts: [[UInt8]] = []
    texts.reserveCapacity(count)
    for length in try reader.column(count) {
      texts.append(Array(try reader.raw(Int(truncatingIfNeeded: length))))
    }
    return texts
  }

  /// The raw values plus one behind a column of words.
  private static func codes(of numbers: [Int64], _ texts: [[UInt8]], _ names: [String])
    throws(SegmentFailure) -> [UInt8]
  {
    var known: [Int64: UInt8] = [0: 0]
    var codes: [UInt8] = []
    codes.reserveCapacity(numbers.count)
    for number in numbers {
      if let code = known[number] {
        codes.append(code)
        continue
      }
      guard texts.indices.contains(Int(number)) else { throw lacksText }
      let word = texts[Int(number)]
      guard let raw = names.firstIndex(where: { $0.utf8.elementsEqual(word) }) else {
        throw unknownWord
      }
      known[number] = UInt8(raw + 1)
      codes.append(UInt8(raw + 1))
    }
    return codes
  }

  private static let lacksText = SegmentFailure("a cell names a text that it lacks")
  private static let unknownWord = SegmentFailure("a cell has a word that is not known")
}
