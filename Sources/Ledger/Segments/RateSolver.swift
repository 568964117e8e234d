import Billing

/// Linear equations between token counts and amounts, solved in whole numbers.
///
/// Rows are kept in echelon form, each divided by what all its numbers share. An equation whose
/// numbers outgrow 128 bits is left out: there are more.
struct RateSolver {
  private struct Row {
    var pivot: Int
    var numbers: [Int128]
  }

  private static let unknowns = TokenBucket.allCases.count

  private var rows: [Row] = []
  /// Of ten, by which all amounts were divided.
  private let exponent: Int

  /// - Parameter exponent: A power of ten that divides all amounts.
  init(exponent: Int) { self.exponent = exponent }

  /// Adds an equation; one that follows from others, or contradicts them, changes nothing.
  mutating func add(_ sample: AmountRates.Sample) {
    var numbers = TokenBucket.allCases.map { Int128(sample.tokens[$0]) }
    numbers.append(PowerOfTen.divide(sample.amount, exponent))
    for row in rows {
      guard let reduced = Self.eliminate(row.pivot, of: numbers, by: row.numbers) else { return }
      numbers = reduced
    }
    guard let pivot = numbers[..<Self.unknowns].firstIndex(where: { $0 != 0 }) else { return }
    rows.append(Row(pivot: pivot, numbers: numbers))
  }

  /// The rates; 0 for what the equations leave open or what is not whole.
  func solve() -> AmountRates.Rates {
    var rates = AmountRates.Rates(repeating: 0)
    var solved = rows
    for index in solved.indices.reversed() {
      for other in solved[(index + 1)...] {
        guard
          let reduced = Self.eliminate(other.pivot, of: solved[index].numbers, by: other.numbers)
        else { return rates }
        solved[index].numbers = reduced
      }
    }
    for row in solved {
      let power = PowerOfTen.powers[exponent]
      let (amount, overflow) = row.numbers[Self.unknowns].multipliedReportingOverflow(by: power)
      let divisor = row.numbers[row.pivot]
      guard !overflow, amount % divisor == 0 else { continue }
      rates[row.pivot] = amount / divisor
    }
    return rates
  }

  /// The sum of multiples of two rows in which a number is 0; `nil` when it does not fit.
  private static func eliminate(_ pivot: Int, of row: [Int128], by other: [Int128]) -> [Int128]? {
    guard row[pivot] != 0 else { return row }
    let shared = commonDivisor(row[pivot], other[pivot])
    let (own, their) = (other[pivot] / shared, row[pivot] / shared)
    var result: [Int128] = []
    var divisor: Int128 = 0
    for (left, right) in zip(row, other) {
      let (first, firstOverflow) = left.multipliedReportingOverflow(by: own)
      let (second, secondOverflow) = right.multipliedReportingOverflow(by: their)
      let (number, overflow) = first.subtractingReportingOverflow(second)
      // The most negative number has no magnitude.
      if firstOverflow || secondOverflow || overflow || number == .min { return nil }
      result.append(number)
      if divisor != 1 { divisor = commonDivisor(divisor, number) }
    }
    return divisor > 1 ? result.map { $0 / divisor } : result
  }

  private static func commonDivisor(_ left: Int128, _ right: Int128) -> Int128 {
    var (left, right) = (abs(left), abs(right))
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
