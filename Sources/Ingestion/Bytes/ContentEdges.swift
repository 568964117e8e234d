/// The bytes at both ends of what was read of an input, decompressed: what it is known by when it
/// comes again.
///
/// They are kept as they were read. What stands in the file by the time of a checkpoint may be
/// something else: logs are truncated and refilled while they are read.
public struct ContentEdges: Sendable, Hashable {
  /// The longest head, bytes.
  public static let headLimit = 1 << 10
  /// The longest tail, bytes.
  public static let tailLimit = 1 << 12

  /// The first bytes, at most `headLimit`.
  public private(set) var head: [UInt8] = []
  /// The last bytes, at most `tailLimit`.
  public private(set) var tail: [UInt8] = []

  public init() {}

  /// - Parameters:
  ///   - head: the first bytes of what was read; longer ones are cut.
  ///   - tail: the last ones.
  public init(head: [UInt8], tail: [UInt8]) {
    self.head = Array(head.prefix(Self.headLimit))
    self.tail = Array(tail.suffix(Self.tailLimit))
  }

  /// The last line that was read has no end.
  var isOpen: Bool { tail.last.map { $0 != UInt8(ascii: "\n") } ?? false }

  /// Adds what was read next.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if head.count < Self.headLimit {
      unsafe head.append(contentsOf: bytes.prefix(Self.headLimit - head.count))
    }
    if bytes.count >= Self.tailLimit {
      tail = unsafe Array(bytes.suffix(Self.tailLimit))
    } else if unsafe !bytes.isEmpty {
      tail = unsafe Array(tail.suffix(Self.tailLimit - bytes.count)) + Array(bytes)
    }
  }
}
