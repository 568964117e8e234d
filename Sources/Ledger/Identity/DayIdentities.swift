import Billing

/// The identities of one UTC day: an open-addressing table of 24 bytes a slot.
///
/// All records of one identity share the high 64 bits of their keys, so that they stand in one
/// chain of slots: the first under the identity's own key, a conflicting one under a key whose low
/// part depends on its digest too.
final class DayIdentities {
  private struct Slot {
    var high: UInt64 = 0
    var low: UInt32 = 0
    var strong: UInt32 = 0
    var weak: UInt32 = 0
    /// 0 in a free slot.
    var dialect: UInt32 = 0
  }

  /// What the table knows of the identity of a record.
  enum Match {
    case unknown, duplicate, conflict
  }

  private var slots = [Slot](repeating: Slot(), count: 1024)
  private var count = 0
  /// The batch that added to the day last; 0 when all its facts are in the ledger.
  var lastBatch = 0
  /// When the day was last used, by the index's clock.
  var lastUse = 0

  var byteCount: Int { slots.count * MemoryLayout<Slot>.stride }

  /// Compares a record with those of its identity.
  func match(_ key: RecordKey, _ digest: FactDigest) -> Match {
    var found = Match.unknown
    let slots = slots
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: key.high) & mask
    while true {
      let slot = slots[index]
      if slot.dialect == 0 { return found }
      if slot.high == key.high,
        slot.low == key.low || slot.low == FactDigester.conflictKey(key.low, slot.strong)
      {
        if slot.strong == digest.strong { return .duplicate }
        if slot.dialect != digest.dialect, slot.weak == digest.weak { return .duplicate }
        found = .conflict
      }
      index = (index + 1) & mask
    }
  }

  func insert(_ key: RecordKey, _ digest: FactDigest) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let slot = Slot(
      high: key.high, low: key.low, strong: digest.strong, weak: digest.weak,
      dialect: digest.dialect)
    Self.place(slot, in: &slots)
    count += 1
  }

  private static func place(_ slot: Slot, in slots: inout [Slot]) {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: slot.high) & mask
    while slots[index].dialect != 0 { index = (index + 1) & mask }
    slots[index] = slot
  }

  private func grow() {
    var grown = [Slot](repeating: Slot(), count: slots.count * 2)
    for slot in slots where slot.dialect != 0 { Self.place(slot, in: &grown) }
    slots = grown
  }
}
