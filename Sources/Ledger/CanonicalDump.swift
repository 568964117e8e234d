import Billing

extension Ledger {
  /// Calls `body` with each fact as a line of text without its end, sorted by bytes: the same lines
  /// for all ledgers that count the same requests. Of days whose facts were pruned, the lines are what
  /// the requests of one cell add up to in 15 minutes.
  ///
  /// Keys are not part of it, for they depend on the ledger's own key; nor is the account of lines,
  /// for a copy of a log that is read once more adds duplicates.
  ///
  /// - Throws: `LedgerError`, and what `body` throws.
  /// - Complexity: Memory for about 100,000 lines, or for those of the fullest quarter of an hour.
  public func forEachCanonicalLine(_ body: (String) throws -> Void) throws {
    try forEachCanonicalLine(sortingAtOnce: 100_000, body)
  }

  /// - Parameter lineLimit: Lines that are sorted at once, where a day's facts are spread over it.
  func forEachCanonicalLine(
    sortingAtOnce lineLimit: Int, _ body: (String) throws -> Void
  ) throws {
    let (labels, cells) = (LabelTable(), CellTable())
    let history = try history(labels: labels, cells: cells)
    for day in history.days {
      if history.isPruned(day) {
        for line in try Self.rowLines(of: day, history) { try body(line) }
        continue
      }
      for range in try Self.stretches(of: day, history, lineLimit) {
        var lines: [String] = []
        try history.forEachFact(in: range) { fact in
          lines.append(FactText.line(fact, cells[fact.cell], labels))
        }
        lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for line in lines { try body(line) }
      }
    }
  }

  /// All lines of `forEachCanonicalLine`, each with a line feed.
  public func canonicalDump() throws -> String {
    var text = ""
    try forEachCanonicalLine { text += $0 + "\n" }
    return text
  }

  /// The rows of a pruned day: however many segments it has, one for each cell and bucket.
  private static func rowLines(of day: Day, _ history: LedgerHistory) throws -> [String] {
    struct Place: Hashable {
      var bucket: Int32
      var cell: CellID
    }
    let end = Timestamp(day: Day(number: day.number + 1))
    var sums: [Place: Measures] = [:]
    try history.forEachRow(in: Timestamp(day: day)..<end) { row in
      try sums[Place(bucket: row.bucket, cell: row.cell), default: Measures()].add(row.measures)
    }
    return sums.map { place, measures in
      let row = RollupRow(bucket: place.bucket, cell: place.cell, measures: measures)
      return FactText.line(row, history.cells[place.cell], history.labels)
    }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Cuts a day into stretches of few facts: a line begins with its time, so that the lines of one
  /// stretch stand before those of the next.
  private static func stretches(
    of day: Day, _ history: LedgerHistory, _ lineLimit: Int
  ) throws -> [Range<Timestamp>] {
    let start = Timestamp(day: day)
    let end = Timestamp(day: Day(number: day.number + 1))
    let rows = history.segments.filter { $0.kind == .facts && $0.day == day }
      .reduce(0) { $0 + $1.rows }
    guard rows > lineLimit else { return [start..<end] }
    var counts: [Int32: Int] = [:]
    try history.forEachFact(in: start..<end) { counts[$0.time.bucket, default: 0] += 1 }
    var stretches: [Range<Timestamp>] = []
    var (first, count) = (start, 0)
    for bucket in counts.keys.sorted() {
      let edge = Timestamp(microseconds: Int64(bucket) * Timestamp.microsecondsPerBucket)
      if count + counts[bucket, default: 0] > lineLimit, first < edge {
        stretches.append(first..<edge)
        (first, count) = (edge, 0)
      }
      count += counts[bucket, default: 0]
    }
    return stretches + [first..<end]
  }
}
