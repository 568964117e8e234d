public import Alerting
public import Billing
import Ledger
public import Reporting

extension Settings {
  /// Judges the configured budgets by the ledger.
  ///
  /// - Throws: `LedgerError`, `ArithmeticOverflow`.
  public func check(now: Timestamp) throws -> Check {
    let history = try Ledger.open(path: ledger)
      .history(labels: LabelTable(), cells: CellTable(), scope: Check.scope(at: now))
    return try Check(configuration.budgets, in: history, now: now, settings: configuration.check)
  }
}

/// The answer of a check that could not be made: UNKNOWN, and why.
public struct UnknownAnswer: Sendable {
  public var now: Timestamp
  public var failure: Failure

  public init(now: Timestamp, failure: Failure) {
    self.now = now
    self.failure = failure
  }

  /// One line, without a line feed.
  public var nagiosLine: String { "TOLLBOOK \(CheckStatus.unknown.title) - \(message)" }

  /// The answer as `schemas/check.schema.json` defines it.
  public var jsonValue: JSONValue {
    let settings = CheckSettings()
    return .object([
      .init("schema", .string("tollbook.check")),
      .init("schema_version", .integer(Check.schemaVersion)),
      .init("status", .string(CheckStatus.unknown.rawValue)),
      .init("exit_code", .integer(Int64(CheckStatus.unknown.exitCode))),
      .init("now", .string("\(now)")),
      .init("stale_after_seconds", .integer(settings.staleAfterSeconds)),
      .init("coverage_floor", .string("\(settings.coverageFloor)")),
      .init(
        "checks",
        .array([
          .object([
            .init("id", .string("data")), .init("status", .string(CheckStatus.unknown.rawValue)),
            .init("message", .string(message)),
          ])
        ])),
      .init("findings", .array([])),
    ])
  }

  /// On one line; a bar would begin the performance data.
  private var message: String {
    failure.message.split(separator: "\n")
      .map { $0.drop { $0 == " " } }.joined(separator: " - ")
      .replacing("|", with: "\\x7c")
  }
}
