/// The beta-binomial distribution: counts whose probability itself varies from day to day.
///
/// Floating point stands only here and in the other files of this folder: these are statistics of
/// counts, never money. Only the four basic operations are used, so that every machine gives the
/// same bits.
struct BetaBinomial: Sendable {
  /// The mean share, above 0 and below 1.
  var mean: Double
  /// Overdispersion, above 0 and below 1: 0 would be a plain binomial.
  var overdispersion: Double

  /// The probability of `count` or more among `trials`.
  ///
  /// - Complexity: O(`trials`).
  func upperTail(_ count: Int64, of trials: Int64) -> Double {
    guard count > 0 else { return 1 }
    guard count <= trials else { return 0 }
    let concentration = (1 - overdispersion) / overdispersion
    let alpha = mean * concentration
    let beta = (1 - mean) * concentration
    // Weights relative to the weight of 0; scaled down before they overflow.
    var weight = 1.0
    var total = 1.0
    var tail = 0.0
    for successes in 0..<trials {
      let done = Double(successes)
      let left = Double(trials - successes)
      weight *= left / (done + 1) * (done + alpha) / (left - 1 + beta)
      total += weight
      if successes + 1 >= count { tail += weight }
      if total > 1e200 {
        weight /= 1e200
        total /= 1e200
        tail /= 1e200
      }
    }
    return tail / total
  }

  /// The overdispersion of days by the method of moments, 0 to 0.5; `nil` when the days say nothing.
  static func overdispersion(of days: [(count: Int64, trials: Int64)]) -> Double? {
    let trials = days.reduce(0.0) { $0 + Double($1.trials) }
    let count = days.reduce(0.0) { $0 + Double($1.count) }
    let pairs = days.reduce(0.0) { $0 + Double($1.trials) * (Double($1.trials) - 1) }
    guard trials > 0, count > 0, count < trials, pairs > 0 else { return nil }
    let mean = count / trials
    let squares = days.reduce(0.0) { sum, day in
      let deviation = Double(day.count) - Double(day.trials) * mean
      return sum + deviation * deviation
    }
    return min(0.5, max(0, (squares / (mean * (1 - mean)) - trials) / pairs))
  }
}

/// Keeps the share of false alarms among many tests below a rate.
enum BenjaminiHochberg {
  /// The largest probability that is still significant; 0 when none is.
  static func threshold(_ probabilities: [Double], rate: Double) -> Double {
    let ordered = probabilities.sorted()
    let last = ordered.indices.last { index in
      ordered[index] <= rate * Double(index + 1) / Double(ordered.count)
    }
    return last.map { ordered[$0] } ?? 0
  }
}
