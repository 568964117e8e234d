/// Reads the parts of a time out of text, from its start to its end.
struct DigitCursor<Text: RandomAccessCollection<UInt8>> {
  private let text: Text
  private var index: Text.Index

  init(_ text: Text) {
    self.text = text
    self.index = text.startIndex
  }

  var isAtEnd: Bool { index == text.endIndex }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < text.endIndex, text[index] == byte else { return false }
    index = text.index(after: index)
    return true
  }

  /// The byte that comes next; 0 at the end.
  var next: UInt8 { isAtEnd ? 0 : text[index] }

  mutating func digit() -> Int? {
    guard index < text.endIndex else { return nil }
    let value = text[index] &- UInt8(ascii: "0")
    guard value < 10 else { return nil }
    index = text.index(after: index)
    return Int(value)
  }

  mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The fraction of a second; 0 when there is none, `nil` when it is malformed.
  mutating func microseconds() -> Int? {
    guard skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) else { return 0 }
    var value = 0
    var count = 0
    while let digit = digit() {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    guard (1...9).contains(count) else { return nil }
    while count < 6 {
      value *= 10
      count += 1
    }
    return value
  }

  /// The zone at the end of the text; `nil` when anything else stands there.
  mutating func zoneOffset() -> (seconds: Int, assumed: Bool)? {
    if isAtEnd { return (0, true) }
    if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return isAtEnd ? (0, false) : nil }
    let negative = skip(UInt8(ascii: "-"))
    guard negative || skip(UInt8(ascii: "+")), let hours = digits(2), hours < 24 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = skip(UInt8(ascii: ":"))
      guard let value = digits(2), value < 60 else { return nil }
      minutes = value
    }
    guard isAtEnd else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return (negative ? -seconds : seconds, false)
  }
}
