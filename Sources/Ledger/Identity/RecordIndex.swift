public import Billing

/// Tells new records from those that were counted before.
///
/// The identities of a day are read from the ledger when the day is first touched, and the days
/// that were not used for longest are forgotten when memory is short. One owner uses an index, in
/// input order.
public struct RecordIndex {
  /// What a record is to the ledger.
  public enum Verdict: Sendable, Hashable {
    case new
    /// The same request, counted before: the same record, or the same call in another format.
    case duplicate
    /// Another request has this id. Both count; the key of the later one was changed.
    case conflict
  }

  /// Gives the identities that the ledger holds for a day.
  public typealias Loader = (Day, (Fact) -> Void) throws(LedgerError) -> Void

  /// A call may be stamped at its start in one log and at its end in another: an identity is also
  /// sought on the other side of a midnight that is this near. Two hours, in microseconds, is more
  /// than the longest time-out that gateways come with.
  static let midnightReach: Int64 = 2 * 3600 * 1_000_000

  private let load: Loader
  private let memoryLimit: Int
  private var digester: FactDigester
  private var days: [Day: DayIdentities] = [:]
  private var current: (day: Day, identities: DayIdentities)?
  private var clock = 0
  private var openBatch = 1
  private var storedBatch = 0

  /// - Parameter memoryLimit: Bytes that the days in memory may take. The day in use, its
  ///   neighbours and days with facts that are not in the ledger yet stay, whatever they take.
  public init(
    key: StoreKey, labels: LabelTable, cells: CellTable, memoryLimit: Int = 64 << 20,
    load: @escaping Loader
  ) {
    digester = FactDigester(key: key, labels: labels, cells: cells)
    self.memoryLimit = memoryLimit
    self.load = load
  }

  /// Decides what a record is, and remembers it when it counts.
  ///
  /// On `conflict` the key of the fact is replaced by one that depends on its content, so that the
  /// same record is a duplicate the next time.
  ///
  /// - Throws: What the loader throws.
  public mutating func admit(_ fact: inout Fact) throws(LedgerError) -> Verdict {
    let digest = digester.digest(fact)
    let day = fact.time.day
    let identities = try identities(of: day)
    var match = identities.match(fact.key, digest)
    if match != .duplicate, let neighbour = Self.neighbour(of: fact.time, in: day) {
      let beyond = try self.identities(of: neighbour).match(fact.key, digest)
      if beyond != .unknown { match = beyond }
      current = (day, identities)
    }
    if match == .duplicate { return .duplicate }
    if match == .conflict {
      fact.key.low = FactDigester.conflictKey(fact.key.low, digest.strong)
    }
    identities.insert(fact.key, digest)
    identities.lastBatch = openBatch
    return match == .conflict ? .conflict : .new
  }

  /// Ends a batch of records, before it is encoded and stored.
  ///
  /// - Returns: The number to give to `didStore(batch:)`.
  public mutating func closeBatch() -> Int {
    defer { openBatch += 1 }
    return openBatch
  }

  /// The facts of this batch and of all before are in the ledger: their days may be forgotten.
  public mutating func didStore(batch: Int) { storedBatch = max(storedBatch, batch) }

  /// The bytes that the days in memory take.
  public var byteCount: Int { days.values.reduce(0) { $0 + $1.byteCount } }

  private static func neighbour(of time: Timestamp, in day: Day) -> Day? {
    let offset = time.microseconds - Timestamp(day: day).microseconds
    if offset < midnightReach { return Day(number: day.number - 1) }
    if offset >= Timestamp.microsecondsPerDay - midnightReach { return Day(number: day.number + 1) }
    return nil
  }

  private mutating func identities(of day: Day) throws(LedgerError) -> DayIdentities {
    if let current, current.day == day { return current.identities }
    clock += 1
    if let known = days[day] {
      known.lastUse = clock
      current = (day, known)
      return known
    }
    let made = DayIdentities()
    made.lastUse = clock
    let load = load
    try load(day) { fact in made.insert(fact.key, digester.digest(fact)) }
    days[day] = made
    current = (day, made)
    forgetDays(around: day)
    return made
  }

  private mutating func forgetDays(around day: Day) {
    var total = byteCount
    guard total > memoryLimit else { return }
    let idle = days.filter {
      $0.value.lastBatch <= storedBatch && abs($0.key.number - day.number) > 1
    }
    for (day, identities) in idle.sorted(by: { $0.value.lastUse < $1.value.lastUse })
    where total > memoryLimit {
      total -= identities.byteCount
      days[day] = nil
    }
  }
}
