import Billing
import Testing

/// What is not billed, what the log's own amounts do, and blocks of tokens.
@Suite struct TermsOutcomeTests {
  private static func outcome(
    _ terms: GatewayTerms, _ usage: BillableUsage, model: String = "A",
    book: PriceTable = Fixture.twoModels, _ change: (inout PricingSubject) -> Void = { _ in }
  ) throws -> (line: ChargeLine, charge: Charge) {
    var subject = Fixture.subject("acme", model)
    change(&subject)
    let result = try charge(book, subject, usage, [terms])
    #expect(try result.charge.addsUp())
    return result
  }

  private static func terms(_ set: (inout GatewayTerms) -> Void) -> GatewayTerms {
    var terms = GatewayTerms(gateway: "gate")
    set(&terms)
    return terms
  }

  @Test func `a failure without output is free when the terms say so`() throws {
    let terms = Self.terms { $0.notBilled.insert(.failedBeforeFirstToken) }
    let silent = Fixture.usage([.input: 1000, .output: 0])
    let answered = Fixture.usage([.input: 1000, .output: 1])
    for status in [Status.error, .blocked, .cancelled] {
      #expect(try Self.outcome(terms, silent) { $0.status = status }.line.status == .notBilled)
      #expect(try Self.outcome(terms, answered) { $0.status = status }.line.status == .priced)
    }
    #expect(try Self.outcome(terms, silent).line.status == .priced)
    let unsaid = Fixture.usage([.input: 1000])
    #expect(try Self.outcome(terms, unsaid) { $0.status = .error }.line.status == .notBilled)
    #expect(try Self.outcome(terms, unsaid) { $0.status = .cancelled }.line.status == .priced)
    let without = GatewayTerms(gateway: "gate")
    #expect(try Self.outcome(without, silent) { $0.status = .error }.line.status == .priced)
  }

  @Test func `a free model bears no fee when the terms say so`() throws {
    var rates = Rates()
    rates[.input] = .zero
    rates[.output] = .zero
    let book = PriceTable(
      id: "f",
      entries: [Fixture.entry("acme", "free-one", [DatedPrice(base: PriceCard(rates: rates))])])
    var terms = Self.terms { terms in
      var rule = TermsRule()
      rule.fixedFee = Fixture.money("0.01")
      terms.rules = [rule]
    }
    let usage = Fixture.usage([.input: 5, .output: 5])
    let billed = try Self.outcome(terms, usage, model: "free-one", book: book)
    #expect(billed.charge.billed.description == "0.01")
    terms.notBilled.insert(.freeModel)
    let free = try Self.outcome(terms, usage, model: "free-one", book: book)
    #expect(free.line.status == .notBilled)
    #expect(free.line.reason == "free_model")
    #expect(free.charge.billed == .zero)
    let variant = try Self.outcome(terms, usage, model: "maker/some-model:free")
    #expect(variant.line.reason == "free_model")
    let paid = try Self.outcome(terms, Fixture.usage([.input: 0, .output: 0]))
    #expect(paid.line.status == .priced)
  }

  @Test func `the gateway takes its share of what the provider bills to one's own key`() throws {
    let usage = Fixture.usage([.input: 1_000_000])
    let every = Self.terms {
      $0.byokFee = BYOKFee(share: Fixture.decimal("0.05"), freePerMonth: nil)
    }
    let charge = try Self.outcome(every, usage) { $0.byok = true }.charge
    #expect(charge.list.description == "3")
    #expect(charge.billed.description == "0.15")
    #expect(charge.fee.description == "0.15")
    #expect(charge.markup.description == "-3")
    #expect(try Self.outcome(every, usage).charge.billed.description == "3")
    let monthly = Self.terms {
      $0.byokFee = BYOKFee(share: Fixture.decimal("0.05"), freePerMonth: Fixture.money("1"))
    }
    #expect(try Self.outcome(monthly, usage) { $0.byok = true }.charge.billed == .zero)
    let waived = Self.terms { $0.notBilled.insert(.byok) }
    #expect(try Self.outcome(waived, usage) { $0.byok = true }.charge.billed == .zero)
  }

  @Test func `the reported cost is the billed cost when it is preferred`() throws {
    var usage = Fixture.usage([.input: 1_000_000])
    usage.reported.cost = Fixture.money("2.9")
    for policy in ReportedCostRule.Policy.allCases {
      let terms = Self.terms {
        $0.reportedCost = ReportedCostRule(policy: policy, tolerance: .zero)
      }
      let charge = try Self.outcome(terms, usage).charge
      #expect(charge.billed.description == (policy == .prefer ? "2.9" : "3"))
      #expect(charge.adjustment.description == (policy == .prefer ? "-0.1" : "0"))
      // Another currency, or a log that says nothing: the terms' own amount.
      let other = try Self.outcome(terms, usage) { $0.reportedCurrency = "EUR" }
      #expect(other.charge.billed.description == "3")
      let silent = try Self.outcome(terms, Fixture.usage([.input: 1_000_000]))
      #expect(silent.charge.billed.description == "3")
    }
  }

  @Test func `margins are those of the log, else those of the rules`() throws {
    let terms = Self.terms { terms in
      var rule = TermsRule()
      rule.markup = Fixture.decimal("0.5")
      terms.rules = [rule]
      terms.margins = .reported
    }
    var usage = Fixture.usage([.input: 1_000_000])
    #expect(try Self.outcome(terms, usage).charge.billed.description == "4.5")
    usage.reported.discount = Fixture.money("0.3")
    usage.reported.markup = Fixture.money("0.27")
    usage.reported.fee = Fixture.money("0.01")
    let charge = try Self.outcome(terms, usage).charge
    #expect(charge.billed.description == "2.98")
    #expect(charge.markup.description == "-0.03")
    #expect(charge.fee.description == "0.01")
  }

  @Test func `blocks of tokens are counted by kind, direction or together`() throws {
    func billed(_ scope: TokenBlockScope, price: String? = nil) throws -> String {
      let blocks = try #require(Blocks(size: 1000))
      let terms = Self.terms {
        $0.tokenBlock = TokenBlockMetering(
          blocks: blocks, scope: scope, price: price.map(Fixture.money))
      }
      let usage = Fixture.usage([.input: 1200, .cacheRead: 300, .output: 100])
      return try Self.outcome(terms, usage).charge.fee.description
    }
    // At 3, 0.3 and 15 for a million: 800 + 700 cached + 900 output are filled up by kind; by
    // direction 500 of plain input and 900 of output.
    #expect(try billed(.kind) == "0.01611")
    #expect(try billed(.direction) == "0.015")
    #expect(try billed(.kind, price: "1") == "4")
    #expect(try billed(.direction, price: "1") == "3")
    #expect(try billed(.sum, price: "1") == "2")
  }
}
