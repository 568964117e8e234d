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
  /// Facts that are held before they are stored in one transaction.
  public var factsPerCommit = 200_000
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
          key: key, countsAggregates: options.countsAggregates),
        charging: ChargingStage(pricer: pricer, labels: labels, cells: cells), labels: labels,
        key: key, undated: options.undated)
    }
    let pool = WorkerPool(count: options.reading.threads, make: makeStage)
    let sequence = IngestSequence(
      writer: writer, run: run,
      facts: FactSequence(
        key: key, dialects: set.dialects.map(\.name), pruned: try writer.prunedDays(),
        index: writer.recordIndex(
          labels: labels, cells: cells, preference: set.preferredNames,
          revising: set.revisingNames),
        capacity: options.factsPerCommit),
      encoder: SegmentEncoder(key: key, labels: labels, cells: cells), cells: cells,
      registry: try writer.sources(), options: options, makeStage: makeStage)
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
