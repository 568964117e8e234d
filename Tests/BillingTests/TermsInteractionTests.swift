import Billing
import Testing

/// Rules of terms that meet in one request.
@Suite struct TermsInteractionTests {
  /// A hundredth for each token of input.
  private static let book = PriceTable(
    id: "test",
    entries: [Fixture.entry("acme", "m", [Fixture.price([.input: "10000", .output: "20000"])])])

  private func charge(
    _ terms: GatewayTerms, byok: Bool = false, input: Int64, reported: String? = nil
  ) throws -> Charge {
    var subject = Fixture.subject("acme", "m")
    subject.byok = byok
    var usage = Fixture.usage([.input: input, .output: 0])
    usage.reported.cost = reported.map(Fixture.money)
    return try BookPricer(book: Self.book, terms: [terms]).plan(for: subject).charge(usage)
  }

  @Test func `what is not billed is not billed by a reported cost either`() throws {
    var terms = GatewayTerms(gateway: "*")
    terms.reportedCost = ReportedCostRule(policy: .prefer, tolerance: .zero)
    #expect(try charge(terms, byok: true, input: 10, reported: "7").billed.description == "7")
    terms.notBilled.insert(.byok)
    #expect(try charge(terms, byok: true, input: 10, reported: "7").billed == .zero)
    #expect(try charge(terms, input: 10, reported: "7").billed.description == "7")
  }

  @Test func `components of filled blocks bear percentages as the request does`() throws {
    var terms = GatewayTerms(gateway: "*")
    var rule = TermsRule()
    rule.markup = Fixture.decimal("0.02")
    terms.rules = [rule]
    terms.tokenBlock = TokenBlockMetering(
      blocks: try #require(Blocks(size: 1000)), scope: .kind, price: nil)
    terms.rounding = Rounding(mode: .halfEven, scale: 24)
    for scope in [GatewayTerms.RoundingScope.request, .component] {
      terms.roundingScope = scope
      let charge = try charge(terms, input: 3)
      #expect(charge.billed.description == "10.2")
      #expect(try charge.addsUp())
    }
  }
}
