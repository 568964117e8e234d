import Billing

extension FactSegment {
  /// Calls `body` with each fact of a segment, by time, then by key.
  static func read(
    _ bytes: [UInt8], day: Day, labels: LabelTable, cells: CellTable,
    _ body: (Fact) throws -> Void
  ) throws {
    var reader = ColumnReader(bytes)
    let columns = try Columns(&reader, limit: bytes.count, labels, cells)
    let latencies = try reader.column(columns.count)
    let firstTokens = try reader.column(columns.count)
    let requestBytes = try reader.column(columns.count)
    let responseBytes = try reader.column(columns.count)
    let traces = try reader.column(columns.count)
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
      fact.costs = costs.costs(row, cursor.flags)
      if units.nextRow == row { fact.units = try units.take(row) }
      try body(fact)
    }
  }

  /// The columns that make up the identity of facts.
  private struct Columns {
    let count: Int
    private let cells: SegmentCells
    private let codes: [Int64]
    private let highKeys: [Int64]
    private let lowKeys: [Int64]
    private let deltas: [Int64]
    private let known: [Int64]
    private var tokens: [(bucket: TokenBucket, counts: [Int64])] = []
    private let requests: [Int64]

    init(_ reader: inout ColumnReader, limit: Int, _ labels: LabelTable, _ table: CellTable)
      throws(SegmentFailure)
    {
      guard try reader.byte() == format else { throw SegmentFailure("its format is not known") }
      count = try reader.count(atMost: limit)
      cells = try SegmentCells(from: &reader, limit: limit, labels: labels, cells: table)
      codes = try reader.column(count)
      highKeys = try reader.column(count)
      lowKeys = try reader.column(count)
      deltas = try reader.column(count)
      known = try reader.column(count)
      let anyKnown = known.reduce(0, |)
      for bucket in TokenBucket.allCases {
        if anyKnown & (1 << Int64(bucket.rawValue)) == 0 {
          try reader.skipColumn(count)
        } else {
          tokens.append((bucket, try reader.counts(count)))
        }
      }
      requests = try reader.column(count)
    }

    /// Where reading stands: time and cells depend on the rows before.
    struct Cursor {
      var cells: SegmentCells
      var time: Int64
      let end: Int64
      var flags = Cell.Flags()
    }

    func cursor(day: Day) -> Cursor {
      let start = Timestamp(day: day).microseconds
      return Cursor(cells: cells, time: start, end: start + Timestamp.microsecondsPerDay)
    }

    func fact(_ row: Int, _ cursor: inout Cursor) throws(SegmentFailure) -> Fact {
      let number = try cursor.cells.number(codes[row])
      cursor.flags = cells.cells[number].flags
      guard deltas[row] >= 0, deltas[row] < cursor.end - cursor.time else {
        throw SegmentFailure("a time is not of its day")
      }
      cursor.time += deltas[row]
      let key = RecordKey(
        high: UInt64(bitPattern: highKeys[row]), low: UInt32(truncatingIfNeeded: lowKeys[row]))
      var fact = Fact(
        key: key, cell: cells.ids[number], time: Timestamp(microseconds: cursor.time))
      for column in tokens where known[row] & (1 << Int64(column.bucket.rawValue)) != 0 {
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

    mutating func take(_ row: Int) throws(SegmentFailure) -> MeteredUnits {
      var units = MeteredUnits()
      while nextRow == row {
        guard let meter = UInt8(exactly: meters[next]).flatMap(Meter.init(rawValue:)) else {
          throw SegmentFailure("a meter is not known")
        }
        units[meter] = ExactDecimal(units: quantities[next])
        next += 1
        nextRow = next < gaps.count ? row + Int(truncatingIfNeeded: gaps[next]) : nil
      }
      return units
    }
  }
}
