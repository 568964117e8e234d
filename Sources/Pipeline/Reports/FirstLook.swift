import Billing
import Foundation
public import Insights

/// `tollbook try`: what somebody's own logs tell, without a ledger that stays.
///
/// The logs go through the same stages as in `ingest`, into a ledger in a private temporary folder
/// that is removed at the end: memory stays bounded, and the figures are those of `report`.
public struct FirstLook: Sendable {
  public let summary: IngestSummary
  /// `nil` when no line gave an event.
  public let analysis: UsageAnalysis?

  /// - Throws: `LedgerError`, `DialectSet.Failure`, `Failure`.
  public init(
    _ inputs: [InputList.Input], _ settings: Settings, _ options: IngestOptions,
    _ choices: ReportChoices
  ) throws {
    (summary, analysis) = try PassingLedger.reading(inputs, settings, options) { ledger in
      try settings.analysis(ofLedgerAt: ledger, choices)
    }
  }

  /// The dialects that were recognised with their lines, the most frequent first.
  public var dialects: [(name: String, lines: Int64)] {
    var all = InputReport(name: "")
    for input in summary.inputs { all.dialects.merge(input.dialects, uniquingKeysWith: +) }
    return all.dialectLines
  }
}

/// A ledger in a private temporary folder, which is removed.
enum PassingLedger {
  /// Ingests the inputs and asks the ledger.
  ///
  /// - Returns: no result when no line gave an event.
  /// - Throws: `LedgerError`, `DialectSet.Failure`, `Failure`.
  static func reading<Result>(
    _ inputs: [InputList.Input], _ settings: Settings, _ options: IngestOptions,
    _ ask: (String) throws -> Result
  ) throws -> (IngestSummary, Result?) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tollbook-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        folder, "the temporary folder cannot be made", "Set TMPDIR to a folder with space.",
        .cannotWrite)
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ledger = folder + "/" + Settings.defaultLedger
    let ingestor = try Ingestor(ledger: ledger, pricer: settings.pricer, options: options)
    let summary = try ingestor.run(inputs)
    return (summary, try summary.total.events > 0 ? ask(ledger) : nil)
  }
}

/// What logs hold without a full price; `tollbook prices missing PATH…`.
public struct MissingLook: Sendable {
  public let summary: IngestSummary
  /// `nil` when no line gave an event.
  public let missing: MissingText?

  /// - Throws: `LedgerError`, `DialectSet.Failure`, `Failure`.
  public init(
    _ inputs: [InputList.Input], _ settings: Settings, _ options: IngestOptions, json: Bool
  ) throws {
    (summary, missing) = try PassingLedger.reading(inputs, settings, options) { ledger in
      try settings.missingPrices(inLedgerAt: ledger, json: json)
    }
  }
}

extension InputReport {
  /// The dialects that were recognised with their lines, the most frequent first.
  public var dialectLines: [(name: String, lines: Int64)] {
    dialects.map { (name: $0.key, lines: $0.value) }
      .sorted { $0.lines == $1.lines ? TextOrder.precedes($0.name, $1.name) : $0.lines > $1.lines }
  }
}
