import Billing

extension FactSegment {
  /// The first byte of segments that ledgers of schema version 1 hold.
  private static let firstFormat: UInt8 = 1

  /// Calls `body` with each fact of a segment, by time, then by key.
  static func read(
    _ bytes: [UInt8], day: Day, labels: LabelTable, cells: CellTable,
    _ body: (Fact) throws -> Void
  ) throws {
    var reader = ColumnReader(bytes)
    let columns = try Columns(&reader, limit: bytes.count, labels, cells)
    let latencies = try columns.durations(from: &reader)
    let firstTokens = try columns.durations(from: &reader)
    let requestBytes = try reader.column(columns.count)
    let responseBytes = try reader.column(columns.count)
    let traces = try reader.column(columns.count)
    let expectation = try columns.expectation(from: &reader)
    let costs = try CostColumns(&reader, columns.count)
    var units = try UnitColumns(&reader, limit: bytes.count)
    guard reader.isAtEnd else { throw SegmentFailure("it goes on after its end") }
    var cursor = columns.cursor(day: day)
    for row in 0..<columns.count {
      var fact = try columns.fact(row, &cursor)
      fact.latency = latencies[row]
      fact.firstToken = firstTokens[row]
      fact.requestBytes = requestBytes[row]
      fact.responseBytes = responseBytes[row]
      fact.trace = UInt64(bitPattern: traces[row])
      let expected = expectation?.expected(fact.tokens, service: cursor.service)
      fact.costs = costs.costs(row, cursor.flags, expected ?? CostColumns.Expected())
      if units.nextRow == row { fact.units = try units.take(row) }
      if columns.isFine { fact.coarsen() }
      try body(fact)
    }
  }

  /// The columns that make up the identity of facts.
  private struct Columns {
    let count: Int
    /// The segment is of the first format, which kept times and durations to the last digit.
    let isFine: Bool
    private let cells: SegmentCells
    private let consumers: [Int64]
    private let services: [Int64]
    private let highKeys: [Int64]
    private let lowKeys: [Int64]
    private let deltas: [Int64]
    /// The token buckets that a row knows; but for the first format, what differs from those that
    /// its service is expected to.
    private let known: [Int64]
    private let expectedKnown: [Int64]
    private var tokens: [(bucket: TokenBucket, counts: [Int64])] = []
    private let requests: [Int64]

    init(_ reader: inout ColumnReader, limit: Int, _ labels: LabelTable, _ table: CellTable)
      throws(SegmentFailure)
    {
      let format = try reader.byte()
      guard format == FactSegment.format || format == firstFormat else {
        throw SegmentFailure("its format is not known")
      }
      isFine = format == firstFormat
      count = try reader.count(atMost: limit)
      cells = try SegmentCells(
        from: &reader, limit: limit, labels: labels, cells: table, form: isFine ? .whole : .parts)
      consumers = isFine ? Array(repeating: 1, count: count) : try reader.column(count)
      services = try reader.column(count)
      highKeys = try reader.column(count)
      lowKeys = try reader.column(count)
      deltas = try reader.column(count)
      expectedKnown =
        try isFine ? cells.services.map { _ in 0 } : reader.column(cells.services.count)
      known = try reader.column(count)
      let anyKnown = known.reduce(expectedKnown.reduce(0, |), |)
      for bucket in TokenBucket.allCases {
        if anyKnown & (1 << Int64(bucket.rawValue)) == 0 {
          try reader.skipColumn(count)
        } else {
          tokens.append((bucket, try reader.counts(count)))
        }
      }
      requests = try reader.column(count)
    }

    func durations(from reader: inout ColumnReader) throws(SegmentFailure) -> [Int64] {
      try isFine ? reader.column(count) : DurationColumn.read(count, from: &reader)
    }

    /// - Returns: `nil` in the first format, which wrote amounts as they were.
    func expectation(from reader: inout ColumnReader) throws(SegmentFailure)
      -> CostColumns.Expectation?
    {
      isFine ? nil : try CostColumns.Expectation(from: &reader, services: cells.services)
    }

    /// Where reading stands: time and cells depend on the rows before.
    struct Cursor {
      var cells: SegmentCells
      var service = 0
      var time: Int64
      let end: Int64
      var flags = Cell.Flags()
    }

    func cursor(day: Day) -> Cursor {
      let start = Timestamp(day: day).microseconds
      return Cursor(cells: cells, time: start, end: start + Timestamp.microsecondsPerDay)
    }

    func fact(_ row: Int, _ cursor: inout Cursor) throws(SegmentFailure) -> Fact {
      let consumer = try cursor.cells.number(.consumer, consumers[row])
      cursor.service = try cursor.cells.number(.service, services[row])
      cursor.flags = cells.services[cursor.service].flags
      guard deltas[row] >= 0, deltas[row] < cursor.end - cursor.time else {
        throw SegmentFailure("a time is not of its day")
      }
      cursor.time += deltas[row]
      let key = RecordKey(
        high: UInt64(bitPattern: highKeys[row]), low: UInt32(truncatingIfNeeded: lowKeys[row]))
      var fact = Fact(
        key: key, cell: cursor.cells.cell(consumer: consumer, service: cursor.service),
        time: Timestamp(microseconds: cursor.time))
      let known = known[row] ^ expectedKnown[cursor.service]
      for column in tokens where known & (1 << Int64(column.bucket.rawValue)) != 0 {
        fact.tokens.set(column.bucket, column.counts[row])
      }
      fact.requests = Int32(truncatingIfNeeded: requests[row])
      return fact
    }
  }

  private struct UnitColumns {
    private let gaps: [Int64]
    private let meters: [Int64]
    private let quantities: [Int128]
    private var next = 0
    /// The row that the next quantity belongs to; `nil` after the last.
    private(set) var nextRow: Int?

    init(_ reader: inout ColumnReader, limit: Int) throws(SegmentFailure) {
      let count = try reader.count(atMost: limit)
      gaps = try reader.column(count)
      meters = try reader.column(count)
      quantities = try reader.amounts(count)
      nextRow = gaps.first.map { Int(truncatingIfNeeded: $0) }
    }

    private static func row(_ row: Int, plus gap: Int64) throws(SegmentFailure) -> Int {
      let (sum, overflow) = row.addingReportingOverflow(Int(gap))
      if overflow { throw SegmentFailure("a quantity belongs to no row") }
      return sum
    }

    mutating func take(_ row: Int) throws(SegmentFailure) -> MeteredUnits {
      var units = MeteredUnits()
      while nextRow == row {
        guard let meter = UInt8(exactly: meters[next]).flatMap(Meter.init(rawValue:)) else {
          throw SegmentFailure("a meter is not known")
        }
        units[meter] = ExactDecimal(units: quantities[next])
        next += 1
        nextRow = next < gaps.count ? try Self.row(row, plus: gaps[next]) : nil
      }
      return units
    }
  }
}

extension Fact {
  /// What a fact of the first format becomes, so that a log that is read again is known again.
  fileprivate mutating func coarsen() {
    time = FactGrain.time(time)
    latency = FactGrain.duration(latency)
    firstToken = FactGrain.duration(firstToken)
    if trace != 0 { trace = FactGrain.trace(trace) }
  }
}
