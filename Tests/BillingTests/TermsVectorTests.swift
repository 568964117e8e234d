import Billing
import Testing

/// The terms against independent results: scopes, minimums, the order of steps, currencies.
@Suite struct TermsVectorTests {
  private static func percent(_ text: String) throws -> ExactDecimal {
    try #require(try ExactDecimal(literal: text).dividedExactly(by: 100))
  }

  /// A book in which one input token has this list cost.
  private static func book(_ rate: String, currency: String = "USD") -> PriceTable {
    var rates = Rates()
    rates[.input] = Fixture.money(rate)
    var price = DatedPrice(base: PriceCard(rates: rates))
    price.currency = currency
    return PriceTable(id: "fixture", entries: [Fixture.entry("acme", "model-a", [price])])
  }

  /// What is rounded, in the order of the vectors' columns.
  private static let scopes = ["component", "request", "line", "invoice"]

  private static func terms(_ row: [String], _ scope: String) throws -> GatewayTerms {
    var terms = GatewayTerms(gateway: "*")
    var rule = TermsRule()
    rule.markup = try percent(row[0])
    rule.fixedFee = try Money(literal: row[1])
    terms.rules = [rule]
    let decimals = try rounding(row[2], row[3])
    if let scope = GatewayTerms.RoundingScope(name: scope) {
      (terms.rounding, terms.roundingScope) = (decimals, scope)
    } else {
      terms.invoiceRounding = InvoiceRounding(decimals, roundsLines: scope == "line")
    }
    return terms
  }

  /// What the requests of the vectors cost by terms, a line for each model.
  private static func draft(_ terms: GatewayTerms) throws -> InvoiceDraft {
    var draft = InvoiceDraft()
    let pricer = BookPricer(book: Fixture.twoModels, terms: [terms])
    for request in Vectors.rows("request") {
      let plan = pricer.plan(for: Fixture.subject("acme", request[0]))
      let charge = try plan.charge(
        try Fixture.usage(input: request[1], cached: request[2], output: request[3]))
      #expect(try charge.addsUp())
      try draft.add(InvoiceDraft.Usage(charge), to: InvoiceLineKey([request[0]]), isOwnKey: false)
    }
    return draft
  }

  @Test(arguments: scopes.indices)
  func `each scope rounds what it says`(_ index: Int) throws {
    let scope = Self.scopes[index]
    for row in Vectors.rows("scope") {
      let terms = try Self.terms(row, scope)
      let invoice = try Invoice(try Self.draft(terms), terms, days: Fixture.october)
      #expect(invoice.total.description == row[4 + index], "\(row)")
      #expect(try invoice.addsUp())
      if scope == "line" || scope == "invoice" {
        #expect(invoice.usage.costs.billed.description == row[8], "\(row)")
      }
    }
  }

  @Test func `the scopes bound each other where the mode has a direction`() throws {
    for row in Vectors.rows("scope") where row[1] == "0" {
      var totals: [Money] = []
      for scope in Self.scopes {
        let terms = try Self.terms(row, scope)
        totals.append(try Invoice(try Self.draft(terms), terms, days: Fixture.october).total)
      }
      totals.append(try Money(literal: row[8]))
      if row[2] == "up" { #expect(totals == totals.sorted().reversed(), "\(row)") }
      if row[2] == "down" { #expect(totals == totals.sorted(), "\(row)") }
    }
  }

  @Test func `carry makes the lines add up to the invoice`() throws {
    for row in Vectors.rows("scope") {
      for scope in ["line", "invoice"] {
        var terms = try Self.terms(row, scope)
        terms.invoiceRounding?.carry = .largestRemainder
        let invoice = try Invoice(try Self.draft(terms), terms, days: Fixture.october)
        #expect(invoice.total.description == row[7], "\(row)")
        #expect(invoice.adjustments.isEmpty)
        #expect(try invoice.addsUp())
        for line in invoice.lines {
          let rule = try #require(terms.invoiceRounding?.rounding)
          #expect(try rule(line.invoiced, "") == line.invoiced)
          #expect(line.rounding.units.magnitude < rule.step.magnitude)
        }
      }
    }
  }

  @Test func `a minimum holds for each request that used something`() throws {
    for row in Vectors.rows("minimum") {
      var terms = GatewayTerms(gateway: "*")
      terms.minimum = try Money(literal: row[1])
      let count: Int64 = row[0] == "0" ? 0 : 1
      let pricer = BookPricer(book: Self.book(row[0]), terms: [terms])
      let charge = try pricer.plan(for: Fixture.subject("acme", "model-a"))
        .charge(Fixture.usage([.input: count]))
      #expect(charge.billed.description == row[2], "\(row)")
    }
  }

  @Test func `steps are applied in their order`() throws {
    for row in Vectors.rows("order") {
      var terms = GatewayTerms(gateway: "*")
      var rule = TermsRule()
      rule.discount = try Self.percent(row[1])
      rule.markup = try Self.percent(row[2])
      rule.fixedFee = try Money(literal: row[3])
      terms.rules = [rule]
      terms.order = try row[4].split(separator: ",").map {
        try #require(GatewayTerms.Step(name: String($0)))
      }
      let pricer = BookPricer(book: Self.book(row[0]), terms: [terms])
      let plan = pricer.plan(for: Fixture.subject("acme", "model-a"))
      let charge = try plan.charge(Fixture.usage([.input: 1]))
      #expect(charge.billed.description == row[5], "\(row)")
    }
  }

  @Test func `a list in another currency is not the list converted`() throws {
    for row in Vectors.rows("currency") {
      let count = try integer(row[0])
      func list(_ perMillion: String, _ currency: String) throws -> Money {
        let rate = try #require(Fixture.money(perMillion).dividedExactly(by: 1_000_000))
        let pricer = BookPricer(book: Self.book("\(rate)", currency: currency))
        return try pricer.plan(for: Fixture.subject("acme", "model-a"))
          .charge(Fixture.usage([.input: count])).list
      }
      #expect(try list(row[2], "CNY").description == row[4], "\(row)")
      var rates = ExchangeRates(
        source: "t", maximumAge: 0, rounding: try rounding("half_even", "10"))
      let day = Fixture.noon.day
      let pair = ExchangeRates.Pair(base: "USD", quote: "CNY")
      let isFirst = rates.add(try ExactDecimal(literal: row[3]), for: pair, on: day)
      #expect(isFirst)
      let rate = try #require(rates.rate(from: "USD", to: "CNY", on: day))
      let converted = try list(row[1], "USD").multiplied(by: rate.value, "")
      #expect(converted.description == row[5], "\(row)")
    }
  }
}
