import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct ResolvedHistoryTests {
  private static let pricer = FlatPricer([
    "small": .init(input: 1, output: 1), "large": .init(input: 10, output: 10),
  ])
  private static let range = Timestamp.october(1, 0)..<Timestamp.october(3, 0)

  private static func spend(_ history: MemoryHistory, by dimensions: [Dimension]) throws
    -> [String: Int64]
  {
    let resolved = try ResolvedHistory(history, in: range) { $0 == $1 }
    let spend = try SpendBreakdown(of: resolved, in: range, by: dimensions, calendar: .utc)
    return Dictionary(
      spend.rows.map { ($0.values.joined(separator: " "), $0.totals.coverage.all.requests) },
      uniquingKeysWith: +)
  }

  private static func sample(_ evidence: RouteEvidence?, _ route: Route?) throws -> MemoryHistory {
    var sample = SampleHistory(pricer)
    var failed = SampleHistory.Request(.october(1), "small")
    failed.status = .error
    failed.errorClass = .rateLimit
    failed.trace = 7
    try sample.add(failed)
    var served = SampleHistory.Request(.october(1, 12, 0, 5), "large")
    served.trace = 7
    served.evidence = evidence
    served.route = route
    try sample.add(served)
    try sample.add(.init(.october(2), "large"))
    return sample.history
  }

  @Test func `an inferred fallback counts as one in every sum by route`() throws {
    let history = try Self.sample(nil, nil)
    #expect(try Self.spend(history, by: [.route]) == ["": 2, "fallback": 1])
    #expect(
      try Self.spend(history, by: [.route, .model])
        == [" small": 1, " large": 1, "fallback large": 1])
    #expect(try Self.spend(history, by: []) == ["": 3])
  }

  @Test func `a mismatch of names gives way to a trace`() throws {
    let history = try Self.sample(.mismatch, .fallback)
    #expect(try Self.spend(history, by: [.route]) == ["": 2, "fallback": 1])
  }

  @Test func `what the gateway says explicitly stands`() throws {
    let history = try Self.sample(.explicit, .primary)
    #expect(try Self.spend(history, by: [.route]) == ["": 2, "primary": 1])
  }

  @Test func `a failure before the range explains a success in it`() throws {
    let history = try Self.sample(nil, nil)
    let late = Timestamp.october(1, 12, 0, 1)..<Timestamp.october(3, 0)
    let resolved = try ResolvedHistory(history, in: late) { $0 == $1 }
    var routes: [Route?] = []
    try resolved.forEachFact(in: late) { routes.append(resolved.cells[$0.cell].route) }
    #expect(routes.contains(.fallback))
  }
}
