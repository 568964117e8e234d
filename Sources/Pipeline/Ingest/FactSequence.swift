import Billing
import Ingestion
import Ledger

/// Takes the facts of blocks in input order, drops what was counted before, and keeps the account:
/// the one place where the order of the input is seen.
struct FactSequence {
  private let key: StoreKey
  private let dialects: [String]
  /// Every record counts as new: for a measurement.
  private let admitsAll: Bool
  private var index: RecordIndex
  private let names: NameLimits
  /// Facts that count and are not stored yet.
  private(set) var pending: PendingFacts
  /// Of the current input, since it was begun.
  private(set) var report = InputReport(name: "")
  /// Of the current input, since the last commit.
  private(set) var accounting = LineAccounting()
  private(set) var rejections: [Rejection] = []
  /// Those of which the lines are kept beside the ledger.
  private(set) var keptRejections: [Rejection] = []
  /// The ends of what was read of the current input.
  private(set) var edges = ContentEdges()
  /// Where the current input's whole lines end.
  private(set) var consumed: Int64 = 0
  private var sampled: [RejectionReason: Int] = [:]
  private var ordinals: [KeyedDigest: UInt64] = [:]
  /// What stands before the place where the current input was resumed, if it was.
  private var prior: PriorLines?
  private var lineBase: Int64 = 0
  /// From the first to the last day of what came since the last commit.
  private var pendingDays: ClosedRange<Day>?

  /// - Parameters:
  ///   - key: of the ids of the user's namespace.
  ///   - admitsAll: every record counts as new.
  ///   - capacity: facts that are pending at most, about.
  init(
    key: StoreKey, dialects: [String], admitsAll: Bool = false, index: RecordIndex,
    names: NameLimits, capacity: Int
  ) {
    self.key = key
    self.dialects = dialects
    self.admitsAll = admitsAll
    self.index = index
    self.names = names
    pending = PendingFacts(capacity: capacity + capacity / 8)
  }

  /// Goes on with facts of other tables. Nothing may be pending.
  mutating func use(_ tables: IngestTables) {
    index.use(labels: tables.labels, cells: tables.cells)
  }

  /// Begins an input.
  ///
  /// - Parameters:
  ///   - offset: where it is resumed; 0 reads all of it.
  ///   - line: lines before that offset.
  ///   - edges: the ends of what stands there.
  ///   - prior: what stands there, when it is resumed.
  mutating func begin(
    _ name: String, from offset: Int64, line: Int64, after edges: ContentEdges,
    prior: PriorLines?
  ) {
    report = InputReport(name: name)
    report.linesBefore = line
    clearAccount()
    consumed = offset
    self.edges = edges
    self.prior = prior
    lineBase = line
    ordinals = [:]
  }

  /// Takes one block.
  ///
  /// - Parameters:
  ///   - countsTail: a last line that is torn is a rejected line.
  ///   - tailMayGrow: should more of the input come one day, that line is read again as a whole.
  ///   - keep: keeps a rejected line beside the ledger, and tells whether it did.
  /// - Throws: `LedgerError` when the ledger's identities cannot be read; what `keep` throws.
  mutating func take(
    _ block: FactBlock, countsTail: Bool, tailMayGrow: Bool = false,
    keep: (Rejection, [UInt8]) throws -> Bool
  ) throws {
    var block = block
    try admit(&block)
    let before = report.accounting
    report.add(block.outcome, dialects: dialects, countsTail: countsTail)
    add(difference: report.accounting, since: before)
    let tail = countsTail ? block.outcome.tornTail : nil
    for var rejection in block.outcome.rejections + [tail].compactMap(\.self) {
      rejection.line += lineBase
      if let line = block.outcome.rejectedLines[rejection.offset], try keep(rejection, line) {
        keptRejections.append(rejection)
      } else {
        sample(rejection)
      }
    }
    let isPassed = tail != nil && !tailMayGrow
    lineBase += block.outcome.lines + (isPassed ? 1 : 0)
    consumed = block.outcome.consumed + (isPassed ? tail?.length ?? 0 : 0)
    // A torn line that waits for its end was not read.
    if isPassed || block.outcome.tornTail == nil { edges = block.outcome.edges }
  }

  /// Keeps as many places for each reason as the ledger does at most.
  private mutating func sample(_ rejection: Rejection) {
    let count = sampled[rejection.reason, default: 0]
    guard count < QuarantinedLine.limit else { return }
    sampled[rejection.reason] = count + 1
    rejections.append(rejection)
  }

  /// How many facts are to be held before they are stored, of a number that has room on its own: a
  /// quarter for each day that they are of, for those of a day are encoded at once, and a quarter
  /// beside many identities.
  func commitSize(of limit: Int) -> Int {
    let days = pendingDays.map { $0.upperBound.number - $0.lowerBound.number + 1 } ?? 1
    return hasManyIdentities ? limit / 4 : min(limit, limit / 4 * Int(days))
  }

  /// The identities of the days in play take up so much memory that there is little for the rest.
  var hasManyIdentities: Bool { index.byteCount > Self.roomyIndexBytes }

  private static let roomyIndexBytes = 64 << 20

  /// Lines of the current input so far, those of former runs included.
  var line: Int64 { lineBase }

  /// Decides for each line whether it counts: it does when any of its facts does.
  private mutating func admit(_ block: inout FactBlock) throws(LedgerError) {
    var counts = LineAccounting()
    var anonymous = block.anonymous[...]
    var position = 0
    while position < block.facts.count {
      let line = block.lineOfFact[position]
      var isNew = false
      var replaced: Int64 = 0
      var tooLate: Int64 = 0
      while position < block.facts.count, block.lineOfFact[position] == line {
        var verdict: RecordIndex.Verdict
        // Which names a day has is known when its identities are.
        try index.load(block.facts[position].time.day)
        let nameless = names.fold(&block.facts[position])
        if let first = anonymous.first, first.fact == position {
          anonymous.removeFirst()
          verdict = try admitAnonymous(&block.facts[position], first.digest)
        } else {
          verdict = try admit(&block.facts[position])
        }
        counts.add(verdict)
        isNew = isNew || verdict.isNew
        replaced += verdict.replaced
        if verdict == .tooLate { tooLate += 1 }
        pending.take(block.facts[position], verdict)
        if verdict != .duplicate { names.keep(block.facts[position], without: nameless) }
        let time = block.facts.span[position].time
        pendingDays =
          pendingDays.map { min($0.lowerBound, time.day)...max($0.upperBound, time.day) }
          ?? time.day...time.day
        position += 1
      }
      if tooLate > 0 {
        note(block.rejection(.tooLate, of: line), isRejected: !isNew, tooLate, &counts)
      }
      if tooLate == 0 || isNew { counts.addLine(isNew: isNew, replaced: replaced) }
    }
    report.accounting.add(counts)
    accounting.add(counts)
  }

  /// Notes that records of a line come too late: the line is rejected when no other of it counts.
  private mutating func note(
    _ rejection: Rejection, isRejected: Bool, _ records: Int64, _ counts: inout LineAccounting
  ) {
    var rejection = rejection
    rejection.line += lineBase
    let reason = rejection.reason
    let known: Int64
    if isRejected {
      known = (report.accounting.rejections[reason] ?? 0) + (counts.rejections[reason] ?? 0)
      counts.rejected += 1
      counts.rejections[reason, default: 0] += 1
      sample(rejection)
    } else {
      known = report.refusedRecords[reason] ?? 0
      report.refusedRecords[reason, default: 0] += records
    }
    if known < InputReport.samplesPerReason { report.samples.append(rejection) }
  }

  private mutating func admit(_ fact: inout Fact) throws(LedgerError) -> RecordIndex.Verdict {
    admitsAll ? .new : try index.admit(&fact)
  }

  /// A line without an id counts as often as it stands in one file, and once for all copies of it.
  /// Where a file is resumed, those before are not in `ordinals`: the first that is known already
  /// asks how many they are. When they cannot be read again, the line counts, lest it be lost.
  private mutating func admitAnonymous(
    _ fact: inout Fact, _ digest: KeyedDigest
  ) throws(LedgerError) -> RecordIndex.Verdict {
    let ordinal = ordinals[digest]
    var verdict = try admit(&fact, digest, ordinal: ordinal ?? 0)
    guard let prior, ordinal == nil, verdict == .duplicate else { return verdict }
    if let before = try? prior.count(of: digest) {
      return before == 0 ? verdict : try admit(&fact, digest, ordinal: before)
    }
    while verdict == .duplicate {
      verdict = try admit(&fact, digest, ordinal: ordinals[digest, default: 0])
    }
    return verdict
  }

  private mutating func admit(
    _ fact: inout Fact, _ digest: KeyedDigest, ordinal: UInt64
  ) throws(LedgerError) -> RecordIndex.Verdict {
    ordinals[digest] = ordinal + 1
    fact.key = FactStage.recordKey(anonymous: digest, ordinal: ordinal, key: key)
    return try admit(&fact)
  }

  private mutating func add(difference now: LineAccounting, since before: LineAccounting) {
    accounting.lines += now.lines - before.lines
    accounting.rejected += now.rejected - before.rejected
    accounting.skipped += now.skipped - before.skipped
    accounting.bytes += now.bytes - before.bytes
    for (reason, count) in now.rejections {
      let added = count - before.rejections[reason, default: 0]
      if added > 0 { accounting.rejections[reason, default: 0] += added }
    }
  }

  /// Tells something about the current input, once.
  mutating func note(_ notice: InputNotice) {
    if !report.notices.contains(notice) { report.notices.append(notice) }
  }

  mutating func setError(_ error: InputError) { report.error = error }

  /// All that is pending is stored.
  mutating func didStorePending() {
    index.didStore(batch: index.closeBatch())
    pending.removeAll()
    pendingDays = nil
  }

  /// The account since the last commit was handed over.
  mutating func clearAccount() {
    accounting = LineAccounting()
    rejections = []
    sampled = [:]
    keptRejections = []
  }
}
