import Billing
import Foundation
import Pipeline
import Reporting

/// What is measured, in the order of a run. The raw value is the name in the table.
enum Stage: String, CaseIterable {
  /// The built-in price book is made ready for look-ups.
  case startUp = "price book"
  /// Bytes to usage events as JSON, which nobody takes.
  case normalize
  /// Bytes to a new ledger, with the built-in price book.
  case ingest
  /// The same log once more: nothing of it is new.
  case ingestAgain = "ingest again"
  /// The ledger to a Markdown report of all that it holds.
  case report

  /// The stage goes through all bytes of the log.
  var readsLog: Bool { self == .normalize || self == .ingest }

  /// Its time depends on how many requests there are.
  var touchesRequests: Bool { readsLog || self == .report }

  /// What somebody waits for who wants a report of a new log.
  var isPartOfWhole: Bool { self == .startUp || self == .ingest || self == .report }
}

/// Runs stages over one log and a ledger of its own.
final class StageRunner {
  /// Requests that the last ingest counted.
  private(set) var requests: Int64 = 0
  /// Requests of them that have no price, or not a full one.
  private(set) var unpriced: Int64 = 0
  private let inputs: [InputList.Input]
  private let choices: Choices
  private let ledger: String
  private let clock = ContinuousClock()

  /// - Throws: what Foundation throws when the folder cannot be written.
  init(log: String, threads: Int, folder: URL) throws {
    inputs = [.file(log)]
    ledger = folder.appendingPathComponent("ledger.db").path
    var choices = try TemporaryFolder.choices(in: folder)
    choices.ledger = ledger
    choices.threads = threads
    self.choices = choices
  }

  /// What the ledger takes up on the disk.
  var ledgerBytes: Int64 {
    let size = try? FileManager.default.attributesOfItem(atPath: ledger)[.size] as? NSNumber
    return size?.int64Value ?? 0
  }

  /// Runs a stage once. A run takes them in order: a stage may need what the one before left.
  ///
  /// - Throws: `Failure` when the log cannot be read as a whole, and what the stage throws.
  func measure(_ stage: Stage) throws -> Duration {
    // New settings for each stage: entries of the price book that a run has read are not kept.
    let settings = try Settings(choices)
    switch stage {
    case .startUp:
      return try clock.measure { _ = try Settings.book([]) }
    case .normalize:
      return try clock.measure { try normalize(settings) }
    case .ingest:
      if FileManager.default.fileExists(atPath: ledger) {
        try FileManager.default.removeItem(atPath: ledger)
      }
      return try clock.measure {
        let summary = try ingest(settings)
        requests = summary.total.events
        unpriced = summary.unpriced
      }
    case .ingestAgain:
      return try clock.measure { _ = try ingest(settings) }
    case .report:
      return try clock.measure {
        let document = ReportDocument(try settings.analysis(ReportChoices()))
        _ = MarkdownRenderer().render(document)
      }
    }
  }

  private func normalize(_ settings: Settings) throws {
    try check(Normalizer(settings.reading).run(inputs) { _ in })
  }

  private func ingest(_ settings: Settings) throws -> IngestSummary {
    var options = IngestOptions()
    options.reading = settings.reading
    options.program = "tollbook-benchmark"
    let summary = try Ingestor(ledger: ledger, pricer: settings.pricer, options: options)
      .run(inputs)
    try check(summary.inputs)
    return summary
  }

  /// Time for a log that broke on the way says nothing.
  private func check(_ reports: [InputReport]) throws {
    if let failure = reports.compactMap(\.failure).first { throw failure }
  }
}
