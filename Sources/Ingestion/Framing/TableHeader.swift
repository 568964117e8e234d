/// The names of a table's columns, and whether a first line is such a header at all.
struct TableHeader {
  enum Verdict {
    case table(delimiter: UInt8)
    case none
    case unfinished
  }

  let names: [[UInt8]]

  init(_ text: UnsafeRawBufferPointer, _ cells: [TableRow.Cell]) {
    names = cells.map { cell in
      let bytes = unsafe Array(text[cell.range])
      let name = cell.isQuoted ? Self.unquoted(bytes) : bytes
      let isEdge = { (byte: UInt8) in byte <= UInt8(ascii: " ") }
      return Array(name.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
    }
  }

  private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
    Array(String(decoding: bytes, as: UTF8.self).replacing("\"\"", with: "\"").utf8)
  }

  /// Tells a header from any other text that has commas in it: a line of a log that is no JSON must
  /// not be taken for one.
  ///
  /// - Parameters:
  ///   - isWhole: no more is looked at.
  ///   - columns: names of columns that are known, of which a header has two of one set.
  static func detect(
    _ text: UnsafeRawBufferPointer, isWhole: Bool, columns: [Set<[UInt8]>] = []
  ) -> Verdict {
    var best: (columns: Int, delimiter: UInt8)?
    for delimiter in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      var row = TableRow(delimiter: delimiter)
      switch unsafe row.scan(text, to: text.count, isAtEnd: isWhole) {
      case .unfinished: return .unfinished
      case .broken: continue
      case .ended:
        let header = unsafe TableHeader(text, row.cells)
        guard header.isOfLog || columns.contains(where: header.isKnown),
          header.names.count > best?.columns ?? 0
        else { continue }
        best = (header.names.count, delimiter)
      }
    }
    return best.map { .table(delimiter: $0.delimiter) } ?? .none
  }

  private func isKnown(_ columns: Set<[UInt8]>) -> Bool {
    names.count { columns.contains($0) } > 1 && Set(names).count == names.count
  }

  /// At least three plain names, of which one tells what was used or paid, and another one more of
  /// what logs tell.
  private var isOfLog: Bool {
    guard names.count >= 3, names.allSatisfy(Self.isPlain) else { return false }
    let words = names.map(Self.words)
    let subjects = words.count { !Self.subjects.isDisjoint(with: $0) }
    let known = words.count { !Self.subjects.union(Self.contexts).isDisjoint(with: $0) }
    return subjects > 0 && known > 1
  }

  private static let subjects: Set<String> = [
    "model", "models", "token", "tokens", "usage", "cost", "costs", "spend", "price", "credits",
  ]

  private static let contexts: Set<String> = [
    "time", "timestamp", "date", "created", "started", "start", "end", "id", "generation",
    "request", "requests", "provider", "user", "key", "status", "latency", "duration",
  ]

  private static func isPlain(_ name: [UInt8]) -> Bool {
    guard let first = name.first, name.count <= 64, isLetter(first) else { return false }
    return words(name).count <= 6
      && name.allSatisfy { isLetter($0) || isDigit($0) || " .-()/$%".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower)
      || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// `Total Cost`, `total_cost` and `totalCost` are the same two words.
  private static func words(_ name: [UInt8]) -> Set<String> {
    var words: Set<String> = []
    var word: [UInt8] = []
    var wasLower = false
    for byte in name {
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      let isPart = isDigit(byte) || (isLetter(byte) && byte != UInt8(ascii: "_"))
      if !isPart || (isUpper && wasLower) {
        if !word.isEmpty { words.insert(String(decoding: word, as: UTF8.self)) }
        word = []
      }
      if isPart { word.append(isUpper ? byte | 0x20 : byte) }
      wasLower = isPart && !isUpper
    }
    if !word.isEmpty { words.insert(String(decoding: word, as: UTF8.self)) }
    return words
  }
}
