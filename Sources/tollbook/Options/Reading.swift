import ArgumentParser
import Billing
import Pipeline

/// How a command that reads logs ends: the account, what went wrong with inputs, the exit code.
struct ReadingEnd {
  var problems: [InputList.Problem]
  var reports: [InputReport]
  var unchanged = 0
  /// Events that were added to days that were long over.
  var late = HistoryNotes.LateEvents()
  /// Rejected lines that the quarantine had no room for.
  var notKept: Int64 = 0
  /// Warnings beside rejected lines and conflicting ids.
  var hasUnpriced = false
  var signal: Int32?
  /// The dialect files that the user gave.
  var dialects: [String] = []
  /// What they make of the lines has just been told.
  var isChecked = false

  /// - Throws: `ExitCode` unless all is well.
  func tell(_ options: TellingOptions, kept: String) throws {
    try tell(isQuiet: options.quiet, isStrict: options.strict, kept: kept)
  }

  /// - Throws: `ExitCode` unless all is well.
  func tell(isQuiet: Bool, isStrict: Bool, kept: String) throws {
    let inputs = reports.filter { $0.accounting.lines > 0 }
    if !isQuiet, !inputs.isEmpty || unchanged > 0 {
      Diagnostics.print(AccountText(reports, unchanged: unchanged, late: late).text)
    }
    for report in reports {
      for notice in report.notices {
        Diagnostics.print("tollbook: warning: \(Failure(input: report.name, notice).message)\n")
      }
    }
    if notKept > 0 {
      Diagnostics.print(
        "tollbook: warning: \(notKept) rejected lines were not kept: the quarantine is full\n")
    }
    let failures =
      problems.map { Failure($0) }
      + reports.compactMap { $0.failure(of: dialects, isChecked: isChecked) }
    failures.forEach(ErrorMessage.show)
    if !failures.isEmpty, reports.contains(where: { $0.accounting.events > 0 }) {
      Diagnostics.print("tollbook: the other lines are \(kept)\n")
    }
    if let signal {
      Diagnostics.print("tollbook: stopped by signal \(signal); what was read is \(kept)\n")
      throw ExitCode(128 + signal)
    }
    if let worst = failures.map(\.status).max() { throw ExitCode(worst) }
    if isStrict,
      hasUnpriced || notKept > 0
        || reports.contains(where: { $0.accounting.hasWarnings || !$0.notices.isEmpty })
    {
      throw ExitCode(.warnings)
    }
  }
}

extension LineAccounting {
  fileprivate var hasWarnings: Bool { rejected > 0 || idConflicts > 0 }
}

extension IngestOptions {
  /// What the options of a command mean.
  init(_ settings: Settings, _ counting: CountingOptions) {
    self.init()
    reading = settings.reading
    undated = counting.undatedAt
    isFinal = counting.final
    countsAggregates = counting.aggregates
    program = "tollbook \(Tollbook.version)"
    now = .now
  }
}

extension InputList {
  /// The inputs of a command, without the program's own files.
  ///
  /// - Parameter others: what else is no log.
  /// - Throws: `ExitCode` after the messages, when nothing is left to read.
  static func reading(
    _ paths: [String], _ settings: Settings, leavingOut others: [String] = []
  ) throws -> InputList {
    let list = InputList(paths, leavingOut: settings.ownFiles + others)
    guard list.inputs.isEmpty else { return list }
    let failures = list.problems.map { Failure($0) }
    failures.forEach(ErrorMessage.show)
    throw ExitCode(failures.map(\.status).max() ?? .unavailable)
  }
}
