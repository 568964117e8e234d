/// The logs that runtimes keep of what containers print. A line of the container that is long takes
/// several of theirs.
enum ContainerLog: Hashable {
  /// `2026-10-01T00:00:00.1Z stdout P text`: `P` when the next of the stream goes on, else `F`.
  case kubernetes
  /// `{"log":"text\n","stream":"stdout","time":"…"}`: the text of a last part ends with a line end.
  case docker

  /// What one line holds of a record.
  struct Part {
    /// 0 or 1: what the container printed to.
    var stream: Int
    /// The container's own text, within the line.
    var text: Range<Int>
    var isLast: Bool
  }

  /// - Returns: `nil` for a line of another form.
  func part(of line: UnsafeRawBufferPointer) -> Part? {
    switch self {
    case .kubernetes: unsafe Self.kubernetesPart(line)
    case .docker: unsafe Self.dockerPart(line)
    }
  }

  private static let streams = ["stdout", "stderr"].map { Array($0.utf8) }

  private static func kubernetesPart(_ line: UnsafeRawBufferPointer) -> Part? {
    guard var at = unsafe timeEnd(line) else { return nil }
    guard let stream = unsafe self.stream(in: line, from: at) else { return nil }
    at += 7
    guard at < line.count, unsafe line[at - 1] == UInt8(ascii: " ") else { return nil }
    let tag = unsafe line[at]
    guard tag == UInt8(ascii: "P") || tag == UInt8(ascii: "F") else { return nil }
    at += 1
    // Further tags stand behind colons.
    if at < line.count, unsafe line[at] == UInt8(ascii: ":") {
      while at < line.count, unsafe line[at] != UInt8(ascii: " ") { at += 1 }
    }
    guard at < line.count else {
      return Part(stream: stream, text: at..<at, isLast: tag == UInt8(ascii: "F"))
    }
    guard unsafe line[at] == UInt8(ascii: " ") else { return nil }
    return Part(stream: stream, text: (at + 1)..<line.count, isLast: tag == UInt8(ascii: "F"))
  }

  /// The position behind a time and the space that follows it.
  private static func timeEnd(_ line: UnsafeRawBufferPointer) -> Int? {
    let form = Array("0000-00-00T00:00:00".utf8)
    guard line.count > form.count, unsafe matches(line, 0, form) else { return nil }
    var at = form.count
    if unsafe line[at] == UInt8(ascii: ".") {
      at += 1
      while at < line.count, unsafe isDigit(line[at]) { at += 1 }
    }
    guard at < line.count else { return nil }
    let zone = unsafe line[at]
    if zone == UInt8(ascii: "+") || zone == UInt8(ascii: "-") {
      guard unsafe matches(line, at + 1, Array("00:00".utf8)) else { return nil }
      at += 6
    } else {
      guard zone == UInt8(ascii: "Z") else { return nil }
      at += 1
    }
    return unsafe at < line.count && line[at] == UInt8(ascii: " ") ? at + 1 : nil
  }

  /// Whether text stands at a position; a zero stands for any digit.
  private static func matches(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ form: [UInt8]
  ) -> Bool {
    guard start + form.count <= line.count else { return false }
    return unsafe zip(line[start...], form).allSatisfy { byte, wanted in
      wanted == UInt8(ascii: "0") ? isDigit(byte) : byte == wanted
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func stream(in line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start + 6 <= line.count else { return nil }
    let name = unsafe line[start..<(start + 6)]
    return streams.firstIndex { unsafe name.elementsEqual($0) }
  }

  private static let logKey = Array("{\"log\":\"".utf8)
  private static let streamKey = Array("\",\"stream\":\"".utf8)

  private static func dockerPart(_ line: UnsafeRawBufferPointer) -> Part? {
    guard unsafe line.starts(with: logKey) else { return nil }
    let start = logKey.count
    guard let end = unsafe stringEnd(line, from: start) else { return nil }
    let key = end + streamKey.count
    guard key < line.count, unsafe line[end..<key].elementsEqual(streamKey),
      let stream = unsafe self.stream(in: line, from: key)
    else { return nil }
    guard key + 6 < line.count, unsafe line[key + 6] == UInt8(ascii: "\"") else { return nil }
    return Part(
      stream: stream, text: start..<end, isLast: unsafe endsWithLineEnd(line, start..<end))
  }

  /// The position of the quote that ends a string.
  private static func stringEnd(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var at = start
    while true {
      at = unsafe ValueScanner.mark(in: line, from: at, to: line.count)
      guard at < line.count else { return nil }
      if unsafe line[at] == UInt8(ascii: "\"") { return at }
      at += 2
    }
  }

  /// The text ends with the escape `\n`: a backslash that is none itself, and the letter.
  private static func endsWithLineEnd(_ line: UnsafeRawBufferPointer, _ text: Range<Int>) -> Bool {
    guard text.count >= 2, unsafe line[text.upperBound - 1] == UInt8(ascii: "n") else {
      return false
    }
    var at = text.upperBound - 1
    while at > text.lowerBound, unsafe line[at - 1] == UInt8(ascii: "\\") { at -= 1 }
    return (text.upperBound - 1 - at) % 2 == 1
  }
}
