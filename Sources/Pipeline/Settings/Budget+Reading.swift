import Alerting
import Billing
import Documents
import Insights

extension Budget {
  private static let keys = [
    "name", "amount", "currency", "period", "timezone", "basis", "warn", "warning", "critical",
    "match",
  ]

  /// Reads an item of `budgets:`.
  ///
  /// - Parameter calendar: of the configuration; a budget may have its own.
  init(reading node: DocumentNode, in calendar: ReportingCalendar) throws(DocumentError) {
    let map = try node.mapping(allowing: Self.keys)
    let amount = try map.required("amount")
    let limit = try amount.money()
    guard limit > .zero else {
      throw amount.error("the amount is not above zero", "Write what may be spent in a period.")
    }
    self.init(
      try map.required("name").text(), limit,
      try map.optional("currency")?.currency() ?? "USD",
      levels: try map.optional("warn").map(Self.levels) ?? [50, 75, 90, 100])
    self.calendar = try map.optional("timezone")?.calendar() ?? calendar
    if let node = map.optional("period") {
      interval = try Self.choice(node, among: Interval.allCases)
    }
    if let node = map.optional("basis") { basis = try Self.choice(node, among: Basis.allCases) }
    if let node = map.optional("warning") { warningLevel = try Self.level(node) }
    if let node = map.optional("critical") { criticalLevel = try Self.level(node) }
    if let node = map.optional("match") { match = try Match(reading: node) }
  }

  private static func level(_ node: DocumentNode) throws(DocumentError) -> Int {
    Int(try node.int(in: 1...10_000))
  }

  private static func levels(_ node: DocumentNode) throws(DocumentError) -> [Int] {
    var levels: [Int] = []
    for item in try node.list() { levels.append(try level(item)) }
    guard !levels.isEmpty else { throw node.error("no level is given", "Write `[75, 100]`.") }
    return levels
  }

  private static func choice<Value: RawRepresentable<String>>(
    _ node: DocumentNode, among values: [Value]
  ) throws(DocumentError) -> Value {
    let word = try node.word(of: values.map(\.rawValue))
    guard let value = Value(rawValue: word) else { throw node.error("`\(word)` is not known", "") }
    return value
  }
}

extension Budget.Match {
  fileprivate init(reading node: DocumentNode) throws(DocumentError) {
    self.init()
    let map = try node.mapping(
      allowing: ["gateway", "provider", "model", "team", "key", "project"])
    gateway = try map.optional("gateway")?.textOrTexts() ?? []
    provider = try map.optional("provider")?.textOrTexts() ?? []
    model = try map.optional("model")?.textOrTexts() ?? []
    team = try map.optional("team")?.textOrTexts() ?? []
    key = try map.optional("key")?.textOrTexts() ?? []
    project = try map.optional("project")?.textOrTexts() ?? []
  }
}
