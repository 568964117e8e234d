import Glibc

/// Finds lines and their edges in raw text.
enum LineScanner {
  /// The position of the next line end, or the end of the text.
  static func end(of text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = text.baseAddress, start < text.count else { return text.count }
    guard let found = unsafe memchr(base + start, Int32(UInt8(ascii: "\n")), text.count - start)
    else { return text.count }
    return unsafe UnsafeRawPointer(found) - base
  }

  /// A line without white space and NULs at its edges and, at the start of an input, without a byte
  /// order mark. A system that crashed leaves holes of NULs before or behind whole records.
  static func trimmed(
    _ text: UnsafeRawBufferPointer, _ line: Range<Int>, skippingMark: Bool
  ) -> Range<Int> {
    var start = line.lowerBound
    var end = line.upperBound
    if skippingMark {
      start += unsafe markLength(UnsafeRawBufferPointer(rebasing: text[line]))
    }
    while start < end, unsafe isSpace(text[start]) { start += 1 }
    while end > start, unsafe isSpace(text[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The length of a byte order mark at the start of a text; 0 without one.
  static func markLength(_ text: UnsafeRawBufferPointer) -> Int {
    unsafe text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  static func holdsNul(_ text: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
    guard let base = text.baseAddress, !line.isEmpty else { return false }
    return unsafe memchr(base + line.lowerBound, 0, line.count) != nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == 0
  }
}
