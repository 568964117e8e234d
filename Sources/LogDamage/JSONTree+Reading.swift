extension JSONTree {
  /// Reads one value that is all of the text; `nil` when it is none.
  public init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let tree = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = tree
  }

  /// Strict, and shares nothing with the reader of logs.
  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    static let depthLimit = 600

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return position == bytes.count
      }
    }

    mutating func skipSpace() {
      while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    mutating func takes(_ byte: UInt8) -> Bool {
      skipSpace()
      guard next == byte else { return false }
      position += 1
      return true
    }

    mutating func value(depth: Int) -> JSONTree? {
      skipSpace()
      guard depth < Self.depthLimit, let first = next else { return nil }
      switch first {
      case UInt8(ascii: "{"): return object(depth: depth)
      case UInt8(ascii: "["): return list(depth: depth)
      case UInt8(ascii: "\""): return string().map { .literal($0) }
      default: return bare().map { .literal($0) }
      }
    }

    mutating func object(depth: Int) -> JSONTree? {
      position += 1
      if takes(UInt8(ascii: "}")) { return .object([]) }
      var members: [Member] = []
      repeat {
        skipSpace()
        guard let key = string(), takes(UInt8(ascii: ":")), let value = value(depth: depth + 1)
        else { return nil }
        members.append(Member(key: key, value: value))
      } while takes(UInt8(ascii: ","))
      return takes(UInt8(ascii: "}")) ? .object(members) : nil
    }

    mutating func list(depth: Int) -> JSONTree? {
      position += 1
      if takes(UInt8(ascii: "]")) { return .list([]) }
      var elements: [JSONTree] = []
      repeat {
        guard let value = value(depth: depth + 1) else { return nil }
        elements.append(value)
      } while takes(UInt8(ascii: ","))
      return takes(UInt8(ascii: "]")) ? .list(elements) : nil
    }

    /// A string with its quotes.
    mutating func string() -> [UInt8]? {
      let start = position
      guard next == UInt8(ascii: "\"") else { return nil }
      position += 1
      while let byte = next {
        if byte < 0x20 { return nil }
        position += byte == UInt8(ascii: "\\") ? 2 : 1
        if byte == UInt8(ascii: "\"") { return Array(bytes[start..<position]) }
      }
      return nil
    }

    /// A number or a word.
    mutating func bare() -> [UInt8]? {
      let start = position
      while let byte = next, isBare(byte) { position += 1 }
      return start < position ? Array(bytes[start..<position]) : nil
    }

    private func isBare(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "E"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
  }
}

/// Text of JSON in strings of JSON.
enum QuotedJSON {
  /// A string literal that holds the text.
  static func quote(_ text: [UInt8]) -> [UInt8] {
    var literal = [UInt8(ascii: "\"")]
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): literal += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: literal.append(UInt8(ascii: " "))
      default: literal.append(byte)
      }
    }
    return literal + [UInt8(ascii: "\"")]
  }

  /// The value that a string literal holds; `nil` when it holds none, or hides it behind escapes
  /// other than of quotes and backslashes.
  static func tree(in literal: [UInt8]) -> JSONTree? {
    guard literal.count > 4, [0x7B, 0x5B].contains(literal[1]) else { return nil }
    var text: [UInt8] = []
    var isEscape = false
    for byte in literal.dropFirst().dropLast() {
      if isEscape, ![0x22, 0x5C, 0x2F].contains(byte) { return nil }
      if !isEscape, byte == UInt8(ascii: "\\") {
        isEscape = true
        continue
      }
      isEscape = false
      text.append(byte)
    }
    return JSONTree(text)
  }
}
