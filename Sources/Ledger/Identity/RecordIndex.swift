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
    /// Its day was pruned, and did not have it: it does not count. `PrunedDays` alone says so.
    case tooLate
    /// The same request as facts that count, and told better: it takes their place.
    case supersedes(Supersession)

    /// How many records of one line's worth it takes the place of.
    public var replaced: Int64 {
      if case .supersedes = self { 1 } else { 0 }
    }

    /// The record adds a request to those that count.
    public var isNew: Bool { self == .new || self == .conflict }
  }

  /// The facts that a record takes the place of.
  public struct Supersession: Sendable, Hashable {
    /// At least one.
    public var facts: [FactPlace]
    /// What the number of requests changes by that share an id with another.
    public var idConflicts: Int64

    public init(facts: [FactPlace], idConflicts: Int64) {
      self.facts = facts
      self.idConflicts = idConflicts
    }
  }

  /// Gives the facts that the ledger holds for a day, each with the tables that it is of. They need
  /// not be those of the records that are admitted: a day may hold many cells that a run never meets.
  public typealias Loader = (Day, (Fact, FactTables) -> Void) throws(LedgerError) -> Void

  /// Is asked first: the index knows nothing of these days.
  var pruned: PrunedDays?
  private let load: Loader
  private let memoryLimit: Int
  private var digester: FactDigester
  private var days: [Day: DayIdentities] = [:]
  private var current: (day: Day, identities: DayIdentities)?
  private var clock = 0
  private var openBatch = 1
  private var storedBatch = 0

  /// - Parameters:
  ///   - preference: The names of dialects. Of two records of one call, the one counts whose dialect
  ///     stands first; dialects that are not named come last, by the bytes of their names.
  ///   - revising: The names of dialects whose records of one id are snapshots of one call: the one
  ///     with the most tokens counts.
  ///   - memoryLimit: Bytes that the days in memory may take. The day in use, its neighbours and days
  ///     with facts that are not in the ledger yet stay, whatever they take.
  public init(
    key: StoreKey, labels: LabelTable, cells: CellTable, preference: [String] = [],
    revising: [String] = [], memoryLimit: Int = 64 << 20, load: @escaping Loader
  ) {
    digester = FactDigester(
      key: key, tables: FactTables(labels: labels, cells: cells),
      ranks: DialectRanks(preference: preference, revising: revising))
    self.memoryLimit = memoryLimit
    self.load = load
  }

  /// Goes on with records that are of other tables; what is known of those before does not depend on
  /// theirs.
  public mutating func use(labels: LabelTable, cells: CellTable) {
    digester = digester.with(FactTables(labels: labels, cells: cells))
  }

  /// Decides what a record is, and remembers it when it counts.
  ///
  /// Which records of a set count in the end, and how many requests share an id, does not depend on
  /// the order in which they come. Only the keys do: among requests of one id and day the first has
  /// the id's own key, and the key of each other is replaced by one that depends on its content, so
  /// that the same record is a duplicate the next time.
  ///
  /// - Throws: What the loader throws.
  public mutating func admit(_ fact: inout Fact) throws(LedgerError) -> Verdict {
    if let verdict = try pruned?.verdict(on: fact) { return verdict }
    let digest = digester.digest(fact)
    let day = fact.time.day
    let identities = try identities(of: day)
    let match = identities.match(fact.key, digest, digester.ranks)
    if match.isDuplicate { return .duplicate }
    var superseded: [FactPlace] = []
    var conflicts = 0
    if let across = digest.edge.across(from: day) {
      let beyond = try self.identities(of: across.day)
      current = (day, identities)
      let other = beyond.match(fact.key, digest, digester.ranks, near: across.edge)
      if other.isDuplicate { return .duplicate }
      if !other.inferior.isEmpty {
        superseded = remove(other.inferior, of: fact.key, from: beyond, across.day)
        conflicts += Self.conflicts(other.count - other.inferior.count)
        conflicts -= Self.conflicts(other.count)
      }
    }
    let own = remove(match.inferior, of: fact.key, from: identities, day)
    superseded += own
    conflicts += Self.conflicts(match.count - own.count + 1) - Self.conflicts(match.count)
    if match.count > 0, !own.contains(FactPlace(day: day, key: fact.key)) {
      fact.key.low = FactDigester.conflictKey(fact.key.low, digest.mark(digester.ranks))
    }
    identities.insert(fact.key, digest)
    identities.lastBatch = openBatch
    if superseded.isEmpty { return match.count > 0 ? .conflict : .new }
    return .supersedes(Supersession(facts: superseded, idConflicts: Int64(conflicts)))
  }

  /// The key that a fact had before another ledger gave it one for the requests that share an id.
  ///
  /// - Parameter lows: The endings of all keys that begin as the fact's does, of its day.
  mutating func originalKey(of fact: Fact, among lows: [UInt32]) -> RecordKey {
    guard !lows.isEmpty else { return fact.key }
    let mark = digester.digest(fact).mark(digester.ranks)
    let low = lows.first { FactDigester.conflictKey($0, mark) == fact.key.low }
    return RecordKey(high: fact.key.high, low: low ?? fact.key.low)
  }

  /// Requests of one day that share their id with another, beside the first.
  private static func conflicts(_ count: Int) -> Int { max(count - 1, 0) }

  private func remove(
    _ slots: [Int], of key: RecordKey, from identities: DayIdentities, _ day: Day
  ) -> [FactPlace] {
    guard !slots.isEmpty else { return [] }
    identities.lastBatch = openBatch
    return slots.map { FactPlace(day: day, key: identities.remove(at: $0, of: key)) }
  }

  /// Reads the identities of a day from the ledger, unless they are there.
  ///
  /// - Throws: What the loader throws.
  public mutating func load(_ day: Day) throws(LedgerError) { _ = try identities(of: day) }

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
    var reader = digester
    try load(day) { fact, tables in
      if !reader.isOf(tables) { reader = reader.with(tables) }
      made.insert(fact.key, reader.digest(fact))
    }
    digester.ranks = reader.ranks
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

extension LineAccounting {
  /// Counts a record; what its line is, is for the caller to say: it counts when any of its records
  /// is new.
  ///
  /// A record that takes the place of one other changes nothing: its line is a duplicate, as the
  /// other's would have been. Where it takes the place of several, their lines become duplicates.
  public mutating func add(_ verdict: RecordIndex.Verdict) {
    switch verdict {
    case .new: events += 1
    case .duplicate, .tooLate: break
    case .conflict:
      events += 1
      idConflicts += 1
    case .supersedes(let old):
      let extra = Int64(old.facts.count) - 1
      events -= extra
      eventLines -= extra
      duplicates += extra
      idConflicts += old.idConflicts
    }
  }

  /// Counts a line whose records were counted.
  ///
  /// - Parameters:
  ///   - isNew: any of its records is new.
  ///   - replaced: records of other lines whose place its records take: where the line itself counts,
  ///     those lines do no more.
  public mutating func addLine(isNew: Bool, replaced: Int64) {
    guard isNew else {
      duplicates += 1
      return
    }
    eventLines += 1 - replaced
    duplicates += replaced
  }
}
