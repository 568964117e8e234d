import Billing
import Testing

/// What holds for all terms, whatever they say.
@Suite struct TermsLawTests {
  /// Terms in which every step does something.
  private static func terms(_ order: [GatewayTerms.Step]) throws -> GatewayTerms {
    var terms = GatewayTerms(gateway: "gate")
    var rule = TermsRule()
    rule.markup = Fixture.decimal("0.0333")
    rule.discount = Fixture.decimal("0.07")
    rule.fixedFee = Fixture.money("0.00012345")
    terms.rules = [rule]
    terms.payload = PayloadMetering(
      blocks: try #require(Blocks(size: 1024, minimum: 1)), scope: .direction,
      price: Fixture.money("0.0000071"))
    terms.tokenBlock = TokenBlockMetering(
      blocks: try #require(Blocks(size: 1000)), scope: .kind, price: nil)
    terms.minimum = Fixture.money("0.001")
    terms.rounding = Rounding(mode: .halfEven, scale: 7)
    terms.order = order
    return terms
  }

  private static func permutations(_ steps: [GatewayTerms.Step]) -> [[GatewayTerms.Step]] {
    guard !steps.isEmpty else { return [[]] }
    return steps.indices.flatMap { index in
      var rest = steps
      let step = rest.remove(at: index)
      return permutations(rest).map { [step] + $0 }
    }
  }

  private static var usages: [BillableUsage] {
    let counts: [[Int64]] = [
      [0, 0, 0], [1, 0, 0], [1000, 999, 1], [2653, 1154, 155], [40_001, 1, 7],
    ]
    return counts.map { counts in
      var usage = Fixture.usage([.input: counts[0], .cacheRead: counts[1], .output: counts[2]])
      usage.requestBytes = counts[0] * 3
      usage.responseBytes = counts[2] * 5
      return usage
    }
  }

  private static func plan(_ terms: GatewayTerms) -> any PricePlan {
    BookPricer(book: Fixture.twoModels, terms: [terms]).plan(for: Fixture.subject("acme", "A"))
  }

  @Test func `billed is list, markup, fee and rounding after any order of steps`() throws {
    var orders = 0
    for order in Self.permutations(GatewayTerms.Step.allCases) where orders < 40_320 {
      orders += 1
      // Every ninth order, each with every usage: all places of each step are among them.
      guard orders % 9 == 0 else { continue }
      let plan = Self.plan(try Self.terms(order))
      for usage in Self.usages { #expect(try plan.charge(usage).addsUp(), "\(order)") }
    }
    #expect(orders == 40_320)
  }

  @Test(arguments: GatewayTerms.RoundingScope.allCases)
  func `the steps end in the billed cost, each where the one before ended`(
    _ scope: GatewayTerms.RoundingScope
  ) throws {
    var terms = try Self.terms(GatewayTerms.defaultOrder)
    terms.roundingScope = scope
    let plan = Self.plan(terms)
    for usage in Self.usages {
      let charge = try plan.charge(usage)
      let steps = try plan.steps(usage).filter { !$0.name.hasPrefix("component:") }
      #expect(steps.first?.before == .zero)
      #expect(steps.last?.after == charge.billed)
      for (step, next) in zip(steps, steps.dropFirst()) { #expect(step.after == next.before) }
      #expect(steps.allSatisfy { !$0.rule.isEmpty })
      let parts = try plan.steps(usage).filter { $0.name.hasPrefix("component:") }
      let kinds = [TokenBucket.input, .cacheRead, .output].filter { usage.tokens[$0] > 0 }
      #expect(parts.count == (scope == .component ? kinds.count : 0))
    }
  }

  @Test func `a step says which rule it follows`() throws {
    var terms = GatewayTerms(gateway: "gate")
    var rule = TermsRule()
    rule.model = "a*"
    rule.provider = "acme"
    rule.markup = Fixture.decimal("-0.075")
    terms.rules = [rule]
    let steps = try Self.plan(terms).steps(Fixture.usage([.input: 1_000_000]))
    #expect(steps.map(\.name) == ["list_price", "markup"])
    #expect(steps.last?.rule == "-7.5 % (model a*, provider acme)")
    #expect(steps.map(\.after.description) == ["3", "2.775"])
  }

  @Test func `without terms the one step is the list cost`() throws {
    let plan = BookPricer(book: Fixture.twoModels).plan(for: Fixture.subject("acme", "A"))
    let steps = try plan.steps(Fixture.usage([.input: 1_000_000]))
    #expect(steps.map(\.after.description) == ["3"])
    let unknown = BookPricer(book: Fixture.twoModels).plan(for: Fixture.subject("acme", "nobody"))
    #expect(try unknown.steps(Fixture.usage([.input: 1])).isEmpty)
  }
}

extension Fixture {
  static func decimal(_ text: String) -> ExactDecimal {
    (try? ExactDecimal(literal: text)) ?? .zero
  }
}
