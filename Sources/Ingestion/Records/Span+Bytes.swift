import Billing

extension Span<UInt8> {
  /// A copy of the first bytes.
  func bytes(atMost limit: Int = .max) -> [UInt8] {
    unsafe withUnsafeBytes { buffer in unsafe Array(buffer.prefix(length(atMost: limit))) }
  }

  /// The length of the longest beginning of at most so many bytes that ends with a whole character.
  func length(atMost limit: Int) -> Int {
    guard count > limit else { return count }
    var length = limit
    while length > 0, self[length] & 0b1100_0000 == 0b1000_0000 { length -= 1 }
    return length
  }
}

extension EventBatch {
  /// Keeps the bytes of an identifier.
  mutating func append(text bytes: Span<UInt8>) -> TextRange {
    let offset = text.count
    unsafe bytes.withUnsafeBufferPointer { buffer in unsafe text.append(contentsOf: buffer) }
    return TextRange(offset: UInt32(offset), count: UInt32(bytes.count))
  }
}
