import Billing
import Insights
import Testing
import UsageFixtures

@Suite struct MarkupTests {
  private static let pricer = FlatPricer(["model": .init(input: 100, output: 0)])
  private static let october = Period.month(holding: Timestamp.october(1).day, in: .utc)

  /// Ten days of ten requests of 1 dollar each, reported at a price that varies a little by day.
  private static func analysis(
    reported: [String], declared: String? = nil, markup: String = "0", perDay: Int = 10
  ) throws -> MarkupAnalysis {
    var sample = SampleHistory(pricer)
    for (index, amount) in reported.enumerated() {
      for minute in 0..<perDay {
        var request = SampleHistory.Request(.october(index + 1, 8, minute), "model")
        request.input = 10_000
        request.reported = Money(text: amount)
        request.markup = Money(text: markup)
        try sample.add(request)
      }
    }
    var settings = MarkupSettings()
    if let declared { settings.declared["litellm"] = try ExactDecimal(literal: declared) }
    return try MarkupAnalysis(
      of: sample.history, in: october, settings: settings, calendar: .utc)
  }

  @Test func `a markup beyond the declared one is hidden`() throws {
    let days = Array(repeating: "1.12", count: 10)
    let analysis = try Self.analysis(reported: days, declared: "0.05")
    #expect(analysis.rows.map(\.model) == [nil, "model"])
    #expect(analysis.rows[0].measured == (try ExactDecimal(literal: "0.12")))
    #expect(analysis.rows[0].standardError == .zero)
    #expect(analysis.findings.map(\.name) == ["hidden_markup"])
    #expect(analysis.findings[0].money == Amount(Money(text: "7"), "USD"))
  }

  @Test func `what the terms make is not hidden`() throws {
    let days = Array(repeating: "1.12", count: 10)
    #expect(try Self.analysis(reported: days, markup: "0.12").findings.isEmpty)
    #expect(try Self.analysis(reported: days).findings.map(\.name) == ["hidden_markup"])
  }

  @Test func `half a point is tolerated`() throws {
    let exact = Array(repeating: "1.055", count: 10)
    #expect(try Self.analysis(reported: exact, declared: "0.05").findings.isEmpty)
    let more = Array(repeating: "1.0551", count: 10)
    #expect(try !Self.analysis(reported: more, declared: "0.05").findings.isEmpty)
  }

  @Test func `a difference within three standard errors is noise`() throws {
    let wild = ["1.0", "1.4", "1.0", "1.4", "1.0", "1.4", "1.0", "1.4", "1.0", "1.0"]
    let analysis = try Self.analysis(reported: wild, declared: "0.05")
    #expect(analysis.findings.isEmpty)
    // The standard error of a mean of ten: the sample deviation over the root of ten.
    let error = try #require(analysis.rows[0].standardError)
    #expect(error > (try ExactDecimal(literal: "0.065")))
    #expect(error < (try ExactDecimal(literal: "0.066")))
  }

  @Test func `a reported cost beyond all reason is measured, not fatal`() throws {
    let analysis = try Self.analysis(
      reported: Array(repeating: "1000000000000", count: 10), declared: "0.05")
    #expect(analysis.findings.map(\.name) == ["hidden_markup"])
    #expect(analysis.findings[0].summary.contains("99999999999900 %"))
  }

  @Test func `too little data is insufficient, not zero`() throws {
    let analysis = try Self.analysis(reported: ["1.5"], declared: "0.05")
    #expect(analysis.rows[0].measured == nil)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `the bridge adds up`() throws {
    let bridge = try Self.analysis(
      reported: Array(repeating: "1.3", count: 4), markup: "0.2"
    ).rows[0].bridge
    let parts = [bridge.list, bridge.markup, bridge.fee, bridge.rounding, try bridge.other()]
    #expect(parts.reduce(0) { $0 + $1.units } == bridge.billed.units)
    #expect(try bridge.billed.adding(bridge.residual(), "sum") == bridge.reported)
    #expect(try bridge.residual() == Money(text: "4"))
  }
}
