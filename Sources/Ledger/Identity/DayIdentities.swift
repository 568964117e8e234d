import Billing

/// The identities of one UTC day: an open-addressing table of 32 bytes a slot.
///
/// All records of one identity share the high 64 bits of their keys, so that they stand in one
/// chain of slots: the first under the identity's own key, a conflicting one under a key whose low
/// part depends on its digest too.
final class DayIdentities {
  /// A record that was removed stays, so that the chain does not break, and is no longer looked at.
  private struct Slot {
    var high: UInt64 = 0
    var digest = FactDigest()
    var low: UInt32 = 0

    var isFree: Bool { digest.dialect == 0 }
    var isUsed: Bool { digest.dialect != 0 && digest.dialect != .max }
    var key: RecordKey { RecordKey(high: high, low: low) }

    mutating func remove() { digest.dialect = .max }

    /// The record has the identity of this key.
    func isOf(_ key: RecordKey) -> Bool {
      high == key.high && isUsed
        && (low == key.low || low == FactDigester.conflictKey(key.low, digest.strong))
    }
  }

  /// What the table's records of an identity are to another record of it.
  struct Match {
    /// All records of the identity.
    var count = 0
    /// One of them is the same call, and the same record or preferred.
    var isDuplicate = false
    /// Those that are the same call, where the other record is preferred: the numbers of their slots.
    var inferior: [Int] = []
  }

  private var slots = [Slot](repeating: Slot(), count: 1024)
  /// Slots that are not free.
  private var count = 0
  /// The batch that changed the day last; 0 when all its facts are in the ledger.
  var lastBatch = 0
  /// When the day was last used, by the index's clock.
  var lastUse = 0

  var byteCount: Int { slots.count * MemoryLayout<Slot>.stride }

  /// Compares a record with those of its identity.
  ///
  /// - Parameter edge: Only records on this side of the day, and of another dialect or snapshots, can
  ///   be the same call; `nil` for a record of this day.
  func match(
    _ key: RecordKey, _ digest: FactDigest, _ ranks: DialectRanks, near edge: DayEdge? = nil
  ) -> Match {
    var found = Match()
    let slots = slots
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: key.high) & mask
    while !slots[index].isFree {
      if slots[index].isOf(key) {
        found.count += 1
        let other = slots[index].digest
        if edge.map({ other.edge == $0 && digest.mayBeAcross(other) }) ?? true {
          switch digest.relation(to: other, ranks) {
          case .different: break
          case .sameOrInferior: found.isDuplicate = true
          case .preferred: found.inferior.append(index)
          }
        }
      }
      index = (index + 1) & mask
    }
    return found
  }

  func insert(_ key: RecordKey, _ digest: FactDigest) {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    Self.place(Slot(high: key.high, digest: digest, low: key.low), in: &slots)
    count += 1
  }

  /// Removes a record that another took the place of.
  ///
  /// - Parameter index: As `match` gave it, before anything was inserted.
  /// - Returns: The key that it had.
  func remove(at index: Int) -> RecordKey {
    slots[index].remove()
    return slots[index].key
  }

  private static func place(_ slot: Slot, in slots: inout [Slot]) {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: slot.high) & mask
    while !slots[index].isFree { index = (index + 1) & mask }
    slots[index] = slot
  }

  private func grow() {
    let used = slots.filter { $0.isUsed }
    slots = [Slot](repeating: Slot(), count: slots.count * (used.count * 2 > slots.count ? 2 : 1))
    for slot in used { Self.place(slot, in: &slots) }
    count = used.count
  }
}

extension FactDigest {
  /// Both may be stamped differently although they are one call.
  fileprivate func mayBeAcross(_ other: FactDigest) -> Bool {
    dialect != other.dialect || isSnapshot
  }
}

/// The side of a day that is near a midnight.
enum DayEdge: UInt8 {
  case start, end
  /// Far from both.
  case none

  /// A call may be stamped at its start in one log and at its end in another: an identity is also
  /// sought on the other side of a midnight that is this near. Two hours, in microseconds, is more
  /// than the longest time-out that gateways come with.
  static let reach: Int64 = 2 * 3600 * 1_000_000

  init(of time: Timestamp) {
    let offset = time.microseconds - Timestamp(day: time.day).microseconds
    if offset < Self.reach {
      self = .start
    } else if offset >= Timestamp.microsecondsPerDay - Self.reach {
      self = .end
    } else {
      self = .none
    }
  }

  /// The day on the other side of the midnight, and the side of it that is near; `nil` when no
  /// midnight is.
  func across(from day: Day) -> (day: Day, edge: DayEdge)? {
    switch self {
    case .start: (Day(number: day.number - 1), .end)
    case .end: (Day(number: day.number + 1), .start)
    case .none: nil
    }
  }
}
