/// Follows one JSON value to its end, through text that comes in pieces.
///
/// It knows brackets, strings and separators, so that a record that was damaged is told where the
/// damage is and not at the end of the file. What scalars and escapes say is for the reader of the
/// line.
struct ValueScanner {
  enum Outcome: Hashable {
    /// The value goes on behind the text.
    case unfinished
    /// The value ends before this position.
    case ended(Int)
    /// What stands at this position cannot stand there.
    case broken(Int)
  }

  private enum Expectation { case value, element, key, member, colon, separator }

  private enum Lexeme { case none, string, escape, scalar }

  /// Up to where it has looked, from the value's first byte.
  private(set) var position = 0
  /// Behind the bracket of a list of records that stands in the value itself, while it is open.
  private(set) var openList: Int?
  private var expectation = Expectation.value
  private var lexeme = Lexeme.none
  private(set) var depth = 0
  /// A bit for each open bracket, the innermost the lowest: 1 for an object.
  private var path: UInt64 = 0
  /// Those of further brackets outside, in words of 64.
  private var outer: [UInt64] = []
  /// The last key of the value itself; `nil` when it is of no use.
  private var key: Range<Int>?
  private var keyStart = 0
  private var seesKeys = true

  /// More levels are damage: their number alone must not fill the memory.
  private static let depthLimit = 1 << 20

  init() {}

  /// Goes on in an object, behind one of its values.
  static func inObject() -> ValueScanner {
    var scanner = ValueScanner()
    _ = scanner.open(isObject: true)
    scanner.expectation = .separator
    scanner.seesKeys = false
    return scanner
  }

  /// A scalar without brackets is whole if nothing follows.
  var isWholeAtEnd: Bool { depth == 0 && lexeme == .scalar }

  /// Bytes in front of the text were taken away.
  mutating func shift(by count: Int) {
    position -= count
    seesKeys = false
    openList = nil
  }

  /// Goes on to the value's end, or to a position.
  mutating func scan(_ text: UnsafeRawBufferPointer, to end: Int) -> Outcome {
    var at = position
    defer { position = at }
    if lexeme != .none, let outcome = unsafe resume(text, &at, end) { return outcome }
    while at < end {
      switch unsafe text[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
      case UInt8(ascii: "\""):
        guard takesString else { return .broken(at) }
        keyStart = at + 1
        at += 1
        lexeme = .string
        if let outcome = unsafe finishString(text, &at, end) { return outcome }
      case UInt8(ascii: ":"):
        guard expectation == .colon else { return .broken(at) }
        expectation = .value
        at += 1
      case UInt8(ascii: ","):
        guard expectation == .separator else { return .broken(at) }
        expectation = path & 1 == 1 ? .key : .value
        at += 1
      case UInt8(ascii: "{"):
        guard takesValue, open(isObject: true) else { return .broken(at) }
        at += 1
      case UInt8(ascii: "["):
        guard takesValue else { return .broken(at) }
        if depth == 1, seesKeys, path & 1 == 1 { unsafe noteList(text, at + 1) }
        guard open(isObject: false) else { return .broken(at) }
        at += 1
      case UInt8(ascii: "}"):
        guard path & 1 == 1, expectation == .separator || expectation == .member
        else { return .broken(at) }
        at += 1
        if close() { return .ended(at) }
      case UInt8(ascii: "]"):
        guard path & 1 == 0, expectation == .separator || expectation == .element
        else { return .broken(at) }
        at += 1
        if close() { return .ended(at) }
      case let byte:
        guard takesValue, Self.isScalar(byte) else { return .broken(at) }
        lexeme = .scalar
        if let outcome = unsafe finishScalar(text, &at, end) { return outcome }
      }
    }
    return .unfinished
  }

  private var takesValue: Bool { expectation == .value || expectation == .element }

  private var takesString: Bool {
    takesValue || expectation == .key || expectation == .member
  }

  private mutating func open(isObject: Bool) -> Bool {
    guard depth < Self.depthLimit else { return false }
    if depth & 63 == 0, depth > 0 { outer.append(path) }
    path = path << 1 | (isObject ? 1 : 0)
    depth += 1
    expectation = isObject ? .member : .element
    return true
  }

  /// - Returns: whether that was the value's end.
  private mutating func close() -> Bool {
    path >>= 1
    depth -= 1
    if depth & 63 == 0, let word = outer.popLast() { path = word }
    if depth == 1 { openList = nil }
    expectation = .separator
    return depth == 0
  }

  private mutating func resume(
    _ text: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int
  ) -> Outcome? {
    switch lexeme {
    case .none: nil
    case .string, .escape: unsafe finishString(text, &at, end)
    case .scalar: unsafe finishScalar(text, &at, end)
    }
  }

  /// Goes to the end of a string.
  ///
  /// - Returns: `nil` when the value goes on behind it.
  private mutating func finishString(
    _ text: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int
  ) -> Outcome? {
    while true {
      if lexeme == .escape {
        guard at < end else { return .unfinished }
        // The second byte of an escape may be a quote; a line end is none.
        if unsafe text[at] != UInt8(ascii: "\n") { at += 1 }
        lexeme = .string
      }
      at = unsafe Self.mark(in: text, from: at, to: end)
      guard at < end else { return .unfinished }
      switch unsafe text[at] {
      case UInt8(ascii: "\\"): lexeme = .escape
      case UInt8(ascii: "\""):
        at += 1
        lexeme = .none
        return endString(before: at - 1) ? .ended(at) : nil
      default: return .broken(at)
      }
      at += 1
    }
  }

  /// - Returns: whether that was the value's end.
  private mutating func endString(before end: Int) -> Bool {
    if takesValue {
      expectation = .separator
      return depth == 0
    }
    key = depth == 1 && seesKeys ? keyStart..<end : nil
    expectation = .colon
    return false
  }

  private mutating func finishScalar(
    _ text: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int
  ) -> Outcome? {
    while at < end, unsafe Self.isScalar(text[at]) { at += 1 }
    guard at < end else { return .unfinished }
    lexeme = .none
    expectation = .separator
    return depth == 0 ? .ended(at) : nil
  }

  private mutating func noteList(_ text: UnsafeRawBufferPointer, _ start: Int) {
    guard let key else { return }
    let isList = Envelope.lists.contains { name in
      unsafe name.count == key.count && text[key].elementsEqual(name)
    }
    if isList { openList = start }
  }

  /// The next byte of a string that is not plain: a quote, a backslash or a line end.
  static func mark(in text: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var position = start
    while position + 8 <= end {
      let word = unsafe text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let marks =
        BytePattern.matches(of: BytePattern.quote, in: word)
        | BytePattern.matches(of: BytePattern.backslash, in: word)
        | BytePattern.matches(of: BytePattern.lineEnd, in: word)
      if marks != 0 { return position + BytePattern.first(marks) }
      position += 8
    }
    while position < end {
      switch unsafe text[position] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"): return position
      default: position += 1
      }
    }
    return end
  }

  /// Numbers and words, right or wrong.
  @inline(__always)
  private static func isScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}

/// A document that is one object around a list of records.
enum Envelope {
  /// The keys of such lists.
  static let lists: [[UInt8]] = ["data", "logs", "records", "Records", "result", "value", "items"]
    .map { Array($0.utf8) }
}
