import Testing

@testable import Ledger

@Suite struct `Columns` {
  private static let columns: [[Int64]] = [
    [], [0], [7, 7, 7], [-1, 0, 1], [0, 255], [0, 256], [.min, .max], [1000, 2000, 5_000_000],
    [-3000, 0, 1500], [10, 15], [.min, 0], [1_000_000_000_000_000_000, 0],
    (0..<1000).map { $0 * $0 * 1000 },
  ]

  @Test(arguments: columns) func `whole numbers are read as written`(column: [Int64]) throws {
    var writer = ColumnWriter()
    writer.append(column: column)
    writer.append(byte: 42)
    var reader = ColumnReader(writer.bytes)
    #expect(try reader.column(column.count) == column)
    #expect(try reader.byte() == 42)
    var skipping = ColumnReader(writer.bytes)
    try skipping.skipColumn(column.count)
    #expect(try skipping.byte() == 42)
  }

  private static let amounts: [[Int128]] =
    columns.map { $0.map { Int128($0) } } + [
      [.min, .max], [Int128(1) << 100, 0], [-(Int128(1) << 100), 5],
      [1_000_000_000_000_000_000_000_000, 2_500_000_000_000_000_000_000_000],
      [-75_000_000_000_000_000, 123_000_000_000_000_000_000],
    ]

  @Test(arguments: amounts) func `amounts are read as written`(column: [Int128]) throws {
    var writer = ColumnWriter()
    writer.append(column: column)
    var reader = ColumnReader(writer.bytes)
    #expect(try reader.amounts(column.count) == column)
    #expect(reader.isAtEnd)
    var skipping = ColumnReader(writer.bytes)
    try skipping.skipColumn(column.count)
    #expect(skipping.isAtEnd)
  }

  @Test func `the common power of ten is found and divided out`() {
    for exponent in 0...18 {
      let power = Int64(PowerOfTen.powers[exponent])
      for factor: Int64 in [1, 3, 7, -1, -9] {
        let values = [factor &* power, 0].filter { $0 / power == factor || $0 == 0 }
        guard values.count == 2 else { continue }
        #expect(PowerOfTen.commonExponent(of: values) == exponent)
        #expect(PowerOfTen.divide(values[0], exponent) == factor)
      }
    }
    for exponent in 0...24 {
      let value = PowerOfTen.powers[exponent] * -37
      #expect(PowerOfTen.commonExponent(of: [0, value]) == exponent)
      #expect(PowerOfTen.divide(value, exponent) == -37)
    }
  }

  @Test(arguments: [0, 1, 127, 128, 1 << 35, UInt64.max])
  func `varints are read as written`(value: UInt64) throws {
    var writer = ColumnWriter()
    writer.append(varint: value)
    var reader = ColumnReader(writer.bytes)
    #expect(try reader.varint() == value)
  }
}
