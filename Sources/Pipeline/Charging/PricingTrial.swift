public import Billing
import Glibc
import Ingestion
import Ledger

/// What pricing adds to reading a log, on one thread as in an ingest: measured block by block while
/// the log is read, so that it meets the same caches.
public struct PricingTrial {
  /// Processor time in seconds: others who use the machine do not count.
  public struct Outcome: Sendable {
    public var events: Int64 = 0
    public var reading = 0.0
    public var pricing = 0.0
  }

  private let labels = LabelTable()
  private let cells = CellTable()
  private let lines: LineWorker
  private let stage: ChargingStage
  private let limits: InputLimits

  /// - Throws: `DialectSet.Failure`.
  public init(_ options: ReadingOptions, pricer: any Pricer) throws {
    MemoryTuning.apply()
    limits = options.limits
    lines = LineWorker(
      set: try DialectSet(user: options.dialects, only: options.onlyDialect, labels: labels),
      wanted: EventField.ledger, labels: labels, limits: limits, key: StoreKey(low: 0, high: 0))
    stage = ChargingStage(pricer: pricer, labels: labels, cells: cells)
  }

  /// Entries of the book that have priced something.
  public var entries: Set<String> { Set(cells.snapshot.map { labels.text($0.entry) }) }

  /// Reads and prices a log. The first time, prices and terms are resolved for each combination.
  ///
  /// - Throws: `InputError`, and `ArithmeticOverflow`.
  public func run(_ input: InputList.Input) throws -> Outcome {
    let log = try LogInput.open(input, limits: limits)
    var outcome = Outcome()
    var sum = Money.zero
    var time = clock()
    func pass(_ total: inout Double) {
      let now = clock()
      total += Double(now - time) / Double(CLOCKS_PER_SEC)
      time = now
    }
    while let block = try lines.next(from: log) {
      pass(&outcome.reading)
      let events = block.batch.events.span
      stage.lookUp(events)
      for position in events.indices {
        let outcome = try stage.charge(events[position], at: position)
        sum = try sum.adding(outcome.charge.billed, "billed cost")
      }
      pass(&outcome.pricing)
      outcome.events += Int64(events.count)
    }
    return outcome
  }
}
