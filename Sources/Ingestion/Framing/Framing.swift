/// How the records of an input are told apart.
enum Framing: Hashable {
  /// A record a line, or anything that is not recognised.
  case lines
  case documents
  /// A table with a header, and the byte between its cells.
  case table(delimiter: UInt8)
  /// Lines of a container's log, of which one record may take several.
  case containerLog(ContainerLog)

  /// Bytes that are looked at, as a rule.
  static let headBytes = 1 << 16

  /// What the beginning of an input tells; `nil` when more of it is needed.
  ///
  /// - Parameter isWhole: nothing follows.
  static func detect(
    _ head: UnsafeRawBufferPointer, isWhole: Bool, limits: InputLimits
  ) -> Framing? {
    let sniffer = unsafe FramingSniffer(head, isWhole: isWhole, limits: limits)
    return sniffer.framing
  }

  /// What turns it into lines; `nil` when it is in lines.
  func framer(limits: InputLimits) -> (any Framer)? {
    switch self {
    case .lines: nil
    case .documents: DocumentFramer(limits: limits)
    case .table(let delimiter): TableFramer(delimiter: delimiter, limits: limits)
    case .containerLog(let log): ContainerLogFramer(log, limits: limits)
    }
  }
}

/// Looks at the beginning of an input. Whatever is in doubt is lines: they are read with the least
/// assumptions, and where a run stopped.
@safe
private struct FramingSniffer {
  private let text: UnsafeRawBufferPointer
  private let isWhole: Bool
  /// An object without an end on its first line is followed so far.
  private let objectBytes: Int
  private let start: Int
  private let columns: [Set<[UInt8]>]

  init(_ text: UnsafeRawBufferPointer, isWhole: Bool, limits: InputLimits) {
    unsafe self.text = unsafe text
    self.isWhole = isWhole
    objectBytes = max(Framing.headBytes, limits.lineBytes)
    columns = limits.columns
    var start = 0
    if unsafe text.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    while start < text.count, unsafe Self.isSpace(text[start]) { start += 1 }
    self.start = start
  }

  var framing: Framing? {
    guard unsafe start < text.count else {
      return unsafe isWhole || text.count >= Framing.headBytes ? .lines : nil
    }
    switch unsafe text[start] {
    case Resynchronizer.recordSeparator: return .documents
    case UInt8(ascii: "{"): return object
    case UInt8(ascii: "["): return array
    default: return other
    }
  }

  // MARK: Objects

  private var object: Framing? {
    var scanner = ValueScanner()
    let value = unsafe UnsafeRawBufferPointer(rebasing: text[start...])
    let near = unsafe scanner.scan(value, to: min(value.count, Framing.headBytes))
    let lines = lineEnds(before: start + min(scanner.position, value.count))
    switch near {
    case .ended(let end): return lines > 0 ? .documents : afterObject(start + end)
    case .broken: return lines >= 3 || (lines > 0 && firstLineIsBracket) ? .documents : .lines
    case .unfinished:
      if lines >= 3 { return .documents }
      if lines > 0 { return isWhole || value.count >= Framing.headBytes ? .documents : nil }
      if isWhole, value.count <= Framing.headBytes { return .lines }
      return value.count > Framing.headBytes ? unsafe longObject(value, &scanner) : nil
    }
  }

  /// An object whose first line is longer than what is looked at as a rule. Its end tells lines from
  /// objects that share a line.
  private func longObject(
    _ value: UnsafeRawBufferPointer, _ scanner: inout ValueScanner
  ) -> Framing? {
    let lineEnd = unsafe LineScanner.end(of: value, from: Framing.headBytes)
    switch unsafe scanner.scan(value, to: min(lineEnd, objectBytes)) {
    case .ended(let end): return afterObject(start + end)
    case .broken: return .lines
    case .unfinished:
      if min(lineEnd, value.count) >= objectBytes {
        return scanner.openList == nil ? .lines : .documents
      }
      // In a string a raw line end is damage.
      if lineEnd < value.count {
        return unsafe scanner.scan(value, to: lineEnd + 1) == .unfinished ? .documents : .lines
      }
      return isWhole ? .lines : nil
    }
  }

  /// What follows the first object, which stands on one line.
  private func afterObject(_ end: Int) -> Framing? {
    var at = blanks(from: end)
    guard unsafe at < text.count else { return openEnd(since: end, whole: .lines) }
    switch unsafe text[at] {
    case UInt8(ascii: "{"), Resynchronizer.recordSeparator: return .documents
    case UInt8(ascii: ","):
      at = spaces(from: at + 1)
      guard unsafe at < text.count else { return openEnd(since: end, whole: .documents) }
      return unsafe text[at] == UInt8(ascii: "{") ? .documents : .lines
    case UInt8(ascii: "\n"):
      let line = unsafe UnsafeRawBufferPointer(rebasing: text[start..<end])
      return unsafe ContainerLog.docker.part(of: line) == nil ? .lines : .containerLog(.docker)
    default: return .lines
    }
  }

  // MARK: Arrays

  private var array: Framing? {
    let limit = unsafe min(text.count, Framing.headBytes)
    let first = spaces(from: start + 1)
    guard first < limit else {
      return openEnd(since: start, whole: lineEnds(before: limit) > 0 ? .documents : .lines)
    }
    switch unsafe text[first] {
    case UInt8(ascii: "{"): break
    case UInt8(ascii: "]"):
      let next = spaces(from: first + 1)
      return unsafe next < text.count ? .lines : openEnd(since: first, whole: .documents)
    default: return .lines
    }
    var scanner = ValueScanner()
    let value = unsafe UnsafeRawBufferPointer(rebasing: text[start..<limit])
    let outcome = unsafe scanner.scan(value, to: value.count)
    let lines = lineEnds(before: start + scanner.position)
    if lines >= 3 { return .documents }
    switch outcome {
    case .ended(let end): return lines > 0 ? .documents : afterArray(start + end)
    case .broken:
      if lines > 0 { return firstLineIsBracket ? .documents : .lines }
      let lineEnd = unsafe LineScanner.end(of: value, from: 0)
      if lineEnd < value.count { return afterArray(start + lineEnd) }
      return isWhole || limit == Framing.headBytes ? .documents : nil
    case .unfinished: return isWhole || limit == Framing.headBytes ? .documents : nil
    }
  }

  /// What follows the first array, which stands on one line. With a next line it is a record of
  /// lines; alone it is a document.
  private func afterArray(_ end: Int) -> Framing? {
    let at = blanks(from: end)
    guard unsafe at < text.count else { return openEnd(since: end, whole: .documents) }
    switch unsafe text[at] {
    case UInt8(ascii: "\n"):
      return unsafe spaces(from: at) < text.count ? .lines : openEnd(since: end, whole: .documents)
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","): return .documents
    default: return .lines
    }
  }

  // MARK: Other text

  private var other: Framing? {
    let limit = unsafe min(text.count, Framing.headBytes)
    let rest = unsafe UnsafeRawBufferPointer(rebasing: text[start..<limit])
    let isCut = limit == Framing.headBytes
    let lineEnd = unsafe LineScanner.end(of: rest, from: 0)
    guard lineEnd < rest.count || isWhole || isCut else { return nil }
    let line = unsafe UnsafeRawBufferPointer(rebasing: rest[..<lineEnd])
    if unsafe ContainerLog.kubernetes.part(of: line) != nil { return .containerLog(.kubernetes) }
    switch unsafe TableHeader.detect(rest, isWhole: isWhole || isCut, columns: columns) {
    case .table(let delimiter): return .table(delimiter: delimiter)
    case .none: return .lines
    case .unfinished: return nil
    }
  }

  // MARK: Places

  /// The text ends before the verdict.
  private func openEnd(since position: Int, whole: Framing) -> Framing? {
    if isWhole { return whole }
    return unsafe text.count - position > Framing.headBytes ? whole : nil
  }

  /// The first line holds brackets alone, as those who lay out JSON write it.
  private var firstLineIsBracket: Bool {
    let end = unsafe LineScanner.end(of: text, from: start)
    return unsafe text[start..<end].allSatisfy {
      $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") || Self.isSpace($0)
    }
  }

  private func lineEnds(before end: Int) -> Int {
    unsafe text[start..<end].count { $0 == UInt8(ascii: "\n") }
  }

  private func spaces(from position: Int) -> Int {
    var at = position
    while unsafe at < text.count, unsafe Self.isSpace(text[at]) { at += 1 }
    return at
  }

  private func blanks(from position: Int) -> Int {
    var at = position
    while unsafe at < text.count, unsafe Self.isSpace(text[at]),
      unsafe text[at] != UInt8(ascii: "\n")
    {
      at += 1
    }
    return at
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\n") || byte == 0
  }
}
