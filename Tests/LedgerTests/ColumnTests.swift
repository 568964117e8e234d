import Billing
import Testing

@testable import Ledger

@Suite struct `Columns` {
  private static let columns: [[Int64]] = [
    [], [0], [7, 7, 7], [-1, 0, 1], [0, 255], [0, 256], [.min, .max], [1000, 2000, 5_000_000],
    [-3000, 0, 1500], [10, 15], [.min, 0], [1_000_000_000_000_000_000, 0],
    (0..<1000).map { $0 * $0 * 1000 },
  ]

  /// It can be read, and passed over.
  private func expect(_ column: [Int64], in writer: ColumnWriter) throws {
    var writer = writer
    writer.append(byte: 42)
    var reader = ColumnReader(writer.bytes)
    #expect(try reader.column(column.count) == column)
    #expect(try reader.byte() == 42)
    var skipping = ColumnReader(writer.bytes)
    try skipping.skipColumn(column.count)
    #expect(try skipping.byte() == 42)
  }

  @Test(arguments: columns) func `whole numbers are read as written`(column: [Int64]) throws {
    var writer = ColumnWriter()
    writer.append(column: column)
    try expect(column, in: writer)
  }

  /// Of every size up to 63 bits, of few and of many lengths, and beside a smallest that is not 0.
  private static let uneven: [[Int64]] =
    columns + [
      (0..<63).map { 1 << $0 }, (0..<63).map { (1 << $0) - 1 }, [32_767, 0], [32_768, 0, 1],
      (0..<999).map { -5 + $0 % 7 * $0 }, [5, 5, 6],
    ]

  @Test(arguments: uneven) func `uneven numbers are read as written`(column: [Int64]) throws {
    var writer = ColumnWriter()
    writer.append(uneven: column)
    try expect(column, in: writer)
  }

  /// All that `FactGrain` leaves is numbered without a gap; anything else is kept as it is.
  @Test func `durations are read as written`() throws {
    let coarse = (0..<4000).map { FactGrain.duration(Int64($0)) }
    let large = (7..<54).flatMap { [1 << $0, 127 << ($0 - 6), 65 << ($0 - 6)] as [Int64] }
    for column in [coarse, large, [129, 1, 0], [-1, 5], [.max, 0]] {
      var writer = ColumnWriter()
      DurationColumn.write(column, to: &writer)
      var reader = ColumnReader(writer.bytes)
      #expect(try DurationColumn.read(column.count, from: &reader) == column)
      #expect(reader.isAtEnd)
    }
    var writer = ColumnWriter()
    DurationColumn.write(coarse, to: &writer)
    #expect(writer.bytes.count < coarse.count * 2)
  }

  @Test func `a damaged column is an error and no crash`() {
    var writer = ColumnWriter()
    writer.append(uneven: [3, 900, 70_000, 1 << 40, 0, 12])
    DurationColumn.write([200, 400, 1 << 30], to: &writer)
    for index in writer.bytes.indices {
      for flip: UInt8 in [0x01, 0x40, 0x80, 0xFF] {
        var bytes = writer.bytes
        bytes[index] ^= flip
        var reader = ColumnReader(bytes)
        if (try? reader.column(6)) != nil { _ = try? DurationColumn.read(3, from: &reader) }
      }
      var cut = ColumnReader(Array(writer.bytes[..<index]))
      let isWhole = (try? cut.column(6)) != nil && (try? DurationColumn.read(3, from: &cut)) != nil
      #expect(!isWhole)
    }
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
