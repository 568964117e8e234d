/// Bytes that are filled in behind and taken away in front. It grows with what it must hold at once.
@safe
final class FrameBuffer {
  private var storage: UnsafeMutableRawBufferPointer
  private var range = 0..<0

  /// Read at a time: what was read is still in the caches when it is looked at.
  private static let pieceBytes = 1 << 18

  init() { unsafe storage = .allocate(byteCount: 2 * Self.pieceBytes, alignment: 64) }

  deinit { unsafe storage.deallocate() }

  /// What is there.
  var text: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: storage[range]) }

  var count: Int { range.count }

  var isEmpty: Bool { range.isEmpty }

  /// Takes bytes away in front.
  func consume(_ count: Int) { range = (range.lowerBound + count)..<range.upperBound }

  func removeAll() { range = 0..<0 }

  /// Drops what stands behind the first bytes.
  func truncate(to count: Int) {
    range = range.lowerBound..<min(range.upperBound, range.lowerBound + count)
  }

  /// Reads once.
  ///
  /// - Returns: `false` at the end.
  func fill(from source: any ByteReader) throws(InputError) -> Bool {
    makeRoom(Self.pieceBytes)
    let end = range.upperBound
    let room = unsafe UnsafeMutableRawBufferPointer(
      rebasing: storage[end..<(end + Self.pieceBytes)])
    let count = try unsafe source.read(into: room)
    range = range.lowerBound..<(end + count)
    return count > 0
  }

  func append(_ byte: UInt8) {
    makeRoom(1)
    unsafe storage[range.upperBound] = byte
    range = range.lowerBound..<(range.upperBound + 1)
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    guard unsafe !bytes.isEmpty else { return }
    makeRoom(bytes.count)
    let end = range.upperBound
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[end..<(end + bytes.count)])
      .copyMemory(from: bytes)
    range = range.lowerBound..<(end + bytes.count)
  }

  func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { bytes in unsafe append(bytes) }
  }

  /// Makes room behind: moves what is there to the front, or into a larger storage.
  private func makeRoom(_ count: Int) {
    if range.isEmpty { range = 0..<0 }
    let capacity = unsafe storage.count
    // After one long record the storage is large: what follows goes on using the same few pages.
    let isAstray = range.lowerBound > 4 * Self.pieceBytes && range.count < Self.pieceBytes
    guard range.upperBound + count > capacity || isAstray else { return }
    let kept = unsafe UnsafeRawBufferPointer(rebasing: storage[range])
    if range.count + count > capacity / 4 * 3 {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(capacity, range.count + count) * 2, alignment: 64)
      unsafe larger.copyMemory(from: kept)
      unsafe storage.deallocate()
      unsafe storage = larger
    } else {
      unsafe storage.copyMemory(from: kept)
    }
    range = 0..<range.count
  }
}
