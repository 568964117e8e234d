public import Billing
import Ingestion
import Ledger

/// What an ingest run is told.
public struct IngestOptions: Sendable {
  public var reading = ReadingOptions()
  /// The time of events that name none; `nil` rejects them.
  public var undated: Timestamp?
  /// A last line without an end is read as it is, for the file will not grow.
  public var isFinal = false
  /// Rows that sum several requests count, else they are rejected.
  public var countsAggregates = false
  /// The user's namespace of ids, of which each file is a source of its own; empty without one.
  public var label = ""
  /// Where rejected lines are kept; `nil` keeps none.
  public var quarantine: QuarantineOptions?
  /// Facts that are held before they are stored in one transaction; a quarter of them while the
  /// identities of the days in play take up much memory.
  public var factsPerCommit = 200_000
  /// `false` for a measurement of what exactly-once costs: every record counts as new, and of the
  /// facts only what they add up to is stored. What comes of it is no ledger.
  public var keepsFacts = true
  /// Name and version of the program, for the run's record.
  public var program = "tollbook"
  /// When the run begins, for its record only.
  public var now = Timestamp(microseconds: 0)

  public init() {}
}

/// What an ingest run came to.
public struct IngestSummary: Sendable {
  public var inputs: [InputReport] = []
  /// Inputs of which nothing was new.
  public var unchanged: [String] = []
  public var total = LineAccounting()
  /// Events that were added and have no price, or not a full one.
  public var unpriced: Int64 = 0
  /// Events that were added to days that were long over.
  public var late = HistoryNotes.LateEvents()
  /// Rejected lines that the quarantine had no room for.
  public var notKept: Int64 = 0
  /// The run was stopped by this signal; what was read is stored.
  public var signal: Int32?

  mutating func add(_ report: InputReport) {
    inputs.append(report)
    total.add(report.accounting)
  }
}

/// `tollbook ingest`: logs into the ledger, each line once, whatever happens in between.
public struct Ingestor {
  private let writer: LedgerWriter
  private let pricer: any Pricer
  private var options: IngestOptions
  private let labels = LabelTable()
  private let cells = CellTable()
  private let set: DialectSet
  /// The copy of the ledger as it was, when opening it brought its format up to date.
  public var migrationBackup: String? { writer.migrationBackup }

  /// Opens the ledger, and makes it when there is none.
  ///
  /// - Throws: `LedgerError`, `DialectSet.Failure`.
  public init(ledger path: String, pricer: any Pricer, options: IngestOptions) throws {
    set = try DialectSet(
      user: options.reading.dialects, only: options.reading.onlyDialect, labels: labels)
    writer = try LedgerWriter.open(path: path)
    self.pricer = pricer
    self.options = options
    self.options.reading.limits.columns = set.columns
  }

  /// Reads what is new in the inputs.
  ///
  /// - Throws: `LedgerError`. What was stored before stays; the same call again adds the rest.
  public func run(_ inputs: [InputList.Input]) throws -> IngestSummary {
    MemoryTuning.apply()
    let run = try writer.beginRun(
      RunDescription(
        started: options.now, program: options.program, priceBook: pricer.priceBook))
    let key = writer.ledger.key
    let makeStage = {
      FactStage(
        lines: LineWorker(
          set: set, wanted: EventField.ledger, labels: labels, limits: options.reading.limits,
          key: key, countsAggregates: options.countsAggregates,
          keepsRejected: options.quarantine != nil),
        charging: ChargingStage(pricer: pricer, labels: labels, cells: cells), labels: labels,
        key: key, source: options.label, undated: options.undated)
    }
    let quarantine = try options.quarantine.map { try QuarantineWriter($0, run: run.number) }
    let pool = WorkerPool(count: options.reading.threads, make: makeStage)
    let sequence = IngestSequence(
      writer: writer, run: run,
      facts: FactSequence(
        key: key.namespace(options.label), dialects: set.dialects.map(\.name),
        pruned: try writer.prunedDays(), admitsAll: !options.keepsFacts,
        index: writer.recordIndex(
          labels: labels, cells: cells, preference: set.preferredNames,
          revising: set.revisingNames),
        capacity: options.factsPerCommit),
      encoder: SegmentEncoder(key: key, labels: labels, cells: cells), cells: cells,
      registry: try writer.sources(label: options.label), options: options,
      quarantine: quarantine, makeStage: makeStage)
    var summary = IngestSummary()
    for input in inputs where Interruption.signal == nil {
      if let report = try read(input, pool, sequence) {
        summary.add(report)
      } else {
        summary.unchanged.append(input.name)
      }
    }
    try sequence.commit()
    try writer.finishRun(run, at: options.now)
    summary.late = try writer.lateEvents(of: run)
    summary.unpriced = sequence.unpriced
    summary.notKept = quarantine?.notKept ?? 0
    summary.signal = Interruption.signal
    return summary
  }

  /// - Returns: `nil` when nothing of the input is new.
  private func read(
    _ input: InputList.Input, _ pool: WorkerPool<FactStage>, _ sequence: IngestSequence
  ) throws -> InputReport? {
    do {
      guard let log = try sequence.open(input) else { return nil }
      let error = try BlockPipeline<FactBlock>.run(
        log, workers: pool, transform: { $0.facts(of: $1) }, consume: { try sequence.take($0) })
      return try sequence.finish(error)
    } catch let error as InputError {
      var report = InputReport(name: input.name)
      report.error = error
      return report
    }
  }
}
