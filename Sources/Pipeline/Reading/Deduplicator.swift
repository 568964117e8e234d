import Billing
import Ingestion
import Ledger

/// Tells events that were there before from new ones, by the same identities as an ingest into an
/// empty ledger.
struct Deduplicator {
  private static let key = StoreKey(low: 0, high: 0)

  private let stage: FactStage
  private var index: RecordIndex
  private var ordinals: [KeyedDigest: UInt64] = [:]

  /// - Parameter lines: a worker that nobody else uses.
  init(_ lines: LineWorker, labels: LabelTable, set: DialectSet) {
    let cells = CellTable()
    let pricer = BookPricer(book: PriceTable(id: "", entries: []))
    stage = FactStage(
      lines: lines, charging: ChargingStage(pricer: pricer, labels: labels, cells: cells),
      labels: labels, key: Self.key, undated: Timestamp(microseconds: 0))
    index = RecordIndex(
      key: Self.key, labels: labels, cells: cells, revising: set.revisingNames, memoryLimit: .max
    ) { _, _ in }
  }

  /// A line without an id counts as often as it stands in one input.
  mutating func beginInput() { ordinals = [:] }

  /// A verdict for each event of a block.
  mutating func verdicts(on outcome: BlockOutcome) -> [RecordIndex.Verdict] {
    var anonymous = outcome.anonymous[...]
    return outcome.batch.events.enumerated().map { position, event in
      // An amount that does not fit is no reason to drop an event here.
      guard var fact = try? stage.fact(of: event, in: outcome.batch) else { return .new }
      if let first = anonymous.first, first.event == position {
        anonymous.removeFirst()
        let ordinal = ordinals[first.digest, default: 0]
        ordinals[first.digest] = ordinal + 1
        fact.key = FactStage.recordKey(anonymous: first.digest, ordinal: ordinal, key: Self.key)
      }
      return (try? index.admit(&fact)) ?? .new
    }
  }
}

extension LineAccounting {
  /// Counts the events of a block and their lines.
  ///
  /// - Parameter verdicts: `nil` counts every event.
  mutating func count(_ lines: [EventLine], _ verdicts: [RecordIndex.Verdict]?) {
    var position = 0
    while position < lines.count {
      let line = lines[position].number
      var isNew = false
      var replaced: Int64 = 0
      while position < lines.count, lines[position].number == line {
        let verdict = verdicts?[position] ?? .new
        add(verdict)
        isNew = isNew || verdict.isNew
        replaced += verdict.replaced
        position += 1
      }
      addLine(isNew: isNew, replaced: replaced)
    }
  }
}
