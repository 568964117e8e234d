/// Eight bytes looked at in one word.
enum BytePattern {
  static let quote = every(UInt8(ascii: "\""))
  static let backslash = every(UInt8(ascii: "\\"))
  static let lineEnd = every(UInt8(ascii: "\n"))

  private static let low: UInt64 = 0x0101_0101_0101_0101
  private static let high: UInt64 = 0x8080_8080_8080_8080

  /// A word of one byte eight times.
  @inline(__always)
  static func every(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// The high bit of each byte that is the pattern's. The lowest is right; those above it may be
  /// wrong.
  @inline(__always)
  static func matches(of pattern: UInt64, in word: UInt64) -> UInt64 {
    let difference = word ^ pattern
    return (difference &- low) & ~difference & high
  }

  /// The high bit of each byte that is the pattern's, and of no other.
  @inline(__always)
  static func exactMatches(of pattern: UInt64, in word: UInt64) -> UInt64 {
    let difference = word ^ pattern
    let body = (difference & ~high) &+ ~high
    return ~(body | difference | ~high)
  }

  /// The high bit of each byte that is a control character. The lowest is right.
  @inline(__always)
  static func controls(in word: UInt64) -> UInt64 {
    (word &- every(0x20)) & ~word & high
  }

  /// The position of the first marked byte, on machines that put the low byte first.
  @inline(__always)
  static func first(_ marks: UInt64) -> Int {
    marks.trailingZeroBitCount >> 3
  }
}
