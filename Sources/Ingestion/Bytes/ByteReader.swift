/// Where bytes come from: a file, standard input, or one of them decompressed.
protocol ByteReader: AnyObject {
  /// Reads some bytes; 0 at the end.
  ///
  /// - Throws: `InputError`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int

  /// More may come later, so that what is there is to be handed on.
  var isInteractive: Bool { get }
}

extension ByteReader {
  /// Reads on and keeps nothing.
  ///
  /// - Throws: `InputError`.
  func discard(_ count: Int64) throws(InputError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 1)
    defer { unsafe buffer.deallocate() }
    var left = count
    while left > 0 {
      let piece = unsafe UnsafeMutableRawBufferPointer(
        rebasing: buffer[0..<Int(min(left, Int64(buffer.count)))])
      let got = try unsafe read(into: piece)
      if got == 0 { return }
      left -= Int64(got)
    }
  }
}

extension ByteReader {
  /// Reads on, and keeps what stands before some places only.
  ///
  /// - Parameters:
  ///   - offsets: the places, rising.
  ///   - position: where the reader stands; moved on.
  /// - Returns: for each place that there is, in order, the bytes before it: a tail of them. Behind
  ///   damage there is none.
  func tails(before offsets: [Int64], from position: inout Int64) -> [[UInt8]] {
    var edges = ContentEdges()
    var tails: [[UInt8]] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { unsafe buffer.deallocate() }
    for offset in offsets {
      while position < offset {
        let count = Int(min(offset - position, 1 << 18))
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count])
        guard let got = try? unsafe read(into: room), got > 0 else { return tails }
        unsafe edges.append(UnsafeRawBufferPointer(rebasing: room[0..<got]))
        position += Int64(got)
      }
      tails.append(edges.tail)
    }
    return tails
  }
}

/// What can be wrong with an input as a whole.
public enum InputError: Error, Hashable, Sendable {
  case notFound
  case isDirectory
  case notAFile
  case permissionDenied
  /// The system's error number.
  case unreadable(Int32)
  /// The stream ends before its end mark.
  case truncated(Compression)
  /// The stream's content or checksum is wrong.
  case damaged(Compression)
  /// A dictionary is needed, which no log has.
  case needsDictionary
  /// It expands beyond the limit.
  case bomb(Compression)
  /// Bytes follow that belong to no member or frame.
  case trailingGarbage(Compression)
  /// UTF-16 or UTF-32.
  case wideText
}

/// How an input is compressed.
public enum Compression: String, Sendable, Hashable {
  case none, gzip, zstd

  /// What the first bytes tell; the name never counts.
  init(magic bytes: [UInt8]) {
    switch bytes.prefix(4) {
    case [0x28, 0xB5, 0x2F, 0xFD]: self = .zstd
    case let frame
    where frame.count == 4 && frame.first.map { $0 & 0xF0 == 0x50 } == true
      && frame.dropFirst().elementsEqual([0x2A, 0x4D, 0x18]):
      self = .zstd
    case let member where member.prefix(2).elementsEqual([0x1F, 0x8B]): self = .gzip
    default: self = .none
    }
  }
}
