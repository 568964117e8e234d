/// JSON documents as lines: objects that take several lines or share one, the elements of arrays,
/// and text sequences. Each object becomes one line.
///
/// Text that belongs to no object becomes a line too, up to the place where reading can go on, so
/// that it is refused and counted.
@safe
final class DocumentFramer: Framer {
  private enum Mode {
    /// Before a value.
    case between
    /// The text begins with a value, which is kept until its end is there.
    case value
    /// In a value that is too long to be kept.
    case stream
    /// In text that is no value.
    case broken
  }

  let made = FrameBuffer()
  private let limit: Int
  private var mode = Mode.between
  private var scanner = ValueScanner()
  private var resync = Resynchronizer()
  private var isInArray = false
  /// An object that is too long, up to the bracket of its list: its records are handed out in its
  /// place, and it follows them without any.
  private var envelope: [UInt8]?
  /// Bytes of the line so far, when only blanks stand before them.
  private var column: Int? = 0
  /// A bracket has closed the array on this line: what follows may show that it was another's.
  private var hasJustClosedArray = false
  /// Where the text begins in the input.
  private var offset: Int64 = 0
  /// Bytes that were looked at again after damage.
  private var repeated: Int64 = 0

  init(limits: InputLimits) { limit = limits.lineBytes }

  func next(_ text: UnsafeRawBufferPointer, isAtEnd: Bool) -> FrameStep {
    let step = unsafe step(text, isAtEnd)
    switch step {
    case .skip(let count), .made(let count): offset += Int64(count)
    case .pass(let count, let drop, _): offset += Int64(count + drop)
    case .more, .end: break
    }
    return step
  }

  private func step(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    switch mode {
    case .between: unsafe findValue(text, isAtEnd)
    case .value: unsafe keepValue(text, isAtEnd)
    case .stream: unsafe streamValue(text, isAtEnd)
    case .broken: unsafe passBroken(text, isAtEnd)
    }
  }

  // MARK: Between values

  private func findValue(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    var at = 0
    while at < text.count, mode == .between {
      switch unsafe text[at] {
      case UInt8(ascii: "\n"):
        column = 0
        if hasJustClosedArray { leaveArray() }
        at += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), 0:
        column = column.map { $0 + 1 }
        at += 1
      case Resynchronizer.recordSeparator:
        resync.knowsSeparators = true
        if envelope == nil { leaveArray() }
        at += 1
      case UInt8(ascii: "]") where isInArray:
        if let envelope { return leave(envelope, at: at) }
        isInArray = false
        hasJustClosedArray = true
        column = nil
        at += 1
      case UInt8(ascii: "[") where !isInArray:
        isInArray = true
        column = nil
        resync.column = nil
        at += 1
      case let byte: begin(byte)
      }
    }
    if at > 0 { return .skip(at) }
    if mode != .between { return unsafe step(text, isAtEnd) }
    guard isAtEnd else { return .more }
    // An object without an end: told once, as a last line without an end.
    guard let envelope else { return .end }
    made.append(envelope)
    self.envelope = nil
    return .made(drop: 0)
  }

  private func begin(_ byte: UInt8) {
    let isObject = byte == UInt8(ascii: "{")
    if isObject || isInArray && byte != UInt8(ascii: "}") && byte != UInt8(ascii: ":") {
      mode = .value
      scanner = ValueScanner()
      if isObject { resync.column = isInArray ? column : column.map { _ in 0 } }
      if !isInArray { hasJustClosedArray = false }
    } else {
      // The array goes on, so the bracket belonged to a list in an element that was damaged.
      if hasJustClosedArray { isInArray = true }
      hasJustClosedArray = false
      breakOff(at: 1)
    }
    column = nil
  }

  private func leaveArray() {
    isInArray = false
    hasJustClosedArray = false
    resync.column = 0
  }

  /// The list of an envelope is over.
  private func leave(_ head: [UInt8], at position: Int) -> FrameStep {
    made.append(head)
    made.append(UInt8(ascii: "]"))
    envelope = nil
    leaveArray()
    mode = .stream
    scanner = .inObject()
    return .made(drop: position + 1)
  }

  // MARK: Values

  private func keepValue(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    switch unsafe scanner.scan(text, to: min(text.count, limit)) {
    case .ended(let end): return endValue(at: end)
    case .broken(let position): breakOff(at: position)
    case .unfinished:
      if text.count > limit { return unsafe giveUpKeeping(text, isAtEnd) }
      guard isAtEnd else { return .more }
      if scanner.isWholeAtEnd { return endValue(at: text.count) }
      breakOff(at: text.count)
    }
    return unsafe step(text, isAtEnd)
  }

  private func endValue(at end: Int) -> FrameStep {
    mode = .between
    return .pass(end, drop: 0, endsLine: true)
  }

  /// The value is longer than a line may be.
  private func giveUpKeeping(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    let kept = unsafe UnsafeRawBufferPointer(rebasing: text[..<limit])
    if !isInArray, let list = scanner.openList, unsafe holdsObjects(kept, from: list) {
      let lineEnd = UInt8(ascii: "\n")
      envelope = unsafe kept[..<list].map { $0 == lineEnd ? UInt8(ascii: " ") : $0 }
      isInArray = true
      resync.column = nil
      mode = .between
      return .skip(list)
    }
    if mayRepeat(from: 1),
      let found = unsafe resync.place(in: kept, from: 1)
    {
      repeated += Int64(limit - found)
      return unsafe goOn(text, at: found)
    }
    mode = .stream
    return unsafe step(text, isAtEnd)
  }

  private func holdsObjects(_ text: UnsafeRawBufferPointer, from start: Int) -> Bool {
    var at = start
    while at < text.count {
      switch unsafe text[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
      case let byte: return byte == UInt8(ascii: "{")
      }
    }
    return false
  }

  private func streamValue(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    switch unsafe scanner.scan(text, to: text.count) {
    case .ended(let end): return endValue(at: end)
    case .broken(let position): breakOff(at: max(position, 1), from: max(position, 1))
    case .unfinished:
      // What stands before the place where damage shows may tell where to go on.
      let count = isAtEnd ? text.count : max(text.count - resync.lookBack, 0)
      if count == 0 { return isAtEnd ? .end : .more }
      scanner.shift(by: count)
      return .pass(count, drop: 0, endsLine: false)
    }
    return unsafe step(text, isAtEnd)
  }

  // MARK: Damage

  /// The value that began with the text is none.
  ///
  /// - Parameters:
  ///   - position: where that shows.
  ///   - start: the first place where the next may begin; the damage may be far before the place
  ///     where it shows.
  private func breakOff(at position: Int, from start: Int = 1) {
    mode = .broken
    resync.damage = position
    resync.searched = mayRepeat(from: start) ? start : max(position, 1)
  }

  /// Damage after damage must not have the same text read again and again.
  private func mayRepeat(from start: Int) -> Bool {
    repeated <= 4 * (offset + Int64(start)) + Int64(limit)
  }

  private func passBroken(_ text: UnsafeRawBufferPointer, _ isAtEnd: Bool) -> FrameStep {
    if let found = unsafe resync.place(in: text, from: resync.searched) {
      repeated += Int64(max(resync.damage - found, 0))
      return unsafe goOn(text, at: found)
    }
    if isAtEnd {
      mode = .between
      return .pass(text.count, drop: 0, endsLine: envelope != nil)
    }
    let count = max(text.count - resync.lookBack, 0)
    if count == 0 { return .more }
    resync.searched = max(resync.searched, text.count - resync.lookAhead) - count
    resync.damage -= count
    return .pass(count, drop: 0, endsLine: false)
  }

  /// Ends the line of damaged text where the next value begins.
  private func goOn(_ text: UnsafeRawBufferPointer, at position: Int) -> FrameStep {
    mode = .between
    // A bracket here opens the next array: the one before it was cut.
    if unsafe text[position] == UInt8(ascii: "[") { isInArray = false }
    column = resync.column
    return .pass(position, drop: 0, endsLine: true)
  }
}
