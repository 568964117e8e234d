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
    let consumers = dictionary.column(of: .consumer, columns.cells)
    let services = dictionary.column(of: .service, columns.cells)
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(order.count))
    dictionary.write(to: &writer)
    writer.append(column: consumers.codes)
    writer.append(column: services.codes)
    writer.append(column: columns.keysHigh)
    writer.append(column: columns.keysLow)
    writer.append(uneven: columns.timeDeltas)
    writeKnown(columns, services.numbers, &writer)
    for tokens in columns.tokens { writer.append(uneven: tokens) }
    writer.append(uneven: columns.requests)
    DurationColumn.write(columns.latencies, to: &writer)
    DurationColumn.write(columns.firstTokens, to: &writer)
    writer.append(uneven: columns.requestBytes)
    writer.append(uneven: columns.responseBytes)
    writer.append(column: columns.traces)
    writeCosts(facts, order, services.numbers, dictionary.used(.service), &writer)
    writeUnits(columns, &writer)
    return writer
  }

  /// Which buckets a row knows is nearly always what the first row of its service knew.
  private static func writeKnown(
    _ columns: FactColumns, _ services: [Int], _ writer: inout ColumnWriter
  ) {
    var expected: [Int64] = []
    let rows = zip(services, columns.knownTokens).map { service, known in
      if service == expected.count { expected.append(known) }
      return known ^ expected[service]
    }
    writer.append(column: expected)
    writer.append(column: rows)
  }

  /// List cost and markup follow from the token counts nearly always.
  ///
  /// - Parameter numbers: The service of each row.
  private static func writeCosts(
    _ facts: [Fact], _ order: [Int], _ numbers: [Int], _ services: [Cell],
    _ writer: inout ColumnWriter
  ) {
    let rates = rates(of: facts, order, numbers, services)
    rates.write(to: &writer)
    let flags = services.map(\.flags)
    var differences = CostColumns.Differences()
    let all = facts.span
    for (row, number) in numbers.enumerated() {
      let index = order[row]
      differences.append(
        all[index].costs, flags[number], rates.expected(all[index].tokens, service: number))
    }
    differences.write(to: &writer)
  }

  /// What the first rows of each entry and tier tell.
  private static func rates(
    of facts: [Fact], _ order: [Int], _ numbers: [Int], _ services: [Cell]
  ) -> CostColumns.Expectation {
    let (groups, groupCount) = AmountRates.groups(of: services)
    var lists = [[AmountRates.Sample]](repeating: [], count: groupCount)
    var markups = lists
    for (row, number) in numbers.enumerated() {
      let group = groups[number]
      guard lists[group].count < AmountRates.sampleLimit else { continue }
      let fact = facts[order[row]]
      lists[group].append(.init(tokens: fact.tokens, amount: fact.costs.list.units))
      markups[group].append(.init(tokens: fact.tokens, amount: fact.costs.markup.units))
    }
    return CostColumns.Expectation(
      list: AmountRates(services: services, samples: lists),
      markup: AmountRates(services: services, samples: markups))
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
