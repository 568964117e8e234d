import Billing

/// Reads bytes that may be anything as a segment: for a fuzzer.
///
/// A ledger opens only segments whose hash is right. What is read here is what a faulty program, or
/// one that has the ledger's key, could have written.
package struct SegmentTrial {
  private let day = Day(number: 20_000)
  private let key = StoreKey(low: 1, high: 2)

  package init() {}

  /// The laws that reading the bytes breaks; none where they are refused.
  ///
  /// - Parameter input: The kind of the segment (`SegmentKind`), then its content.
  package func violations(of input: [UInt8]) -> [String] {
    guard let first = input.first, let kind = SegmentKind(rawValue: Int64(first)) else { return [] }
    let bytes = Array(input.dropFirst())
    do {
      switch kind {
      case .facts: return try violations(ofFacts: bytes)
      case .rollup:
        try RollupSegment.read(bytes, day: day, labels: LabelTable(), cells: CellTable()) { _ in }
      case .keys: try KeySegment.read(bytes) { _ in }
      }
      return []
    } catch {
      return error is SegmentFailure ? [] : ["reading throws \(error)"]
    }
  }

  /// Inputs that are read well, of each kind.
  package func samples() throws -> [[UInt8]] {
    let tables = FactTables()
    let facts = (0..<40).map { fact($0, tables) }
    let encoder = SegmentEncoder(key: key, labels: tables.labels, cells: tables.cells)
    let compressor = try FrameCompressor()
    let segments =
      try encoder.encode(facts).segments + encoder.encodePruned(facts, compressor).segments
    return try segments.map {
      [UInt8($0.kind.rawValue)] + (try compressor.decompress($0.blob, count: $0.byteCount))
    }
  }

  private func violations(ofFacts bytes: [UInt8]) throws -> [String] {
    let read = try texts(bytes)
    var broken: [String] = []
    if read.facts.contains(where: { $0.time.day != day }) { broken.append("a fact of another day") }
    let encoder = SegmentEncoder(
      key: key, labels: read.tables.labels, cells: read.tables.cells)
    guard let segment = try encoder.encode(read.facts).segments.first else { return broken }
    let written = try FrameCompressor().decompress(segment.blob, count: segment.byteCount)
    if try texts(written).lines != read.lines { broken.append("written and read, facts change") }
    return broken
  }

  private func texts(_ bytes: [UInt8]) throws -> (
    facts: [Fact], lines: [String], tables: FactTables
  ) {
    let tables = FactTables()
    var facts: [Fact] = []
    try FactSegment.read(bytes, day: day, labels: tables.labels, cells: tables.cells) {
      facts.append($0)
    }
    let lines = facts.map { fact in
      "\(fact.key.high) \(fact.key.low) \(fact.trace) "
        + FactText.line(fact, tables.cells[fact.cell], tables.labels)
    }
    return (facts, lines.sorted(), tables)
  }

  /// Facts of five cells, some with all that a fact can have.
  private func fact(_ number: Int, _ tables: FactTables) -> Fact {
    var cell = Cell()
    cell.gateway = tables.labels.intern("gateway")
    cell.requestModel = tables.labels.intern("model-\(number % 5)")
    cell.key = tables.labels.intern("key-\(number % 3)")
    cell.currency = tables.labels.intern("USD")
    cell.charge = number % 5 == 0 ? .unpriced : .priced
    cell.flags = [.hasUsage, .hasReportedCost, .hasLatency]
    let (index, start) = (Int64(number), Timestamp(day: day).microseconds)
    var fact = Fact(
      key: RecordKey(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt32(number)),
      cell: tables.cells.intern(cell),
      time: FactGrain.time(Timestamp(microseconds: start + index * 100_000_000)))
    fact.tokens.set(.input, 100 + index * 37)
    fact.tokens.set(.output, index * 11)
    if number % 4 == 0 { fact.tokens.set(.cacheRead, index) }
    fact.costs.list = Money(units: Int128(fact.tokens.inputTotal) * 150_000_000_000_000_000)
    fact.costs.billed = fact.costs.list
    fact.costs.reported = fact.costs.list
    fact.latency = FactGrain.duration(index * 12_345)
    fact.trace = number % 2 == 0 ? 0 : FactGrain.trace(UInt64(number) << 32)
    if number % 10 == 0 { fact.units[.webSearches] = ExactDecimal(units: Int128(number)) }
    return fact
  }
}
