public import Billing

/// Something in the recorded usage that somebody should decide about.
///
/// A finding carries all that is needed to doubt it: how much money, over how many requests, in
/// which window, against which baseline and thresholds, and which requests show it.
public struct Finding: Sendable, Hashable {
  public enum Severity: UInt8, Word, Comparable {
    case info, warning, critical

    public static let names = spelledCases

    public static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  /// A named value: of the subject, of a threshold, of a measurement.
  public struct Detail: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The rule's name: `premium_fallback_spike`, `dormant_exposure`, …
  public var name: String
  public var severity: Severity
  /// What it is about: the model, the gateway, the team; in a fixed order for each rule.
  public var subject: [Detail]
  /// One or two sentences for people.
  public var summary: String
  /// What it costs; `nil` when that cannot be known.
  public var money: Amount?
  /// What the money is: `excess list cost`, `commitment not used`.
  public var moneyMeaning: String
  /// The number of requests behind it.
  public var requests: Int64
  public var window: Range<Timestamp>
  /// What it was compared with.
  public var baseline: String
  /// The settings that made it a finding.
  public var thresholds: [Detail] = []
  /// At most five requests that show it, the first ones.
  public var evidence: [Evidence] = []
  /// The command that shows more.
  public var next: String

  public init(
    _ name: String, _ severity: Severity, subject: [Detail], summary: String, money: Amount?,
    moneyMeaning: String, requests: Int64, window: Range<Timestamp>, baseline: String, next: String
  ) {
    self.name = name
    self.severity = severity
    self.subject = subject
    self.summary = summary
    self.money = money
    self.moneyMeaning = moneyMeaning
    self.requests = requests
    self.window = window
    self.baseline = baseline
    self.next = next
  }

  /// The command that prints a report of the period; both days are included.
  static func command(_ kind: ReportKind, _ period: Period, by dimensions: [Dimension] = [])
    -> String
  {
    let names = dimensions.map(\.rawValue).joined(separator: ",")
    return "tollbook report \(kind.rawValue) --since \(period.days.lowerBound) "
      + "--until \(period.days.upperBound)" + (names.isEmpty ? "" : " --by \(names)")
  }

  /// The worst first, then by name and subject: the same findings always stand in the same order.
  static func precedes(_ left: Finding, _ right: Finding) -> Bool {
    if left.severity != right.severity { return left.severity > right.severity }
    if left.name != right.name { return TextOrder.precedes(left.name, right.name) }
    let leftKey = left.subject.map(\.value) + ["\(left.window.lowerBound)"]
    let rightKey = right.subject.map(\.value) + ["\(right.window.lowerBound)"]
    return TextOrder.precedes(leftKey, rightKey)
  }
}
