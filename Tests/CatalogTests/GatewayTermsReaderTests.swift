import Billing
import Catalog
import Documents
import Testing

private func terms(_ text: String) throws(DocumentError) -> GatewayTerms {
  try GatewayTerms(reading: try DocumentNode.read(text: text, file: "terms.yaml"))
}

@Suite struct GatewayTermsReaderTests {
  @Test func `terms that a person wrote are read`() throws {
    let read = try terms(
      """
      version: 1
      gateway: acme-gw
      currency: JPY
      order: [usage_adjust, list_price, discount, markup, fixed_fee, metering, minimum, round]
      rules:
        - {match: {}, markup_percent: "10"}
        - {match: {provider: vertex_ai, service_tier: Batch}, markup_percent: "-12.5", fixed_fee: {amount: "0.0001", per: request}}
        - {match: {tenant: big-co, model: "gpt-*", class: premium}, discount_percent: "5", fixed_fee: "1"}
      metering:
        payload: {block: 1024, unit: KiB, scope: sum, minimum_blocks: 1, price_per_block: "0.00002"}
        token_block: {size: 1000}
      rounding: {mode: half_even, scale: currency, scope: request}
      minimum_charge: {amount: "0.00001", per: request, zero_usage_is_free: false}
      not_billed: [failed]
      purchase_fees: [{name: card, percent: "5.5", minimum: "0.80", round: {mode: half_up, scale: 2}}]
      purchases: [{date: 2026-10-03, amount: "100"}]
      byok: {percent_of_list: "5", free_per_month: "25000"}
      provider_reported_cost: {policy: compare, tolerance: "0.000001"}
      margins: reported
      invoice_lines: [model, team]
      timezone: UTC
      source: a page
      unverified: [this, that]
      """)
    #expect(read.gateway == "acme-gw")
    #expect(read.rules.map(\.markup.description) == ["0.1", "-0.125", "0"])
    #expect(read.rules[1].provider == "vertex")
    #expect(read.rules[1].serviceTier == "batch")
    #expect(read.rules[2].fixedFee.description == "1")
    #expect(read.payload?.blocks.size == 1024)
    #expect(read.tokenBlock?.price == nil)
    #expect(read.rounding == Rounding(mode: .halfEven, scale: 0))
    #expect(read.minimum?.description == "0.00001")
    #expect(!read.zeroUsageIsFree)
    #expect(read.notBilled == [.gatewayCacheHit, .failed])
    #expect(read.purchaseFees.map(\.share.description) == ["0.055"])
    #expect(read.purchases?.map(\.fee) == ["card"])
    #expect(read.byokFee?.freePerMonth?.description == "25000")
    #expect(read.reportedCost?.policy == .compare)
    #expect(read.margins == .reported)
    #expect(read.invoiceLines == [.model, .team])
    #expect(read.sources == ["a page"])
    #expect(read.unverified == ["this", "that"])
  }

  @Test func `requests and their invoice may be rounded each in its own way`() throws {
    let both = try terms(
      """
      gateway: a
      rounding:
        - {mode: half_even, scale: 6}
        - {mode: half_up, scale: 2, scope: line, carry: largest_remainder}
      """)
    #expect(both.rounding == Rounding(mode: .halfEven, scale: 6))
    #expect(both.roundingScope == .request)
    #expect(both.invoiceRounding?.rounding == Rounding(mode: .halfUp, scale: 2))
    #expect(both.invoiceRounding?.roundsLines == true)
    #expect(both.invoiceRounding?.carry == .largestRemainder)
    let invoice = try terms("gateway: a\nrounding: {mode: up, scale: 2, scope: invoice}")
    #expect(invoice.rounding == nil)
    #expect(invoice.invoiceRounding?.roundsLines == false)
  }

  @Test func `a list holds each gateway once`() throws {
    let list = try DocumentNode.read(text: "[{gateway: a}, {gateway: b}]", file: "terms.yaml")
    #expect(try GatewayTerms.readAll(list).map(\.gateway) == ["a", "b"])
    let one = try DocumentNode.read(text: "gateway: a", file: "terms.yaml")
    #expect(try GatewayTerms.readAll(one).map(\.gateway) == ["a"])
    let twice = try DocumentNode.read(text: "[{gateway: a}, {gateway: a}]", file: "terms.yaml")
    #expect(throws: DocumentError.self) { try GatewayTerms.readAll(twice) }
    let shared = try DocumentNode.read(text: "gateway: [a, b]", file: "terms.yaml")
    #expect(try GatewayTerms.readAll(shared).map(\.gateway) == ["a", "b"])
  }

  @Test func `built-in terms are read, name their source, and apply nothing unverified`() throws {
    #expect(
      BuiltInTerms.names == [
        "cloudflare", "direct", "litellm", "openrouter", "portkey", "tokenmix", "vercel",
      ])
    for name in BuiltInTerms.names {
      for terms in try #require(try BuiltInTerms.terms(named: name)) {
        #expect(terms.preset == name)
        #expect(!terms.sources.isEmpty)
        #expect(!terms.unverified.isEmpty)
        // No number of these is known, so none is there.
        #expect(terms.rules.isEmpty)
        #expect(terms.rounding == nil)
        if name != "openrouter" { #expect(terms.purchaseFees.isEmpty && terms.byokFee == nil) }
      }
    }
    let openrouter = try #require(try BuiltInTerms.terms(named: "openrouter")?.first)
    #expect(openrouter.purchaseFees.map(\.share.description) == ["0.055", "0.05"])
    #expect(try BuiltInTerms.terms(named: "litellm")?.first?.margins == .reported)
    #expect(try BuiltInTerms.terms(named: "nobody") == nil)
  }

  @Test(arguments: [
    ("gatway: a", "Did you mean `gateway`?"),
    ("rules: []", "`gateway` is missing"),
    ("gateway: a\nrounding: {mode: half_evn, scale: 2}", "Did you mean `half_even`?"),
    ("gateway: a\nrounding: {mode: up, scale: 25}", "from 0 to 24"),
    ("gateway: a\nrounding: {mode: up, scale: currency}", "name no currency"),
    ("gateway: a\ncurrency: RMB", "not a code of ISO 4217"),
    ("gateway: a\nrules: [{markup_percent: 1e1}]", "has an exponent"),
    ("gateway: a\nrules: [{fixed_fee: \"-1\"}]", "below zero"),
    ("gateway: a\nrules: [{match: {model: \"g*t\"}}]", "inside the name"),
    ("gateway: a\nrules: [{}, {match: {}}]", "match the same"),
    (
      "gateway: a\nmetering: {payload: {block: 1024, unit: KB, price_per_block: \"1\"}}",
      "not whole KB"
    ),
    ("gateway: a\norder: [list_price]\nminimum_charge: {amount: \"1\"}", "`minimum` is missing"),
    ("gateway: a\norder: [list_price, list_price]", "stands twice"),
    ("gateway: a\norder: [discount, list_price]", "stands where there is no amount yet"),
    ("gateway: a\norder: [list_price]\nmargins: reported", "`discount` is missing"),
    ("gateway: [a, a]", "stands twice"),
    ("gateway: []", "no gateway is named"),
    ("gateway: a\ntimezone: Mars", "not a time zone"),
    ("gateway: a\nrules: [{markup_percent: \"-100.5\"}]", "leaves nothing of the price"),
    ("gateway: a\nrules: [{discount_percent: \"-5\"}]", "as `markup_percent`"),
    ("gateway: a\nrules: [{discount_percent: \"101\"}]", "not from 0 to 100"),
    ("gateway: a\npurchase_fees: [{name: c, percent: \"-1\"}]", "A fee is not below zero"),
    (
      "gateway: a\npurchase_fees: [{name: c, percent: \"1\"}, {name: c, percent: \"2\"}]",
      "its own name"
    ),
    ("gateway: a\npurchases: [{date: 2026-10-01, amount: \"1\"}]", "no fee on purchases"),
    (
      "gateway: a\npurchase_fees: [{name: c, percent: \"1\"}]\n"
        + "purchases: [{date: 2026-02-30, amount: \"1\"}]", "not a day"
    ),
    (
      "gateway: a\npurchase_fees: [{name: c, percent: \"1\"}]\n"
        + "purchases: [{date: 2026-10-01, amount: \"1\", fee: cash}]", "Allowed: c."
    ),
    ("gateway: a\nbyok: {percent_of_list: \"-5\"}", "A fee is not below zero"),
    ("gateway: a\nprovider_reported_cost: {policy: perfer}", "Did you mean `prefer`?"),
    (
      "gateway: a\nprovider_reported_cost: {policy: prefer, tolerance: \"-1\"}", "below zero"
    ),
    ("gateway: a\ninvoice_lines: [model, model]", "stands twice"),
    ("gateway: a\ninvoice_lines: [modell]", "Did you mean `model`?"),
    (
      "gateway: a\nrounding: {mode: up, scale: 2, carry: largest_remainder}",
      "Write `scope: invoice` or `scope: line`."
    ),
    (
      "gateway: a\nrounding: [{mode: up, scale: 2}, {mode: up, scale: 2, scope: component}]",
      "a request is rounded twice"
    ),
    (
      "gateway: a\nrounding: [{mode: up, scale: 2, scope: line}, {mode: up, scale: 2, scope: invoice}]",
      "the invoice is rounded twice"
    ),
    ("gateway: a\nmetering: {token_block: {size: 0}}", "from 1 to"),
    ("gateway: a\nmetering: {token_block: {size: 10, scope: sum}}", "has no list rate"),
    (
      "gateway: a\norder: [list_price, metering, markup, round]\nrounding: {mode: up, scale: 2, scope: component}\n"
        + "rules: [{markup_percent: \"1\"}]", "cannot be split over components"
    ),
    (
      "gateway: a\norder: [markup, list_price, round]\nrounding: {mode: up, scale: 2, scope: component}",
      "stands where there is no amount yet"
    ),
  ])
  func `wrong terms are refused with the remedy`(text: String, message: String) {
    let error = #expect(throws: DocumentError.self) { try terms(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
