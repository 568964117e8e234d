import Testing

@testable import Insights

@Suite struct StatisticsTests {
  @Test func `one trial succeeds with the mean`() {
    for mean in [0.01, 0.3, 0.9] {
      let tail = BetaBinomial(mean: mean, overdispersion: 0.2).upperTail(1, of: 1)
      #expect(abs(tail - mean) < 1e-12)
    }
  }

  @Test func `alpha and beta of one make all counts alike`() {
    // Mean 1/2 and overdispersion 1/3 are alpha = beta = 1: uniform over 0…n.
    let uniform = BetaBinomial(mean: 0.5, overdispersion: 1.0 / 3)
    for trials in 1...40 as ClosedRange<Int64> {
      for count in 0...trials {
        let expected = Double(trials - count + 1) / Double(trials + 1)
        #expect(abs(uniform.upperTail(count, of: trials) - expected) < 1e-12)
      }
    }
  }

  @Test func `almost no overdispersion is the binomial`() {
    // P(X ≥ 2) for n = 3, p = 1/2 is 1/2; P(X ≥ 3) is 1/8.
    let binomial = BetaBinomial(mean: 0.5, overdispersion: 1e-12)
    #expect(abs(binomial.upperTail(2, of: 3) - 0.5) < 1e-6)
    #expect(abs(binomial.upperTail(3, of: 3) - 0.125) < 1e-6)
  }

  @Test func `large days neither overflow nor vanish`() {
    let tail = BetaBinomial(mean: 0.02, overdispersion: 0.001).upperTail(20_000, of: 1_000_000)
    #expect(tail > 0.4 && tail < 0.6)
    let far = BetaBinomial(mean: 0.02, overdispersion: 0.001).upperTail(900_000, of: 1_000_000)
    #expect(far >= 0 && far < 1e-12)
  }

  @Test func `overdispersion of equal shares is none`() {
    let days = [(count: Int64(5), trials: Int64(100)), (count: 5, trials: 100)]
    #expect(BetaBinomial.overdispersion(of: days) == 0)
    #expect(BetaBinomial.overdispersion(of: [(count: 0, trials: 100)]) == nil)
    let wild = [(count: Int64(0), trials: Int64(100)), (count: 100, trials: 100)]
    #expect(BetaBinomial.overdispersion(of: wild) == 0.5)
  }

  @Test func `Benjamini and Hochberg's own example`() {
    // Fifteen probabilities of their paper of 1995: four are significant at 5 %.
    let probabilities = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0,
    ]
    #expect(BenjaminiHochberg.threshold(probabilities.reversed(), rate: 0.05) == 0.0095)
    #expect(BenjaminiHochberg.threshold([], rate: 0.05) == 0)
    #expect(BenjaminiHochberg.threshold([0.5], rate: 0.05) == 0)
  }
}
