import Billing

/// The amounts of facts or of rollup rows.
///
/// An amount that others determine is stored as the difference to what it should be, which is
/// nearly always a column of zeros: `billed` is `list` + markup + fee + rounding, and where the
/// gateway reports a cost it mostly reports the billed one. Sums wrap: they only have to be undone
/// by the same sums.
struct CostColumns {
  private let list, markup, fee, rounding, billed, reported, upstream: [Int128]

  init(_ reader: inout ColumnReader, _ count: Int) throws(SegmentFailure) {
    list = try reader.amounts(count)
    markup = try reader.amounts(count)
    fee = try reader.amounts(count)
    rounding = try reader.amounts(count)
    billed = try reader.amounts(count)
    reported = try reader.amounts(count)
    upstream = try reader.amounts(count)
  }

  /// - Parameter expected: As when it was written.
  func costs(_ row: Int, _ flags: Cell.Flags, _ expected: Expected = Expected()) -> Costs {
    var costs = Costs()
    costs.list = Money(units: list[row] &+ expected.list)
    costs.markup = Money(units: markup[row] &+ expected.markup)
    costs.fee = Money(units: fee[row])
    costs.rounding = Money(units: rounding[row])
    costs.billed = Money(units: billed[row] &+ Self.expectedBilled(costs))
    costs.reported = Money(units: reported[row] &+ Self.expectedReported(costs, flags))
    costs.reportedUpstream = Money(units: upstream[row])
    return costs
  }

  /// - Parameter expected: What list cost and markup should be, by row; none when nothing tells.
  static func write(
    _ costs: [Costs], _ flags: [Cell.Flags], _ expected: [Expected] = [],
    to writer: inout ColumnWriter
  ) {
    let isExpected = !expected.isEmpty
    writer.append(
      column: costs.indices.map {
        costs[$0].list.units &- (isExpected ? expected[$0].list : 0)
      })
    writer.append(
      column: costs.indices.map {
        costs[$0].markup.units &- (isExpected ? expected[$0].markup : 0)
      })
    writer.append(column: costs.map { $0.fee.units })
    writer.append(column: costs.map { $0.rounding.units })
    writer.append(column: costs.map { $0.billed.units &- expectedBilled($0) })
    writer.append(
      column: zip(costs, flags).map { $0.reported.units &- expectedReported($0, $1) })
    writer.append(column: costs.map { $0.reportedUpstream.units })
  }

  private static func expectedBilled(_ costs: Costs) -> Int128 {
    costs.list.units &+ costs.markup.units &+ costs.fee.units &+ costs.rounding.units
  }

  private static func expectedReported(_ costs: Costs, _ flags: Cell.Flags) -> Int128 {
    flags.contains(.hasReportedCost) ? costs.billed.units : 0
  }
}

extension CostColumns {
  /// What list cost and markup of a row should be.
  struct Expected {
    var list: Int128 = 0
    var markup: Int128 = 0
  }

  /// How list cost and markup follow from token counts.
  struct Expectation {
    let list: AmountRates
    let markup: AmountRates

    init(list: AmountRates, markup: AmountRates) {
      self.list = list
      self.markup = markup
    }

    init(from reader: inout ColumnReader, services: [Cell]) throws(SegmentFailure) {
      list = try AmountRates(from: &reader, services: services)
      markup = try AmountRates(from: &reader, services: services)
    }

    func write(to writer: inout ColumnWriter) {
      list.write(to: &writer)
      markup.write(to: &writer)
    }

    func expected(_ tokens: borrowing TokenUsage, service: Int) -> Expected {
      Expected(
        list: list.expected(tokens, service: service),
        markup: markup.expected(tokens, service: service))
    }
  }
}
