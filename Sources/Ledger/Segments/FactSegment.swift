import Billing

/// The columns of one UTC day's facts of one commit.
///
/// Rows stand by time, then by key.
enum FactSegment {
  /// The first byte of a segment.
  static let format: UInt8 = 2

  /// Writes facts in the given order.
  static func write(
    _ facts: [Fact], order: [Int], day: Day, dictionary: inout SegmentDictionary
  ) -> ColumnWriter {
    let columns = FactColumns(facts, order, day: day)
    let consumers = columns.cells.map { dictionary.code(of: .consumer, $0) }
    let services = columns.cells.map { dictionary.code(of: .service, $0) }
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(order.count))
    dictionary.write(to: &writer)
    writer.append(column: consumers)
    writer.append(column: services)
    writer.append(column: columns.keysHigh)
    writer.append(column: columns.keysLow)
    writer.append(uneven: columns.timeDeltas)
    writeKnown(columns, dictionary, &writer)
    for tokens in columns.tokens { writer.append(uneven: tokens) }
    writer.append(uneven: columns.requests)
    DurationColumn.write(columns.latencies, to: &writer)
    DurationColumn.write(columns.firstTokens, to: &writer)
    writer.append(uneven: columns.requestBytes)
    writer.append(uneven: columns.responseBytes)
    writer.append(column: columns.traces)
    writeCosts(facts, order, columns, dictionary, &writer)
    writeUnits(columns, &writer)
    return writer
  }

  /// Which buckets a row knows is nearly always what the first row of its service knew.
  private static func writeKnown(
    _ columns: FactColumns, _ dictionary: SegmentDictionary, _ writer: inout ColumnWriter
  ) {
    var expected: [Int64] = []
    let rows = zip(columns.cells, columns.knownTokens).map { cell, known in
      let service = dictionary.number(of: .service, cell)
      if service == expected.count { expected.append(known) }
      return known ^ expected[service]
    }
    writer.append(column: expected)
    writer.append(column: rows)
  }

  /// List cost and markup follow from the token counts nearly always.
  private static func writeCosts(
    _ facts: [Fact], _ order: [Int], _ columns: FactColumns, _ dictionary: SegmentDictionary,
    _ writer: inout ColumnWriter
  ) {
    let services = dictionary.used(.service)
    let numbers = columns.cells.map { dictionary.number(of: .service, $0) }
    let (groups, groupCount) = AmountRates.groups(of: services)
    var lists = [[AmountRates.Sample]](repeating: [], count: groupCount)
    var markups = lists
    for (row, number) in numbers.enumerated() {
      let group = groups[number]
      guard lists[group].count < AmountRates.sampleLimit else { continue }
      let tokens = facts[order[row]].tokens
      lists[group].append(.init(tokens: tokens, amount: columns.costs[row].list.units))
      markups[group].append(.init(tokens: tokens, amount: columns.costs[row].markup.units))
    }
    let rates = CostColumns.Expectation(
      list: AmountRates(services: services, samples: lists),
      markup: AmountRates(services: services, samples: markups))
    rates.write(to: &writer)
    var expected: [CostColumns.Expected] = []
    expected.reserveCapacity(numbers.count)
    let all = facts.span
    for (row, number) in numbers.enumerated() {
      expected.append(rates.expected(all[order[row]].tokens, service: number))
    }
    let flags = services.map(\.flags)
    CostColumns.write(columns.costs, numbers.map { flags[$0] }, expected, to: &writer)
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
