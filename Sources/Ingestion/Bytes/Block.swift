import Billing

/// A piece of input of whole lines, with the padding that the walker needs behind it.
///
/// One worker owns it and has it filled again and again.
@safe
final class Block {
  /// The first byte's offset in the (decompressed) input.
  fileprivate(set) var offset: Int64 = 0
  /// Bytes of whole lines.
  fileprivate(set) var count = 0
  /// The last line has no end: the input is over.
  fileprivate(set) var endsTorn = false
  /// The position of the block in its input, from 0.
  fileprivate(set) var number = 0
  /// A line beyond the limit stands before this block.
  fileprivate(set) var oversized: OversizedLine?
  /// Of the input up to the end of this block.
  fileprivate(set) var edges = ContentEdges()
  private(set) var storage: UnsafeMutableRawBufferPointer

  static let padding = 64

  init() { unsafe storage = .allocate(byteCount: 64, alignment: 64) }

  deinit { unsafe storage.deallocate() }

  var capacity: Int { unsafe storage.count - Self.padding }

  /// The text, for a walk; the padding follows.
  var text: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: storage[0..<count])
  }

  /// A copy of some of the text.
  func bytes(_ range: Range<Int>) -> [UInt8] { unsafe Array(text[range]) }

  /// Makes room for at least `capacity` bytes and keeps the first `kept`.
  func reserve(_ capacity: Int, keeping kept: Int) {
    guard capacity > self.capacity else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: capacity + Self.padding, alignment: 64)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[0..<kept]))
    unsafe storage.deallocate()
    unsafe storage = larger
  }

  func describe(
    number: Int, offset: Int64, count: Int, endsTorn: Bool, after edges: ContentEdges
  ) {
    self.edges = edges
    self.number = number
    self.offset = offset
    self.count = count
    self.endsTorn = endsTorn
    oversized = nil
    for index in count..<(count + Self.padding) { unsafe storage[index] = 0 }
  }

  func describeOversized(number: Int, _ line: OversizedLine, after edges: ContentEdges) {
    describe(
      number: number, offset: line.offset + line.byteCount, count: 0, endsTorn: false,
      after: edges)
    oversized = line
  }
}

/// A line beyond the limit, which was not kept.
struct OversizedLine {
  var offset: Int64
  /// Without its end.
  var length: Int64
  var hasEnd: Bool
  /// The hash of its bytes without its end, when they were hashed.
  var digest: KeyedDigest?

  var byteCount: Int64 { hasEnd ? length + 1 : length }
}
