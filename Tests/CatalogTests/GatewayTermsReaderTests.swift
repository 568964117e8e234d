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
  }

  @Test func `a list holds each gateway once`() throws {
    let list = try DocumentNode.read(text: "[{gateway: a}, {gateway: b}]", file: "terms.yaml")
    #expect(try GatewayTerms.readAll(list).map(\.gateway) == ["a", "b"])
    let one = try DocumentNode.read(text: "gateway: a", file: "terms.yaml")
    #expect(try GatewayTerms.readAll(one).map(\.gateway) == ["a"])
    let twice = try DocumentNode.read(text: "[{gateway: a}, {gateway: a}]", file: "terms.yaml")
    #expect(throws: DocumentError.self) { try GatewayTerms.readAll(twice) }
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
    (
      "gateway: a\norder: [markup, list_price, round]\nrounding: {mode: up, scale: 2, scope: component}",
      "Put `list_price` first"
    ),
  ])
  func `wrong terms are refused with the remedy`(text: String, message: String) {
    let error = #expect(throws: DocumentError.self) { try terms(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
