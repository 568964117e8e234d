public import Billing
public import Ledger
import Reporting

/// What `tollbook prune` is told.
public struct PruneOptions: Sendable {
  /// The first UTC day whose facts stay.
  public var firstDay: Day
  /// Tells what would be pruned, and changes nothing.
  public var isDryRun = false
  /// Name and version of the program, for the run's record.
  public var program = "tollbook"
  public var now: Timestamp

  public init(firstDay: Day, now: Timestamp) {
    self.firstDay = firstDay
    self.now = now
  }
}

/// What a prune came to.
public struct PruneReport: Sendable {
  public var ledger: String
  public var summary: PruneSummary
  public var isDryRun: Bool
  /// Bytes by which the file became smaller.
  public var released: Int64 = 0
  /// Bytes that are free in the file.
  public var free: Int64 = 0
  /// It was stopped by this signal; what it says is done.
  public var signal: Int32?

  /// Whole lines for people.
  public var text: String {
    let count = HumanNumber.integer
    guard let days = summary.days else {
      return "\(name): there is nothing to prune\n" + space
    }
    let span = days.lowerBound == days.upperBound ? "" : " .. \(days.upperBound)"
    return "\(name): \(isDryRun ? "would prune" : "pruned") \(count(summary.facts)) facts of "
      + "\(days.lowerBound)\(span); keys and rollups stay\n"
      + "\(name): \(count(summary.bytesBefore)) bytes \(isDryRun ? "would become" : "became") "
      + "\(count(summary.bytesAfter)), \(count(summary.bytesBefore - summary.bytesAfter)) saved\n"
      + space
  }

  private var name: String { VisibleText.escaped(ledger, limit: 4000) }

  private var space: String {
    guard !isDryRun else { return "" }
    var text = ""
    if released > 0 {
      text += "\(name): the file is \(HumanNumber.integer(released)) bytes smaller\n"
    }
    if free > 0 {
      text += "\(name): \(HumanNumber.integer(free)) bytes are free in it for later runs\n"
    }
    return text
  }
}

extension Settings {
  /// Drops the single facts of old days.
  ///
  /// - Throws: `LedgerError`, `Failure`. What was done before an error stays.
  public func prune(_ options: PruneOptions) throws -> PruneReport {
    guard options.firstDay <= options.now.day else {
      throw Failure(
        "", "\(options.firstDay) is not over: today is \(options.now.day) in UTC.",
        "Name a day that has begun, or an age such as 400d.", .usage)
    }
    // Only an ingest makes a ledger.
    _ = try Ledger.open(path: ledger)
    let writer = try LedgerWriter.open(path: ledger)
    var report = PruneReport(
      ledger: ledger, summary: PruneSummary(), isDryRun: options.isDryRun)
    if options.isDryRun {
      report.summary = try writer.prune(before: options.firstDay, in: nil)
      return report
    }
    let isStopped = { Interruption.signal != nil }
    if try writer.hasFacts(before: options.firstDay) {
      let run = try writer.beginRun(
        RunDescription(
          kind: .prune, started: options.now, program: options.program, priceBook: ""))
      report.summary = try writer.prune(before: options.firstDay, in: run, isStopped: isStopped)
      if !isStopped() { try writer.finishRun(run, at: options.now) }
    }
    (report.released, report.free) = try writer.releaseSpace(isStopped: isStopped)
    report.signal = Interruption.signal
    return report
  }
}
