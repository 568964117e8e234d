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

  func costs(_ row: Int, _ flags: Cell.Flags) -> Costs {
    var costs = Costs()
    costs.list = Money(units: list[row])
    costs.markup = Money(units: markup[row])
    costs.fee = Money(units: fee[row])
    costs.rounding = Money(units: rounding[row])
    costs.billed = Money(units: billed[row] &+ Self.expectedBilled(costs))
    costs.reported = Money(units: reported[row] &+ Self.expectedReported(costs, flags))
    costs.reportedUpstream = Money(units: upstream[row])
    return costs
  }

  static func write(_ costs: [Costs], _ flags: [Cell.Flags], to writer: inout ColumnWriter) {
    writer.append(column: costs.map { $0.list.units })
    writer.append(column: costs.map { $0.markup.units })
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
