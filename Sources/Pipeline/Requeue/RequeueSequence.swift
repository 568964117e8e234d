import Billing
import Ingestion
import Ledger

/// Takes the lines of a source once more, in their order, and decides what becomes of those that were
/// rejected: the others were counted, and stay as they are.
///
/// The places of the first rejected lines of each reason are known. Of more of them only the number
/// is: then any line whose facts are new is one of them, and what is left is settled at the end.
struct RequeueSequence {
  private let key: StoreKey
  private var pruned: PrunedDays
  private var index: RecordIndex
  /// Facts that count now and are not stored yet.
  private(set) var pending = PendingFacts()
  private var ordinals: [KeyedDigest: UInt64] = [:]
  private var lineBase: Int64 = 0
  /// Rejected lines by their numbers in the input, as long as they were not met.
  private var places: [Int64: QuarantinedLine] = [:]
  /// Their numbers, rising, and how many of them stand before the present block.
  private var numbers: [Int64] = []
  private var passed = 0
  /// Rejected lines without a place that were not met.
  private var unplaced: [RejectionReason: Int64] = [:]
  /// Lines without a place that are rejected now.
  private var rejectedAgain: [RejectionReason: Int64] = [:]
  /// Lines that carry nothing now, less those that carried nothing before.
  private var newlySkipped: Int64 = 0
  /// Since the last commit.
  private(set) var accounting = LineAccounting()
  private(set) var resolved: [QuarantinedLine] = []
  private(set) var rejections: [Rejection] = []
  /// Of the present source.
  private(set) var report = RequeueReport(name: "")

  /// - Parameter key: of the ids of the source's namespace.
  init(key: StoreKey, pruned: PrunedDays, index: RecordIndex) {
    self.key = key
    self.pruned = pruned
    self.index = index
  }

  /// Begins a source.
  ///
  /// - Parameters:
  ///   - places: the rejected lines by their numbers in the input.
  ///   - unplaced: rejected lines of which only the number is known.
  ///   - skipped: lines that carried nothing.
  mutating func begin(
    _ name: String, places: [Int64: QuarantinedLine], unplaced: [RejectionReason: Int64],
    skipped: Int64
  ) {
    report = RequeueReport(name: name)
    report.lines = Int64(places.count) + unplaced.values.reduce(0, +)
    self.places = places
    self.unplaced = unplaced
    numbers = places.keys.sorted()
    (passed, lineBase, newlySkipped) = (0, 0, -skipped)
    (ordinals, rejectedAgain) = ([:], [:])
  }

  /// Takes the next block of the source.
  ///
  /// - Throws: `LedgerError`.
  mutating func take(_ block: FactBlock) throws(LedgerError) {
    var block = block
    var anonymous = block.anonymous[...]
    var position = 0
    while position < block.facts.count {
      let line = block.lineOfFact[position]
      let start = position
      while position < block.facts.count, block.lineOfFact[position] == line { position += 1 }
      let digests = anonymous.prefix { $0.fact < position }
      anonymous = anonymous.dropFirst(digests.count)
      try take(&block.facts, start..<position, Array(digests), lineBase + Int64(line.number) + 1)
    }
    let tail = block.outcome.tornTail
    for rejection in block.outcome.rejections + [tail].compactMap(\.self) { reject(rejection) }
    lineBase += block.outcome.lines + (tail == nil ? 0 : 1)
    newlySkipped += block.outcome.skipped
    while passed < numbers.count, numbers[passed] <= lineBase {
      if let place = places.removeValue(forKey: numbers[passed]) {
        accounting.skipped += 1
        newlySkipped -= 1
        report.skipped += 1
        settle(place)
      }
      passed += 1
    }
  }

  /// Takes the facts of one line.
  private mutating func take(
    _ facts: inout [Fact], _ range: Range<Int>, _ anonymous: [(fact: Int, digest: KeyedDigest)],
    _ number: Int64
  ) throws(LedgerError) {
    let place = places.removeValue(forKey: number)
    guard place != nil || !unplaced.isEmpty else {
      // Only how often it came counts, for those that follow.
      for entry in anonymous { ordinals[entry.digest, default: 0] += 1 }
      return
    }
    var anonymous = anonymous[...]
    var counts = LineAccounting()
    var (isNew, isOther, isTooLate) = (false, false, false)
    var replaced: Int64 = 0
    for position in range {
      if let first = anonymous.first, first.fact == position {
        anonymous.removeFirst()
        let ordinal = ordinals[first.digest, default: 0]
        ordinals[first.digest] = ordinal + 1
        facts[position].key = FactStage.recordKey(
          anonymous: first.digest, ordinal: ordinal, key: key)
      }
      let verdict = try admit(&facts[position])
      counts.add(verdict)
      isNew = isNew || verdict.isNew
      isTooLate = isTooLate || verdict == .tooLate
      isOther = isOther || verdict != .duplicate && verdict != .tooLate
      replaced += verdict.replaced
      pending.take(facts[position], verdict)
    }
    if isTooLate, !isNew {
      guard let place else { return }
      places[number] = place
      var rejection = place.rejection
      (rejection.reason, rejection.line) = (.tooLate, number - lineBase)
      return reject(rejection)
    }
    counts.addLine(isNew: isNew, replaced: replaced)
    // Without a place: what is a duplicate was counted before.
    guard place != nil || isOther else { return }
    accounting.add(counts)
    if isNew { report.counted += 1 } else { report.duplicates += 1 }
    if let place { settle(place) } else { settleUnplaced() }
  }

  private mutating func admit(_ fact: inout Fact) throws(LedgerError) -> RecordIndex.Verdict {
    if let verdict = try pruned.verdict(on: fact) { return verdict }
    return try index.admit(&fact)
  }

  private mutating func reject(_ rejection: Rejection) {
    var rejection = rejection
    rejection.line += lineBase
    guard let place = places.removeValue(forKey: rejection.line) else {
      rejectedAgain[rejection.reason, default: 0] += 1
      return
    }
    report.rejected += 1
    guard place.rejection.reason != rejection.reason else { return }
    // Where it stands in its log, which need not be the input.
    rejection.line = place.rejection.line
    rejection.offset = place.rejection.offset
    accounting.rejections[place.rejection.reason, default: 0] -= 1
    accounting.rejections[rejection.reason, default: 0] += 1
    resolved.append(place)
    rejections.append(rejection)
  }

  /// A line is rejected no longer.
  private mutating func settle(_ place: QuarantinedLine) {
    accounting.rejected -= 1
    accounting.rejections[place.rejection.reason, default: 0] -= 1
    resolved.append(place)
  }

  /// A line without a place is rejected no longer: it is taken for one of the most frequent reason.
  private mutating func settleUnplaced() {
    guard
      let (reason, count) = unplaced.max(by: {
        ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue)
      })
    else { return }
    unplaced[reason] = count > 1 ? count - 1 : nil
    accounting.rejected -= 1
    accounting.rejections[reason, default: 0] -= 1
  }

  /// The source was read to its end: what is left without a place is rejected for the reasons that
  /// its lines have now, and all others of them are duplicates or carry nothing.
  mutating func finish() {
    let left = unplaced.values.reduce(0, +)
    let again = rejectedAgain.values.reduce(0, +)
    defer { unplaced = [:] }
    // When more lines are rejected than were, some were counted before: then nobody can tell.
    guard left > 0, again <= left else {
      report.rejected += left
      return
    }
    for reason in Set(unplaced.keys).union(rejectedAgain.keys) {
      let change = rejectedAgain[reason, default: 0] - unplaced[reason, default: 0]
      accounting.rejections[reason, default: 0] += change
    }
    let skipped = min(max(newlySkipped, 0), left - again)
    accounting.rejected -= left - again
    accounting.skipped += skipped
    accounting.duplicates += left - again - skipped
    report.rejected += again
    report.skipped += skipped
    report.duplicates += left - again - skipped
  }

  /// All that is pending is stored.
  mutating func didStore() {
    index.didStore(batch: index.closeBatch())
    pending.removeAll()
    accounting = LineAccounting()
    (resolved, rejections) = ([], [])
  }
}
