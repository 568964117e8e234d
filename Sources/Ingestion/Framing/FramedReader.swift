/// Turns text of another framing into JSON lines: one unit after the other, from the front of what
/// has been read.
protocol Framer: AnyObject {
  /// Text that stands nowhere in the input; goes out with `FrameStep.made`.
  var made: FrameBuffer { get }

  /// What is to become of the beginning of the text.
  ///
  /// The same bytes must go out however the text was read, for offsets count them: a verdict may
  /// depend on text that is there, never on text that is not there yet.
  ///
  /// - Parameter isAtEnd: nothing follows the text.
  func next(_ text: UnsafeRawBufferPointer, isAtEnd: Bool) -> FrameStep
}

/// What becomes of the beginning of the text.
enum FrameStep {
  /// More text is needed to tell; not at the end.
  case more
  /// It is between units.
  case skip(Int)
  /// So many bytes go out, with a space for each line end; what is dropped follows them.
  case pass(Int, drop: Int, endsLine: Bool)
  /// What was made goes out; the text that it was made of is dropped.
  case made(drop: Int)
  /// Nothing is left.
  case end
}

/// An input of another framing, as JSON lines. The memory is that of one unit.
@safe
final class FramedReader: ByteReader {
  private let source: any ByteReader
  private let framer: any Framer
  private let window = FrameBuffer()
  private var isAtEnd = false
  private var isOver = false
  /// What goes out next: of the window, then a line end, and what is dropped with it.
  private var passing = 0
  private var dropping = 0
  private var endsLine = false

  var isInteractive: Bool { source.isInteractive }

  init(_ source: any ByteReader, framer: any Framer) {
    self.source = source
    self.framer = framer
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    var filled = 0
    while true {
      filled += unsafe handOut(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if filled == buffer.count || isOver { return filled }
      switch unsafe framer.next(window.text, isAtEnd: isAtEnd) {
      case .skip(let count): window.consume(count)
      case .pass(let count, let drop, let endsLine):
        (passing, dropping, self.endsLine) = (count, drop, endsLine)
      case .made(let drop): window.consume(drop)
      case .end: isOver = true
      case .more:
        // What is there goes out before the source is asked, for it may make us wait, or fail.
        if filled > 0 { return filled }
        isAtEnd = try !window.fill(from: source)
      }
    }
  }

  /// Copies as much of what goes out as there is room for.
  private func handOut(into room: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    if !framer.made.isEmpty {
      let text = unsafe framer.made.text.prefix(room.count)
      unsafe room.copyBytes(from: text)
      unsafe filled = text.count
      framer.made.consume(filled)
    }
    if passing > 0 {
      let count = min(passing, room.count - filled)
      unsafe LineScanner.copyAsLine(
        UnsafeRawBufferPointer(rebasing: window.text[0..<count]),
        to: UnsafeMutableRawBufferPointer(rebasing: room[filled..<(filled + count)]))
      window.consume(count)
      passing -= count
      filled += count
    }
    if passing == 0, endsLine, filled < room.count {
      unsafe room[filled] = UInt8(ascii: "\n")
      endsLine = false
      filled += 1
    }
    if passing == 0, dropping > 0 {
      window.consume(dropping)
      dropping = 0
    }
    return filled
  }
}

extension LineScanner {
  /// Copies text of any number of lines, so that it is one.
  fileprivate static func copyAsLine(
    _ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) {
    var position = 0
    while position + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let lineEnds = BytePattern.exactMatches(of: BytePattern.lineEnd, in: word)
      // The bits in which a line end and a space differ.
      unsafe target.storeBytes(
        of: word ^ ((lineEnds >> 7) &* 0x2A), toByteOffset: position, as: UInt64.self)
      position += 8
    }
    while position < text.count {
      let byte = unsafe text[position]
      unsafe target[position] = byte == UInt8(ascii: "\n") ? UInt8(ascii: " ") : byte
      position += 1
    }
  }
}
