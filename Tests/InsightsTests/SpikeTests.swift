import Billing
import Insights
import Testing
import UsageFixtures

/// Days of synthetic traffic: so many requests that asked for the model, so many fallbacks.
@Suite struct SpikeTests {
  private static func findings(_ days: [(requests: Int, fallbacks: Int)]) throws -> [Finding] {
    let pricer = FlatPricer([
      "asked": .init(input: 10, output: 0), "served": .init(input: 1000, output: 0),
    ])
    var sample = SampleHistory(pricer)
    for (index, day) in days.enumerated() {
      for number in 0..<day.requests {
        let isFallback = number < day.fallbacks
        var request = SampleHistory.Request(
          .october(index + 1, 1, number % 60, number / 60), isFallback ? "served" : "asked")
        if isFallback {
          request.route = .fallback
          request.evidence = .explicit
          request.routeFrom = "asked"
          request.routeReason = .rateLimit
        }
        try sample.add(request)
      }
    }
    let calendar = ReportingCalendar.utc
    let period = Period.month(holding: Timestamp.october(1).day, in: calendar)
    var request = ReportRequest(.fallback, for: period, in: calendar)
    request.dimensions = [.model]
    return try UsageAnalysis(of: sample.history, request, pricer: pricer) { $0 == $1 }.findings
  }

  /// Shares that wander between 0 and 4 %, as on ordinary days.
  private static let noise = (0..<20).map {
    (requests: 200, fallbacks: [3, 5, 8, 2, 4, 6, 0][$0 % 7])
  }

  @Test func `ten times the share is a spike`() throws {
    let spikes = try Self.findings(Self.noise + [(200, 50)])
      .filter { $0.name == "premium_fallback_spike" }
    #expect(spikes.count == 1)
    #expect(spikes[0].subject.last == .init("day", "2026-10-21"))
    #expect(spikes[0].requests == 50)
    #expect(spikes[0].evidence.count == 5)
    #expect(spikes[0].money?.money == Money(text: "49.5"))
  }

  @Test func `noise is no spike`() throws {
    let names = try Self.findings(Self.noise).map(\.name)
    #expect(!names.contains("premium_fallback_spike"))
  }

  @Test func `an edge with little history is new, not a spike`() throws {
    let names = try Self.findings([(200, 0), (200, 50)]).map(\.name)
    #expect(names.contains("new_fallback_edge"))
    #expect(!names.contains("premium_fallback_spike"))
  }

  @Test func `little traffic is no spike`() throws {
    let names = try Self.findings(Self.noise.map { ($0.requests / 4, 0) } + [(50, 40)]).map(\.name)
    #expect(!names.contains("premium_fallback_spike"))
  }

  @Test func `a flagged day does not raise the baseline of the next`() throws {
    let spikes = try Self.findings(Self.noise + [(200, 50), (200, 50)])
      .filter { $0.name == "premium_fallback_spike" }
    #expect(spikes.count == 2)
    #expect(spikes[0].baseline.hasPrefix(spikes[1].baseline.prefix(20)))
  }
}
