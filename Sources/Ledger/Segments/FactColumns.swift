import Billing

/// Facts taken apart into columns, in a given order, in one pass: a fact is several cache lines
/// long, and a pass for each column would fetch them all again.
struct FactColumns {
  private(set) var cells: [CellID] = []
  private(set) var keysHigh: [Int64] = []
  private(set) var keysLow: [Int64] = []
  /// Microseconds since the fact before; the first since the start of the day.
  private(set) var timeDeltas: [Int64] = []
  private(set) var knownTokens: [Int64] = []
  /// By `TokenBucket.rawValue`.
  private(set) var tokens: [[Int64]]
  private(set) var requests: [Int64] = []
  private(set) var latencies: [Int64] = []
  private(set) var firstTokens: [Int64] = []
  private(set) var requestBytes: [Int64] = []
  private(set) var responseBytes: [Int64] = []
  private(set) var traces: [Int64] = []
  /// Of the rows that have any.
  private(set) var units: [(row: Int, units: MeteredUnits)] = []

  init(_ facts: [Fact], _ order: [Int], day: Day) {
    tokens = Array(repeating: [], count: TokenBucket.allCases.count)
    reserve(order.count)
    // A span lends an element where an array would copy all of it.
    let all = facts.span
    var previous = Timestamp(day: day).microseconds
    for index in order {
      append(all[index], since: previous)
      previous = all[index].time.microseconds
    }
    let known = knownTokens.reduce(0, |)
    for bucket in TokenBucket.allCases {
      var column: [Int64] = []
      if known & (1 << Int64(bucket.rawValue)) == 0 {
        column = Array(repeating: 0, count: order.count)
      } else {
        column.reserveCapacity(order.count)
        for index in order { column.append(all[index].tokens[rawValue: Int(bucket.rawValue)]) }
      }
      tokens[Int(bucket.rawValue)] = column
    }
  }

  private mutating func append(_ fact: borrowing Fact, since previous: Int64) {
    if !fact.units.isEmpty { units.append((cells.count, fact.units)) }
    cells.append(fact.cell)
    keysHigh.append(Int64(bitPattern: fact.key.high))
    keysLow.append(Int64(fact.key.low))
    timeDeltas.append(fact.time.microseconds - previous)
    knownTokens.append(Int64(fact.tokens.known))
    requests.append(Int64(fact.requests))
    latencies.append(fact.latency)
    firstTokens.append(fact.firstToken)
    requestBytes.append(fact.requestBytes)
    responseBytes.append(fact.responseBytes)
    traces.append(Int64(bitPattern: fact.trace))
  }

  private mutating func reserve(_ count: Int) {
    cells.reserveCapacity(count)
    keysHigh.reserveCapacity(count)
    keysLow.reserveCapacity(count)
    timeDeltas.reserveCapacity(count)
    knownTokens.reserveCapacity(count)
    requests.reserveCapacity(count)
    latencies.reserveCapacity(count)
    firstTokens.reserveCapacity(count)
    requestBytes.reserveCapacity(count)
    responseBytes.reserveCapacity(count)
    traces.reserveCapacity(count)
  }
}
