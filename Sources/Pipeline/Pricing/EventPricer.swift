public import Billing
import Ingestion
import Synchronization

/// `tollbook price`: usage events in, the same with their charge out, in input order and in memory
/// that does not depend on how many they are.
public struct EventPricer: Sendable {
  private let pricer: any Pricer
  private let limits: InputLimits
  private let threads: Int
  private let undated: Timestamp?

  /// Longer lines are refused: no usage event is a mebibyte long.
  private static let lineLimit = 1 << 20
  /// Small, for each thread holds some blocks and what they have become.
  private static let blockBytes = 1 << 18
  private static let blocksAhead = 4

  /// - Parameters:
  ///   - options: limits and threads; events have no dialect.
  ///   - undated: the time of events that name none; without it they are unpriced (`no_time`).
  public init(_ pricer: any Pricer, _ options: ReadingOptions, undated: Timestamp? = nil) {
    self.pricer = pricer
    self.undated = undated
    var limits = options.limits
    limits.lineBytes = min(limits.lineBytes, Self.lineLimit)
    limits.blockBytes = min(limits.blockBytes, Self.blockBytes)
    self.limits = limits
    threads = options.threads
  }

  /// Prices the events of inputs, a line each; blank lines are passed over.
  ///
  /// - Parameter write: takes pieces of whole lines, in order.
  /// - Throws: what `write` throws.
  public func run(
    _ inputs: [InputList.Input], write: @Sendable ([UInt8]) throws -> Void
  ) throws -> PricingReport {
    let pool = WorkerPool(count: threads) {
      PricingWorker(pricer, lineLimit: limits.lineBytes, undated: undated)
    }
    let report = Mutex(PricingReport())
    for input in inputs where !Interruption.isRequested {
      report.withLock { $0.begin(input.name) }
      let log: LogInput
      do throws(InputError) {
        log = try LogInput.open(input, limits: limits, asLines: true)
      } catch {
        report.withLock { $0.add(error) }
        continue
      }
      let error = try BlockPipeline<PricedBlock>.run(
        log, workers: pool, blocksAhead: Self.blocksAhead, transform: { $1 },
        consume: { block in
          try write(block.bytes)
          report.withLock { $0.add(block) }
        })
      if let error { report.withLock { $0.add(error) } }
    }
    return report.withLock { $0 }
  }
}
