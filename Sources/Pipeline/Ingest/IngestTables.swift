import Billing
import Ingestion
import Ledger

/// What an ingest run interns names and cells into, with the workers that do.
///
/// A log may name something new in every line. So when the tables have grown by many names that the
/// ledger does not keep, the run stores what it has, and goes on with new ones.
struct IngestTables {
  let labels: LabelTable
  let cells = CellTable()
  let set: DialectSet

  /// Labels or cells after which new tables are worth their making: about 100 MB with the memory of
  /// the workers.
  static let growth = 100_000

  /// - Throws: `DialectSet.Failure`.
  init(_ reading: ReadingOptions) throws(DialectSet.Failure) {
    let labels = LabelTable()
    self.labels = labels
    set = try DialectSet(user: reading.dialects, only: reading.onlyDialect, labels: labels)
  }

  /// The index of the ledger's records, which tells `names` what the ledger's days hold.
  func index(_ writer: LedgerWriter, names: NameLimits) -> RecordIndex {
    writer.recordIndex(
      labels: labels, cells: cells, preference: set.preferredNames, revising: set.revisingNames
    ) { names.note($1, on: $0) }
  }

  /// Makes a worker.
  func stage(_ pricer: any Pricer, _ key: StoreKey, _ options: IngestOptions) -> FactStage {
    FactStage(
      lines: LineWorker(
        set: set, wanted: EventField.ledger, labels: labels, limits: options.reading.limits,
        key: key, countsAggregates: options.countsAggregates,
        keepsRejected: options.quarantine != nil),
      charging: ChargingStage(pricer: pricer, labels: labels, cells: cells), labels: labels,
      key: key, source: options.label, undated: options.undated)
  }
}
