import Reporting

/// What became of the rejected lines of a source that were read again.
public struct RequeueReport: Sendable, Hashable {
  public var name: String
  /// Lines that were rejected before: the sum of all below.
  public var lines: Int64 = 0
  /// They count now.
  public var counted: Int64 = 0
  /// They can be read, and were counted in other lines.
  public var duplicates: Int64 = 0
  /// They carry nothing.
  public var skipped: Int64 = 0
  /// They are still rejected, maybe for another reason.
  public var rejected: Int64 = 0

  init(name: String) { self.name = name }

  mutating func add(_ other: RequeueReport) {
    lines += other.lines
    counted += other.counted
    duplicates += other.duplicates
    skipped += other.skipped
    rejected += other.rejected
  }
}

/// What reading rejected lines again came to.
public struct RequeueSummary: Sendable {
  public var sources: [RequeueReport] = []
  /// Sources whose rejected lines could not be read again.
  public var failures: [Failure] = []
  /// Lines that are rejected and were not read again.
  public var unread: Int64 = 0
  /// The run was stopped by this signal; what was read is stored.
  public var signal: Int32?

  public var total: RequeueReport {
    sources.reduce(into: RequeueReport(name: "total")) { $0.add($1) }
  }

  /// For people.
  public var text: String {
    guard !sources.isEmpty else {
      return unread == 0 ? "no line is rejected\n" : "no rejected line was read again\n"
    }
    let heads = ["", "rejected before", "= counted", "+ duplicates", "+ skipped", "+ rejected"]
    let shown = sources + (sources.count == 1 ? [] : [total])
    return AccountText.aligned([heads] + shown.map(Self.row))
  }

  private static func row(_ report: RequeueReport) -> [String] {
    let counts = [
      report.lines, report.counted, report.duplicates, report.skipped, report.rejected,
    ]
    return [VisibleText.escaped(report.name)] + counts.map(HumanNumber.integer)
  }
}
