import Billing

/// What amounts should be by the token counts beside them, so that a column of amounts need only
/// keep the differences: nearly all of them are 0.
///
/// Within one entry and tier of the price book an amount is a sum of token counts, each times a
/// rate. The rates are found in the rows themselves, not in the book, so that a segment can be
/// written again from what it says. A wrong guess costs space and nothing else: sums wrap and are
/// undone by the same sums.
struct AmountRates {
  /// By service in the segment: the number of its entry and tier.
  private let groups: [Int]
  /// By group, then by token bucket: 0 where none was found.
  private var rates: [Int128]
  /// By group: a bit for each token bucket that has a rate.
  private var rated: [UInt16]

  typealias Rates = InlineArray<12, Int128>

  /// A row that rates are looked for in.
  struct Sample {
    var tokens: TokenUsage
    var amount: Int128
  }

  /// Rows of each group that are looked at.
  static let sampleLimit = 64

  /// - Parameters:
  ///   - services: By number in the segment.
  ///   - samples: The first rows of each group, by group.
  init(services: [Cell], samples: [[Sample]]) {
    groups = Self.groups(of: services).numbers
    (rates, rated) = ([], [])
    for samples in samples { append(Self.learn(samples)) }
  }

  private mutating func append(_ found: Rates) {
    rated.append(0)
    for index in found.indices {
      rates.append(found[index])
      if found[index] != 0 { rated[rated.count - 1] |= 1 << UInt16(index) }
    }
  }

  init(from reader: inout ColumnReader, services: [Cell]) throws(SegmentFailure) {
    let (numbers, count) = Self.groups(of: services)
    groups = numbers
    var read = Array(repeating: Rates(repeating: 0), count: count)
    let known = try reader.varint()
    for bucket in TokenBucket.allCases where known & (1 << UInt64(bucket.rawValue)) != 0 {
      for (group, rate) in try reader.amounts(count).enumerated() {
        read[group][Int(bucket.rawValue)] = rate
      }
    }
    (rates, rated) = ([], [])
    for rates in read { append(rates) }
  }

  func write(to writer: inout ColumnWriter) {
    let known = rated.reduce(0, |)
    writer.append(varint: UInt64(known))
    for bucket in 0..<Self.bucketCount where known & (1 << UInt16(bucket)) != 0 {
      writer.append(
        column: rated.indices.map { rates[$0 * Self.bucketCount + bucket] })
    }
  }

  private static let bucketCount = TokenBucket.allCases.count

  /// What the amount of a row should be.
  func expected(_ tokens: borrowing TokenUsage, service: Int) -> Int128 {
    let group = groups[service]
    var sum: Int128 = 0
    var left = rated[group]
    while left != 0 {
      let bucket = left.trailingZeroBitCount
      left &= left - 1
      sum &+= rates[group * Self.bucketCount + bucket] &* Int128(tokens[rawValue: bucket])
    }
    return sum
  }

  /// The numbers of the entries and tiers of services, in the order in which they appear.
  static func groups(of services: [Cell]) -> (numbers: [Int], count: Int) {
    var known: [UInt64: Int] = [:]
    let numbers = services.map { service in
      let pair = UInt64(service.entry.index) << 32 | UInt64(service.priceTier.index)
      let number = known[pair] ?? known.count
      known[pair] = number
      return number
    }
    return (numbers, known.count)
  }

  private static func expected(_ tokens: borrowing TokenUsage, _ rates: borrowing Rates) -> Int128 {
    var sum: Int128 = 0
    for index in rates.indices where rates[index] != 0 {
      sum &+= rates[index] &* Int128(tokens[rawValue: index])
    }
    return sum
  }
}

extension AmountRates {
  /// The rates that explain most of the samples, of some that different rows suggest.
  private static func learn(_ samples: [Sample]) -> Rates {
    var best = Rates(repeating: 0)
    var bestCount = samples.count { $0.amount == 0 }
    let exponent = PowerOfTen.commonExponent(of: samples.map(\.amount))
    for start in stride(from: 0, to: samples.count, by: max(samples.count / 4, 1)) {
      guard bestCount * 10 < samples.count * 9 else { break }
      var solver = RateSolver(exponent: exponent)
      for sample in samples[start...] { solver.add(sample) }
      let found = solver.solve()
      let count = samples.count { $0.amount == expected($0.tokens, found) }
      if count > bestCount { (best, bestCount) = (found, count) }
    }
    return best
  }
}
