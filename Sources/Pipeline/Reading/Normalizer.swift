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
    var options = options
    dedupes = dedupe
    set = try DialectSet(user: options.dialects, only: options.onlyDialect, labels: labels)
    options.limits.columns = set.columns
    self.options = options
  }

  /// Reads inputs and writes their events as JSONL.
  ///
  /// - Parameter write: takes pieces of whole lines, in order.
  /// - Returns: a report for each input.
  /// - Throws: what `write` throws.
  public func run(
    _ inputs: [InputList.Input], write: @Sendable ([UInt8]) throws -> Void
  ) throws -> [InputReport] {
    let pool = WorkerPool(count: options.threads) { EventRenderer(lineWorker, labels: labels) }
    let sequence = Mutex(
      EventSequence(
        set, labels: labels, dedupes ? Deduplicator(lineWorker, labels: labels, set: set) : nil))
    let reports = try inputs.map { try read($0, pool, sequence, write) }
    try write(sequence.withLock { $0.finish() })
    return reports
  }

  private var lineWorker: LineWorker {
    LineWorker(set: set, labels: labels, limits: options.limits, key: StoreKey(low: 0, high: 0))
  }

  private func read(
    _ input: InputList.Input, _ pool: WorkerPool<EventRenderer>,
    _ sequence: borrowing Mutex<EventSequence>, _ write: @Sendable ([UInt8]) throws -> Void
  ) throws -> InputReport {
    sequence.withLock { $0.begin(input.name) }
    do {
      let error = try BlockPipeline<RenderedBlock>.run(
        LogInput.open(input, limits: options.limits), workers: pool,
        transform: { $0.render($1) },
        consume: { block in try write(sequence.withLock { $0.take(block) }) })
      sequence.withLock { $0.report.error = error }
      try write(sequence.withLock { $0.finishInput() })
    } catch let error as InputError {
      sequence.withLock { $0.report.error = error }
    }
    return sequence.withLock { $0.report }
  }
}

extension LogInput {
  /// Opens an input of the command line.
  ///
  /// - Parameter key: of the hashes of what is not kept of it.
  static func open(
    _ input: InputList.Input, limits: InputLimits, asLines: Bool = false, key: StoreKey? = nil
  ) throws(InputError) -> LogInput {
    switch input {
    case .file(let path): try LogInput(path: path, limits: limits, asLines: asLines, key: key)
    case .standardInput: try LogInput(standardInput: limits, asLines: asLines, key: key)
    }
  }
}
