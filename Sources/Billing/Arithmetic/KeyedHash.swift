/// A secret of 128 bits that a ledger draws once, when it is made.
///
/// All identities of the ledger are hashes under this key: without it nobody can craft two request
/// ids that collide, and two ledgers can be merged only when they share it.
public struct StoreKey: Sendable, Hashable {
  public var low: UInt64
  public var high: UInt64

  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// A key from the system's random source.
  public static func random() -> StoreKey {
    var source = SystemRandomNumberGenerator()
    return StoreKey(low: source.next(), high: source.next())
  }
}

extension StoreKey {
  /// The key of the ids of a namespace: equal ids of two namespaces are two. The one without a name
  /// has this key itself.
  public func namespace(_ label: String) -> StoreKey {
    guard !label.isEmpty else { return self }
    let digest = KeyedHasher(key: self, sourceLabel: "namespace").digest(Array(label.utf8).span)
    return StoreKey(low: digest.low, high: digest.high)
  }
}

/// 128 bits that stand for a text or for the content of a file.
public struct KeyedDigest: Sendable, Hashable {
  public var low: UInt64
  public var high: UInt64

  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The first 96 bits.
  public var recordKey: RecordKey { RecordKey(high: low, low: UInt32(truncatingIfNeeded: high)) }
}

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012; the authors' reference code).
///
/// It is a keyed hash for short inputs whose output cannot be told from random without the key, so
/// that a user who chooses request ids cannot hide a request behind another. A hasher is a value:
/// one that has read a common prefix is copied for each text that follows.
public struct KeyedHasher: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  /// The bytes that do not fill a word yet, the first in the lowest bits.
  private var tail: UInt64 = 0
  private var tailCount = 0
  private var count: UInt64 = 0

  public init(key: StoreKey) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// A hasher for the record identities of one source.
  ///
  /// It has read the label, a zero byte, and zero bytes up to a whole word, so that the id that
  /// follows is read in whole words. A label holds no zero byte: where it ends is unambiguous.
  ///
  /// - Parameter sourceLabel: The namespace of the ids. It is cut at its first zero byte.
  public init(key: StoreKey, sourceLabel: String) {
    self.init(key: key)
    var prefix = Array(sourceLabel.utf8.prefix { $0 != 0 })
    repeat { prefix.append(0) } while prefix.count % 8 != 0
    update(prefix.span)
  }

  /// Reads more bytes. How the bytes are cut into calls does not matter.
  ///
  /// - Complexity: O(*n*), about one byte a cycle.
  public mutating func update(_ bytes: Span<UInt8>) {
    var index = 0
    while tailCount != 0, index < bytes.count {
      push(bytes[index])
      index &+= 1
    }
    while index &+ 8 <= bytes.count {
      mix(Self.word(bytes, at: index))
      index &+= 8
      count &+= 8
    }
    while index < bytes.count {
      push(bytes[index])
      index &+= 1
    }
  }

  /// Reads a number as its eight bytes, the lowest first.
  public mutating func update(_ number: UInt64) {
    guard tailCount != 0 else {
      mix(number)
      count &+= 8
      return
    }
    for byte in 0..<8 { push(UInt8(truncatingIfNeeded: number >> UInt64(byte * 8))) }
  }

  /// The hash of all that was read.
  public func finalize() -> KeyedDigest {
    var state = self
    state.mix(tail | count << 56)
    state.v2 ^= 0xee
    for _ in 0..<4 { state.round() }
    let low = state.v0 ^ state.v1 ^ state.v2 ^ state.v3
    state.v1 ^= 0xdd
    for _ in 0..<4 { state.round() }
    return KeyedDigest(low: low, high: state.v0 ^ state.v1 ^ state.v2 ^ state.v3)
  }

  /// The hash of what was read before and then `bytes`; the hasher itself stays as it is.
  public func digest(_ bytes: Span<UInt8>) -> KeyedDigest {
    var state = self
    state.update(bytes)
    return state.finalize()
  }

  @inline(__always)
  private mutating func push(_ byte: UInt8) {
    tail |= UInt64(byte) << UInt64(tailCount &* 8)
    tailCount &+= 1
    count &+= 1
    guard tailCount == 8 else { return }
    mix(tail)
    tail = 0
    tailCount = 0
  }

  @inline(__always)
  private mutating func mix(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always)
  private mutating func round() {
    v0 &+= v1
    v1 = v1 << 13 | v1 >> 51
    v1 ^= v0
    v0 = v0 << 32 | v0 >> 32
    v2 &+= v3
    v3 = v3 << 16 | v3 >> 48
    v3 ^= v2
    v0 &+= v3
    v3 = v3 << 21 | v3 >> 43
    v3 ^= v0
    v2 &+= v1
    v1 = v1 << 17 | v1 >> 47
    v1 ^= v2
    v2 = v2 << 32 | v2 >> 32
  }

  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    let low =
      UInt64(bytes[index]) | UInt64(bytes[index &+ 1]) << 8 | UInt64(bytes[index &+ 2]) << 16
      | UInt64(bytes[index &+ 3]) << 24
    let high =
      UInt64(bytes[index &+ 4]) << 32 | UInt64(bytes[index &+ 5]) << 40
      | UInt64(bytes[index &+ 6]) << 48 | UInt64(bytes[index &+ 7]) << 56
    return low | high
  }
}
