public import Billing
import Documents
public import Ingestion
import Ledger
import Synchronization

/// `tollbook normalize`: logs in, usage events out, in input order.
public struct Normalizer: Sendable {
  public let labels = LabelTable()
  private let set: DialectSet
  private let options: ReadingOptions
  private let dedupes: Bool

  /// - Parameter dedupe: events that were there before are left out, as ingest would.
  /// - Throws: `DialectSet.Failure`.
  public init(_ options: ReadingOptions, dedupe: Bool = false) throws(DialectSet.Failure) {
    self.options = options
    dedupes = dedupe
    set = try DialectSet(user: options.dialects, only: options.onlyDialect, labels: labels)
  }

  private final class Worker: BlockWorker {
    let lines: LineWorker
    init(_ lines: LineWorker) { self.lines = lines }
  }

  /// Reads inputs and writes their events as JSONL.
  ///
  /// - Parameter write: takes pieces of whole lines, in order.
  /// - Returns: a report for each input.
  /// - Throws: what `write` throws.
  public func run(
    _ inputs: [InputList.Input], write: @Sendable ([UInt8]) throws -> Void
  ) throws -> [InputReport] {
    let pool = WorkerPool(count: options.threads) { Worker(lineWorker) }
    let sequence = Mutex(
      Sequence(labels: labels, dedupes ? Deduplicator(lineWorker, labels: labels) : nil))
    return try inputs.map { try read($0, pool, sequence, write) }
  }

  private var lineWorker: LineWorker {
    LineWorker(set: set, labels: labels, limits: options.limits, key: StoreKey(low: 0, high: 0))
  }

  private func read(
    _ input: InputList.Input, _ pool: WorkerPool<Worker>, _ sequence: borrowing Mutex<Sequence>,
    _ write: @Sendable ([UInt8]) throws -> Void
  ) throws -> InputReport {
    sequence.withLock { $0.begin(input.name) }
    let names = set.dialects.map(\.name)
    do {
      let error = try BlockPipeline<BlockOutcome>.run(
        LogInput.open(input, limits: options.limits), workers: pool,
        transform: { _, outcome in outcome },
        consume: { outcome in try write(sequence.withLock { $0.render(outcome, names) }) })
      sequence.withLock { $0.report.error = error }
    } catch let error as InputError {
      sequence.withLock { $0.report.error = error }
    }
    return sequence.withLock { $0.report }
  }

  /// What passes from block to block.
  private struct Sequence {
    var report = InputReport(name: "")
    private let labels: LabelTable
    private var joiner: AttemptJoiner
    private var deduplicator: Deduplicator?
    private var texts: LabelTexts
    private var json = JSONText()

    init(labels: LabelTable, _ deduplicator: sending Deduplicator?) {
      self.labels = labels
      self.deduplicator = deduplicator
      joiner = AttemptJoiner(labels: labels)
      texts = LabelTexts(labels)
    }

    /// Attempts are joined within one input.
    mutating func begin(_ name: String) {
      report = InputReport(name: name)
      joiner = AttemptJoiner(labels: labels)
      deduplicator?.beginInput()
    }

    mutating func render(_ outcome: BlockOutcome, _ dialects: [String]) -> [UInt8] {
      report.add(outcome, dialects: dialects)
      let verdicts = deduplicator?.verdicts(on: outcome)
      report.accounting.count(outcome.lineOfEvent, verdicts)
      json.removeAll()
      for (position, event) in outcome.batch.events.enumerated()
      where verdicts?[position].isNew ?? true {
        var event = event
        joiner.join(&event, in: outcome.batch)
        event.write(to: &json, batch: outcome.batch, texts: &texts)
        json.endLine()
      }
      return json.bytes
    }
  }
}

extension LogInput {
  /// Opens an input of the command line.
  static func open(_ input: InputList.Input, limits: InputLimits) throws(InputError) -> LogInput {
    switch input {
    case .file(let path): try LogInput(path: path, limits: limits)
    case .standardInput: try LogInput(standardInput: limits)
    }
  }
}
