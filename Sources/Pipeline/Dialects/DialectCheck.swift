import Billing
import Documents
import Foundation
import Ingestion
import Insights

/// `tollbook dialects check`: what a dialect reads of logs, and what it leaves.
public struct DialectCheck: Sendable {
  /// Something that happened to events, and where it happened first.
  struct Warning: Sendable {
    var events: Int64 = 0
    var places: [(input: String, line: Int64)] = []
  }

  /// What is to be known of what was read, beside numbers.
  struct Remark: Sendable {
    /// For machines.
    var code: String
    var text: String
    /// Figures would be wrong, or nothing would come of lines.
    var isProblem = true
  }

  let name: String
  /// The file of the dialect; `nil` for a built-in one.
  let file: String?
  public private(set) var reports: [InputReport] = []
  private(set) var events: Int64 = 0
  private(set) var recognition = DialectTrial.Recognition()
  /// Events that have a value, for each field that the dialect names.
  private(set) var fields: [(field: EventField, events: Int64)] = []
  private(set) var tokens: [TokenBucket: Int64] = [:]
  private(set) var warnings: [String: Warning] = [:]
  private(set) var unread: [UnreadMember] = []
  /// The dialect names places of token counts, and no event has any.
  private(set) var lacksTokens = false
  /// Records that were refused, by the field that was the reason.
  private(set) var refused: [(field: RefusedField, records: Int64)] = []
  private(set) var remarks: [Remark] = []

  /// Fields that the dialect names and that no event has.
  var neverFilled: [EventField] { fields.filter { $0.events == 0 }.map(\.field) }

  /// Something of the log or of the dialect has come to nothing.
  public var isIncomplete: Bool {
    !neverFilled.isEmpty || lacksTokens || !unread.isEmpty || remarks.contains(where: \.isProblem)
      || reports.contains { $0.accounting.rejected > 0 || !$0.refusedRecords.isEmpty }
  }

  /// Checks a dialect, or each of a directory beside the others.
  ///
  /// - Parameter dialect: a file, a directory, or the name of a built-in dialect.
  /// - Throws: `Failure`, `DocumentError`, `DialectSet.Failure`.
  public static func all(
    _ dialect: String, _ inputs: [InputList.Input], _ settings: Settings
  ) throws -> [DialectCheck] {
    try refuseSwapped(dialect, inputs)
    guard DialectFiles.isFile(dialect) else { return [try DialectCheck(dialect, inputs, settings)] }
    let files = try DialectFiles.files(dialect)
    if files.count > 1, inputs.contains(.standardInput) {
      throw Failure(
        "", "Standard input can be read once, and there are several dialects.", "Name a file.",
        .usage)
    }
    var settings = settings
    settings.reading.dialects += try DialectFiles.documents(at: files)
    return try files.map { try DialectCheck($0, inputs, settings) }
  }

  private static func refuseSwapped(_ dialect: String, _ inputs: [InputList.Input]) throws(Failure)
  {
    func isWritten(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }
    let paths = inputs.map(\.name)
    guard let file = paths.first(where: isWritten), !isWritten(dialect),
      FileManager.default.fileExists(atPath: dialect), !DialectFiles.isDirectory(dialect)
    else { return }
    throw Failure(
      dialect, "the dialect comes first, then the logs",
      "Write `tollbook dialects check \(file) \(dialect)`.", .usage)
  }

  /// - Parameter dialect: a file or the name of a built-in dialect.
  /// - Throws: `Failure`, `DocumentError`, `DialectSet.Failure`.
  init(
    _ dialect: String, _ inputs: [InputList.Input], _ settings: Settings
  ) throws {
    let labels = LabelTable()
    let sets: DialectTrial.Sets
    (sets, file) = try Self.sets(dialect, settings.reading, labels)
    name = sets.name
    var limits = settings.reading.limits
    limits.columns = sets.all.columns
    let trial = try DialectTrial(sets, labels: labels, limits: limits)
    var facts = CheckedFacts(settings.pricer, labels)
    for input in inputs where !Interruption.isRequested {
      var report = InputReport(name: input.name)
      do throws(InputError) {
        let log = try LogInput.open(input, limits: limits)
        trial.begin()
        while !Interruption.isRequested, let (outcome, names) = try trial.next(from: log) {
          note(
            outcome, input.name, linesBefore: report.accounting.lines,
            isOwn: trial.isOwn, &facts)
          report.add(outcome, dialects: names)
          report.accounting.count(outcome.lineOfEvent, nil)
        }
      } catch {
        report.error = error
      }
      reports.append(report)
    }
    events = trial.events
    recognition = trial.recognition
    fields = EventField.allCases.filter(trial.fields.contains)
      .map { (field: $0, events: trial.filled[$0] ?? 0) }
    unread = trial.unread
    lacksTokens = trial.readsUsage && tokens.isEmpty
    refused = trial.refused.map { (field: $0.key, records: $0.value) }
      .sorted { ($0.field.field, $0.field.reason.name) < ($1.field.field, $1.field.reason.name) }
    remarks = Self.remarks(on: trial, facts, isUsers: file != nil)
  }

  private mutating func note(
    _ outcome: BlockOutcome, _ input: String, linesBefore: Int64,
    isOwn: (Int) -> Bool, _ facts: inout CheckedFacts
  ) {
    for (position, event) in outcome.batch.events.enumerated() where isOwn(position) {
      facts.add(event)
      for bucket in TokenBucket.allCases where event.tokens.isKnown(bucket) {
        tokens[bucket, default: 0] += 1
      }
      for (warning, code) in EventWarnings.codes where event.warnings.contains(warning) {
        warnings[code, default: Warning()].events += 1
        let line = linesBefore + Int64(outcome.lineOfEvent[position].number) + 1
        let places = warnings[code]?.places ?? []
        guard places.count < InputReport.samplesPerReason,
          !places.contains(where: { $0 == (input, line) })
        else { continue }
        warnings[code]?.places.append((input, line))
      }
    }
  }

  /// The sets that a dialect is tried in. Dialects of the configuration that have its name stand back.
  private static func sets(
    _ dialect: String, _ reading: ReadingOptions, _ labels: LabelTable
  ) throws -> (DialectTrial.Sets, file: String?) {
    guard DialectFiles.isFile(dialect) else {
      let all = try DialectSet(user: reading.dialects, labels: labels)
      return (try sets(dialect, reading.dialects, all, all, labels), nil)
    }
    let own = try DialectFiles.document(at: dialect)
    let set = try DialectSet(user: [own], labels: labels)
    let name = set.dialects.first { !$0.isBuiltIn }?.name ?? ""
    let others = reading.dialects.filter { DialectFiles.name(of: $0) != name }
    let user = [own] + others
    return (
      try sets(
        name, user, try DialectSet(user: user, labels: labels),
        try DialectSet(user: others, labels: labels), labels), dialect
    )
  }

  private static func sets(
    _ name: String, _ user: [DocumentNode], _ all: DialectSet, _ others: DialectSet,
    _ labels: LabelTable
  ) throws -> DialectTrial.Sets {
    let alone = try DialectSet(user: user, only: name, labels: labels)
    let isEnvelope = alone.forced.map { alone.dialects[$0].isEnvelope } ?? false
    let enveloped = try DialectSet(
      user: user.filter { DialectFiles.name(of: $0) == name || DialectFiles.isEnvelope($0) },
      labels: labels, builtIn: { $0.isEnvelope || $0.name == name })
    // Beside other dialects of the user each line is read by the one that recognises it.
    let hasCompanions = user.contains { DialectFiles.name(of: $0) != name }
    return DialectTrial.Sets(
      alone: isEnvelope || hasCompanions ? all : alone, enveloped: hasCompanions ? all : enveloped,
      all: all, others: others, name: name)
  }
}
