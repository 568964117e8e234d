import Billing

/// The columns of one UTC day's facts of one commit.
///
/// Rows stand by time, then by key.
enum FactSegment {
  /// The first byte of a segment.
  static let format: UInt8 = 1

  /// Writes facts in the given order.
  static func write(
    _ facts: [Fact], order: [Int], day: Day, dictionary: inout SegmentDictionary
  ) -> [UInt8] {
    let columns = FactColumns(facts, order, day: day)
    let codes = columns.cells.map { dictionary.code(of: $0) }
    let flags = columns.cells.map { dictionary.cell($0).flags }
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(order.count))
    dictionary.write(to: &writer)
    writer.append(column: codes)
    writer.append(column: columns.keysHigh)
    writer.append(column: columns.keysLow)
    writer.append(column: columns.timeDeltas)
    writer.append(column: columns.knownTokens)
    for tokens in columns.tokens { writer.append(column: tokens) }
    writer.append(column: columns.requests)
    writer.append(column: columns.latencies)
    writer.append(column: columns.firstTokens)
    writer.append(column: columns.requestBytes)
    writer.append(column: columns.responseBytes)
    writer.append(column: columns.traces)
    CostColumns.write(columns.costs, flags, to: &writer)
    writeUnits(columns, &writer)
    return writer.bytes
  }

  /// Metered units are rare: a column of row gaps, one of meters, one of quantities.
  private static func writeUnits(_ columns: FactColumns, _ writer: inout ColumnWriter) {
    var gaps: [Int64] = []
    var meters: [Int64] = []
    var quantities: [Int128] = []
    var last = 0
    for (row, units) in columns.units {
      for entry in units.entries {
        gaps.append(Int64(row - last))
        meters.append(Int64(entry.meter.rawValue))
        quantities.append(entry.quantity.units)
        last = row
      }
    }
    writer.append(varint: UInt64(gaps.count))
    writer.append(column: gaps)
    writer.append(column: meters)
    writer.append(column: quantities)
  }
}
