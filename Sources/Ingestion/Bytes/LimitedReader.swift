/// The first bytes of an input, as if it ended behind them.
@safe
final class LimitedReader: ByteReader {
  private let source: any ByteReader
  private var left: Int64

  var isInteractive: Bool { source.isInteractive }

  init(_ source: any ByteReader, count: Int64) {
    self.source = source
    left = count
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(
      rebasing: buffer[0..<Int(min(Int64(buffer.count), left))])
    guard unsafe !room.isEmpty else { return 0 }
    let count = try unsafe source.read(into: room)
    left -= Int64(count)
    return count
  }
}
