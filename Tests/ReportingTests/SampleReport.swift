import Billing
import Insights
import Reporting
import UsageFixtures

/// A small month in which everything happens that a report speaks of.
enum SampleReport {
  private static let pricer = FlatPricer([
    "gpt-mini": .init(input: 1, output: 4), "opus": .init(input: 30, output: 90),
    "idle-pro": .init(input: 60, output: 180),
  ])

  static func document(_ kind: ReportKind = .all, reversed: Bool = false) throws -> ReportDocument {
    ReportDocument(try analysis(kind, reversed: reversed))
  }

  static func analysis(_ kind: ReportKind, reversed: Bool = false) throws -> UsageAnalysis {
    let calendar = ReportingCalendar.utc
    let period = Period.month(holding: Timestamp.october(1).day, in: calendar)
    var request = ReportRequest(kind, for: period, in: calendar)
    request.dimensions = [.team, .model]
    request.models = ["gpt-mini", "opus", "idle-pro"].map { model in
      var configured = ConfiguredModel(model: model)
      configured.configuredSince = Day(year: 2026, month: 1, day: 1)
      configured.limitTokensPerMinute = 2000
      return configured
    }
    request.book = ["gpt-mini", "opus", "idle-pro"].map(listed)
    request.markup.declared["openrouter"] = ExactDecimal(units: ExactDecimal.unitsPerOne / 20)
    let history = try history(reversed: reversed)
    return try UsageAnalysis(of: history, request, pricer: pricer) { $0 == $1 }
  }

  private static func listed(_ model: String) -> CatalogModel {
    let millionth = Money.unitsPerOne / 1_000_000
    let price = pricer.prices[model] ?? .init(input: 0, output: 0)
    return CatalogModel(
      entry: "test/\(model)", provider: "openai", model: model, family: "gpt",
      inputPrice: Money(units: Int128(price.input) * millionth),
      outputPrice: Money(units: Int128(price.output) * millionth), contextWindow: 200_000,
      maxOutput: nil, capabilities: ["tools"], deprecated: nil, replacement: nil)
  }

  private static func history(reversed: Bool) throws -> MemoryHistory {
    var sample = SampleHistory(pricer)
    // Keys count up in the order of adding: facts are the same in both orders, keys are not.
    let requests = requests()
    for request in reversed ? requests.reversed() : requests { try sample.add(request) }
    var lines = LineAccounting()
    lines.lines = Int64(requests.count) + 9
    lines.eventLines = Int64(requests.count)
    lines.duplicates = 5
    lines.rejected = 3
    lines.skipped = 1
    lines.events = Int64(requests.count)
    lines.rejections = [.malformed: 2, .noTime: 1]
    sample.add(lines)
    return sample.history
  }

  private static func requests() -> [SampleHistory.Request] {
    var requests: [SampleHistory.Request] = []
    for day in 1...31 {
      for minute in 0..<10 {
        var request = SampleHistory.Request(.october(day, 9, minute), "gpt-mini")
        request.input = 20_000
        request.team = minute % 2 == 0 ? "search" : "=cmd|x"
        if minute < 5 {
          request.gateway = "openrouter"
          request.input = 200_000
          request.reported = Money(text: "0.2291")
        }
        requests.append(request)
      }
    }
    for minute in 0..<12 { requests += failover(minute) }
    var new = SampleHistory.Request(.october(20), "brand-new")
    new.team = ""
    new.reported = Money(text: "0.42")
    requests.append(new)
    var silent = SampleHistory.Request(.october(21), "gpt-mini")
    silent.hasUsage = false
    requests.append(silent)
    return requests
  }

  /// A failure and the dearer success that answers it.
  private static func failover(_ minute: Int) -> [SampleHistory.Request] {
    var failed = SampleHistory.Request(.october(14, 10, minute), "gpt-mini")
    failed.status = .error
    failed.errorClass = .rateLimit
    failed.charge = .notBilled
    failed.input = 0
    failed.output = 0
    failed.trace = UInt64(100 + minute)
    var served = SampleHistory.Request(.october(14, 10, minute, 4), "opus")
    served.trace = failed.trace
    served.input = 50_000
    var other = SampleHistory.Request(.october(14, 10, minute, 9), "gpt-mini")
    other.trace = UInt64(200 + minute)
    return minute % 3 == 0 ? [failed, served, other] : [failed, served]
  }
}
