public import Billing

/// What the requests of a UTC day add up to, by cell and 15-minute bucket.
public enum Rollup {
  /// The rows that facts add up to, in the order of their first fact.
  ///
  /// It is the one definition of a rollup: what is stored, what is derived on reading and what
  /// `verify` recomputes are its results.
  ///
  /// - Parameter facts: Facts of one segment, by time, then by key.
  /// - Throws: `ArithmeticOverflow` with the name of the sum.
  public static func rows(of facts: [Fact]) throws(ArithmeticOverflow) -> [RollupRow] {
    var rollup = RollingUp()
    for fact in facts { try rollup.add(fact) }
    return rollup.rows
  }
}

/// A rollup in the making: facts come by time, so that only the rows of one bucket are open.
struct RollingUp {
  private(set) var rows: [RollupRow] = []
  /// The rows of the current bucket, by cell.
  private var open: [UInt32: Int] = [:]
  private var bucket = Int32.min

  mutating func add(_ fact: Fact) throws(ArithmeticOverflow) {
    let bucket = fact.time.bucket
    if bucket != self.bucket {
      open.removeAll(keepingCapacity: true)
      self.bucket = bucket
    }
    if let index = open[fact.cell.index] {
      try rows[index].measures.add(fact)
    } else {
      open[fact.cell.index] = rows.count
      rows.append(RollupRow(bucket: bucket, cell: fact.cell, measures: Measures(fact)))
    }
  }

  /// The number of rows that a segment's facts add up to, at most `limit`.
  ///
  /// - Parameter cellCount: Above the number of any cell of the facts.
  static func rowCount(of facts: [Fact], order: [Int], cellCount: Int, limit: Int) -> Int {
    var latest = [Int32](repeating: .min, count: cellCount)
    var count = 0
    let all = facts.span
    for index in order where count < limit {
      let bucket = all[index].time.bucket
      let cell = Int(all[index].cell.index)
      if latest[cell] != bucket {
        latest[cell] = bucket
        count += 1
      }
    }
    return count
  }

  /// The rows of a segment's facts in their order.
  static func rows(of facts: [Fact], order: [Int]) throws(ArithmeticOverflow) -> [RollupRow] {
    var rollup = RollingUp()
    for index in order { try rollup.add(facts[index]) }
    return rollup.rows
  }
}
