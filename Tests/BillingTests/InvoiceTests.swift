import Billing
import Testing

@Suite struct InvoiceTests {
  private static func terms(
    _ mode: RoundingMode, _ scale: Int, roundsLines: Bool = false,
    carry: GatewayTerms.Carry = .largestRemainder
  ) -> GatewayTerms {
    var terms = GatewayTerms(gateway: "gate")
    terms.invoiceRounding = Rounding(mode: mode, scale: scale).map {
      InvoiceRounding($0, roundsLines: roundsLines, carry: carry)
    }
    return terms
  }

  private static func invoice(_ amounts: [String: String], _ terms: GatewayTerms) throws -> Invoice
  {
    let lines = amounts.map { (line: $0.key, billed: Fixture.money($0.value)) }
    let invoice = try Invoice(try Fixture.draft(lines), terms, days: Fixture.october)
    #expect(try invoice.addsUp())
    return invoice
  }

  private static func texts(_ invoice: Invoice) -> [String] {
    invoice.lines.map { "\($0.key.texts[0]) \($0.invoiced)" }
  }

  @Test func `what is missing goes to the lines that lost most`() throws {
    let invoice = try Self.invoice(
      ["a": "0.104", "b": "0.107", "c": "0.106", "d": "0.2"], Self.terms(.halfEven, 2))
    #expect(Self.texts(invoice) == ["a 0.1", "b 0.11", "c 0.11", "d 0.2"])
    #expect(invoice.total.description == "0.52")
  }

  @Test func `of equal losses the line whose key comes first bears the rest`() throws {
    let invoice = try Self.invoice(
      ["b": "0.005", "a": "0.005", "é": "0.005", "Z": "0.005"], Self.terms(.halfEven, 2))
    #expect(Self.texts(invoice) == ["Z 0.01", "a 0.01", "b 0", "é 0"])
  }

  @Test func `without carry the rounding is an amount of the invoice`() throws {
    let terms = Self.terms(.up, 2, carry: .none)
    let invoice = try Self.invoice(["a": "0.104", "b": "0.105"], terms)
    #expect(Self.texts(invoice) == ["a 0.104", "b 0.105"])
    #expect(invoice.adjustments.map(\.amount.description) == ["0.001"])
    #expect(invoice.total.description == "0.21")
    let lines = try Self.invoice(
      ["a": "0.104", "b": "0.105"], Self.terms(.up, 2, roundsLines: true, carry: .none))
    #expect(Self.texts(lines) == ["a 0.11", "b 0.11"])
    #expect(lines.total.description == "0.22")
  }

  /// Small amounts of both signs, all combinations of them.
  private static let sets: [[Int128]] = {
    let values: [Int128] = [-15, -5, 0, 4, 5, 6, 10, 15]
    return values.flatMap { a in values.flatMap { b in values.map { c in [a, b, c] } } }
  }()

  private static func thousandths(_ set: [Int128], times sign: Int128 = 1) throws -> InvoiceDraft {
    try Fixture.draft(
      set.enumerated().map { index, value in
        ("\(index)", Money(units: sign * value * Money.unitsPerOne / 1000))
      })
  }

  @Test func `carry adds up, for every mode and sign`() throws {
    for mode in RoundingMode.allCases {
      let terms = Self.terms(mode, 2)
      let rule = try #require(terms.invoiceRounding?.rounding)
      for set in Self.sets {
        let invoice = try Invoice(try Self.thousandths(set), terms, days: Fixture.october)
        #expect(try invoice.addsUp())
        #expect(try rule(invoice.usage.costs.billed, "") == invoice.total)
        #expect(invoice.lines.allSatisfy { $0.rounding.units.magnitude < rule.step.magnitude })
        #expect(invoice.lines.allSatisfy { $0.invoiced.units % rule.step == 0 })
      }
    }
  }

  @Test func `a refund mirrors its charge, line by line`() throws {
    for mode in RoundingMode.allCases where mode != .ceil && mode != .floor {
      for roundsLines in [true, false] {
        for carry in GatewayTerms.Carry.allCases {
          let terms = Self.terms(mode, 2, roundsLines: roundsLines, carry: carry)
          for set in Self.sets {
            let charge = try Invoice(try Self.thousandths(set), terms, days: Fixture.october)
            let refund = try Invoice(
              try Self.thousandths(set, times: -1), terms, days: Fixture.october)
            #expect(refund.total.units == -charge.total.units)
            #expect(refund.lines.map(\.invoiced.units) == charge.lines.map { -$0.invoiced.units })
          }
        }
      }
    }
  }

  @Test func `parts merge to the same invoice in any order`() throws {
    var terms = Self.terms(.halfUp, 2)
    terms.byokFee = BYOKFee(
      share: Fixture.decimal("0.05"), freePerMonth: Fixture.money("0.001"))
    terms.purchaseFees = [Self.card]
    var random = SystemRandomNumberGenerator()
    var usages: [(InvoiceLineKey, InvoiceDraft.Usage, Bool)] = []
    for index in 0..<200 {
      var usage = InvoiceDraft.Usage()
      usage.requests = 1
      usage.costs.list = Money(units: Int128(index * index + 1) * 1_234_567_890_123_456_789)
      usage.costs.billed = usage.costs.list
      usages.append((InvoiceLineKey(["\(index % 7)"]), usage, index % 3 == 0))
    }
    var invoices: Set<Invoice> = []
    for _ in 0..<20 {
      var parts = Array(repeating: InvoiceDraft(), count: 5)
      for (key, usage, isOwnKey) in usages.shuffled(using: &random) {
        try parts[Int.random(in: 0..<5, using: &random)].add(usage, to: key, isOwnKey: isOwnKey)
      }
      var whole = InvoiceDraft()
      for part in parts.shuffled(using: &random) { try whole.merge(part) }
      let invoice = try Invoice(whole, terms, days: Fixture.october)
      #expect(try invoice.addsUp())
      invoices.insert(invoice)
    }
    #expect(invoices.count == 1)
    #expect(invoices.first?.adjustments.map(\.kind) == [.byokFee, .purchaseFee])
  }

  private static let card = PurchaseFee(
    name: "card", share: Fixture.decimal("0.055"), minimum: Fixture.money("0.80"),
    rounding: Rounding(mode: .halfUp, scale: 2))

  @Test func `one purchase is assumed of what the month costs`() throws {
    var terms = GatewayTerms(gateway: "gate")
    terms.purchaseFees = [Self.card]
    let invoice = try Self.invoice(["a": "75", "b": "25", "c": "0"], terms)
    #expect(invoice.adjustments.map(\.amount.description) == ["5.5"])
    #expect(invoice.lines.map(\.effective.description) == ["79.125", "26.375", "0"])
    #expect(invoice.total == invoice.effective)
    #expect(try Self.invoice(["a": "1"], terms).total.description == "1.8")
    #expect(try Self.invoice(["a": "0"], terms).total == .zero)
    #expect(try Self.invoice([:], terms).total == .zero)
    // Shares of a third have no last digit: they still add up.
    let thirds = try Self.invoice(["a": "1", "b": "1", "c": "1"], terms)
    #expect(thirds.effective.description == "3.8")
  }

  @Test func `stated purchases are paid in their month and bear usage at their average cost`()
    throws
  {
    var terms = GatewayTerms(gateway: "gate")
    let crypto = PurchaseFee(
      name: "crypto", share: Fixture.decimal("0.05"), minimum: .zero, rounding: nil)
    terms.purchaseFees = [Self.card, crypto]
    let first = Fixture.october.lowerBound
    terms.purchases = [
      Purchase(day: Day(number: first.number - 1), amount: Fixture.money("100"), fee: ""),
      Purchase(day: first, amount: Fixture.money("300"), fee: "crypto"),
      Purchase(day: Day(number: first.number + 31), amount: Fixture.money("9"), fee: ""),
    ]
    let invoice = try Self.invoice(["a": "40"], terms)
    #expect(invoice.adjustments.map(\.name) == ["crypto"])
    #expect(invoice.adjustments.map(\.amount.description) == ["15"])
    // 5.5 on 100 and 15 on 300 until the end of October: 20.5 on 400.
    #expect(invoice.effective.description == "42.05")
    #expect(invoice.total.description == "55")
    terms.purchases = []
    #expect(try Self.invoice(["a": "40"], terms).effective.description == "40")
  }

  @Test func `BYOK bears its fee above the free part of a month`() throws {
    let fee = BYOKFee(share: Fixture.decimal("0.05"), freePerMonth: Fixture.money("25000"))
    #expect(try fee.fee(onMonth: Fixture.money("25000")) == .zero)
    #expect(try fee.fee(onMonth: Fixture.money("25000.2")).description == "0.01")
    #expect(try fee.fee(onMonth: .zero) == .zero)
  }

  @Test func `an allowance is an amount of the invoice`() throws {
    let allowance = FreeAllowance(quantity: ExactDecimal(50), period: .month, group: "g")
    let use = AllowanceUse(
      meter: .webSearches, allowance: allowance, quantity: ExactDecimal(100),
      cost: Fixture.money("1"))
    var draft = try Fixture.draft([("a", Fixture.money("2"))])
    try draft.add(use, on: Fixture.october.lowerBound)
    let invoice = try Invoice(draft, nil, days: Fixture.october)
    #expect(invoice.total.description == "1.5")
    #expect(try invoice.addsUp())
  }

  @Test func `an overflow names its quantity`() throws {
    let half = Money(units: Int128.max / 2 + 1)
    #expect(throws: ArithmeticOverflow("list cost")) {
      let draft = try Fixture.draft([("a", half), ("b", half)])
      _ = try Invoice(draft, nil, days: Fixture.october)
    }
  }
}
