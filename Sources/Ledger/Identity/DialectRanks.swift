import Billing

/// Which of two dialects tells more of a call that both log: an order that does not depend on which
/// was read first.
struct DialectRanks {
  /// By number, from 1.
  private var names: [[UInt8]]
  private var marks: [UInt32] = []
  private var numbers: [[UInt8]: UInt16] = [:]
  private let rankedCount: Int
  private let revising: Set<[UInt8]>

  /// - Parameters:
  ///   - preference: Names of dialects, the preferred first. All others follow, by the bytes of their
  ///     names.
  ///   - revising: Those whose records of one identity are snapshots of one call.
  init(preference: [String], revising: [String] = []) {
    self.revising = Set(revising.map { Array($0.utf8) })
    names = []
    for name in preference.map({ Array($0.utf8) }) where numbers[name] == nil {
      names.append(name)
      marks.append(Self.mark(of: name))
      numbers[name] = UInt16(names.count)
    }
    rankedCount = names.count
  }

  /// The number of a dialect, from 1. Beyond 254 dialects all others are one.
  mutating func number(of name: String) -> UInt16 {
    let bytes = Array(name.utf8)
    if let known = numbers[bytes] { return known }
    names.append(bytes)
    marks.append(Self.mark(of: bytes))
    let number = UInt16(min(names.count, 255))
    numbers[bytes] = number
    return number
  }

  /// Records of this dialect with one identity are snapshots of one call.
  func revises(_ number: UInt16) -> Bool {
    !revising.isEmpty && revising.contains(names[Int(number) - 1])
  }

  /// A hash of a dialect's name, the same in every run.
  func mark(of number: UInt16) -> UInt32 { marks[Int(number) - 1] }

  private static func mark(of name: [UInt8]) -> UInt32 {
    let hasher = KeyedHasher(key: StoreKey(low: 0, high: 0))
    return UInt32(truncatingIfNeeded: hasher.digest(name.span).low)
  }

  /// The first dialect is preferred to the second. A dialect is not preferred to itself.
  func prefers(_ first: UInt16, to second: UInt16) -> Bool {
    if min(first, second) <= rankedCount { return first < second }
    return names[Int(first) - 1].lexicographicallyPrecedes(names[Int(second) - 1])
  }
}
