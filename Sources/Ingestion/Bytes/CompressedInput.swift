/// Decompresses.
protocol Decompressor: ByteReader {
  /// The bytes of its output whose checksum was found right, or that have none: whole members.
  var soundCount: Int64 { get }
}

/// The compressed bytes of a decompressing reader, in pieces.
@safe
struct CompressedInput {
  private let source: any ByteReader
  private let buffer: UnsafeMutableRawBufferPointer
  private var range = 0..<0
  private(set) var total: Int64 = 0

  init(_ source: any ByteReader) {
    self.source = source
    unsafe buffer = .allocate(byteCount: 1 << 18, alignment: 64)
  }

  func deallocate() { unsafe buffer.deallocate() }

  /// What is there and not consumed.
  var rest: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: buffer[range]) }

  var isEmpty: Bool { range.isEmpty }

  mutating func consume(_ count: Int) { range = (range.lowerBound + count)..<range.upperBound }

  /// Reads more when there is nothing left.
  ///
  /// - Returns: `false` at the end.
  mutating func refill() throws(InputError) -> Bool {
    guard range.isEmpty else { return true }
    let count = try unsafe source.read(into: buffer)
    range = 0..<count
    total += Int64(count)
    return count > 0
  }
}

/// Refuses what expands beyond all reason.
struct ExpansionGuard {
  let limit: Int
  private(set) var produced: Int64 = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(_ count: Int, from compressed: Int64, _ kind: Compression)
    throws(InputError)
  {
    produced += Int64(count)
    if produced > 64 << 20, produced / max(compressed, 1) > Int64(limit) { throw .bomb(kind) }
  }
}
