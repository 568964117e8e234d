/// A table with a header as JSON lines: a row is an object of strings, a cell without text is left
/// out. The header is a blank line, so that lines are counted as they stand in the table.
@safe
final class TableFramer: Framer {
  let made = FrameBuffer()
  private let limit: Int
  private var row: TableRow
  /// `,"name":"` for each column, one behind the other.
  private var keys: [UInt8] = []
  /// Where the keys end in that; none before the header.
  private var keyEnds: [Int] = []
  /// The text begins with a line that is no row and is passed on as it is.
  private var isInLine = false
  /// No line end stands before this position in it.
  private var searched = 0

  init(delimiter: UInt8, limits: InputLimits) {
    limit = limits.lineBytes
    row = TableRow(delimiter: delimiter)
  }

  func next(_ text: UnsafeRawBufferPointer, isAtEnd: Bool) -> FrameStep {
    if isInLine { return unsafe passLine(text, isAtEnd) }
    if unsafe text.isEmpty { return isAtEnd ? .end : .more }
    let outcome = unsafe row.scan(
      text, to: min(text.count, limit), isAtEnd: isAtEnd && text.count <= limit)
    switch outcome {
    case .unfinished:
      if text.count <= limit { return .more }
      return unsafe begin(text, isAtEnd)
    case .broken: return unsafe begin(text, isAtEnd)
    case .ended(let end, let next):
      defer { row.reset() }
      return unsafe endRow(text, end, next)
    }
  }

  private func endRow(_ text: UnsafeRawBufferPointer, _ end: Int, _ next: Int) -> FrameStep {
    let blank = FrameStep.pass(0, drop: next, endsLine: true)
    if row.isBlank { return blank }
    if keyEnds.isEmpty {
      unsafe readHeader(text)
      return blank
    }
    guard row.cells.count == keyEnds.count else {
      // The text itself tells most to those who look for the line that was refused.
      return .pass(end, drop: next - end, endsLine: next > end)
    }
    unsafe keys.withUnsafeBytes { keys in unsafe make(text, keys) }
    return made.isEmpty ? blank : .made(drop: next)
  }

  private func readHeader(_ text: UnsafeRawBufferPointer) {
    for name in unsafe TableHeader(text, row.cells).names {
      keys += Self.key(name)
      keyEnds.append(keys.count)
    }
  }

  // MARK: Rows

  private func make(_ text: UnsafeRawBufferPointer, _ keys: UnsafeRawBufferPointer) {
    let cells = row.cells
    let keyEnds = keyEnds
    var keyStart = 0
    // A row that is too long as an object is left unfinished behind the limit, where it is refused.
    for index in cells.indices where made.count <= limit {
      let (cell, keyEnd) = (cells[index], keyEnds[index])
      defer { keyStart = keyEnd }
      if cell.range.isEmpty { continue }
      if made.isEmpty {
        made.append(UInt8(ascii: "{"))
        keyStart += 1
      }
      unsafe made.append(UnsafeRawBufferPointer(rebasing: keys[keyStart..<keyEnd]))
      unsafe appendText(
        UnsafeRawBufferPointer(rebasing: text[cell.range]), isQuoted: cell.isQuoted)
      made.append(UInt8(ascii: "\""))
    }
    if !made.isEmpty { made.append(Self.rowEnd) }
  }

  private static let rowEnd = Array("}\n".utf8)

  /// A cell as the inside of a JSON string.
  private func appendText(_ text: UnsafeRawBufferPointer, isQuoted: Bool) {
    var start = 0
    while true {
      let at = unsafe Self.special(in: text, from: start)
      unsafe made.append(UnsafeRawBufferPointer(rebasing: text[start..<at]))
      guard at < text.count, made.count <= limit else { return }
      let byte = unsafe text[at]
      appendEscape(byte)
      start = at + 1
      // In quotes a quote stands twice.
      if isQuoted, byte == UInt8(ascii: "\"") { start += 1 }
    }
  }

  private func appendEscape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      made.append(UInt8(ascii: "\\"))
      made.append(byte)
    case UInt8(ascii: "\n"): made.append(Array("\\n".utf8))
    case UInt8(ascii: "\r"): made.append(Array("\\r".utf8))
    case UInt8(ascii: "\t"): made.append(Array("\\t".utf8))
    // A hole that a crash left: the line is refused for it, as in any other log.
    case 0: made.append(byte)
    default:
      let digits = Array("0123456789abcdef".utf8)
      made.append(Array("\\u00".utf8))
      made.append(digits[Int(byte >> 4)])
      made.append(digits[Int(byte & 15)])
    }
  }

  /// The next byte that does not stand for itself in a JSON string.
  private static func special(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    while at + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let marks =
        BytePattern.matches(of: BytePattern.quote, in: word)
        | BytePattern.matches(of: BytePattern.backslash, in: word)
        | BytePattern.controls(in: word)
      if marks != 0 { return at + BytePattern.first(marks) }
      at += 8
    }
    while at < text.count {
      let byte = unsafe text[at]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
      at += 1
    }
    return min(at, text.count)
  }

  private static func key(_ name: [UInt8]) -> [UInt8] {
    var key = Array(",\"".utf8)
    for byte in name {
      if byte < 0x20 { continue }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { key.append(UInt8(ascii: "\\")) }
      key.append(byte)
    }
    return key + Array("\":\"".utf8)
  }

  // MARK: Lines that are no rows

  /// What begins here is no row: a quote has no end, or stands where none may. The damage is told of
  /// the first line alone; the next may be a row.
  private func begin(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    isInLine = true
    searched = 0
    return unsafe passLine(text, isAtEnd)
  }

  private func passLine(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    let end = unsafe LineScanner.end(of: text, from: searched)
    let hasEnd = end < text.count
    if !hasEnd, !isAtEnd, text.count <= limit {
      searched = text.count
      return .more
    }
    searched = 0
    if hasEnd || isAtEnd {
      isInLine = false
      row.reset()
    }
    if unsafe text.isEmpty { return isAtEnd ? .end : .more }
    return .pass(end, drop: hasEnd ? 1 : 0, endsLine: hasEnd)
  }
}
