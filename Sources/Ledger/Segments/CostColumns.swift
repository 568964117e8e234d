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

  private static func expectedBilled(_ costs: borrowing Costs) -> Int128 {
    costs.list.units &+ costs.markup.units &+ costs.fee.units &+ costs.rounding.units
  }

  private static func expectedReported(_ costs: borrowing Costs, _ flags: Cell.Flags) -> Int128 {
    flags.contains(.hasReportedCost) ? costs.billed.units : 0
  }
}

extension CostColumns {
  /// The amounts of rows, less what they should be: gathered in one pass, and then written.
  struct Differences {
    private var list = SparseAmounts()
    private var markup = SparseAmounts()
    private var fee = SparseAmounts()
    private var rounding = SparseAmounts()
    private var billed = SparseAmounts()
    private var reported = SparseAmounts()
    private var upstream = SparseAmounts()

    mutating func append(
      _ costs: borrowing Costs, _ flags: Cell.Flags, _ expected: Expected = Expected()
    ) {
      list.append(costs.list.units &- expected.list)
      markup.append(costs.markup.units &- expected.markup)
      fee.append(costs.fee.units)
      rounding.append(costs.rounding.units)
      billed.append(costs.billed.units &- expectedBilled(costs))
      reported.append(costs.reported.units &- expectedReported(costs, flags))
      upstream.append(costs.reportedUpstream.units)
    }

    func write(to writer: inout ColumnWriter) {
      for column in [list, markup, fee, rounding, billed, reported, upstream] {
        column.write(to: &writer)
      }
    }
  }

  /// A column that is mostly nothing but zeros: those before the first other amount are counted only.
  private struct SparseAmounts {
    private var zeros = 0
    private var amounts: [Int128] = []

    @inline(__always)
    mutating func append(_ amount: Int128) {
      if amounts.isEmpty {
        if amount == 0 {
          zeros += 1
          return
        }
        amounts = Array(repeating: 0, count: zeros)
      }
      amounts.append(amount)
    }

    func write(to writer: inout ColumnWriter) {
      if amounts.isEmpty { writer.append(constant: 0) } else { writer.append(column: amounts) }
    }
  }

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
