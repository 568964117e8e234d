import Alerting
import Billing
import Insights
import Reporting
import Testing
import UsageFixtures

@Suite struct CheckTests {
  private static let pricer = FlatPricer(["openai/model": .init(input: 1000, output: 0)])
  private static let now = Timestamp.october(10, 13)

  /// Each request costs one dollar, on 10 October.
  private static func history(
    _ count: Int, unpriced: Int = 0, _ change: (inout SampleHistory.Request) -> Void = { _ in }
  ) throws -> MemoryHistory {
    var sample = SampleHistory(pricer)
    for index in 0..<count + unpriced {
      var request = SampleHistory.Request(
        .october(10, 12, 0, index % 60), index < count ? "openai/model" : "new")
      change(&request)
      try sample.add(request)
    }
    return sample.history
  }

  private static func check(
    _ budgets: [Budget], _ history: MemoryHistory, now: Timestamp = now
  ) throws -> Check {
    try Check(budgets, in: history, now: now)
  }

  private static func budget(_ amount: String) -> Budget {
    Budget("all", Money(text: amount), "USD")
  }

  /// Dollars spent of 100; the verdict.
  static let levels: [(spent: Int, status: CheckStatus)] = [
    (0, .unknown), (1, .ok), (74, .ok), (75, .warning), (99, .warning), (100, .critical),
    (101, .critical),
  ]

  @Test(arguments: levels)
  func `a level is reached, not passed`(_ spent: Int, _ status: CheckStatus) throws {
    #expect(try Self.check([Self.budget("100")], Self.history(spent)).status == status)
  }

  @Test func `the exit codes are those of Nagios`() {
    #expect(CheckStatus.ok.exitCode == 0)
    #expect(CheckStatus.warning.exitCode == 1)
    #expect(CheckStatus.critical.exitCode == 2)
    #expect(CheckStatus.unknown.exitCode == 3)
    #expect(CheckStatus.allCases.sorted() == [.ok, .warning, .unknown, .critical])
  }

  @Test func `the level of a warning follows the configured list`() {
    let level = { (levels: [Int]) in Budget("b", .zero, "USD", levels: levels).warningLevel }
    #expect(level([50, 75, 90, 100]) == 75)
    #expect(level([80, 100]) == 80)
    #expect(level([60]) == 60)
    #expect(level([]) == 75)
    #expect(level([120]) == 100)
  }

  @Test func `stale data is unknown, and hides no critical budget`() throws {
    let late = Timestamp(
      microseconds: Timestamp.october(10, 12, 0, 59).microseconds + 36 * 3_600_000_000)
    let budget = Self.budget("100")
    #expect(try Self.check([budget], Self.history(1), now: late).status == .unknown)
    #expect(try Self.check([budget], Self.history(80), now: late).status == .unknown)
    #expect(try Self.check([budget], Self.history(100), now: late).status == .critical)
    let fresh = Timestamp(microseconds: late.microseconds - 1_000_000)
    #expect(try Self.check([budget], Self.history(60), now: fresh).status == .ok)
  }

  @Test func `coverage below the floor is unknown, and hides no critical budget`() throws {
    let budget = Self.budget("100")
    #expect(try Self.check([budget], Self.history(19, unpriced: 1)).status == .ok)
    #expect(try Self.check([budget], Self.history(18, unpriced: 1)).status == .unknown)
    #expect(try Self.check([budget], Self.history(80, unpriced: 9)).status == .unknown)
    #expect(try Self.check([budget], Self.history(100, unpriced: 90)).status == .critical)
  }

  @Test func `unpriced requests make the amount a floor`() throws {
    let history = try Self.history(19, unpriced: 1) { $0.reported = Money(text: "3") }
    let check = try Self.check([Self.budget("100")], history)
    let reading = try #require(check.items.compactMap(\.reading).first)
    #expect(reading.spent == Money(text: "19"))
    #expect(reading.unknownRequests == 1)
    #expect(reading.unknownReported == Money(text: "3"))
    #expect(check.nagiosLine.contains("at least 19.00 of 100.00 USD"))
  }

  /// How a match is changed; whether the requests of `history` fit.
  static let matches: [(change: @Sendable (inout Budget.Match) -> Void, fits: Bool)] = [
    ({ _ in }, true), ({ $0.provider = ["openai"] }, true),
    ({ $0.provider = ["anthropic"] }, false),
    ({ $0.model = ["mod*"] }, true), ({ $0.model = ["openai/*"] }, true),
    ({ $0.model = ["gpt*", "model"] }, true),
    (
      {
        $0.team = ["search"]; $0.key = ["key-*"]
      }, true
    ),
    (
      {
        $0.team = ["search"]; $0.key = ["prod-*"]
      }, false
    ), ({ $0.gateway = ["*llm"] }, true),
    ({ $0.project = ["x"] }, false),
  ]

  @Test(arguments: matches.indices)
  func `a budget counts what fits every list`(_ index: Int) throws {
    var budget = Self.budget("100")
    Self.matches[index].change(&budget.match)
    let reading = try BudgetReading(of: budget, in: Self.history(5), now: Self.now)
    #expect(reading.requests == (Self.matches[index].fits ? 5 : 0))
  }

  @Test func `a budget counts its own period, up to now`() throws {
    var sample = SampleHistory(Self.pricer)
    for day in [4, 5, 9, 10, 11] { try sample.add(.init(.october(day), "openai/model")) }
    let spent = { (interval: Budget.Interval) in
      var budget = Self.budget("100")
      budget.interval = interval
      return try BudgetReading(of: budget, in: sample.history, now: Self.now).spent
    }
    #expect(try spent(.day) == Money(text: "1"))
    #expect(try spent(.week) == Money(text: "3"))
    #expect(try spent(.month) == Money(text: "4"))
  }

  @Test func `other currencies are not counted in silence`() throws {
    let history = try Self.history(5) { $0.currency = "EUR" }
    let reading = try BudgetReading(of: Self.budget("100"), in: history, now: Self.now)
    #expect(reading.spent == .zero)
    #expect(reading.otherCurrencyRequests == 5)
    #expect(try Self.check([Self.budget("100")], history).status == .unknown)
  }

  @Test func `the forecast is the pace so far`() throws {
    let reading = try BudgetReading(of: Self.budget("100"), in: Self.history(19), now: Self.now)
    let through = Timestamp.october(10, 12, 0, 18).microseconds
    let elapsed = through - Timestamp.october(1, 0).microseconds
    let expected = Int128(19) * Money.unitsPerOne * 31 * 86_400_000_000 / Int128(elapsed)
    let forecast = try #require(reading.forecast)
    #expect((forecast.units - expected).magnitude <= 1)
  }

  @Test func `one line with performance data`() throws {
    var budget = Budget("it's=a|b\n", Money(text: "10"), "USD")
    budget.interval = .day
    let line = try Self.check([budget], Self.history(8)).nagiosLine
    #expect(
      line
        == "TOLLBOOK WARNING - budget it's=a\\x7cb\\n: 8.00 of 10.00 USD billed (80.0 %) in "
        + "2026-10-10, 75 % reached, at this pace 16.00 USD by the end; 2 checks OK | "
        + "'it''s\\x3da\\x7cb\\n'=8;7.5;10;0 'data age'=3593s;;129600;0")
  }

  @Test func `the answer as JSON`() throws {
    let history = try Self.history(76, unpriced: 2) { $0.reported = Money(text: "1.05") }
    var other = Self.budget("5000")
    other.match.team = ["nobody"]
    other.name = "none"
    let finding = Finding(
      "hidden_markup", .warning, subject: [.init("gateway", "litellm")], summary: "5 % more.",
      money: Amount(Money(text: "3.8"), "USD"), moneyMeaning: "reported beyond expected",
      requests: 76, window: .october(1, 0)..<(.october(11, 0)), baseline: "declared 0 %",
      next: "tollbook report markup")
    let check = try Check(
      [other, Self.budget("100")], in: history, now: Self.now, findings: [finding])
    #expect(check.status == .warning)
    #expect(try GoldenFile.compare("check.json", Array(check.jsonValue.text.utf8)) == .same)
  }

  @Test func `nothing recorded is unknown`() throws {
    let check = try Self.check([], MemoryHistory())
    #expect(check.status == .unknown)
    #expect(check.nagiosLine == "TOLLBOOK UNKNOWN - nothing is recorded")
  }

  @Test func `a finding takes part by its severity`() throws {
    let finding = { (severity: Finding.Severity) in
      Finding(
        "hidden_markup", severity, subject: [], summary: "x", money: nil, moneyMeaning: "",
        requests: 1, window: Self.now..<Self.now, baseline: "", next: "")
    }
    let status = { (severity: Finding.Severity) in
      try Check([], in: Self.history(1), now: Self.now, findings: [finding(severity)]).status
    }
    #expect(try status(.info) == .ok)
    #expect(try status(.warning) == .warning)
    #expect(try status(.critical) == .critical)
  }
}
