import Billing
import Ingestion
import Ledger
import Synchronization

/// The part of an ingest run that happens in order: admits facts, and stores them with the
/// checkpoints of their inputs in one transaction.
///
/// `BlockPipeline` calls it from one thread at a time, and nobody else does while it runs; that is
/// why it may cross between threads.
final class IngestSequence: @unchecked Sendable {
  private let writer: LedgerWriter
  private let run: RunID
  private var encoder: SegmentEncoder
  private var tables: IngestTables
  private let names: NameLimits
  private let options: IngestOptions
  private var makeStage: () -> FactStage
  private let full = Atomic<Bool>(false)
  private var facts: FactSequence
  private var registry: SourceRegistry
  /// Inputs that are read and not committed.
  private var finished: [SourceProgress] = []
  /// The same, to know copies of them again; they have no numbers yet.
  private var unstored = SourceRegistry()
  private var current: OpenSource?
  /// Stored facts without a full price.
  private(set) var unpriced: Int64 = 0

  /// The input in progress.
  private struct OpenSource {
    var identity: SourceIdentity
    var previous: StoredSource?
    var content: Fingerprint?
    var isPlainFile: Bool
    var line: Int64
  }

  init(
    writer: LedgerWriter, run: RunID, tables: IngestTables, names: NameLimits,
    registry: SourceRegistry, options: IngestOptions, makeStage: @escaping () -> FactStage
  ) {
    let key = writer.ledger.key
    facts = FactSequence(
      key: key, dialects: tables.set.dialects.map(\.name),
      index: tables.index(writer, names: names), names: names, capacity: options.factsPerCommit)
    encoder = SegmentEncoder(key: key, labels: tables.labels, cells: tables.cells)
    self.tables = tables
    self.names = names
    self.makeStage = makeStage
    self.writer = writer
    self.run = run
    self.registry = registry
    self.options = options
  }

  /// The tables have grown so much that the run is to go on with others.
  var isFull: Bool { full.load(ordering: .relaxed) }

  /// Stores all that was taken, and goes on with other tables.
  ///
  /// - Throws: `LedgerError`.
  func use(_ tables: IngestTables, makeStage: @escaping () -> FactStage) throws {
    try commit()
    names.use(labels: tables.labels, cells: tables.cells)
    facts.use(tables.index(writer, names: names))
    encoder = SegmentEncoder(
      key: writer.ledger.key, labels: tables.labels, cells: tables.cells)
    self.tables = tables
    self.makeStage = makeStage
    full.store(false, ordering: .relaxed)
  }

  /// Opens an input where it was left.
  ///
  /// - Returns: `nil` when nothing of it is new.
  /// - Throws: `InputError`; `LedgerError` when what was read before cannot be stored.
  func open(_ input: InputList.Input) throws -> LogInput? {
    let limits = options.reading.limits
    let log = try LogInput.open(input, limits: limits)
    var source = OpenSource(
      identity: SourceIdentity(key: writer.ledger.key, log: log, path: input.name),
      isPlainFile: false, line: 0)
    guard case .file(let path) = input else { return begin(source, log, input.name, from: 0) }
    guard log.compression == .none, !log.isFramed else {
      return try open(path, log, &source)
    }
    source.isPlainFile = true
    if case .resume = try resumption(of: source.identity, among: unstored) {
      // What this run has read of it, under another name, is known when it is stored: whether a copy
      // is read again must not depend on where commits fall.
      try commit()
    }
    let resumption = try resumption(of: source.identity, among: registry)
    guard case .resume(let stored) = resumption, stored.checkpoint.offset > 0 else {
      return begin(source, log, input.name, from: 0)
    }
    if finished.contains(where: { $0.previous?.id == stored.id }) {
      // This run has read on in it under another name: what it came to is known when it is stored.
      try commit()
      return try open(input)
    }
    if stored.checkpoint.offset == log.identity.size { return nil }
    let resumed = try LogInput(path: path, limits: limits, from: stored.checkpoint.offset)
    guard resumed.identity == log.identity else {
      return begin(source, log, input.name, from: 0)
    }
    source.previous = stored
    source.line = stored.checkpoint.line
    return begin(source, resumed, input.name, from: stored.checkpoint.offset)
  }

  /// Opens an archive, or a file whose records are not a line each: one of the same content is not
  /// read twice, and one that broke off goes on.
  private func open(
    _ path: String, _ log: LogInput, _ source: inout OpenSource
  ) throws -> LogInput? {
    let content = try source.identity.content()
    source.content = content
    if let copy = unstored.archive(content) {
      if copy.checkpoint.state == .complete { return nil }
      // How far this run has read it, under another name, is known when it is stored.
      try commit()
    }
    guard let stored = registry.archive(content) else {
      return begin(source, log, source.identity.path, from: 0)
    }
    guard stored.checkpoint.state != .complete else { return nil }
    let offset = stored.checkpoint.offset
    let resumed = try LogInput(path: path, limits: options.reading.limits, from: offset)
    guard resumed.identity == log.identity else {
      return begin(source, log, source.identity.path, from: 0)
    }
    source.previous = stored
    source.line = stored.checkpoint.line
    return begin(source, resumed, source.identity.path, from: offset)
  }

  private func resumption(
    of source: SourceIdentity, among sources: SourceRegistry
  ) throws(InputError) -> Resumption {
    let identity = source.log.identity
    return try sources.resumption(
      size: identity.size, device: identity.device, inode: identity.inode
    ) { range throws(InputError) in try source.digest(range) }
  }

  private func begin(
    _ source: OpenSource, _ log: LogInput, _ name: String, from offset: Int64
  ) -> LogInput {
    current = source
    let prior =
      offset == 0
      ? nil
      : PriorLines(
        path: name, limits: options.reading.limits, lines: source.line, makeStage: makeStage)
    facts.begin(name, from: offset, line: source.line, prior: prior)
    return log
  }

  /// Takes the next block of the current input.
  ///
  /// - Throws: `LedgerError`.
  func take(_ block: FactBlock) throws {
    let isFinal = options.isFinal || current?.isPlainFile == false
    try facts.take(block, countsTail: isFinal)
    if facts.pending.count >= options.factsPerCommit { try commit() }
    let size = max(tables.labels.count, tables.cells.count)
    if size > options.tableGrowth + names.notedCells { full.store(true, ordering: .relaxed) }
  }

  /// Ends the current input.
  ///
  /// - Parameter error: what broke it, if anything did.
  func finish(_ error: InputError?) throws -> InputReport {
    if let error { facts.setError(error) }
    if let progress = try progress(isEnded: error == nil && !Interruption.isRequested) {
      finished.append(progress)
      unstored.add(StoredSource(id: SourceID(number: 0), checkpoint: progress.checkpoint))
    }
    current = nil
    let report = facts.report
    facts.clearAccount()
    return report
  }

  /// Stores all that was taken, in one transaction.
  ///
  /// - Throws: `LedgerError`.
  func commit() throws {
    var sources = finished
    if let open = try progress(isEnded: false) { sources.append(open) }
    guard !sources.isEmpty || facts.pending.count > 0 else { return }
    let commit = IngestCommit(
      segments: try encoder.encode(facts.pending.facts), superseded: facts.pending.superseded,
      sources: sources)
    let stored = try writer.commit(commit, in: run)
    countUnpriced()
    facts.didStorePending()
    finished = []
    unstored = SourceRegistry()
    if current != nil {
      current?.previous = stored.last
      facts.clearAccount()
    }
    registry = try writer.sources()
  }

  private func countUnpriced() {
    let known = tables.cells.snapshot
    let stored = facts.pending.facts
    let pending = stored.span
    for index in pending.indices {
      let charge = known[Int(pending[index].cell.index)].charge
      if charge == .unpriced || charge == .partial { unpriced += 1 }
    }
  }

  /// How far the current input was read.
  private func progress(isEnded: Bool) throws -> SourceProgress? {
    guard let current else { return nil }
    let checkpoint: SourceCheckpoint
    if current.isPlainFile {
      checkpoint = try current.identity.checkpoint(offset: facts.consumed, line: facts.line)
    } else {
      checkpoint = current.identity.checkpoint(
        content: current.content, isComplete: isEnded && current.content != nil,
        offset: facts.consumed, line: facts.line)
    }
    return SourceProgress(
      previous: current.previous, checkpoint: checkpoint, accounting: facts.accounting,
      rejections: facts.rejections)
  }
}
