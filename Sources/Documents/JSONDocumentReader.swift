/// Reads strict JSON straight into document elements, with the literal text of every number.
///
/// YAML contains most of JSON, but not surrogate pairs, and its reader is far slower than a table of
/// three megabytes needs. What is not strict JSON is left to the YAML reader, which also words the
/// error.
struct JSONDocumentReader {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private var line = 1
  /// The column of the byte at `upTo`.
  private var measured: (upTo: Int, column: Int)

  /// The document; `nil` when the bytes are not one JSON object or array.
  static func read(_ bytes: ArraySlice<UInt8>) -> DocumentNode.Element? {
    var reader = JSONDocumentReader(bytes: bytes)
    reader.skipSpace()
    guard let first = reader.peek, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
      let element = reader.value(depth: 0)
    else { return nil }
    reader.skipSpace()
    return reader.peek == nil ? element : nil
  }

  /// The text of a string that stands alone, with its quotes.
  static func text(ofString quoted: ArraySlice<UInt8>) -> String? {
    var reader = JSONDocumentReader(bytes: quoted)
    return reader.string()
  }

  private init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    self.index = bytes.startIndex
    self.measured = (bytes.startIndex, 1)
  }

  private var peek: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  /// The column in Unicode scalars: continuation bytes do not count. Each byte is looked at once.
  private mutating func column() -> Int {
    for position in measured.upTo..<index where bytes[position] & 0xC0 != 0x80 {
      measured.column += 1
    }
    measured.upTo = index
    return measured.column
  }

  private mutating func skipSpace() {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        measured = (index + 1, 1)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: return
      }
      index += 1
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  /// Recursion is bounded by `DocumentLimits.depth`; what is deeper is left to the YAML reader.
  private mutating func value(depth: Int) -> DocumentNode.Element? {
    let (line, column) = (line, column())
    let content: DocumentNode.Content?
    switch peek {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < DocumentLimits.depth else { return nil }
      content = peek == UInt8(ascii: "{") ? object(depth: depth) : array(depth: depth)
    case UInt8(ascii: "\""): content = string().map { .scalar(.init(text: $0, isQuoted: true)) }
    default: content = plain().map { .scalar(.init(text: $0, isQuoted: false)) }
    }
    return content.map { .init(content: $0, line: line, column: column) }
  }

  private mutating func object(depth: Int) -> DocumentNode.Content? {
    index += 1
    var entries: [DocumentNode.Entry] = []
    skipSpace()
    if skip(UInt8(ascii: "}")) { return .mapping([]) }
    while true {
      skipSpace()
      let (line, column) = (line, column())
      guard peek == UInt8(ascii: "\""), let key = string() else { return nil }
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { return nil }
      skipSpace()
      guard let value = value(depth: depth + 1) else { return nil }
      entries.append(.init(key: key, line: line, column: column, value: value))
      skipSpace()
      if skip(UInt8(ascii: ",")) { continue }
      return skip(UInt8(ascii: "}")) ? .mapping(entries) : nil
    }
  }

  private mutating func array(depth: Int) -> DocumentNode.Content? {
    index += 1
    var items: [DocumentNode.Element] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) { return .sequence([]) }
    while true {
      skipSpace()
      guard let item = value(depth: depth + 1) else { return nil }
      items.append(item)
      skipSpace()
      if skip(UInt8(ascii: ",")) { continue }
      return skip(UInt8(ascii: "]")) ? .sequence(items) : nil
    }
  }

  /// A number, `true`, `false` or `null`, as it is written.
  private mutating func plain() -> String? {
    let start = index
    loop: while let byte = peek {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        index += 1
      default: break loop
      }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    switch text {
    case "true", "false", "null": return text
    default:
      guard let last = text.utf8.last, (48...57).contains(last),
        let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first)
      else { return nil }
      return text.utf8.contains { (97...122).contains($0) && $0 != UInt8(ascii: "e") } ? nil : text
    }
  }

  private mutating func string() -> String? {
    index += 1
    let start = index
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      index += 1
    }
    if skip(UInt8(ascii: "\"")) {
      return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
    }
    var text = Array(bytes[start..<index])
    while let byte = peek, byte >= 0x20 {
      index += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        guard let scalar = escape() else { return nil }
        text.append(contentsOf: String(Character(scalar)).utf8)
      } else {
        text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = peek else { return nil }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"):
      guard let high = hex() else { return nil }
      guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(high) }
      guard skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")), let low = hex(),
        (0xDC00...0xDFFF).contains(low)
      else { return nil }
      return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func hex() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        return nil
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
