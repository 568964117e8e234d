import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct IdleTests {
  private static let pricer = FlatPricer([
    "economy": .init(input: 1, output: 4), "premium": .init(input: 30, output: 60),
    "newer": .init(input: 1, output: 2),
  ])

  private static func listed(_ model: String, input: Int64, output: Int64) -> CatalogModel {
    let millionth = Money.unitsPerOne / 1_000_000
    return CatalogModel(
      entry: "test/\(model)", provider: "openai", model: model, family: "gpt",
      inputPrice: Money(units: Int128(input) * millionth),
      outputPrice: Money(units: Int128(output) * millionth), contextWindow: 128_000,
      maxOutput: nil, capabilities: ["tools"], deprecated: nil, replacement: nil)
  }

  private static let book = [
    listed("economy", input: 1, output: 4), listed("premium", input: 30, output: 60),
    listed("newer", input: 1, output: 2),
  ]

  /// A month of one model by one key, forty requests a day.
  private static func month(_ model: String = "economy", extra: [SampleHistory.Request] = []) throws
    -> MemoryHistory
  {
    var sample = SampleHistory(pricer)
    for day in 1...31 {
      for minute in 0..<40 {
        var request = SampleHistory.Request(.october(day, 9, minute), model)
        request.input = 10_000
        try sample.add(request)
      }
    }
    for request in extra { try sample.add(request) }
    return sample.history
  }

  private static func findings(
    _ history: MemoryHistory, _ models: [ConfiguredModel], _ book: [CatalogModel] = book
  ) throws -> [Finding] {
    let calendar = ReportingCalendar.utc
    let period = Period.month(holding: Timestamp.october(1).day, in: calendar)
    var request = ReportRequest(.idle, for: period, in: calendar)
    request.models = models
    request.book = book
    return try UsageAnalysis(of: history, request, pricer: pricer) { $0 == $1 }.findings
  }

  private static func configured(
    _ model: String, _ change: (inout ConfiguredModel) -> Void = { _ in }
  ) -> ConfiguredModel {
    var configured = ConfiguredModel(model: model, provider: "openai", keys: ["key-*"])
    configured.configuredSince = Day(year: 2026, month: 1, day: 1)
    change(&configured)
    return configured
  }

  @Test func `an expensive model that nobody calls is an exposure`() throws {
    let premium = Self.configured("premium") { $0.limitTokensPerMinute = 1000 }
    let findings = try Self.findings(Self.month(), [Self.configured("economy"), premium])
    #expect(findings.map(\.name) == ["dormant_exposure"])
    #expect(findings[0].subject.first == .init("model", "premium"))
    // (3 × 30 + 60) ÷ 4 = 37.5 millionths, 1,440,000 tokens a day.
    #expect(findings[0].money == Amount(Money(text: "54"), "USD"))
    // 31 days are recorded, 45 are wanted.
    #expect(findings[0].severity == .info)
  }

  static let silences: [(reason: String, change: @Sendable (inout ConfiguredModel) -> Void)] = [
    ("no active key may call it", { $0.keys = ["other-*"] }),
    ("configured a week ago", { $0.configuredSince = Timestamp.october(25).day }),
    (
      "waived",
      {
        $0.waiver = .init(owner: "ops", until: Timestamp.october(31).day)
      }
    ),
  ]

  @Test(arguments: silences.indices)
  func `an exposure is silent where it should be`(_ index: Int) throws {
    let (reason, change) = Self.silences[index]
    let premium = Self.configured("premium", change)
    let findings = try Self.findings(Self.month(), [Self.configured("economy"), premium])
    #expect(findings.isEmpty, "\(reason)")
  }

  @Test func `a waiver that has run out does not hold`() throws {
    let premium = Self.configured("premium") {
      $0.waiver = .init(owner: "ops", until: Timestamp.october(30).day)
    }
    let findings = try Self.findings(Self.month(), [Self.configured("economy"), premium])
    #expect(findings.map(\.name) == ["dormant_exposure"])
  }

  @Test func `one success ends an exposure`() throws {
    let history = try Self.month(extra: [.init(.october(3), "premium")])
    let models = [Self.configured("economy"), Self.configured("premium")]
    #expect(try Self.findings(history, models).isEmpty)
  }

  @Test func `without a configuration the price book says what exists`() throws {
    let findings = try Self.findings(Self.month(), [])
    #expect(findings.map(\.name) == ["dormant_exposure"])
    #expect(findings[0].summary.contains("Book-only"))
    #expect(findings[0].money == nil)
  }

  @Test func `a commitment without use is idle`() throws {
    let premium = Self.configured("premium") {
      $0.monthlyCommitment = Amount(Money(text: "3650"), "USD")
      $0.keys = ["nobody"]
    }
    let findings = try Self.findings(Self.month(), [Self.configured("economy"), premium])
    #expect(findings.map(\.name) == ["idle_commitment"])
    // Fourteen days of 3,650 a month: 3,650 × 12 ÷ 365 × 14.
    #expect(findings[0].money == Amount(Money(text: "1680"), "USD"))
  }

  @Test func `a commitment that is used is not idle`() throws {
    let economy = Self.configured("economy") {
      $0.monthlyCommitment = Amount(Money(text: "3650"), "USD")
      $0.capacityTokensPerMinute = 1000
    }
    #expect(try Self.findings(Self.month(), [economy]).isEmpty)
    let large = Self.configured("economy") {
      $0.monthlyCommitment = Amount(Money(text: "3650"), "USD")
      $0.capacityTokensPerMinute = 1_000_000
    }
    #expect(try Self.findings(Self.month(), [large]).map(\.name) == ["idle_commitment"])
  }

  @Test func `a rare model that costs far more than its substitute is overpaid`() throws {
    var rare = SampleHistory.Request(.october(5), "premium")
    rare.input = 100_000
    let models = [Self.configured("economy"), Self.configured("premium")]
    let findings = try Self.findings(Self.month(extra: [rare]), models)
    #expect(findings.map(\.name) == ["rarely_used_overpaid"])
    #expect(findings[0].requests == 1)
  }

  @Test func `a model that a later one beats in everything is dominated`() throws {
    let economy = Self.configured("economy") { $0.released = Day(year: 2025, month: 1, day: 1) }
    let newer = Self.configured("newer") { $0.released = Day(year: 2026, month: 1, day: 1) }
    let book = Self.book.filter { $0.model != "premium" }
    // 1,240 requests of 100 output tokens at 2 millionths less are 0.248: below a dollar.
    #expect(try Self.findings(Self.month(), [economy, newer], book).isEmpty)
    var large = SampleHistory.Request(.october(5), "economy")
    large.output = 1_000_000
    let findings = try Self.findings(Self.month(extra: [large]), [economy, newer], book)
    #expect(findings.map(\.name) == ["dominated_model"])
    #expect(findings[0].money == Amount(Money(text: "2.248"), "USD"))
    let unknown = Self.configured("newer")
    #expect(try Self.findings(Self.month(extra: [large]), [economy, unknown], book).isEmpty)
  }
}
