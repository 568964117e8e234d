import Glibc

/// Follows one row of a table to its end, through text that comes in pieces (RFC 4180).
struct TableRow {
  enum Outcome: Hashable {
    case unfinished
    /// The row's text and the position of the next row.
    case ended(Int, next: Int)
    /// A quote without an end, or text behind the quote that ends a cell.
    case broken
  }

  struct Cell {
    /// Without quotes and the space around.
    var range: Range<Int>
    var isQuoted: Bool
  }

  private enum State { case start, plain, quoted, quote, closed }

  private(set) var cells: [Cell] = []
  private let delimiter: UInt8
  private var position = 0
  private var cellStart = 0
  private var cellEnd = 0
  private var state = State.start

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// Begins a row.
  mutating func reset() {
    cells.removeAll(keepingCapacity: true)
    position = 0
    state = .start
  }

  /// Nothing stands in it.
  var isBlank: Bool { cells.count == 1 && !cells[0].isQuoted && cells[0].range.isEmpty }

  mutating func scan(_ text: UnsafeRawBufferPointer, to end: Int, isAtEnd: Bool) -> Outcome {
    while position < end {
      let byte = unsafe text[position]
      switch state {
      case .start:
        cellStart = position
        if byte == UInt8(ascii: "\"") {
          cellStart += 1
          state = .quoted
        } else if byte != UInt8(ascii: " ") {
          state = .plain
          continue
        }
        position += 1
      case .plain:
        position = unsafe plainEnd(text, to: end)
        guard position < end else { break }
        unsafe addPlain(text)
        if unsafe text[position] != delimiter { return endRow() }
        state = .start
        position += 1
      case .quoted:
        position = unsafe quote(in: text, to: end)
        guard position < end else { break }
        state = .quote
        position += 1
      case .quote:
        state = byte == UInt8(ascii: "\"") ? .quoted : .closed
        if state == .quoted { position += 1 } else { cellEnd = position - 1 }
      case .closed:
        if byte == delimiter || byte == UInt8(ascii: "\n") {
          cells.append(Cell(range: cellStart..<cellEnd, isQuoted: true))
          if byte != delimiter { return endRow() }
          state = .start
        } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\r") {
          return .broken
        }
        position += 1
      }
    }
    return unsafe isAtEnd ? endInput(text) : .unfinished
  }

  private func endRow() -> Outcome { .ended(position, next: position + 1) }

  /// A last row without an end.
  private mutating func endInput(_ text: UnsafeRawBufferPointer) -> Outcome {
    switch state {
    case .start: cells.append(Cell(range: position..<position, isQuoted: false))
    case .plain: unsafe addPlain(text)
    case .quoted: return .broken
    case .quote: cells.append(Cell(range: cellStart..<(position - 1), isQuoted: true))
    case .closed: cells.append(Cell(range: cellStart..<cellEnd, isQuoted: true))
    }
    return .ended(position, next: position)
  }

  private mutating func addPlain(_ text: UnsafeRawBufferPointer) {
    var end = position
    while end > cellStart, unsafe text[end - 1] == UInt8(ascii: " ") || text[end - 1] == 0x0D {
      end -= 1
    }
    cells.append(Cell(range: cellStart..<end, isQuoted: false))
  }

  private func plainEnd(_ text: UnsafeRawBufferPointer, to end: Int) -> Int {
    var at = position
    while at < end, unsafe text[at] != delimiter, unsafe text[at] != UInt8(ascii: "\n") { at += 1 }
    return at
  }

  private func quote(in text: UnsafeRawBufferPointer, to end: Int) -> Int {
    guard let base = text.baseAddress else { return end }
    guard let found = unsafe memchr(base + position, Int32(UInt8(ascii: "\"")), end - position)
    else { return end }
    return unsafe UnsafeRawPointer(found) - base
  }
}
