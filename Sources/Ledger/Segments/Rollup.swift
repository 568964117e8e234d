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

  /// The rows of a segment's facts, or `nil` when there are more than `limit`.
  static func rows(of facts: [Fact], order: [Int], limit: Int) throws(ArithmeticOverflow)
    -> [RollupRow]?
  {
    var rollup = RollingUp()
    for index in order {
      try rollup.add(facts[index])
      if rollup.rows.count > limit { return nil }
    }
    return rollup.rows
  }
}
