public import Billing
import Ingestion
import Ledger

/// `tollbook requeue`: rejected lines, read again after a fix, each once.
///
/// What counts now, the correction of the account and the mark of the lines that they were read are
/// one transaction, so that a crash corrects nothing twice.
public final class Requeuer {
  private let writer: LedgerWriter
  private let options: IngestOptions
  private let pricer: any Pricer
  private let labels = LabelTable()
  private let cells = CellTable()
  private let set: DialectSet
  private var run = RunID(number: 0)
  private var pools: [String: WorkerPool<FactStage>] = [:]
  private var summary = RequeueSummary()
  /// Sources that were read again.
  private var done: Set<SourceID> = []

  /// Opens the ledger.
  ///
  /// - Parameter options: as for an ingest.
  /// - Throws: `LedgerError`, `DialectSet.Failure`.
  public convenience init(
    ledger path: String, pricer: any Pricer, options: IngestOptions
  ) throws {
    try self.init(
      try LedgerWriter.open(path: path, mustExist: true), pricer: pricer, options: options)
  }

  init(_ writer: LedgerWriter, pricer: any Pricer, options: IngestOptions) throws {
    set = try DialectSet(
      user: options.reading.dialects, only: options.reading.onlyDialect, labels: labels)
    self.writer = writer
    self.pricer = pricer
    var options = options
    options.reading.limits.columns = set.columns
    self.options = options
  }

  /// Reads rejected lines again.
  ///
  /// - Parameters:
  ///   - paths: logs that hold them; `nil` looks where they were read.
  ///   - quarantine: a directory that keeps lines; only these are read when there are no paths.
  /// - Throws: `LedgerError`, `Failure`. What was stored before stays; the same call again does the
  ///   rest.
  public func run(_ paths: [String]?, quarantine: String?) throws -> RequeueSummary {
    MemoryTuning.apply()
    let kept = try quarantine.map { try QuarantineReader($0).lines }
    run = try writer.beginRun(
      RunDescription(
        kind: .requeue, started: options.now, program: options.program,
        priceBook: pricer.priceBook))
    if let kept {
      for source in try writer.rejectedSources() { try read(kept, of: source) }
    }
    if paths != nil || kept == nil { try readLogs(paths) }
    try writer.finishRun(run, at: options.now)
    summary.unread =
      try writer.rejectedSources().filter { !done.contains($0.source.id) }
      .reduce(0) { $0 + $1.counts.values.reduce(0, +) }
    summary.signal = Interruption.signal
    return summary
  }

  // MARK: Logs

  private func readLogs(_ paths: [String]?) throws {
    let rejected = try writer.rejectedSources()
    let finder = SourceFinder(
      rejected, key: writer.ledger.key, limits: options.reading.limits)
    if let paths {
      for path in paths where try !read(path, rejected, finder) {
        summary.failures.append(.nothingRejected(path))
      }
      return
    }
    for source in rejected where !done.contains(source.source.id) && Interruption.signal == nil {
      let path = source.source.checkpoint.path
      guard path != "-" else {
        summary.failures.append(.notKept(source.counts.values.reduce(0, +)))
        continue
      }
      let known = summary.failures.count
      let isThere = try read(path, rejected, finder)
      if !isThere || !done.contains(source.source.id) && summary.failures.count == known {
        summary.failures.append(.movedAway(path))
      }
    }
  }

  /// Reads the sources again that stand in a file.
  ///
  /// - Returns: whether there are any.
  private func read(
    _ path: String, _ rejected: [RejectedSource], _ finder: SourceFinder
  ) throws -> Bool {
    do {
      let found = try finder.find(path)
      for found in found where !done.contains(found.source.id) {
        guard let source = rejected.first(where: { $0.source.id == found.source.id }) else {
          continue
        }
        let open = source.lines.filter { !$0.isResolved }
        var unplaced = source.counts
        for line in open { unplaced[line.rejection.reason, default: 0] -= 1 }
        try read(
          found.log, of: source, named: path,
          places: Dictionary(
            open.map { ($0.rejection.line, $0) }, uniquingKeysWith: { first, _ in first }),
          unplaced: unplaced.filter { $0.value > 0 })
      }
      return !found.isEmpty
    } catch let error as InputError {
      if error == .notFound { return false }
      summary.failures.append(Failure(input: path, error))
      return true
    }
  }

  // MARK: Kept lines

  /// Reads the lines of a source again that are kept.
  private func read(_ kept: [KeptLine], of source: RejectedSource) throws {
    let hasher = KeyedHasher(key: writer.ledger.key)
    var texts: [QuarantinedLine: [UInt8]] = [:]
    let lines = Dictionary(
      source.lines.map { (Place($0.rejection), $0) }, uniquingKeysWith: { first, _ in first })
    for kept in kept where kept.label == source.source.checkpoint.label {
      // The hash is of the line itself: what somebody wrote into the directory is no line of a log.
      guard let line = lines[Place(kept.rejection)],
        hasher.digest(kept.line.span) == line.rejection.digest
      else { continue }
      texts[line] = kept.line
    }
    guard texts.contains(where: { !$0.key.isResolved }) else { return }
    var input: [UInt8] = []
    var places: [Int64: QuarantinedLine] = [:]
    let ordered = texts.sorted { $0.key.rejection.offset < $1.key.rejection.offset }
    for (number, entry) in ordered.enumerated() {
      input += entry.value + [UInt8(ascii: "\n")]
      if !entry.key.isResolved { places[Int64(number) + 1] = entry.key }
    }
    let log = try LogInput(
      lines: input, limits: options.reading.limits, key: writer.ledger.key)
    try read(
      log, of: source, named: source.source.checkpoint.path, places: places, unplaced: [:])
  }

  private struct Place: Hashable {
    var reason: RejectionReason
    var offset: Int64
    var length: Int64
    var digest: KeyedDigest?

    init(_ rejection: Rejection) {
      reason = rejection.reason
      (offset, length, digest) = (rejection.offset, rejection.length, rejection.digest)
    }
  }

  // MARK: Reading

  private func read(
    _ log: LogInput, of source: RejectedSource, named name: String,
    places: [Int64: QuarantinedLine], unplaced: [RejectionReason: Int64]
  ) throws {
    let label = source.source.checkpoint.label
    let key = writer.ledger.key
    let sequence = RequeueCommits(
      writer: writer, run: run, source: source.source,
      encoder: SegmentEncoder(key: key, labels: labels, cells: cells),
      factsPerCommit: options.factsPerCommit,
      sequence: RequeueSequence(
        key: key.namespace(label),
        index: writer.recordIndex(
          labels: labels, cells: cells, preference: set.preferredNames,
          revising: set.revisingNames)))
    sequence.begin(name, places: places, unplaced: unplaced, skipped: source.skipped)
    let error = try BlockPipeline<FactBlock>.run(
      log, workers: pool(label), transform: { $0.facts(of: $1) },
      consume: { try sequence.take($0) })
    try sequence.finish(isWhole: error == nil && Interruption.signal == nil)
    if let error { summary.failures.append(Failure(input: name, error)) }
    summary.sources.append(sequence.report)
    done.insert(source.source.id)
  }

  private func pool(_ label: String) -> WorkerPool<FactStage> {
    if let known = pools[label] { return known }
    let key = writer.ledger.key
    let made = WorkerPool(count: options.reading.threads) {
      FactStage(
        lines: LineWorker(
          set: set, wanted: EventField.ledger, labels: labels, limits: options.reading.limits,
          key: key, countsAggregates: options.countsAggregates),
        charging: ChargingStage(pricer: pricer, labels: labels, cells: cells), labels: labels,
        key: key, source: label, undated: options.undated)
    }
    pools[label] = made
    return made
  }
}

/// Stores what a `RequeueSequence` decides. `BlockPipeline` calls it from one thread at a time, and
/// nobody else does while it runs; that is why it may cross between threads.
private final class RequeueCommits: @unchecked Sendable {
  private let writer: LedgerWriter
  private let run: RunID
  private let source: StoredSource
  private let encoder: SegmentEncoder
  private let factsPerCommit: Int
  private var sequence: RequeueSequence

  init(
    writer: LedgerWriter, run: RunID, source: StoredSource, encoder: SegmentEncoder,
    factsPerCommit: Int, sequence: RequeueSequence
  ) {
    self.writer = writer
    self.run = run
    self.source = source
    self.encoder = encoder
    self.factsPerCommit = factsPerCommit
    self.sequence = sequence
  }

  var report: RequeueReport { sequence.report }

  func begin(
    _ name: String, places: [Int64: QuarantinedLine], unplaced: [RejectionReason: Int64],
    skipped: Int64
  ) {
    sequence.begin(name, places: places, unplaced: unplaced, skipped: skipped)
  }

  func take(_ block: FactBlock) throws {
    try sequence.take(block)
    if sequence.pending.count >= factsPerCommit { try commit() }
  }

  func finish(isWhole: Bool) throws {
    if isWhole { sequence.finish() }
    try commit()
  }

  private func commit() throws {
    let correction = SourceCorrection(
      source: source, accounting: sequence.accounting, resolved: sequence.resolved,
      rejections: sequence.rejections)
    guard sequence.pending.count > 0 || correction.accounting != LineAccounting() else { return }
    try writer.commit(
      IngestCommit(
        segments: try encoder.encode(sequence.pending.facts),
        superseded: sequence.pending.superseded, sources: [], corrections: [correction]),
      in: run)
    sequence.didStore()
  }
}

extension Failure {
  fileprivate static func nothingRejected(_ path: String) -> Failure {
    Failure(
      path, "no rejected line of the ledger stands in it as it is now",
      "Name the log that was ingested, also when it has another name now.", .unavailable)
  }

  fileprivate static func movedAway(_ path: String) -> Failure {
    Failure(
      path,
      "the log that was read does not stand there any more: its rejected lines were not read again",
      "Name the file that holds the log now: `tollbook requeue PATH`.", .unavailable)
  }

  fileprivate static func notKept(_ lines: Int64) -> Failure {
    Failure(
      "", "\(lines) rejected lines came from standard input and are gone",
      "Pipe the stream again into `tollbook ingest -`: no line counts twice.", .unavailable)
  }
}
