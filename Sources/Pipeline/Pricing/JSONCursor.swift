/// Walks over one JSON text in place: nothing is copied and nothing allocated.
struct JSONCursor {
  /// Where a value stands, and of which kind it is.
  struct Value {
    enum Kind: UInt8 {
      case absent
      /// A number, `true`, `false` or `null`.
      case plain
      /// Between its quotes, without and with escapes.
      case string, escaped
      /// With its brackets.
      case list, object
    }

    var kind = Kind.absent
    var start: Int32 = 0
    var end: Int32 = 0

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  let text: [UInt8]
  private(set) var index: Int
  private let end: Int

  /// Levels of nesting that are followed.
  private static let depthLimit = 64

  init(_ text: [UInt8], _ range: Range<Int>) {
    self.text = text
    index = range.lowerBound
    end = range.upperBound
  }

  /// The next byte that is no white space; 0 at the end.
  mutating func peek() -> UInt8 {
    while index < end {
      let byte = text[index]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      index += 1
    }
    return 0
  }

  var isAtEnd: Bool { index >= end }

  /// Steps over a byte behind white space, if it is this one.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte, index < end else { return false }
    index += 1
    return true
  }

  /// Steps over a value; `nil` when none is there.
  mutating func value(depth: Int = 0) -> Value? {
    switch peek() {
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "{"):
      return nested(.object, depth) { cursor in
        guard cursor.string() != nil, cursor.skip(UInt8(ascii: ":")) else { return false }
        return cursor.value(depth: depth + 1) != nil
      }
    case UInt8(ascii: "["):
      return nested(.list, depth) { $0.value(depth: depth + 1) != nil }
    default: return plain()
    }
  }

  /// A text in quotes.
  mutating func string() -> Value? {
    guard skip(UInt8(ascii: "\"")) else { return nil }
    let start = index
    var kind = Value.Kind.string
    while index < end {
      let byte = text[index]
      if byte == UInt8(ascii: "\"") {
        index += 1
        return Value(kind: kind, start: Int32(start), end: Int32(index - 1))
      }
      guard byte >= 0x20 else { return nil }
      if byte == UInt8(ascii: "\\") {
        kind = .escaped
        index += 1
        guard index < end else { return nil }
      }
      index += 1
    }
    return nil
  }

  private mutating func nested(
    _ kind: Value.Kind, _ depth: Int, _ part: (inout JSONCursor) -> Bool
  ) -> Value? {
    guard depth < Self.depthLimit else { return nil }
    let start = index
    index += 1
    // The closing bracket stands two behind the opening one in ASCII.
    let close = text[start] + 2
    if !skip(close) {
      repeat {
        guard part(&self) else { return nil }
      } while skip(UInt8(ascii: ","))
      guard skip(close) else { return nil }
    }
    return Value(kind: kind, start: Int32(start), end: Int32(index))
  }

  private mutating func plain() -> Value? {
    let start = index
    while index < end, Self.isPlain(text[index]) { index += 1 }
    guard start < index else { return nil }
    let first = text[start]
    let isNumber =
      (first == UInt8(ascii: "-") || Self.isDigit(first)) && Self.isDigit(text[index - 1])
    guard isNumber || Self.words.contains(where: { $0.elementsEqual(text[start..<index]) }) else {
      return nil
    }
    return Value(kind: .plain, start: Int32(start), end: Int32(index))
  }

  private static let words = ["true", "false", "null"].map { Array($0.utf8) }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isDigit(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "E")
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }
}
