import Billing
import Testing

private func rounded(_ amount: Money, _ mode: RoundingMode) throws -> Money {
  let rule = try #require(Rounding(mode: mode, scale: 2))
  return try rule(amount, "amount")
}

@Suite struct RoundingTests {
  @Test func `all vectors are there`() {
    #expect(Vectors.rows("round").count == 490)
    #expect(Vectors.rows("scope").count == 60)
    #expect(Vectors.rows("blocks").count == 52)
    #expect(Vectors.rows("payload").count == 12)
    #expect(Vectors.rows("purchase").count == 6)
    #expect(Vectors.rows("minimum").count == 5)
    #expect(Vectors.rows("order").count == 3)
    #expect(Vectors.rows("currency").count == 2)
  }

  @Test func `an amount is rounded by mode and scale`() throws {
    for row in Vectors.rows("round") {
      let rule = try rounding(row[1], row[2])
      let rounded = try rule(try Money(literal: row[0]), "amount")
      #expect(rounded.description == row[3], "\(row)")
    }
  }

  @Test func `a refund mirrors its charge unless the mode has a direction`() throws {
    for mode in RoundingMode.allCases where mode != .ceil && mode != .floor {
      for thousandths in Int128(0)...250 {
        let charge = Money(units: thousandths * Money.unitsPerOne / 1000)
        let refund = Money(units: -charge.units)
        #expect(try rounded(refund, mode).units == -rounded(charge, mode).units)
      }
    }
  }

  @Test func `the modes bound each other`() throws {
    for thousandths in Int128(-120)...120 {
      let amount = Money(units: thousandths * Money.unitsPerOne / 1000)
      let floor = try rounded(amount, .floor)
      let ceil = try rounded(amount, .ceil)
      var results: [Money] = []
      for mode in RoundingMode.allCases { results.append(try rounded(amount, mode)) }
      #expect(results.allSatisfy { floor <= $0 && $0 <= ceil })
    }
  }

  @Test func `a scale beyond the engine is refused`() {
    #expect(Rounding(mode: .up, scale: 25) == nil)
    #expect(Rounding(mode: .up, scale: -1) == nil)
  }

  @Test func `an overflow names its quantity`() throws {
    let rule = try #require(Rounding(mode: .up, scale: 0))
    #expect(throws: ArithmeticOverflow("billed cost")) {
      try rule(Money(units: Int128.max), "billed cost")
    }
    #expect(throws: ArithmeticOverflow("markup")) {
      try Money(units: Int128.max).multiplied(by: ExactDecimal(2), "markup")
    }
  }

  @Test func `a product is formed in 256 bits and rounded half to even once`() throws {
    let third = try Money(literal: "0.333333333333333333333333")
    #expect(
      try third.multiplied(by: ExactDecimal(3), "").description == "0.999999999999999999999999")
    let tiny = Money(units: 1)
    let half = try ExactDecimal(literal: "0.5")
    #expect(try tiny.multiplied(by: half, "").units == 0)
    #expect(try Money(units: 3).multiplied(by: half, "").units == 2)
    #expect(try Money(units: -3).multiplied(by: half, "").units == -2)
    #expect(tiny.multipliedExactly(by: half) == nil)
    let large = try Money(literal: "100000000000000")
    #expect(
      try large.multiplied(by: try ExactDecimal(literal: "1.1"), "").description
        == "110000000000000")
  }

  @Test func `a quantity is counted in started blocks`() throws {
    for row in Vectors.rows("blocks") {
      let blocks = try #require(
        Blocks(
          size: try integer(row[1]), rounding: try mode(row[2]),
          minimum: try integer(row[3])))
      #expect(blocks.count(try integer(row[0])) == Int64(row[4]), "\(row)")
    }
  }

  @Test func `payload is metered by KB or KiB in each direction`() throws {
    for row in Vectors.rows("payload") {
      let blocks = try #require(Blocks(size: try integer(row[2])))
      let scope = try #require(MeteringScope(name: row[3]))
      let metering = PayloadMetering(
        blocks: blocks, scope: scope, price: try Money(literal: row[4]))
      let fee = try metering.fee(
        requestBytes: try integer(row[0]), responseBytes: try integer(row[1]))
      #expect(fee.description == row[5], "\(row)")
    }
  }

  @Test func `a purchase bears a percentage or the minimum`() throws {
    for row in Vectors.rows("purchase") {
      let share = try #require(try ExactDecimal(literal: row[1]).dividedExactly(by: 100))
      let fee = PurchaseFee(
        name: "card", share: share,
        minimum: try Money(literal: row[2]), rounding: try rounding(row[3], row[4]))
      #expect(try fee.fee(on: try Money(literal: row[0])).description == row[5], "\(row)")
    }
  }
}
