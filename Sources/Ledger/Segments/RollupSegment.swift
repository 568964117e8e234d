import Billing

/// The columns of a rollup of one UTC day's facts of one commit.
///
/// A rollup is stored only when it is much smaller than its facts. Where nearly every request has
/// a cell of its own (a key or a tag that hardly repeats) its rows would be the facts once more,
/// at twice the size of the ledger; there it is derived from the facts on reading, by the same
/// function. Whoever prunes facts stores such rollups too (`SegmentEncoder.encodePruned`).
enum RollupSegment {
  /// The first byte of a segment.
  static let format: UInt8 = 3

  /// A rollup is stored when it has at most one row for this many facts.
  static let factsPerRow = 4

  static func write(_ rows: [RollupRow], day: Day, dictionary: inout SegmentDictionary)
    -> ColumnWriter
  {
    let cells = rows.map(\.cell)
    let consumers = dictionary.column(of: .consumer, cells).codes
    let services = dictionary.column(of: .service, cells).codes
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(rows.count))
    dictionary.write(to: &writer)
    writer.append(column: consumers)
    writer.append(column: services)
    var previous = Timestamp(day: day).bucket
    writer.append(
      column: rows.map { row in
        defer { previous = row.bucket }
        return Int64(row.bucket) - Int64(previous)
      })
    writer.append(column: rows.map { $0.measures.requests })
    for bucket in TokenBucket.allCases {
      writer.append(column: rows.map { $0.measures.tokens[bucket] })
    }
    let meters = Meter.allCases.filter { meter in
      rows.contains { $0.measures.units[meter] != .zero }
    }
    writer.append(varint: UInt64(meters.count))
    writer.append(column: meters.map { Int64($0.rawValue) })
    for meter in meters { writer.append(column: rows.map { $0.measures.units[meter].units }) }
    writer.append(column: rows.map { $0.measures.requestBytes })
    writer.append(column: rows.map { $0.measures.responseBytes })
    writer.append(column: rows.map { $0.measures.latency })
    var differences = CostColumns.Differences()
    for row in rows { differences.append(row.measures.costs, dictionary.cell(row.cell).flags) }
    differences.write(to: &writer)
    return writer
  }

  /// Calls `body` with each row, by bucket, then in the order of the first fact.
  static func read(
    _ bytes: [UInt8], day: Day, labels: LabelTable, cells table: CellTable,
    _ body: (RollupRow) throws -> Void
  ) throws {
    var reader = ColumnReader(bytes)
    guard try reader.byte() == format else { throw SegmentFailure("its format is not known") }
    let count = try reader.count(atMost: bytes.count)
    var cells = try SegmentCells(from: &reader, limit: bytes.count, labels: labels, cells: table)
    let consumers = try reader.column(count)
    let services = try reader.column(count)
    let deltas = try reader.column(count)
    let requests = try reader.column(count)
    var tokens: [(bucket: TokenBucket, counts: [Int64])] = []
    for bucket in TokenBucket.allCases { tokens.append((bucket, try reader.column(count))) }
    var units: [(meter: Meter, sums: [Int128])] = []
    for code in try reader.column(try reader.count(atMost: Meter.allCases.count)) {
      guard let meter = UInt8(exactly: code).flatMap(Meter.init(rawValue:)) else {
        throw SegmentFailure("a meter is not known")
      }
      units.append((meter, try reader.amounts(count)))
    }
    let requestBytes = try reader.column(count)
    let responseBytes = try reader.column(count)
    let latencies = try reader.column(count)
    let costs = try CostColumns(&reader, count)
    guard reader.isAtEnd else { throw SegmentFailure("it goes on after its end") }
    var bucket = Timestamp(day: day).bucket
    for row in 0..<count {
      let consumer = try cells.number(.consumer, consumers[row])
      let service = try cells.number(.service, services[row])
      bucket = bucket &+ Int32(truncatingIfNeeded: deltas[row])
      var measures = Measures()
      measures.requests = requests[row]
      for column in tokens { measures.tokens[column.bucket] = column.counts[row] }
      for column in units { measures.units[column.meter] = ExactDecimal(units: column.sums[row]) }
      measures.requestBytes = requestBytes[row]
      measures.responseBytes = responseBytes[row]
      measures.latency = latencies[row]
      measures.costs = costs.costs(row, cells.services[service].flags)
      let cell = cells.cell(consumer: consumer, service: service)
      try body(RollupRow(bucket: bucket, cell: cell, measures: measures))
    }
  }
}
