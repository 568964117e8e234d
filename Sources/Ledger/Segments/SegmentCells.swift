import Billing

/// The cells of a stored segment, numbered as in another run's tables.
struct SegmentCells {
  /// What a segment's dictionary lists.
  enum Form {
    /// Whole cells, as the first format did.
    case whole
    /// Parts, by `CellPart`.
    case parts
  }

  /// The parts by `CellPart.rawValue`, then by number in the segment; of whole cells, the services
  /// only.
  let parts: [[Cell]]
  private let form: Form
  private let table: CellTable
  private var named = [0, 0]
  /// By pair of numbers; the largest number is what was not met yet.
  private var flat: [UInt32]
  private var met: [UInt64: CellID] = [:]

  /// Up to so many pairs have a table of their own: 1 MiB.
  private static let flatLimit = 1 << 18

  /// - Parameter limit: The most cells and texts that there can be: the size of the segment.
  init(
    from reader: inout ColumnReader, limit: Int, labels: LabelTable, cells table: CellTable,
    form: Form = .parts
  ) throws(SegmentFailure) {
    let texts = try Self.texts(from: &reader, limit: limit)
    let source = Texts(bytes: texts, labels: texts.map { labels.intern($0) })
    var parts: [[Cell]] = []
    switch form {
    case .whole:
      let fields = Array(Cell.labelFields.indices)
      let services = try Self.part(&reader, limit, source, labels: fields, hasWords: true)
      parts = [[Cell()], services]
    case .parts:
      for part in CellPart.allCases {
        parts.append(
          try Self.part(
            &reader, limit, source, labels: part.labelFields, hasWords: part.hasWords))
      }
    }
    self.parts = parts
    self.table = table
    let (pairs, overflow) = parts[0].count.multipliedReportingOverflow(by: parts[1].count)
    let isFlat = !overflow && pairs <= Self.flatLimit
    flat = Array(repeating: .max, count: isFlat ? pairs : 0)
    self.form = form
  }

  /// The services, by number in the segment.
  var services: [Cell] { parts[CellPart.service.rawValue] }

  /// The number in the segment behind a value of a part's column.
  mutating func number(_ part: CellPart, _ code: Int64) throws(SegmentFailure) -> Int {
    let number = code == 0 ? named[part.rawValue] : Int(truncatingIfNeeded: code &- 1)
    guard parts[part.rawValue].indices.contains(number) else {
      throw SegmentFailure("a row names a cell that it lacks")
    }
    if code == 0 { named[part.rawValue] += 1 }
    return number
  }

  /// The cell of two parts, in the table of the run that reads.
  mutating func cell(consumer: Int, service: Int) -> CellID {
    if !flat.isEmpty {
      let pair = consumer * services.count + service
      if flat[pair] == .max { flat[pair] = make(consumer, service).index }
      return CellID(index: flat[pair])
    }
    let pair = UInt64(consumer) << 32 | UInt64(service)
    if let known = met[pair] { return known }
    let made = make(consumer, service)
    met[pair] = made
    return made
  }

  private func make(_ consumer: Int, _ service: Int) -> CellID {
    var cell = services[service]
    if form == .parts {
      cell = cell.with(consumer: parts[CellPart.consumer.rawValue][consumer])
    }
    return table.intern(cell)
  }
}

extension SegmentCells {
  /// The texts of a dictionary, and the labels that they have in the run.
  private struct Texts {
    var bytes: [[UInt8]]
    var labels: [Label]
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

  /// Cells with nothing but these fields.
  private static func part(
    _ reader: inout ColumnReader, _ limit: Int, _ texts: Texts, labels fields: [Int],
    hasWords: Bool
  ) throws(SegmentFailure) -> [Cell] {
    let count = try reader.count(atMost: limit)
    var labels = [InlineArray<16, Label>](repeating: InlineArray(repeating: .none), count: count)
    for field in fields {
      for (row, number) in try reader.column(count).enumerated() {
        guard texts.labels.indices.contains(Int(number)) else { throw lacksText }
        labels[row][field] = texts.labels[Int(number)]
      }
    }
    guard hasWords else { return labels.map { Cell(labels: $0) } }
    var words = [InlineArray<8, UInt8>](repeating: InlineArray(repeating: 0), count: count)
    for field in Cell.wordFields.indices {
      let codes = try codes(of: try reader.column(count), texts.bytes, Cell.wordNames[field])
      for row in codes.indices { words[row][field] = codes[row] }
    }
    var cells: [Cell] = []
    cells.reserveCapacity(count)
    for (row, flags) in try reader.column(count).enumerated() {
      guard let flags = UInt8(exactly: flags).map(Cell.Flags.init(rawValue:)),
        let cell = Cell(labels: labels[row], words: words[row], flags: flags)
      else { throw unknownWord }
      cells.append(cell)
    }
    return cells
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
