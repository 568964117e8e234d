/// Joins the parts of a container's lines: the first, with the text of those that go on put behind
/// its own.
@safe
final class ContainerLogFramer: Framer {
  /// A record whose last part has not come.
  private struct OpenRecord {
    var text: [UInt8]
    /// Of the first part, behind its text.
    var tail: [UInt8]
    /// Its first line, among all: the order in which records without an end are told.
    var line: Int
  }

  let made = FrameBuffer()
  private let log: ContainerLog
  private let limit: Int
  private var open: [OpenRecord?] = [nil, nil]
  private var line = 0
  /// No line end stands before this position.
  private var searched = 0
  /// In a line that is too long to be looked at.
  private var isInLongLine = false

  init(_ log: ContainerLog, limits: InputLimits) {
    self.log = log
    limit = limits.lineBytes
  }

  func next(_ text: UnsafeRawBufferPointer, isAtEnd: Bool) -> FrameStep {
    let end = unsafe LineScanner.end(of: text, from: searched)
    let hasEnd = end < text.count
    if isInLongLine || end > limit {
      searched = 0
      isInLongLine = !hasEnd
      if unsafe text.isEmpty { return isAtEnd ? handOutOpen() : .more }
      return .pass(end, drop: hasEnd ? 1 : 0, endsLine: hasEnd)
    }
    guard hasEnd || isAtEnd else {
      searched = text.count
      return .more
    }
    searched = 0
    if unsafe text.isEmpty { return handOutOpen() }
    line += 1
    let drop = hasEnd ? end + 1 : end
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: text[..<end])
    guard let part = unsafe log.part(of: bytes) else {
      return .pass(end, drop: drop - end, endsLine: hasEnd)
    }
    if open[part.stream] == nil {
      if part.isLast { return .pass(end, drop: drop - end, endsLine: hasEnd) }
      unsafe begin(bytes, part)
      return .skip(drop)
    }
    unsafe add(bytes, part)
    if !part.isLast { return .skip(drop) }
    handOut(part.stream)
    return .made(drop: drop)
  }

  private func begin(_ line: UnsafeRawBufferPointer, _ part: ContainerLog.Part) {
    open[part.stream] = unsafe OpenRecord(
      text: Array(line[..<part.text.upperBound]), tail: Array(line[part.text.upperBound...]),
      line: self.line)
  }

  /// Of a record beyond the limit so much is kept that it is told to be too long.
  private func add(_ line: UnsafeRawBufferPointer, _ part: ContainerLog.Part) {
    guard let count = open[part.stream]?.text.count, count <= limit else { return }
    unsafe open[part.stream]?.text.append(contentsOf: line[part.text])
  }

  private func handOut(_ stream: Int) {
    guard let record = open[stream] else { return }
    made.append(record.text)
    made.append(record.tail)
    made.append(UInt8(ascii: "\n"))
    open[stream] = nil
  }

  /// The input is over: what has come of the open records goes out as it is.
  private func handOutOpen() -> FrameStep {
    let streams = open.indices.filter { open[$0] != nil }
      .sorted { (open[$0]?.line ?? 0) < (open[$1]?.line ?? 0) }
    if streams.isEmpty { return .end }
    for stream in streams { handOut(stream) }
    return .made(drop: 0)
  }
}
