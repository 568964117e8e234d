/// One step from list cost to billed cost.
public struct BillStep: Sendable, Hashable {
  /// The step as the terms name it: `list_price`, `markup`, `round`; beside those `component:NAME`,
  /// `byok`, `not_billed` and `reported_cost`.
  public var name: String
  /// What the rule says, for a reader.
  public var rule: String
  public var before: Money
  public var after: Money

  public init(name: String, rule: String, before: Money, after: Money) {
    self.name = name
    self.rule = rule
    self.before = before
    self.after = after
  }
}

/// Listens while a bill is made. The same code makes it for those who listen and for those who do
/// not; `NoRecorder` costs nothing.
protocol BillRecorder {
  mutating func record(
    _ before: Money, _ after: Money, _ text: () -> (name: String, rule: String)?)
}

struct NoRecorder: BillRecorder {
  @inline(__always)
  mutating func record(
    _ before: Money, _ after: Money, _ text: () -> (name: String, rule: String)?
  ) {}
}

struct StepRecorder: BillRecorder {
  private(set) var steps: [BillStep] = []

  /// A step without a text does nothing by these terms.
  mutating func record(
    _ before: Money, _ after: Money, _ text: () -> (name: String, rule: String)?
  ) {
    guard let (name, rule) = text() else { return }
    steps.append(BillStep(name: name, rule: rule, before: before, after: after))
  }
}
