/// An input whose beginning has been looked at. What was read for that is handed out first; from
/// then on it stands aside.
@safe
final class HeadReader: ByteReader {
  private let source: any ByteReader
  private var head: [UInt8] = []
  private var given = 0
  /// What broke the source; told behind the bytes before it.
  private(set) var failure: InputError?
  private(set) var framing = Framing.lines

  var isInteractive: Bool { source.isInteractive }

  /// An input that is known to be in lines: nothing is looked at.
  init(lines source: any ByteReader) { self.source = source }

  init(_ source: any ByteReader, limits: InputLimits) {
    self.source = source
    // Lines tell by their first, all else by so much at most; and to look twice as far each time is
    // no more work than to look once.
    var enough = Framing.headBytes
    while true {
      let known = head.count
      let isWhole = !readMore()
      if isWhole || holdsLineEnd(from: known) || head.count >= enough {
        let found = unsafe head.withUnsafeBytes { head in
          unsafe Framing.detect(head, isWhole: isWhole, limits: limits)
        }
        if let found {
          framing = found
          // Lines are given as they stand: their reader counts the mark.
          if found != .lines, head.starts(with: [0xEF, 0xBB, 0xBF]) { given = 3 }
          return
        }
        if isWhole { return }
        while enough <= head.count { enough *= 2 }
      }
    }
  }

  /// The first bytes, at most `count`, of which none has been read yet.
  func first(_ count: Int) -> ArraySlice<UInt8> {
    while head.count - given < count, failure == nil, readMore() {}
    return head[given...].prefix(count)
  }

  /// Goes on elsewhere: what was looked at is not read.
  func dropHead() {
    head = []
    given = 0
    failure = nil
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    guard !head.isEmpty else {
      if let failure { throw failure }
      return try unsafe source.read(into: buffer)
    }
    let count = min(head.count - given, buffer.count)
    unsafe buffer.copyBytes(from: head[given..<(given + count)])
    given += count
    if given == head.count {
      head = []
      given = 0
    }
    return count
  }

  /// - Returns: `false` at the end.
  private func readMore() -> Bool {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { unsafe piece.deallocate() }
    do throws(InputError) {
      let count = try unsafe source.read(into: piece)
      unsafe head.append(contentsOf: piece[0..<count])
      return count > 0
    } catch {
      failure = error
      return false
    }
  }

  private func holdsLineEnd(from start: Int) -> Bool {
    unsafe head.withUnsafeBytes { head in
      unsafe LineScanner.end(of: head, from: start) < head.count
    }
  }
}
