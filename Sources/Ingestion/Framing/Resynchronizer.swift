import Glibc

/// Finds where reading can go on behind damaged text: at a bracket where records begin, as far as
/// the records before tell. Inside a string that is whole no such place can be: it has no raw line
/// ends, and its quotes are escaped.
struct Resynchronizer {
  static let recordSeparator: UInt8 = 0x1E

  /// Bytes that stand before a record on its line; `nil` when records share lines.
  var column: Int? = 0 {
    didSet { if let column, column > Self.columnLimit { self.column = nil } }
  }
  /// Records stand behind separators, which stand nowhere else.
  var knowsSeparators = false
  /// Where the damage shows.
  var damage = 0
  /// No record begins before this position.
  var searched = 1

  private static let columnLimit = 256
  private static let spaceLimit = 64

  /// Bytes behind a place that say whether it is one.
  var lookAhead: Int { Self.spaceLimit + 2 }
  /// Bytes that must stay for the search to go on.
  var lookBack: Int { lookAhead + max(Self.columnLimit, 2 * Self.spaceLimit) + 4 }

  /// The first place from a position on.
  func place(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let found: Int?
    if let column {
      found = unsafe ownLine(in: text, from: start, column: column)
    } else {
      found = unsafe sharedLine(in: text, from: start)
    }
    if knowsSeparators {
      let end = found ?? text.count
      let separator = unsafe text[min(start, end)..<end].firstIndex(of: Self.recordSeparator)
      return separator ?? found
    }
    return found
  }

  /// A bracket that stands on its line where those of the records before stood.
  private func ownLine(
    in text: UnsafeRawBufferPointer, from start: Int, column: Int
  ) -> Int? {
    var lineEnd = max(start - column - 1, 0)
    while true {
      lineEnd = unsafe LineScanner.end(of: text, from: lineEnd)
      let place = lineEnd + 1 + column
      guard place < text.count else { return nil }
      if place >= start, unsafe text[place] == UInt8(ascii: "{"),
        unsafe text[(lineEnd + 1)..<place].allSatisfy({ Self.isBlank($0) })
      {
        return place
      }
      lineEnd += 1
    }
  }

  /// `},{"` or `}{"`, with or without space between, or a bracket that begins a line.
  private func sharedLine(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var at = start
    while at < text.count {
      guard let hit = unsafe memchr(base + at, Int32(UInt8(ascii: "{")), text.count - at)
      else { break }
      at = unsafe UnsafeRawPointer(hit) - base
      if unsafe beginsRecord(text, at) { return unsafe firstArray(in: text, from: start, to: at) }
      at += 1
    }
    return unsafe firstArray(in: text, from: start, to: text.count)
  }

  /// An array that begins a line before a place, else the place; `nil` when that is the text's end.
  private func firstArray(in text: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
    let near = unsafe UnsafeRawBufferPointer(rebasing: text[..<end])
    var lineEnd = max(start - 1, 0)
    while true {
      lineEnd = unsafe LineScanner.end(of: near, from: lineEnd)
      guard lineEnd + 1 < end else { return end < text.count ? end : nil }
      if unsafe text[lineEnd + 1] == UInt8(ascii: "[") { return lineEnd + 1 }
      lineEnd += 1
    }
  }

  private func beginsRecord(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    if place > 0, unsafe text[place - 1] == UInt8(ascii: "\n") { return true }
    var ahead = place + 1
    while ahead < min(text.count, place + Self.spaceLimit), unsafe Self.isSpace(text[ahead]) {
      ahead += 1
    }
    guard ahead < text.count, unsafe text[ahead] == UInt8(ascii: "\"") else { return false }
    var behind = place - 1
    let edge = max(place - 2 * Self.spaceLimit, 0)
    while behind >= edge, unsafe Self.isSpace(text[behind]) { behind -= 1 }
    if behind >= edge, unsafe text[behind] == UInt8(ascii: ",") { behind -= 1 }
    while behind >= edge, unsafe Self.isSpace(text[behind]) { behind -= 1 }
    return unsafe behind >= edge && text[behind] == UInt8(ascii: "}")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: ",")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }
}
