import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct PremiumFallbackTests {
  private static let october = Period.month(
    holding: Timestamp.october(1).day, in: .utc)

  /// Analyses requests under prices for `asked` and `served` in millionths for each input token.
  private static func analysis(
    asked: Int64?, served: Int64?, _ build: (inout SampleHistory) throws -> Void
  ) throws -> FallbackAnalysis {
    var prices: [String: FlatPricer.Price] = [:]
    if let asked { prices["asked"] = .init(input: asked, output: 0) }
    if let served { prices["served"] = .init(input: served, output: 0) }
    let pricer = FlatPricer(prices)
    var sample = SampleHistory(pricer)
    try build(&sample)
    let range = Timestamp.october(1, 0).microseconds - 56 * Timestamp.microsecondsPerDay
    let resolved = try ResolvedHistory(
      sample.history,
      in: Timestamp(microseconds: range)..<october.range.upperBound
    ) { $0 == $1 }
    return try FallbackAnalysis(of: resolved, in: october, pricer: pricer, calendar: .utc)
  }

  private static func explicit(_ day: Int, input: Int64 = 100) -> SampleHistory.Request {
    var request = SampleHistory.Request(.october(day), "served")
    request.route = .fallback
    request.evidence = .explicit
    request.routeFrom = "asked"
    request.routeReason = .rateLimit
    request.input = input
    return request
  }

  /// Asked price, served price, input tokens; premium or not.
  static let thresholds: [(asked: Int64, served: Int64, input: Int64, premium: Int64)] = [
    (2, 3, 100, 1),  // exactly 1.5 times, exactly 0.0001 more
    (2, 3, 99, 0),  // 1.5 times, 0.000099 more
    (200, 299, 100, 0),  // 1.495 times
    (200, 300, 100, 1),
    (0, 1, 100, 1),  // against a free model
    (3, 2, 100, 0),
    (3, 3, 100, 0),
  ]

  @Test(arguments: thresholds)
  func `premium from the ratio and the difference on`(
    _ asked: Int64, _ served: Int64, _ input: Int64, _ premium: Int64
  ) throws {
    let analysis = try Self.analysis(asked: asked, served: served) {
      try $0.add(Self.explicit(3, input: input))
    }
    #expect(analysis.totals.map(\.totals.fallbacks) == [1])
    #expect(analysis.totals.map(\.totals.premium) == [premium])
    let excess = premium == 0 ? Int128(0) : Int128((served - asked) * input)
    #expect(analysis.totals[0].totals.excess.units == excess * (Money.unitsPerOne / 1_000_000))
  }

  @Test(arguments: [(nil, 5), (5, nil), (nil, nil)] as [(Int64?, Int64?)])
  func `an excess without both prices is unknown`(_ asked: Int64?, _ served: Int64?) throws {
    let analysis = try Self.analysis(asked: asked, served: served) { try $0.add(Self.explicit(3)) }
    #expect(analysis.totals.map(\.totals.unknownExcess) == [1])
    #expect(analysis.totals.map(\.totals.premium) == [0])
  }

  @Test func `a fallback is grouped by edge, trigger, day and team`() throws {
    let analysis = try Self.analysis(asked: 1, served: 10) {
      try $0.add(Self.explicit(3))
      try $0.add(Self.explicit(4))
    }
    #expect(analysis.byEdge.map(\.values) == [["asked", "served"]])
    #expect(analysis.byTrigger.map(\.values) == [["rate_limit"]])
    #expect(analysis.byDay.map(\.values) == [["2026-10-03"], ["2026-10-04"]])
    #expect(analysis.byTeam.map(\.values) == [["search"]])
    #expect(analysis.share(of: analysis.totals[0])?.rounded(places: 6) == ExactDecimal(1))
  }

  @Test func `all spellings of two models are one edge`() throws {
    let analysis = try Self.analysis(asked: 1, served: 10) { sample in
      for (day, from) in ["gpt-5-mini", "openai/gpt-5-mini", "gpt-5-mini-2025-08-07"].enumerated() {
        var fallback = Self.explicit(day + 1)
        fallback.routeFrom = from
        try sample.add(fallback)
      }
    }
    #expect(analysis.byEdge.map(\.values) == [["gpt-5-mini", "served"]])
  }

  /// Seconds after the failure at which another request asks for the same model; its key; avoidable.
  static let recoveries: [(after: Int, key: String, model: String, avoidable: Int64)] = [
    (10, "key-1", "asked", 1), (30, "key-1", "asked", 1), (31, "key-1", "asked", 0),
    (10, "key-2", "asked", 0), (10, "key-1", "served", 0), (0, "key-1", "asked", 1),
  ]

  @Test(arguments: recoveries)
  func `avoidable when others got through soon after`(
    _ after: Int, _ key: String, _ model: String, _ avoidable: Int64
  ) throws {
    let analysis = try Self.analysis(asked: 1, served: 10) { sample in
      var failed = SampleHistory.Request(.october(3), "asked")
      failed.status = .error
      failed.errorClass = .rateLimit
      failed.trace = 1
      try sample.add(failed)
      var served = SampleHistory.Request(.october(3, 12, 0, 2), "served")
      served.trace = 1
      try sample.add(served)
      var other = SampleHistory.Request(.october(3, 12, 0, after), model)
      other.trace = 2
      other.key = key
      try sample.add(other)
    }
    #expect(analysis.totals.map(\.totals.premium) == [1])
    #expect(analysis.totals.map(\.totals.avoidable) == [avoidable])
  }

  @Test func `a failure that a retry does not cure is not avoidable`() throws {
    let analysis = try Self.analysis(asked: 1, served: 10) { sample in
      var fallback = Self.explicit(3)
      fallback.routeReason = .contextLength
      try sample.add(fallback)
      try sample.add(.init(.october(3, 12, 0, 5), "asked"))
    }
    #expect(analysis.totals.map(\.totals.avoidable) == [0])
  }
}
