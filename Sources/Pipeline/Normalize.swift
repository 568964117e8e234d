public import Billing
public import Documents
public import Ingestion
import Synchronization

/// What reading a set of inputs is told from the outside.
public struct ReadingOptions: Sendable {
  /// Dialect files of the user.
  public var dialects: [DocumentNode] = []
  /// The one dialect to read with, without detection.
  public var onlyDialect: String?
  public var limits = InputLimits()
  /// Threads; at least 1.
  public var threads = 1

  public init() {}
}

/// What reading one input came to.
public struct InputReport: Sendable {
  public var name: String
  public var accounting = LineAccounting()
  /// Where lines were rejected: the first of each reason, bounded.
  public var samples: [Rejection] = []
  /// Lines that each dialect read.
  public var dialects: [String: Int64] = [:]
  /// What broke the input, after the lines that were read.
  public var error: InputError?

  public init(name: String) { self.name = name }

  /// Samples kept for each reason.
  public static let samplesPerReason = 3

  /// Adds what one block gave. Duplicates are for the caller to count.
  mutating func add(_ outcome: BlockOutcome, dialects names: [String]) {
    let lineBase = accounting.lines
    accounting.lines += outcome.lines
    accounting.skipped += outcome.skipped
    accounting.rejected += Int64(outcome.rejections.count)
    accounting.bytes += outcome.bytes
    for rejection in outcome.rejections {
      let count = accounting.rejections[rejection.reason, default: 0]
      accounting.rejections[rejection.reason] = count + 1
      guard count < Int64(Self.samplesPerReason) else { continue }
      var sample = rejection
      sample.line += lineBase
      samples.append(sample)
    }
    for (index, count) in outcome.linesOfDialect.enumerated() where count > 0 {
      dialects[names[index], default: 0] += count
    }
  }
}

/// `tollbook normalize`: logs in, usage events out, in input order.
public struct Normalizer: Sendable {
  public let labels = LabelTable()
  private let set: DialectSet
  private let options: ReadingOptions

  /// - Throws: `DialectSet.Failure`.
  public init(_ options: ReadingOptions) throws(DialectSet.Failure) {
    self.options = options
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
    let pool = WorkerPool(count: options.threads) {
      Worker(LineWorker(set: set, labels: labels, limits: options.limits))
    }
    return try inputs.map { try read($0, pool, write) }
  }

  private func read(
    _ input: InputList.Input, _ pool: WorkerPool<Worker>, _ write: @Sendable ([UInt8]) throws -> Void
  ) throws -> InputReport {
    let sequence = Mutex(Sequence(name: input.name, labels: labels))
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

  /// What passes from block to block of one input.
  private struct Sequence {
    var report: InputReport
    private var joiner: AttemptJoiner
    private var texts: LabelTexts
    private var json = JSONText()

    init(name: String, labels: LabelTable) {
      report = InputReport(name: name)
      joiner = AttemptJoiner(labels: labels)
      texts = LabelTexts(labels)
    }

    mutating func render(_ outcome: BlockOutcome, _ dialects: [String]) -> [UInt8] {
      report.add(outcome, dialects: dialects)
      report.accounting.events += Int64(outcome.batch.events.count)
      report.accounting.eventLines += Int64(Set(outcome.lineOfEvent).count)
      json.removeAll()
      for var event in outcome.batch.events {
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
