import Billing

/// A record in the table of a day: words of 32 bits, so that no byte is lost between them.
///
/// A record that was removed stays, so that none is cut off from its hash, and is no longer looked
/// at.
struct IdentitySlot {
  /// The part of its key's upper half that the table needs.
  private(set) var hash: UInt32 = 0
  /// The lower half of its key.
  private(set) var low: UInt32 = 0
  /// `strong`; of a snapshot, the upper half of its content, which alone tells snapshots apart.
  private var strong: UInt32 = 0
  /// The upper half of the content; of a snapshot, the lower.
  private var content: UInt32 = 0
  /// From the lowest bit: dialect 8, edge 2, snapshot 1, removed 1, weak 20. All 0 in a free slot.
  private var traits: UInt32 = 0

  init() {}

  init(hash: UInt32, low: UInt32, _ digest: FactDigest) {
    self.hash = hash
    self.low = low
    let upper = UInt32(truncatingIfNeeded: digest.content >> 32)
    strong = digest.isSnapshot ? upper : digest.strong
    content = digest.isSnapshot ? UInt32(truncatingIfNeeded: digest.content) : upper
    traits = UInt32(digest.dialect) | UInt32(digest.edge.rawValue) << 8
    traits |= (digest.isSnapshot ? 1 : 0) << 10 | digest.weak << 12
  }

  var isFree: Bool { traits == 0 }
  var isUsed: Bool { traits != 0 && traits & Self.removed == 0 }

  private static let removed: UInt32 = 1 << 11

  mutating func remove() { traits |= Self.removed }

  var digest: FactDigest {
    var digest = FactDigest()
    digest.isSnapshot = traits & 1 << 10 != 0
    digest.dialect = UInt16(traits & 0xFF)
    digest.edge = DayEdge(rawValue: UInt8(traits >> 8 & 3)) ?? .none
    digest.weak = traits >> 12
    digest.strong = digest.isSnapshot ? 0 : strong
    digest.content =
      digest.isSnapshot ? UInt64(strong) << 32 | UInt64(content) : UInt64(content) << 32
    return digest
  }

  /// The record has the identity of this key: its own key, or that of a conflict.
  func isOf(_ key: RecordKey, _ ranks: DialectRanks) -> Bool {
    isUsed
      && (low == key.low || low == FactDigester.conflictKey(key.low, digest.mark(ranks)))
  }
}
