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
    /// Entries of the book that priced something.
    public var entries: Set<String> = []
  }

  private let labels = LabelTable()
  private let cells = CellTable()
  private let set: DialectSet
  private let limits: InputLimits

  /// - Throws: `DialectSet.Failure`.
  public init(_ options: ReadingOptions) throws {
    set = try DialectSet(user: options.dialects, only: options.onlyDialect, labels: labels)
    limits = options.limits
  }

  /// Reads and prices a log.
  ///
  /// - Throws: `InputError`, and `ArithmeticOverflow`.
  public func run(_ input: InputList.Input, pricer: any Pricer) throws -> Outcome {
    MemoryTuning.apply()
    let log = try LogInput.open(input, limits: limits)
    let lines = LineWorker(
      set: set, wanted: EventField.ledger, labels: labels, limits: limits,
      key: StoreKey(low: 0, high: 0))
    let stage = ChargingStage(pricer: pricer, labels: labels, cells: cells)
    var outcome = Outcome()
    var time = clock()
    func pass(_ total: inout Double) {
      let now = clock()
      total += Double(now - time) / Double(CLOCKS_PER_SEC)
      time = now
    }
    while let block = try lines.next(from: log) {
      pass(&outcome.reading)
      var sum = Money.zero
      let events = block.batch.events.span
      for position in events.indices {
        let charged = try stage.charge(events[position])
        sum = try sum.adding(charged.charge.billed, "billed cost")
      }
      pass(&outcome.pricing)
      outcome.events += Int64(block.batch.events.count)
    }
    outcome.entries = Set(cells.snapshot.map { labels.text($0.entry) })
    return outcome
  }
}
