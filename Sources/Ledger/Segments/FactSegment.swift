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
    let columns = FactColumns(facts, order)
    let codes = columns.values { dictionary.code(of: $0.cell) }
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(order.count))
    dictionary.write(to: &writer)
    writer.append(column: codes)
    writer.append(column: columns.values { Int64(bitPattern: $0.key.high) })
    writer.append(column: columns.values { Int64($0.key.low) })
    writeTimes(columns, day, &writer)
    writeTokens(columns, &writer)
    writer.append(column: columns.values { Int64($0.requests) })
    writer.append(column: columns.values { $0.latency })
    writer.append(column: columns.values { $0.firstToken })
    writer.append(column: columns.values { $0.requestBytes })
    writer.append(column: columns.values { $0.responseBytes })
    writer.append(column: columns.values { Int64(bitPattern: $0.trace) })
    let flags = columns.values { dictionary.cell($0.cell).flags }
    CostColumns.write(columns.values { $0.costs }, flags, to: &writer)
    writeUnits(columns, &writer)
    return writer.bytes
  }

  private static func writeTimes(_ columns: FactColumns, _ day: Day, _ writer: inout ColumnWriter) {
    var previous = Timestamp(day: day).microseconds
    let deltas = columns.values { fact in
      defer { previous = fact.time.microseconds }
      return fact.time.microseconds - previous
    }
    writer.append(column: deltas)
  }

  private static func writeTokens(_ columns: FactColumns, _ writer: inout ColumnWriter) {
    writer.append(column: columns.values { Int64($0.tokens.known) })
    for bucket in TokenBucket.allCases {
      if columns.knownTokens & (1 << bucket.rawValue) == 0 {
        writer.append(constant: 0)
      } else {
        writer.append(column: columns.values { $0.tokens[bucket] })
      }
    }
  }

  /// Metered units are rare: a column of row gaps, one of meters, one of quantities.
  private static func writeUnits(_ columns: FactColumns, _ writer: inout ColumnWriter) {
    var gaps: [Int64] = []
    var meters: [Int64] = []
    var quantities: [Int128] = []
    if columns.hasUnits {
      var row: Int64 = 0
      var last: Int64 = 0
      for fact in columns.values({ $0.units }) {
        for entry in fact.entries {
          gaps.append(row - last)
          meters.append(Int64(entry.meter.rawValue))
          quantities.append(entry.quantity.units)
          last = row
        }
        row += 1
      }
    }
    writer.append(varint: UInt64(gaps.count))
    writer.append(column: gaps)
    writer.append(column: meters)
    writer.append(column: quantities)
  }
}

/// Reads single fields of facts, in a given order.
struct FactColumns {
  private let all: [Fact]
  private let order: [Int]
  /// The token buckets that any fact knows.
  let knownTokens: UInt16
  let hasUnits: Bool

  init(_ facts: [Fact], _ order: [Int]) {
    all = facts
    self.order = order
    var known: UInt16 = 0
    var units = false
    for index in order {
      known |= facts[index].tokens.known
      units = units || !facts[index].units.isEmpty
    }
    knownTokens = known
    hasUnits = units
  }

  @inline(__always)
  func values<Value>(_ field: (Fact) -> Value) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(order.count)
    for index in order { values.append(field(all[index])) }
    return values
  }
}
