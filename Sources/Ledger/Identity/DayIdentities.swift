import Billing

/// The identities of one UTC day, in 20 bytes a slot: ten million requests of a day fit into 250 MB.
///
/// The table is in parts, each a sorted array with gaps: where a record stands follows from its
/// hash, those of one identity are neighbours, and a search ends at the first greater hash. A part
/// grows by a twelfth, and a large day has many parts, so that little is free and little is copied at
/// a time.
final class DayIdentities {
  /// What the table's records of an identity are to another record of it.
  struct Match {
    /// All records of the identity.
    var count = 0
    /// One of them is the same call, and the same record or preferred.
    var isDuplicate = false
    /// Those that are the same call, where the other record is preferred: the numbers of their slots.
    var inferior: [Int] = []
  }

  private var parts = makeParts(splitBits: 0)
  /// Each of the first parts is so many bits' worth of parts.
  private var splitBits = 0
  private var count = 0
  /// The batch that changed the day last; 0 when all its facts are in the ledger.
  var lastBatch = 0
  /// When the day was last used, by the index's clock.
  var lastUse = 0

  private static let partBits = 4
  /// From so many records on the day is a large one.
  private static let smallCount = 1 << 18
  private static let splitBitsOfLarge = 1

  var byteCount: Int {
    parts.reduce(0) { $0 + $1.slots.count } * MemoryLayout<IdentitySlot>.stride
  }

  /// Compares a record with those of its identity.
  ///
  /// - Parameter edge: Only records on this side of the day, and of another dialect or snapshots, can
  ///   be the same call; `nil` for a record of this day.
  func match(
    _ key: RecordKey, _ digest: FactDigest, _ ranks: DialectRanks, near edge: DayEdge? = nil
  ) -> Match {
    var found = Match()
    let place = place(of: key)
    let part = parts[place.part].slots
    let slots = part.span
    var index = Part.home(of: place.hash, in: slots.count, splitBits: splitBits)
    while index < slots.count, !slots[index].isFree, slots[index].hash <= place.hash {
      let slot = slots[index]
      index += 1
      guard slot.hash == place.hash, slot.isOf(key, ranks) else { continue }
      found.count += 1
      let other = slot.digest
      guard edge.map({ other.edge == $0 && digest.mayBeAcross(other) }) ?? true else { continue }
      switch digest.relation(to: other, ranks) {
      case .different: break
      case .sameOrInferior: found.isDuplicate = true
      case .preferred: found.inferior.append(index - 1)
      }
    }
    return found
  }

  func insert(_ key: RecordKey, _ digest: FactDigest) {
    if count == Self.smallCount, splitBits == 0 { split() }
    let place = place(of: key)
    parts[place.part].insert(IdentitySlot(hash: place.hash, low: key.low, digest))
    count += 1
  }

  private static func makeParts(splitBits: Int) -> [Part] {
    let count = 1 << (partBits + splitBits)
    return (0..<count).map { Part(number: $0, of: count, splitBits: splitBits) }
  }

  private func split() {
    let small = parts
    splitBits = Self.splitBitsOfLarge
    parts = Self.makeParts(splitBits: splitBits)
    for (number, part) in small.enumerated() {
      for slot in part.slots where slot.isUsed {
        parts[number << splitBits | Int(slot.hash >> UInt32(32 - splitBits))].insert(slot)
      }
    }
  }

  /// Removes a record that another took the place of.
  ///
  /// - Parameters:
  ///   - index: As `match` gave it for this key, before anything was inserted.
  ///   - key: A key of its identity.
  /// - Returns: The key that it had.
  func remove(at index: Int, of key: RecordKey) -> RecordKey {
    let part = place(of: key).part
    parts[part].slots[index].remove()
    return RecordKey(high: key.high, low: parts[part].slots[index].low)
  }

  /// The first bits of a key choose the part, the next the place in it; the rest is not kept: what
  /// is kept tells 2⁶⁸ identities apart, and a digest is compared besides.
  private func place(of key: RecordKey) -> (part: Int, hash: UInt32) {
    (
      Int(key.high >> UInt64(64 - Self.partBits - splitBits)),
      UInt32(truncatingIfNeeded: key.high >> UInt64(32 - Self.partBits))
    )
  }

  /// A sorted array with gaps.
  private struct Part {
    var slots: [IdentitySlot] = []
    /// Slots that are not free.
    private var count = 0
    /// The first bits of the hashes, which are the same in all of the part.
    private let splitBits: Int
    private let firstSize: Int

    /// - Parameter number: Parts begin with different sizes, or all of them, which fill alike, would
    ///   grow at once.
    init(number: Int, of count: Int, splitBits: Int) {
      self.splitBits = splitBits
      firstSize = Self.tail + 32 + 32 * number / count
    }

    /// Where a hash stands when no other is in the way. It rises with the hash; the last slots are
    /// kept for those that others pushed.
    static func home(of hash: UInt32, in slotCount: Int, splitBits: Int) -> Int {
      let homes = max(slotCount - tail, 0)
      return Int((UInt64(hash << UInt32(splitBits)) * UInt64(homes)) >> 32)
    }

    private static let tail = 64

    mutating func insert(_ slot: IdentitySlot) {
      if (count + 1) * 10 > (slots.count - Self.tail) * 9 { grow() }
      while !place(slot) { grow() }
      count += 1
    }

    /// Puts a slot behind those of its hash, and moves the greater ones on.
    ///
    /// - Returns: `false` when there is no room.
    private mutating func place(_ slot: IdentitySlot) -> Bool {
      var index = Self.home(of: slot.hash, in: slots.count, splitBits: splitBits)
      var slots = slots.mutableSpan
      while index < slots.count, !slots[index].isFree, slots[index].hash <= slot.hash {
        index += 1
      }
      var end = index
      while end < slots.count, !slots[end].isFree { end += 1 }
      guard end < slots.count else { return false }
      while end > index {
        slots[end] = slots[end - 1]
        end -= 1
      }
      slots[index] = slot
      return true
    }

    private mutating func grow() {
      var size = max(slots.count + (slots.count - Self.tail) / 12, firstSize)
      while true {
        if let (grown, used) = slots(in: size) {
          (slots, count) = (grown, used)
          return
        }
        size += size / 12
      }
    }

    /// The slots that are used, spread over more; `nil` where they do not fit.
    private func slots(in size: Int) -> (slots: [IdentitySlot], used: Int)? {
      var spread = [IdentitySlot](repeating: IdentitySlot(), count: size)
      var (next, used) = (0, 0)
      let (source, bits) = (slots.span, splitBits)
      var target = spread.mutableSpan
      for index in source.indices where source[index].isUsed {
        next = max(next, Self.home(of: source[index].hash, in: size, splitBits: bits))
        guard next < size else { return nil }
        target[next] = source[index]
        next += 1
        used += 1
      }
      return (spread, used)
    }
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
