import Testing

@testable import Billing

@Suite struct `Keyed hash` {
  /// Key 00 01 … 0F as the authors' test vectors have it.
  private static let key = StoreKey(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)

  /// The output for the inputs of 0, 1, … bytes 00 01 02 …, of the reference code's `vectors.h`.
  private static let vectors = [
    "a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45",
    "8177228da4a45dc7fca38bdef60affe4", "9c70b60c5267a94e5f33b6b02985ed51",
    "f88164c12d9c8faf7d0f6e7c7bcd5579", "1368875980776f8854527a07690e9627",
    "14eeca338b208613485ea0308fd7a15e", "a1f1ebbed8dbc153c0b84aa61ff08239",
    "3b62a9ba6258f5610f83e264f31497b4",
  ]

  @Test(arguments: vectors.indices) func `is SipHash-2-4-128`(count: Int) {
    let bytes = (0..<count).map(UInt8.init)
    let digest = KeyedHasher(key: Self.key).digest(bytes.span)
    #expect(Self.hex(digest) == Self.vectors[count])
  }

  @Test func `does not depend on how the bytes are cut`() {
    let bytes = (0..<70).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let whole = KeyedHasher(key: Self.key).digest(bytes.span)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var hasher = KeyedHasher(key: Self.key)
        for part in [bytes[..<first], bytes[first..<second], bytes[second...]] {
          hasher.update(part.span)
        }
        let digest = hasher.finalize()
        #expect(digest == whole)
      }
    }
  }

  @Test(arguments: 0..<9) func `a number is its eight bytes`(before: Int) {
    let number: UInt64 = 0x8877_6655_4433_2211
    let bytes: [UInt8] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
    var hasher = KeyedHasher(key: Self.key)
    hasher.update([UInt8](repeating: 9, count: before).span)
    var other = hasher
    hasher.update(number)
    other.update(bytes.span)
    #expect(hasher.finalize() == other.finalize())
  }

  @Test func `a source label is a namespace of its own`() {
    func key(_ label: String, _ id: String) -> RecordKey {
      KeyedHasher(key: Self.key, sourceLabel: label).digest(Array(id.utf8).span).recordKey
    }
    let pairs = [
      ("", "ab"), ("a", "b"), ("ab", ""), ("b", "a"), ("", ""), ("aaaaaaa", ""), ("aaaaaaaa", ""),
    ]
    #expect(Set(pairs.map { key($0.0, $0.1) }).count == pairs.count)
    #expect(key("a", "caf\u{e9}") != key("a", "cafe\u{301}"))
    #expect(key("a", "x\u{0}") != key("a", "x"))
  }

  private static func hex(_ digest: KeyedDigest) -> String {
    [digest.low, digest.high].map { word in
      (0..<8).map { byte in
        let value = UInt8(truncatingIfNeeded: word >> UInt64(byte * 8))
        return (value < 16 ? "0" : "") + String(value, radix: 16)
      }.joined()
    }.joined()
  }
}
