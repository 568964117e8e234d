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
  private let quarantine: QuarantineWriter?
  private let full = Atomic<Bool>(false)
  private var facts: FactSequence
  private var opener: SourceOpener
  /// Inputs that are read and not committed.
  private var finished: [SourceProgress] = []
  private var current: OpenSource?
  /// Stored facts without a full price.
  private(set) var unpriced: Int64 = 0

  init(
    writer: LedgerWriter, run: RunID, tables: IngestTables, names: NameLimits,
    options: IngestOptions, quarantine: QuarantineWriter?, makeStage: @escaping () -> FactStage
  ) throws(LedgerError) {
    let key = writer.ledger.key
    facts = FactSequence(
      key: key.namespace(options.label), dialects: tables.set.dialects.map(\.name),
      admitsAll: !options.keepsFacts,
      index: tables.index(writer, names: names), names: names, capacity: options.factsPerCommit)
    encoder = SegmentEncoder(key: key, labels: tables.labels, cells: tables.cells)
    self.tables = tables
    self.names = names
    self.quarantine = quarantine
    self.makeStage = makeStage
    self.writer = writer
    self.run = run
    self.options = options
    opener = SourceOpener(
      key: writer.ledger.key, label: options.label, limits: options.reading.limits,
      registry: try writer.sources(label: options.label))
  }

  /// Places of kept lines that are held before they are stored.
  private static let keptPerCommit = 50_000

  /// The tables have grown so much that the run is to go on with others.
  var isFull: Bool { full.load(ordering: .relaxed) }

  /// There is little memory beside the identities of the days in play.
  var isTight: Bool { facts.hasManyIdentities }

  /// Stores all that was taken, and goes on with other tables.
  ///
  /// - Throws: `LedgerError`.
  func use(_ tables: IngestTables, makeStage: @escaping () -> FactStage) throws {
    try commit()
    names.use(labels: tables.labels, cells: tables.cells)
    facts.use(tables)
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
    switch try opener.open(input) {
    case .unchanged: return nil
    case .known(let progress):
      note([progress])
      return nil
    case .afterCommit:
      try commit()
      return try open(input)
    case .open(let source):
      begin(source, input.name)
      return source.log
    }
  }

  private func begin(_ source: OpenSource, _ name: String) {
    current = source
    let prior = source.previous.map {
      PriorLines(
        resumed: source.log, lines: $0.checkpoint.line, makeStage: makeStage)
    }
    facts.begin(
      name, from: source.offset, line: source.line, after: source.edges, prior: prior)
  }

  /// Takes the next block of the current input.
  ///
  /// - Throws: `LedgerError`.
  func take(_ block: FactBlock) throws {
    let isPlain = current?.kind == .lines && current?.log.compression == Compression.none
    let path = current?.identity.path ?? ""
    let isArchive = current?.kind == .lines && !isPlain
    try facts.take(
      block, countsTail: options.isFinal || !isPlain, tailMayGrow: isArchive
    ) { rejection, line in
      try quarantine?.keep(line, rejection, of: path, label: options.label) ?? false
    }
    if facts.pending.count >= facts.commitSize(of: options.factsPerCommit)
      || facts.keptRejections.count >= Self.keptPerCommit
    {
      try commit()
    }
    let size = max(tables.labels.count, tables.cells.count)
    if size > options.tableGrowth { full.store(true, ordering: .relaxed) }
  }

  /// Ends the current input.
  ///
  /// - Parameter error: what broke it, if anything did.
  /// - Returns: `nil` for an archive whose lines were all read before.
  func finish(_ error: InputError?) throws -> InputReport? {
    let source = current
    let error = error ?? source?.damage
    if let error { facts.setError(error) }
    note(try progress(isEnded: error == nil && !Interruption.isRequested))
    current = nil
    let report = facts.report
    facts.clearAccount()
    let isTwin = source?.file != nil && source?.kind == .lines && source?.previous != nil
    return isTwin && report.accounting.lines == 0 && error == nil ? nil : report
  }

  /// Keeps what is to be stored with the next commit.
  private func note(_ progress: [SourceProgress]) {
    finished += progress
    for progress in progress {
      opener.unstored.add(
        StoredSource(id: SourceID(number: 0), checkpoint: progress.checkpoint))
      if let previous = progress.previous { opener.moving.insert(previous.id) }
    }
  }

  /// Stores all that was taken, in one transaction.
  ///
  /// - Throws: `LedgerError`.
  func commit() throws {
    let sources = finished + (try progress(isEnded: false))
    guard !sources.isEmpty || facts.pending.count > 0 else { return }
    let commit = IngestCommit(
      segments: try encodePending(), superseded: facts.pending.superseded, sources: sources)
    // First the lines: a place in the ledger is not to stand for one that was lost.
    try quarantine?.synchronize()
    let stored = try writer.commit(commit, in: run)
    countUnpriced()
    facts.didStorePending()
    if isTight { MemoryTuning.giveBack() }
    if stored.count > finished.count { current?.previous = stored.last }
    finished = []
    if current != nil { facts.clearAccount() }
    opener.registry = try writer.sources(label: options.label)
    opener.unstored = SourceRegistry()
    opener.moving = []
  }

  private func encodePending() throws(LedgerError) -> EncodedSegments {
    options.keepsFacts
      ? try encoder.encode(facts.pending.facts) : try encoder.encodeSums(of: facts.pending.facts)
  }

  private func countUnpriced() {
    let known = tables.cells.snapshot
    let stored = facts.pending.facts
    let pending = stored.span
    for index in pending.indices {
      let charge = known[pending[index].cell].charge
      if charge == .unpriced || charge == .partial { unpriced += 1 }
    }
  }

  /// How far the current input was read, when it was read further at all.
  private func progress(isEnded: Bool) throws -> [SourceProgress] {
    guard let current else { return [] }
    let isRead = facts.consumed > current.offset
    guard isRead || current.file != nil else { return [] }
    // A file that cannot be looked at any more is not to be trusted either.
    let isRewritten = (try? current.log.wasRewritten()) ?? true
    if isRewritten { facts.note(.rewritten) }
    let isSame = (try? current.log.currentStatus()) == current.log.status
    let isWhole = isEnded && !isRewritten && isSame
    var progress: [SourceProgress] = []
    if isRead || current.previous != nil || current.kind == .records {
      progress.append(
        SourceProgress(
          previous: current.previous,
          checkpoint: try checkpoint(of: current, isRewritten: isRewritten, isWhole: isWhole),
          accounting: facts.accounting, rejections: facts.rejections,
          keptRejections: facts.keptRejections))
    }
    if isWhole, current.kind == .lines, var file = current.file {
      file.state = .complete
      progress.append(
        SourceProgress(previous: nil, checkpoint: file, accounting: LineAccounting()))
    }
    return progress
  }

  private func checkpoint(
    of source: OpenSource, isRewritten: Bool, isWhole: Bool
  ) throws -> SourceCheckpoint {
    let (offset, line) = (facts.consumed, facts.line)
    switch source.kind {
    case .lines:
      let isKnown = !isRewritten || isShorter(source.log, than: offset)
      return source.identity.lines(isKnown ? facts.edges : nil, offset: offset, line: line)
    case .records:
      guard var file = source.file else { throw InputError.notAFile }
      if isRewritten { (file.head, file.content) = (nil, nil) }
      file.state = isWhole ? .complete : .incomplete
      (file.offset, file.line) = (offset, line)
      return file
    case .stream:
      let content = isWhole ? source.log.content.map(Fingerprint.init) : nil
      if let content, opener.isKnown(content) { facts.note(.sameStream) }
      return source.identity.stream(content: content, offset: offset, line: line)
    }
  }

  /// A plain file was truncated behind what was read: that is known as what it was, for a copy may
  /// have been made of it before.
  private func isShorter(_ log: LogInput, than offset: Int64) -> Bool {
    guard log.compression == .none, let status = try? log.currentStatus() else { return false }
    return status.size < offset
  }
}
