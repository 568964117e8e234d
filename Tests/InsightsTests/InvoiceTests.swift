import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct InvoiceAnalysisTests {
  private static let pricer = FlatPricer([
    "small": .init(input: 1, output: 2), "large": .init(input: 10, output: 30),
  ])

  private static func history(_ requests: [SampleHistory.Request]) throws -> MemoryHistory {
    var sample = SampleHistory(pricer)
    for request in requests { try sample.add(request) }
    return sample.history
  }

  private static func request(
    _ time: Timestamp, _ model: String = "small",
    _ set: (inout SampleHistory.Request) -> Void = { _ in }
  ) -> SampleHistory.Request {
    var request = SampleHistory.Request(time, model)
    set(&request)
    return request
  }

  private static func october(_ calendar: ReportingCalendar = .utc) -> Period {
    .month(holding: Timestamp.october(1).day, in: calendar)
  }

  private static let month = CalendarMonth(Timestamp.october(1).day)

  private static func terms(_ set: (inout GatewayTerms) -> Void) -> (String) -> GatewayTerms? {
    var terms = GatewayTerms(gateway: "litellm")
    set(&terms)
    return { [terms] in $0 == "litellm" ? terms : nil }
  }

  private static func statements(
    _ requests: [SampleHistory.Request],
    _ terms: @escaping (String) -> GatewayTerms? = { _ in nil },
    month: CalendarMonth? = month
  ) throws -> [InvoiceAnalysis.Statement] {
    let history = try history(requests)
    return try InvoiceAnalysis(of: history, in: october(), month: month, terms: terms).statements
  }

  @Test func `an invoice is of one gateway, currency and month of its own zone`() throws {
    // 16:00 UTC on the 31st is November in Tokyo, 16:00 UTC on 30 September is October.
    let requests = [
      Self.request(.october(0, 16)), Self.request(.october(5)), Self.request(.october(31, 16)),
      Self.request(.october(5)) { $0.gateway = "openrouter" },
      Self.request(.october(5)) { $0.currency = "EUR" },
    ]
    let terms = Self.terms { $0.timeZone = "Asia/Tokyo" }
    let statements = try Self.statements(requests, terms)
    #expect(
      statements.map { "\($0.month) \($0.gateway) \($0.currency) \($0.invoice.usage.requests)" }
        == [
          "2026-10 litellm EUR 1", "2026-10 litellm USD 2", "2026-10 openrouter USD 1",
        ])
    #expect(statements[0].timeZone == "Asia/Tokyo")
    let utc = try Self.statements(requests)
    #expect(utc.map(\.invoice.usage.requests) == [1, 2, 1])
    // Without a month each month that the period touches is shown, and as a whole.
    let all = try Self.statements(requests, terms, month: nil)
    #expect(all.map { "\($0.month)" }.last == "2026-11")
    #expect(all.reduce(0) { $0 + $1.invoice.usage.requests } == 5)
  }

  @Test func `the order of the input does not matter`() throws {
    var requests: [SampleHistory.Request] = []
    for index in 0..<40 {
      requests.append(
        Self.request(.october(1 + index % 28, index % 24), ["small", "large", "new"][index % 3]) {
          $0.team = ["a", "b", ""][index % 3]
          $0.output = Int64(index * 7)
          $0.currency = index % 5 == 0 ? "" : "USD"
          $0.markup = Money(text: "0.00000\(index)")
        })
    }
    let terms = Self.terms {
      $0.invoiceLines = [.model, .team]
      $0.invoiceRounding = Rounding(mode: .halfEven, scale: 3).map {
        InvoiceRounding($0, roundsLines: false, carry: .largestRemainder)
      }
    }
    let straight = try Self.statements(requests, terms)
    let reversed = try Self.statements(requests.reversed(), terms)
    #expect(straight.map(\.invoice) == reversed.map(\.invoice))
    // An absent currency is US dollars: one invoice.
    #expect(straight.count == 1)
    let invoice = try #require(straight.first?.invoice)
    #expect(invoice.lines.reduce(Int128(0)) { $0 + $1.invoiced.units } == invoice.total.units)
    #expect(invoice.usage.requests == 40)
    #expect(invoice.usage.unpriced == 13)
  }

  @Test func `reported costs are held against the terms, request by request`() throws {
    // The list cost of each is 0.0012.
    let requests = ["0.0012", "0.0012005", "0.0013", "0.001"].map { reported in
      Self.request(.october(5)) { $0.reported = Money(text: reported) }
    }
    let terms = Self.terms {
      $0.reportedCost = ReportedCostRule(policy: .compare, tolerance: Money(text: "0.000001"))
    }
    let reported = try #require(try Self.statements(requests, terms).first?.reported)
    #expect(reported.requests == 4)
    #expect(reported.deviating == 2)
    #expect(reported.difference == Money(text: "-0.0000995"))
    #expect(try Self.statements(requests).first?.reported == nil)
  }

  @Test func `terms of another currency leave an invoice as it is`() throws {
    let terms = Self.terms {
      $0.currency = "JPY"
      $0.invoiceRounding = Rounding(mode: .up, scale: 0).map {
        InvoiceRounding($0, roundsLines: false)
      }
    }
    let statement = try #require(try Self.statements([Self.request(.october(5))], terms).first)
    #expect(statement.invoice.total == Money(text: "0.0012"))
  }
}
