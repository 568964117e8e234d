/// A file whose first bytes have been looked at.
@safe
final class SniffedReader: ByteReader {
  private let file: FileReader
  private var head: [UInt8]
  let compression: Compression
  var isInteractive: Bool { file.isInteractive }

  init(_ file: FileReader) throws(InputError) {
    self.file = file
    var head: [UInt8] = []
    while head.count < 4 {
      let piece = try Self.piece(of: file, atMost: 4 - head.count)
      if piece.isEmpty { break }
      head += piece
    }
    let isWide =
      head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
      || head.starts(with: [0, 0, 0xFE, 0xFF]) || head.starts(with: [UInt8(ascii: "{"), 0])
      || head.starts(with: [0, UInt8(ascii: "{")])
    guard !isWide else { throw .wideText }
    self.head = head
    compression = Compression(magic: head)
  }

  private static func piece(of file: FileReader, atMost count: Int) throws(InputError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { unsafe buffer.deallocate() }
    let got = try unsafe file.read(into: buffer)
    return unsafe Array(buffer[0..<got])
  }

  /// Goes on from a position of the file, of which what stands before was read by a former run.
  func skip(to offset: Int64, after edges: ContentEdges) throws(InputError) {
    head = []
    try file.seek(to: offset, after: edges)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    guard !head.isEmpty else { return try unsafe file.read(into: buffer) }
    let count = min(head.count, buffer.count)
    unsafe buffer.copyBytes(from: head[0..<count])
    head.removeFirst(count)
    return count
  }
}
