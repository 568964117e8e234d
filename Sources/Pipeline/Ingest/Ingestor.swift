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
  /// Names of a kind on a day that are kept: more count under `(other)`.
  public var labelValues = 20_000
  /// Names or cells that a run holds at once, about.
  public var tableGrowth = IngestTables.growth
  /// Facts that are held before they are stored in one transaction; a quarter of them where they are
  /// all of one day, or the identities of the days in play take up much memory.
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
  /// Events that were added under `(other)`, by what they have no name for.
  public var nameless: [NameKind: Int64] = [:]
  /// The run was stopped by the end of its time; what was read is stored.
  public var isTimeOver = false
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
  /// The copy of the ledger as it was, when opening it brought its format up to date.
  public var migrationBackup: String? { writer.migrationBackup }

  /// Opens the ledger, and makes it when there is none.
  ///
  /// - Throws: `LedgerError`, `DialectSet.Failure`.
  public init(ledger path: String, pricer: any Pricer, options: IngestOptions) throws {
    // Here, so that a dialect that cannot be read leaves no ledger behind.
    let columns = try IngestTables(options.reading).set.columns
    writer = try LedgerWriter.open(path: path)
    self.pricer = pricer
    self.options = options
    self.options.reading.limits.columns = columns
  }

  /// Reads what is new in the inputs.
  ///
  /// - Throws: `LedgerError`. What was stored before stays; the same call again adds the rest.
  public func run(_ inputs: [InputList.Input]) throws -> IngestSummary {
    MemoryTuning.apply()
    let run = try writer.beginRun(
      RunDescription(
        started: options.now, program: options.program, priceBook: pricer.priceBook))
    let quarantine = try options.quarantine.map { try QuarantineWriter($0, run: run.number) }
    let (sequence, names): (IngestSequence, NameLimits)
    var work: Work
    (sequence, names, work) = try begin(run, quarantine)
    var summary = IngestSummary()
    for input in inputs where !Interruption.isRequested {
      if let report = try read(input, &work, sequence) {
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
    summary.nameless = names.events
    summary.isTimeOver = Interruption.isTimeOver
    summary.signal = Interruption.signal
    return summary
  }

  /// What a run begins with. Only these know of the first tables, which are to go when they are full.
  private func begin(
    _ run: RunID, _ quarantine: QuarantineWriter?
  ) throws -> (IngestSequence, NameLimits, Work) {
    let tables = try IngestTables(options.reading)
    let names = NameLimits(
      limit: options.labelValues, key: writer.ledger.key, labels: tables.labels,
      cells: tables.cells)
    let work = Work(tables, self)
    let sequence = try IngestSequence(
      writer: writer, run: run, tables: tables, names: names, options: options,
      quarantine: quarantine, makeStage: work.makeStage)
    return (sequence, names, work)
  }

  /// The workers with their tables.
  private struct Work {
    let makeStage: () -> FactStage
    let pool: WorkerPool<FactStage>

    init(_ tables: IngestTables, _ ingestor: Ingestor) {
      let makeStage = {
        tables.stage(ingestor.pricer, ingestor.writer.ledger.key, ingestor.options)
      }
      self.makeStage = makeStage
      pool = WorkerPool(count: ingestor.options.reading.threads, make: makeStage)
    }
  }

  /// - Returns: `nil` when nothing of the input is new.
  private func read(
    _ input: InputList.Input, _ work: inout Work, _ sequence: IngestSequence
  ) throws -> InputReport? {
    do {
      guard let log = try sequence.open(input) else { return nil }
      var error: InputError?
      repeat {
        if sequence.isFull {
          let tables = try IngestTables(options.reading)
          work = Work(tables, self)
          try sequence.use(tables, makeStage: work.makeStage)
        }
        error = try BlockPipeline<FactBlock>.run(
          log, workers: work.pool, isPaused: { sequence.isFull },
          isTight: { sequence.isTight },
          transform: { $0.facts(of: $1) }, consume: { try sequence.take($0) })
      } while error == nil && sequence.isFull && !Interruption.isRequested
      return try sequence.finish(error)
    } catch InputError.stopped {
      return InputReport(name: input.name)
    } catch let error as InputError {
      var report = InputReport(name: input.name)
      report.error = error
      return report
    }
  }
}
