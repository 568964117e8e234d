import Testing

@testable import Billing

@Suite struct ProportionTests {
  @Test func `a proportion of an amount is the product, to the last digit`() throws {
    let shares = [
      "0", "0.1", "-0.03", "0.055", "1", "0.333333333333333333333333",
      "-1.000000000000000000000001",
      "25", "0.000000000000000000000005",
    ]
    let amounts = [
      "0", "0.000000000000000000000001", "-0.000000000000000000000005", "0.0123456789", "-7.5",
      "0.000000000000000000000015", "123456789.000000000000000000000001", "99999999999999",
    ]
    for share in try shares.map({ try ExactDecimal(literal: $0) }) {
      for amount in try amounts.map({ try Money(literal: $0) }) {
        let product = try? amount.multiplied(by: share, "product")
        #expect((try? Proportion(share)(of: amount, "product")) == product, "\(share) \(amount)")
        let negative = try? amount.multiplied(by: ExactDecimal(units: -share.units), "product")
        #expect((try? Proportion(share).negated(of: amount, "product")) == negative)
      }
    }
  }
}
