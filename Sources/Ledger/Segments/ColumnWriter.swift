/// Why a segment cannot be written or read. The ledger adds which segment it is.
struct SegmentFailure: Error, Hashable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The forms of a column of whole numbers; the number is the first byte of the column.
///
/// Each form is followed by the power of ten that all values were divided by. Planes keep the
/// first byte of every value together, then the second, and so on: entropy coding of a plane sees
/// bytes of one kind.
enum ColumnForm {
  /// One value stands for all rows.
  static let constant: UInt8 = 0
  /// `1...8` are that many planes of the differences to the smallest value.
  static let planes: ClosedRange<UInt8> = 1...8
  /// Sixteen planes of 128-bit values, undivided.
  static let wide: UInt8 = 16
}

/// Appends the parts of a segment to bytes.
struct ColumnWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(byte: UInt8) { bytes.append(byte) }

  /// Seven bits a byte, the lowest first.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A signed number as a varint: 0, −1, 1, −2, … are 0, 1, 2, 3, ….
  mutating func append(signed value: Int64) {
    append(varint: UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
  }

  mutating func append(utf8 text: String) { bytes.append(contentsOf: text.utf8) }

  /// A column of whole numbers.
  mutating func append(column values: [Int64]) {
    let exponent = PowerOfTen.commonExponent(of: values)
    append(column: values, exponent: exponent)
  }

  /// A column of exact amounts.
  mutating func append(column values: [Int128]) {
    let exponent = PowerOfTen.commonExponent(of: values)
    var divided: [Int64] = []
    divided.reserveCapacity(values.count)
    for value in values {
      let quotient = PowerOfTen.divide(value, exponent)
      guard let narrow = Int64(exactly: quotient) else { return append(wide: values) }
      divided.append(narrow)
    }
    append(divided: divided, exponent: exponent)
  }

  /// A column whose values are all the same.
  mutating func append(constant value: Int64) {
    append(byte: ColumnForm.constant)
    append(byte: 0)
    append(signed: value)
  }

  private mutating func append(column values: [Int64], exponent: Int) {
    if exponent == 0 { return append(divided: values, exponent: 0) }
    append(divided: values.map { PowerOfTen.divide($0, exponent) }, exponent: exponent)
  }

  private mutating func append(divided values: [Int64], exponent: Int) {
    guard let first = values.first else { return append(constant: 0) }
    var low = first
    var high = first
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    let range = UInt64(bitPattern: high &- low)
    let width = (64 - range.leadingZeroBitCount + 7) / 8
    append(byte: UInt8(width))
    append(byte: UInt8(exponent))
    append(signed: low)
    for plane in 0..<width {
      let shift = UInt64(plane * 8)
      bytes.append(addingCapacity: values.count) { target in
        for value in values {
          target.append(UInt8(truncatingIfNeeded: UInt64(bitPattern: value &- low) &>> shift))
        }
      }
    }
  }

  private mutating func append(wide values: [Int128]) {
    append(byte: ColumnForm.wide)
    append(byte: 0)
    for plane in 0..<16 {
      let shift = Int128(plane * 8)
      bytes.append(addingCapacity: values.count) { target in
        for value in values { target.append(UInt8(truncatingIfNeeded: value &>> shift)) }
      }
    }
  }
}
