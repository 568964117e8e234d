import Billing

/// Tells records of days whose facts were pruned: one that the day had is a duplicate, any other
/// comes too late, for nothing tells any more whether it is another form of one that was counted.
///
/// `RecordIndex` asks it first: across the midnight between the last pruned day and the first kept one,
/// records are not compared.
struct PrunedDays {
  /// The first UTC day that was not pruned; `nil` when none was.
  typealias FirstDay = () throws(LedgerError) -> Day?
  /// Gives the keys that the ledger holds for a day.
  typealias Loader = (Day, (RecordKey) -> Void) throws(LedgerError) -> Void

  private let readFirstDay: FirstDay
  private let load: Loader
  /// Days before it were pruned: none when it is far in the past, `nil` when nobody has asked yet.
  private var firstDay: Day?
  private var days: [(day: Day, keys: SortedKeys)] = []
  private let memoryLimit: Int

  /// - Parameter memoryLimit: Bytes that the days in memory may take beside the latest one.
  init(memoryLimit: Int = 32 << 20, firstDay: @escaping FirstDay, load: @escaping Loader) {
    readFirstDay = firstDay
    self.memoryLimit = memoryLimit
    self.load = load
  }

  /// What a record is; `nil` when its day was not pruned.
  ///
  /// - Throws: What reading the first day and the keys throws.
  mutating func verdict(on fact: Fact) throws(LedgerError) -> RecordIndex.Verdict? {
    let day = fact.time.day
    guard day < (try self.knownFirstDay()) else { return nil }
    return try keys(of: day).contains(fact.key) ? .duplicate : .tooLate
  }

  private mutating func knownFirstDay() throws(LedgerError) -> Day {
    if let firstDay { return firstDay }
    let read = try readFirstDay() ?? Day(number: .min)
    firstDay = read
    return read
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
