import Billing
import Testing

@testable import Insights

@Suite struct RatioTests {
  @Test func `small quotients round half to even`() throws {
    for denominator in 1...16 as ClosedRange<Int128> {
      for numerator in -40...40 as ClosedRange<Int128> {
        let ratio = try #require(Ratio(numerator, over: denominator))
        let rounded = try #require(ratio.rounded(places: 0)).units / ExactDecimal.unitsPerOne
        // Twice the distance to the quotient is at most one, and at exactly one the result is even.
        let distance = 2 * (rounded * denominator - numerator).magnitude
        #expect(distance <= denominator.magnitude)
        #expect(distance < denominator.magnitude || rounded % 2 == 0)
      }
    }
  }

  @Test func `the largest amounts divide`() throws {
    let most = Money(units: .max)
    #expect(Ratio(most, over: most)?.rounded(places: 6) == ExactDecimal(1))
    #expect(Ratio(most, over: Money(units: 1))?.rounded(places: 6) == nil)
    #expect(Ratio(most, over: most)?.of(most) == most)
    #expect(try #require(Ratio(most, over: most)).isAtLeast(ExactDecimal(1)))
    #expect(Ratio(most, over: .zero) == nil)
  }

  @Test func `bounds are compared exactly`() throws {
    let half = try ExactDecimal(literal: "1.5")
    #expect(try #require(Ratio(3 as Int64, over: 2)).isAtLeast(half))
    #expect(try !#require(Ratio(2_999_999 as Int64, over: 2_000_000)).isAtLeast(half))
    #expect(try !#require(Ratio(-3 as Int64, over: 2)).isAtLeast(half))
    #expect(try #require(Ratio(-3 as Int64, over: 2)).isAtLeast(ExactDecimal(-2)))
  }
}
