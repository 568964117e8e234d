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
  /// The differences to the smallest value by their number of bits and the bits below the first:
  /// numbers of bits are few and uneven, which is what entropy coding is for, and the bits below
  /// are as good as random. Two numbers of bits a byte where none is above 15.
  static let pairedLengths: UInt8 = 32
  static let lengths: UInt8 = 33

  static func isUneven(_ form: UInt8) -> Bool { form == pairedLengths || form == lengths }
}

/// Appends the parts of a segment to bytes.
struct ColumnWriter {
  private(set) var bytes: [UInt8] = []
  /// Where planes end that are long enough to be compressed with statistics of their own.
  private(set) var seams: [Int] = []

  /// Shorter stretches share their statistics, which take up some 100 bytes.
  private static let seamDistance = 2048

  private mutating func markSeam() {
    if bytes.count - (seams.last ?? 0) >= Self.seamDistance { seams.append(bytes.count) }
  }

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

  /// A column of whole numbers of uneven size: counts, durations, gaps.
  mutating func append(uneven values: [Int64]) {
    let exponent = PowerOfTen.commonExponent(of: values)
    let low = values.min() ?? 0
    var deltas: [UInt64] = []
    deltas.reserveCapacity(values.count)
    var all: UInt64 = 0
    let offset = PowerOfTen.divide(low, exponent)
    for value in values {
      let delta = UInt64(bitPattern: PowerOfTen.divide(value, exponent) &- offset)
      all |= delta
      deltas.append(delta)
    }
    if all == 0 { return append(constant: low) }
    let isPaired = all < 1 << 15
    append(byte: isPaired ? ColumnForm.pairedLengths : ColumnForm.lengths)
    append(byte: UInt8(exponent))
    append(signed: offset)
    append(lengths: deltas, isPaired: isPaired)
    append(bitsBelowFirstOf: deltas)
  }

  private mutating func append(lengths values: [UInt64], isPaired: Bool) {
    if values.count >= Self.seamDistance { markSeam() }
    if isPaired {
      bytes.append(addingCapacity: (values.count + 1) / 2) { target in
        var index = 0
        while index < values.count {
          let next = index + 1 < values.count ? values[index + 1].length : 0
          target.append(values[index].length | next << 4)
          index += 2
        }
      }
    } else {
      bytes.append(addingCapacity: values.count) { target in
        for value in values { target.append(value.length) }
      }
    }
    markSeam()
  }

  /// The lowest bits first, without gaps.
  private mutating func append(bitsBelowFirstOf values: [UInt64]) {
    let count = values.reduce(0) { $0 + max(Int($1.length) - 1, 0) }
    bytes.append(addingCapacity: (count + 7) / 8) { target in
      var buffer: UInt64 = 0
      var filled: UInt64 = 0
      func put(_ bits: UInt64, _ width: UInt64) {
        buffer |= bits &<< filled
        filled += width
        while filled >= 8 {
          target.append(UInt8(truncatingIfNeeded: buffer))
          buffer >>= 8
          filled -= 8
        }
      }
      for value in values where value > 1 {
        let width = UInt64(value.length) - 1
        let bits = value & (1 << width - 1)
        // At most 7 bits are left over, so that 32 more always fit.
        put(bits & 0xFFFF_FFFF, min(width, 32))
        if width > 32 { put(bits >> 32, width - 32) }
      }
      if filled > 0 { target.append(UInt8(truncatingIfNeeded: buffer)) }
    }
    markSeam()
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
    if values.count >= Self.seamDistance { markSeam() }
    for plane in 0..<width {
      let shift = UInt64(plane * 8)
      bytes.append(addingCapacity: values.count) { target in
        for value in values {
          target.append(UInt8(truncatingIfNeeded: UInt64(bitPattern: value &- low) &>> shift))
        }
      }
      markSeam()
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

extension UInt64 {
  /// The number of bits from the first that is set.
  fileprivate var length: UInt8 { UInt8(truncatingIfNeeded: 64 - leadingZeroBitCount) }
}
