import Billing

/// What stands before the JSON of a line: nothing in most logs, a time and more where a container or
/// syslog wrote the line, `data:` in a stream of server-sent events.
enum LinePrefix {
  enum Content {
    /// A record or a list of records, with the time that stands before it.
    case json(Range<Int>, time: Timestamp?)
    /// A line that carries nothing: a comment or a field of an event stream.
    case nothing
    case other
  }

  /// Looks at a line whose first byte is no white space.
  static func content(of text: UnsafeRawBufferPointer, _ line: Range<Int>) -> Content {
    let first = unsafe text[line.lowerBound]
    if first == UInt8(ascii: "{") { return .json(line, time: nil) }
    if first == UInt8(ascii: "["), unsafe beginsList(text, line) { return .json(line, time: nil) }
    // RFC 7464.
    if first == 0x1E { return unsafe afterMark(text, line, length: 1) }
    if unsafe begins(text, line, "data:") { return unsafe afterMark(text, line, length: 5) }
    let fields: [StaticString] = ["event:", "id:", "retry:", ":"]
    for field in fields where unsafe begins(text, line, field) { return .nothing }
    return unsafe behindPrefix(text, line)
  }

  /// `[{` or `[]`: a bracket alone may begin a line of text.
  private static func beginsList(_ text: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
    var index = line.lowerBound + 1
    while index < line.upperBound, unsafe isSpace(text[index]) { index += 1 }
    guard index < line.upperBound else { return false }
    return unsafe [UInt8(ascii: "{"), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains(text[index])
  }

  private static func afterMark(
    _ text: UnsafeRawBufferPointer, _ line: Range<Int>, length: Int
  ) -> Content {
    var start = line.lowerBound + length
    while start < line.upperBound, unsafe isSpace(text[start]) { start += 1 }
    guard start < line.upperBound else { return .nothing }
    let rest = start..<line.upperBound
    if unsafe begins(text, rest, "[DONE]") { return .nothing }
    let first = unsafe text[start]
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      ? .json(rest, time: nil) : .other
  }

  /// A prefix ends at the first brace and holds no quote: else the line is the rest of a record that
  /// was cut. Syslog's structured data has quotes, and its lines begin with `<`.
  private static func behindPrefix(
    _ text: UnsafeRawBufferPointer, _ line: Range<Int>
  ) -> Content {
    // A record behind a comment mark is meant not to be read.
    if unsafe text[line.lowerBound] == UInt8(ascii: "#") { return .other }
    if unsafe text[line.lowerBound] == UInt8(ascii: "/") { return .other }
    let isSyslog = unsafe text[line.lowerBound] == UInt8(ascii: "<")
    guard unsafe text[line.upperBound - 1] == UInt8(ascii: "}") else { return .other }
    let limit = min(line.upperBound, line.lowerBound + 1024)
    for index in line.lowerBound..<limit {
      let byte = unsafe text[index]
      if byte == UInt8(ascii: "{") {
        let before = unsafe text[index - 1]
        guard before == UInt8(ascii: " ") || before == UInt8(ascii: "\t") else { return .other }
        return .json(
          index..<line.upperBound,
          time: unsafe time(in: text, line.lowerBound..<index))
      }
      if byte == UInt8(ascii: "\""), !isSyslog { return .other }
    }
    return .other
  }

  /// The first word of a prefix that is a time with its zone, among the first three.
  private static func time(
    in text: UnsafeRawBufferPointer, _ prefix: Range<Int>
  ) -> Timestamp? {
    var start = prefix.lowerBound
    for _ in 0..<3 {
      while start < prefix.upperBound, unsafe isSpace(text[start]) { start += 1 }
      var end = start
      while end < prefix.upperBound, unsafe !isSpace(text[end]) { end += 1 }
      guard start < end else { return nil }
      let word = unsafe UnsafeRawBufferPointer(rebasing: text[start..<end])
      if let parsed = unsafe Timestamp.parse(word), !parsed.zoneAssumed { return parsed.time }
      start = end
    }
    return nil
  }

  private static func begins(
    _ text: UnsafeRawBufferPointer, _ line: Range<Int>, _ mark: StaticString
  ) -> Bool {
    guard line.count >= mark.utf8CodeUnitCount else { return false }
    for index in 0..<mark.utf8CodeUnitCount
    where unsafe text[line.lowerBound + index] != mark.utf8Start[index] {
      return false
    }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
