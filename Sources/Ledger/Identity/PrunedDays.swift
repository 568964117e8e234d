public import Billing

/// Tells records of days whose facts were pruned: one that the day had is a duplicate, any other
/// comes too late, for nothing tells any more whether it is another form of one that was counted.
///
/// It is asked before `RecordIndex`, which knows nothing of such days. One owner uses it.
public struct PrunedDays {
  /// Gives the keys that the ledger holds for a day.
  public typealias Loader = (Day, (RecordKey) -> Void) throws(LedgerError) -> Void

  /// The first UTC day that was not pruned; `nil` when none was.
  public let firstDay: Day?
  private let load: Loader
  private var days: [(day: Day, keys: SortedKeys)] = []
  private let memoryLimit: Int

  /// - Parameter memoryLimit: Bytes that the days in memory may take beside the latest one.
  init(firstDay: Day?, memoryLimit: Int = 32 << 20, load: @escaping Loader) {
    self.firstDay = firstDay
    self.memoryLimit = memoryLimit
    self.load = load
  }

  /// What a record is; `nil` when its day was not pruned.
  ///
  /// - Throws: What the loader throws.
  public mutating func verdict(on fact: Fact) throws(LedgerError) -> RecordIndex.Verdict? {
    guard let firstDay, fact.time.day < firstDay else { return nil }
    return try keys(of: fact.time.day).contains(fact.key) ? .duplicate : .tooLate
  }

  private mutating func keys(of day: Day) throws(LedgerError) -> SortedKeys {
    if let last = days.last, last.day == day { return last.keys }
    if let index = days.firstIndex(where: { $0.day == day }) {
      days.append(days.remove(at: index))
    } else {
      var keys = SortedKeys()
      try load(day) { keys.append($0) }
      keys.sort()
      days.append((day, keys))
    }
    var total = days.reduce(0) { $0 + $1.keys.byteCount }
    while days.count > 1, total > memoryLimit { total -= days.removeFirst().keys.byteCount }
    return days[days.count - 1].keys
  }
}

/// Keys in order, 12 bytes each.
private struct SortedKeys {
  private var highs: [UInt64] = []
  private var lows: [UInt32] = []
  private var isSorted = true

  var byteCount: Int { highs.count * 12 }

  mutating func append(_ key: RecordKey) {
    isSorted =
      isSorted && (highs.last.map { RecordKey(high: $0, low: lows[lows.count - 1]) < key } ?? true)
    highs.append(key.high)
    lows.append(key.low)
  }

  mutating func sort() {
    guard !isSorted else { return }
    let keys = zip(highs, lows).map { RecordKey(high: $0, low: $1) }.sorted()
    highs = keys.map(\.high)
    lows = keys.map(\.low)
  }

  /// A request of the key's id was counted. The upper half tells ids apart; of requests that shared
  /// an id the lower half of all but the first is another.
  func contains(_ key: RecordKey) -> Bool {
    var (low, high) = (0, highs.count)
    while low < high {
      let middle = (low + high) / 2
      if highs[middle] < key.high { low = middle + 1 } else { high = middle }
    }
    return low < highs.count && highs[low] == key.high
  }
}
