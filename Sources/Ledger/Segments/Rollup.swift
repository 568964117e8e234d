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

/// A rollup in the making.
struct RollingUp {
  private(set) var rows: [RollupRow] = []
  private var indices: [UInt64: Int] = [:]

  mutating func add(_ fact: Fact) throws(ArithmeticOverflow) {
    let slot = Self.slot(fact)
    if let index = indices[slot] {
      try rows[index].measures.add(fact)
    } else {
      indices[slot] = rows.count
      rows.append(
        RollupRow(bucket: fact.time.bucket, cell: fact.cell, measures: Measures(fact)))
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

  private static func slot(_ fact: Fact) -> UInt64 {
    UInt64(UInt32(bitPattern: fact.time.bucket)) << 32 | UInt64(fact.cell.index)
  }
}
