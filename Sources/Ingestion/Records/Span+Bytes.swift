extension Span<UInt8> {
  /// A copy of the first bytes.
  func bytes(atMost limit: Int = .max) -> [UInt8] {
    unsafe withUnsafeBytes { buffer in unsafe Array(buffer.prefix(limit)) }
  }
}
