import Billing

extension Span<UInt8> {
  /// A copy of the first bytes.
  func bytes(atMost limit: Int = .max) -> [UInt8] {
    unsafe withUnsafeBytes { buffer in unsafe Array(buffer.prefix(limit)) }
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
