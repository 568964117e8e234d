/// What a rollup row adds up. A commutative monoid: sums of integers, so the order of merging
/// never matters.
public struct Measures: Sendable, Hashable {
  public var requests: Int64 = 0
  public var tokens: InlineCounts = InlineCounts()
  public var units = UnitSums()
  public var costs = Costs()
  public var requestBytes: Int64 = 0
  public var responseBytes: Int64 = 0
  /// Sum of microseconds over the requests of cells with `hasLatency`.
  public var latency: Int64 = 0

  public init() {}

  /// The measures of one fact.
  public init(_ fact: Fact) {
    requests = Int64(fact.requests)
    for bucket in TokenBucket.allCases { tokens[bucket] = fact.tokens[bucket] }
    for entry in fact.units.entries { units[entry.meter] = entry.quantity }
    costs = fact.costs
    requestBytes = fact.requestBytes
    responseBytes = fact.responseBytes
    latency = fact.latency
  }

  /// Adds one fact: the same as adding its measures, without making them.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the sum.
  public mutating func add(_ fact: Fact) throws(ArithmeticOverflow) {
    requests = try Self.sum(requests, Int64(fact.requests), "requests")
    for bucket in TokenBucket.allCases where fact.tokens.isKnown(bucket) {
      tokens[bucket] = try Self.sum(
        tokens[bucket], fact.tokens[bucket], "\(bucket.name) tokens")
    }
    for entry in fact.units.entries {
      units[entry.meter] = try units[entry.meter].adding(entry.quantity, entry.meter.name)
    }
    try costs.add(fact.costs)
    requestBytes = try Self.sum(requestBytes, fact.requestBytes, "request bytes")
    responseBytes = try Self.sum(responseBytes, fact.responseBytes, "response bytes")
    latency = try Self.sum(latency, fact.latency, "latency")
  }

  /// Adds the measures of other requests.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the sum.
  public mutating func add(_ other: Measures) throws(ArithmeticOverflow) {
    requests = try Self.sum(requests, other.requests, "requests")
    for bucket in TokenBucket.allCases {
      tokens[bucket] = try Self.sum(tokens[bucket], other.tokens[bucket], "\(bucket.name) tokens")
    }
    for meter in Meter.allCases {
      units[meter] = try units[meter].adding(other.units[meter], meter.name)
    }
    try costs.add(other.costs)
    requestBytes = try Self.sum(requestBytes, other.requestBytes, "request bytes")
    responseBytes = try Self.sum(responseBytes, other.responseBytes, "response bytes")
    latency = try Self.sum(latency, other.latency, "latency")
  }

  private static func sum(_ lhs: Int64, _ rhs: Int64, _ quantity: @autoclosure () -> String)
    throws(ArithmeticOverflow) -> Int64
  {
    let (sum, overflow) = lhs.addingReportingOverflow(rhs)
    if overflow { throw ArithmeticOverflow(quantity()) }
    return sum
  }
}

/// A count for each token bucket.
public struct InlineCounts: Sendable, Hashable {
  private var counts: InlineArray<12, Int64> = InlineArray(repeating: 0)

  public init() {}

  public subscript(bucket: TokenBucket) -> Int64 {
    get { counts[Int(bucket.rawValue)] }
    set { counts[Int(bucket.rawValue)] = newValue }
  }

  /// Input of all kinds.
  public var inputTotal: Int64 {
    TokenBucket.allCases.reduce(0) { $1.isInput ? $0 + self[$1] : $0 }
  }

  /// Output of all kinds.
  public var outputTotal: Int64 {
    TokenBucket.allCases.reduce(0) { $1.isInput ? $0 : $0 + self[$1] }
  }

  public static func == (lhs: InlineCounts, rhs: InlineCounts) -> Bool {
    for index in lhs.counts.indices where lhs.counts[index] != rhs.counts[index] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for index in counts.indices { hasher.combine(counts[index]) }
  }
}

/// A quantity for each meter.
public struct UnitSums: Sendable, Hashable {
  private var quantities: InlineArray<11, ExactDecimal> = InlineArray(repeating: .zero)

  public init() {}

  public subscript(meter: Meter) -> ExactDecimal {
    get { quantities[Int(meter.rawValue)] }
    set { quantities[Int(meter.rawValue)] = newValue }
  }

  public static func == (lhs: UnitSums, rhs: UnitSums) -> Bool {
    for index in lhs.quantities.indices where lhs.quantities[index] != rhs.quantities[index] {
      return false
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for index in quantities.indices { hasher.combine(quantities[index]) }
  }
}

/// One row of a rollup: the requests of one cell in one 15-minute UTC bucket.
public struct RollupRow: Sendable, Hashable {
  /// Number of the bucket since 1970-01-01T00:00Z.
  public var bucket: Int32
  public var cell: CellID
  public var measures: Measures

  public init(bucket: Int32, cell: CellID, measures: Measures) {
    self.bucket = bucket
    self.cell = cell
    self.measures = measures
  }
}
