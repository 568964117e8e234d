import Billing
import Testing

@testable import Ledger

@Suite struct `Rates in segments` {
  private static let rates: [TokenBucket: Int128] = [
    .input: 150_000_000_000_000_000, .cacheRead: 15_000_000_000_000_000,
    .output: 600_000_000_000_000_000, .reasoning: 350_000_000_000_000_000,
  ]

  /// A service of one entry and tier; labels need no table here.
  private static func service(_ entry: UInt32) -> Cell {
    var cell = Cell()
    cell.entry = Label(index: entry)
    return cell
  }

  private static func samples(
    _ buckets: [TokenBucket], count: Int = 40, extra: (Int) -> Int128 = { _ in 0 }
  ) -> [AmountRates.Sample] {
    var numbers = Numbers(seed: 7)
    return (0..<count).map { row in
      var tokens = TokenUsage()
      var amount = extra(row)
      for bucket in buckets {
        let count = Int64(1 + numbers.below(90_000))
        tokens.set(bucket, count)
        amount += Int128(count) * rates[bucket, default: 0]
      }
      return .init(tokens: tokens, amount: amount)
    }
  }

  private static func misses(_ samples: [AmountRates.Sample]) -> Int {
    let rates = AmountRates(services: [service(1)], samples: [samples])
    return samples.count { rates.expected($0.tokens, service: 0) != $0.amount }
  }

  /// Also where no row has fewer than all of them.
  @Test(
    arguments: [
      [.input], [.input, .output], [.input, .cacheRead, .output],
      [.input, .cacheRead, .output, .reasoning],
    ] as [[TokenBucket]])
  func `rates are found in the rows`(buckets: [TokenBucket]) {
    #expect(Self.misses(Self.samples(buckets)) == 0)
  }

  @Test func `a row with a fee does not spoil the others`() {
    let samples = Self.samples([.input, .output]) { $0 == 0 ? 35_000_000 : 0 }
    #expect(Self.misses(samples) == 1)
  }

  /// A wrong guess costs space and nothing else.
  @Test func `amounts that follow no rates are read as written`() throws {
    var numbers = Numbers(seed: 3)
    let samples = Self.samples([.input, .output], count: 80).map { sample in
      AmountRates.Sample(
        tokens: sample.tokens, amount: Int128(bitPattern: UInt128(numbers.next()) << 60))
    }
    let rates = AmountRates(services: [Self.service(1)], samples: [Array(samples.prefix(64))])
    let expected = samples.map {
      CostColumns.Expected(list: rates.expected($0.tokens, service: 0), markup: 5)
    }
    let costs = samples.map { sample in
      var costs = Costs()
      (costs.list, costs.markup) = (Money(units: sample.amount), Money(units: -sample.amount))
      return costs
    }
    var writer = ColumnWriter()
    var differences = CostColumns.Differences()
    for (costs, expected) in zip(costs, expected) { differences.append(costs, [], expected) }
    differences.write(to: &writer)
    var reader = ColumnReader(writer.bytes)
    let columns = try CostColumns(&reader, costs.count)
    #expect(costs.indices.map { columns.costs($0, [], expected[$0]) } == costs)
  }

  @Test func `rates are read as written, for each entry its own`() throws {
    let services = [Self.service(1), Self.service(2), Self.service(1)]
    let first = Self.samples([.input, .output])
    let second = first.map { AmountRates.Sample(tokens: $0.tokens, amount: $0.amount * 3) }
    let rates = AmountRates(services: services, samples: [first, second])
    var writer = ColumnWriter()
    rates.write(to: &writer)
    var reader = ColumnReader(writer.bytes)
    let read = try AmountRates(from: &reader, services: services)
    #expect(reader.isAtEnd)
    for (own, triple) in zip(first, second) {
      #expect(read.expected(own.tokens, service: 0) == own.amount)
      #expect(read.expected(own.tokens, service: 1) == triple.amount)
      #expect(read.expected(own.tokens, service: 2) == own.amount)
    }
  }
}
