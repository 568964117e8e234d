import Billing
import Testing

@Suite struct GatewayTermsTests {
  /// List cost of the request below: 0.0123456789.
  private static let book: PriceTable = {
    var rates = Rates()
    rates[.input] = Fixture.money("0.0123456789")
    rates[.output] = Fixture.money("0.5")
    return PriceTable(
      id: "fixture",
      entries: [Fixture.entry("acme", "model-a", [DatedPrice(base: PriceCard(rates: rates))])])
  }()

  private func bill(
    _ terms: GatewayTerms, _ usage: BillableUsage = Fixture.usage([.input: 1]),
    _ change: (inout PricingSubject) -> Void = { _ in }
  ) throws -> (line: ChargeLine, charge: Charge) {
    var subject = Fixture.subject("acme", "model-a")
    change(&subject)
    let result = try charge(Self.book, subject, usage, [terms])
    #expect(try result.charge.addsUp())
    return result
  }

  private func terms(
    markup: String = "0", discount: String = "0", fee: String = "0",
    order: [GatewayTerms.Step]? = nil
  ) throws -> GatewayTerms {
    var terms = GatewayTerms(gateway: "gate")
    var rule = TermsRule()
    rule.markup = try ExactDecimal(literal: markup)
    rule.discount = try ExactDecimal(literal: discount)
    rule.fixedFee = try Money(literal: fee)
    terms.rules = [rule]
    if let order { terms.order = order }
    return terms
  }

  @Test func `without terms the billed cost is the list cost`() throws {
    let other = GatewayTerms(gateway: "another")
    let charge = try bill(other).charge
    #expect(charge.billed == charge.list)
  }

  @Test func `the order of operations decides`() throws {
    let discounted = try terms(markup: "0.2", discount: "0.05", fee: "0.0001")
    #expect(try bill(discounted).charge.billed.description == "0.014174073946")
    let markedUp = try terms(
      markup: "0.2", discount: "0.05", fee: "0.0001",
      order: [.listPrice, .markup, .discount, .fixedFee])
    #expect(try bill(markedUp).charge.billed.description == "0.014174073946")
    let feeInside = try terms(
      markup: "0.2", discount: "0.05", fee: "0.0001",
      order: [.listPrice, .discount, .fixedFee, .markup])
    #expect(try bill(feeInside).charge.billed.description == "0.014194073946")
  }

  @Test func `a markup may be negative`() throws {
    let charge = try bill(try terms(markup: "-0.08")).charge
    #expect(charge.billed.description == "0.011358024588")
    #expect(charge.markup.description == "-0.000987654312")
  }

  @Test func `the most specific rule decides alone`() throws {
    var terms = GatewayTerms(gateway: "gate")
    func rule(_ percent: Int64, _ set: (inout TermsRule) -> Void) {
      var rule = TermsRule()
      rule.markup = ExactDecimal(percent)
      set(&rule)
      terms.rules.append(rule)
    }
    rule(1) { _ in }
    rule(2) { $0.provider = "acme" }
    rule(3) { $0.model = "model-*" }
    rule(4) { $0.model = "model-a" }
    rule(5) { $0.tenant = "big" }
    let list = try bill(terms).charge.list
    func factor(_ change: (inout PricingSubject) -> Void) throws -> Int128 {
      try bill(terms, Fixture.usage([.input: 1]), change).charge.markup.units / list.units
    }
    #expect(try factor { _ in } == 4)
    #expect(try factor { $0.team = "big" } == 5)
    terms.rules.removeAll { $0.model == "model-a" }
    #expect(try factor { _ in } == 3)
    terms.rules.removeAll { $0.model != nil }
    #expect(try factor { _ in } == 2)
    terms.rules.removeAll { $0.provider != nil }
    #expect(try factor { _ in } == 1)
  }

  @Test func `payload is billed by started block and an unknown size is not zero`() throws {
    var terms = try terms()
    terms.payload = PayloadMetering(
      blocks: try #require(Blocks(size: 1000)), scope: .sum, price: Fixture.money("0.00002"))
    var usage = Fixture.usage([.input: 1])
    usage.requestBytes = 1500
    usage.responseBytes = 2600
    #expect(try bill(terms, usage).charge.fee.description == "0.0001")
    usage.responseBytes = nil
    let unknown = try bill(terms, usage)
    #expect(unknown.line.status == .partial)
    #expect(unknown.line.reason == "no_payload_size")
  }

  @Test func `tokens are billed by started block at their list rates`() throws {
    var terms = try terms()
    terms.tokenBlock = TokenBlockMetering(
      blocks: try #require(Blocks(size: 10)), scope: .direction, price: nil)
    let charge = try bill(terms, Fixture.usage([.output: 11])).charge
    #expect(charge.list.description == "5.5")
    #expect(charge.billed.description == "10")
    #expect(charge.fee.description == "4.5")
  }

  @Test func `a minimum lifts small charges and spares requests without usage`() throws {
    var terms = try terms()
    terms.minimum = Fixture.money("0.02")
    #expect(try bill(terms).charge.billed.description == "0.02")
    #expect(try bill(terms, Fixture.usage([.output: 1])).charge.billed.description == "0.5")
    #expect(try bill(terms, Fixture.usage([.input: 0])).charge.billed == .zero)
    terms.zeroUsageIsFree = false
    #expect(try bill(terms, Fixture.usage([.input: 0])).charge.billed.description == "0.02")
  }

  @Test func `rounding lands in its own amount`() throws {
    var terms = try terms(markup: "0.1")
    for mode in RoundingMode.allCases {
      for scale in 0...24 {
        terms.rounding = Rounding(mode: mode, scale: scale)
        let charge = try bill(terms).charge
        let exact = try charge.list.adding(charge.markup, "")
        #expect(try charge.billed.subtracting(exact, "") == charge.rounding)
      }
    }
    terms.invoiceRounding = terms.rounding.map { InvoiceRounding($0, roundsLines: false) }
    terms.rounding = nil
    #expect(try bill(terms).charge.rounding == .zero)
  }

  @Test func `terms in another currency do not apply to a price`() throws {
    var terms = try terms()
    terms.currency = "CNY"
    let (line, charge) = try bill(terms)
    #expect(line.reason == "currency:USD")
    #expect(charge.billed == .zero)
  }

  @Test func `without the list price only fees are billed`() throws {
    let charge = try bill(try terms(fee: "0.25", order: [.fixedFee])).charge
    #expect(charge.billed.description == "0.25")
    #expect(charge.markup.units == -charge.list.units)
  }
}
