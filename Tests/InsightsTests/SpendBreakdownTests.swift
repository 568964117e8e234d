import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct SpendBreakdownTests {
  private static let pricer = FlatPricer([
    "small": .init(input: 1, output: 2), "large": .init(input: 10, output: 30),
  ])
  private static let range = Timestamp.october(1, 0)..<Timestamp.october(31, 0)

  private static var requests: [SampleHistory.Request] {
    var requests: [SampleHistory.Request] = []
    for index in 0..<24 {
      var request = SampleHistory.Request(
        .october(1 + index % 5, index, index), ["small", "large", "new"][index % 3])
      request.team = ["search", "", "chat", "=cmd"][index % 4]
      request.key = "key-\(index % 2)"
      request.gateway = index % 5 == 0 ? "openrouter" : "litellm"
      request.status = index % 7 == 0 ? .error : .ok
      request.hasUsage = index % 6 != 0
      request.currency = index % 8 == 3 ? "EUR" : "USD"
      if index % 2 == 0 { request.reported = Money(text: "0.0\(index)1") }
      request.markup = Money(text: "0.00000\(index)")
      requests.append(request)
    }
    return requests
  }

  private static func history(_ requests: [SampleHistory.Request]) throws -> MemoryHistory {
    var sample = SampleHistory(pricer)
    for request in requests { try sample.add(request) }
    return sample.history
  }

  private static func breakdown(_ history: MemoryHistory, by dimensions: [Dimension]) throws
    -> SpendBreakdown
  {
    try SpendBreakdown(of: history, in: range, by: dimensions, calendar: .utc)
  }

  @Test func `totals are the same by any choice of dimensions`() throws {
    let history = try Self.history(Self.requests)
    let whole = try Self.breakdown(history, by: [])
    #expect(whole.totals.map(\.currency) == ["EUR", "USD"])
    #expect(whole.coverage.all.requests == 24)
    for first in Dimension.allCases {
      for second in Dimension.allCases {
        let parts = try Self.breakdown(history, by: [first, second])
        #expect(parts.totals == whole.totals)
        #expect(parts.coverage == whole.coverage)
      }
    }
  }

  @Test func `totals are the sums of their rows`() throws {
    let parts = try Self.breakdown(Self.history(Self.requests), by: [.model, .day])
    for total in parts.totals {
      let rows = parts.rows.filter { $0.currency == total.currency }
      let sum = { (amount: (SpendTotals) -> Money?) in
        rows.reduce(Int128(0)) { $0 + (amount($1.totals)?.units ?? 0) }
      }
      #expect(sum(\.list) == (total.totals.list?.units ?? 0))
      #expect(sum(\.billed) == (total.totals.billed?.units ?? 0))
      #expect(sum(\.reported) == (total.totals.reported?.units ?? 0))
      let difference = total.totals.billedOverList.difference?.units ?? 0
      #expect(sum(\.billedOverList.difference) == difference)
      let coverage = total.totals.coverage
      #expect(
        coverage.all.requests == coverage.priced.requests + coverage.partial.requests
          + coverage.unpriced.requests + coverage.notBilled.requests)
    }
  }

  @Test func `the order of the input does not matter`() throws {
    let dimensions: [Dimension] = [.team, .model, .day]
    let straight = try Self.breakdown(Self.history(Self.requests), by: dimensions)
    let reversed = try Self.breakdown(Self.history(Self.requests.reversed()), by: dimensions)
    #expect(straight.rows == reversed.rows)
  }

  @Test func `a difference counts only requests with both sides`() throws {
    var priced = SampleHistory.Request(.october(2), "small")
    priced.reported = Money(text: "0.01")
    var unpriced = SampleHistory.Request(.october(2), "new")
    unpriced.reported = Money(text: "5")
    let silent = SampleHistory.Request(.october(2), "small")
    let totals = try Self.breakdown(Self.history([priced, unpriced, silent]), by: []).totals[0]
      .totals
    #expect(totals.reported == Money(text: "5.01"))
    #expect(totals.reportedOverBilled.requests == 1)
    // 1,000 input tokens at 1 and 100 output tokens at 2 millionths.
    #expect(totals.reportedOverBilled.difference == Money(text: "0.0088"))
    #expect(totals.list == Money(text: "0.0024"))
  }

  @Test func `what has no price has no amount`() throws {
    let totals = try Self.breakdown(
      Self.history([.init(.october(2), "new")]), by: [.model]
    ).rows[0].totals
    #expect(totals.list == nil)
    #expect(totals.billed == nil)
    #expect(totals.reported == nil)
    #expect(totals.billedOverList.difference == nil)
  }
}
