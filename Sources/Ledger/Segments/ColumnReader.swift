import Billing

/// Takes the parts of a segment from bytes, in the order in which `ColumnWriter` wrote them.
///
/// Nothing is trusted: what does not fit is a `SegmentFailure`, also after the hash was right, so
/// that a segment written by a faulty program cannot crash this one.
struct ColumnReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// All bytes were taken.
  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws(SegmentFailure) -> UInt8 {
    guard position < bytes.count else { throw Self.short }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func varint() throws(SegmentFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    throw SegmentFailure("a number in it has no end")
  }

  mutating func signed() throws(SegmentFailure) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A count of things that take up at least one bit each, so that memory stays in proportion.
  mutating func count(atMost limit: Int) throws(SegmentFailure) -> Int {
    guard let count = Int(exactly: try varint()), count <= limit else {
      throw SegmentFailure("a count in it is too large")
    }
    return count
  }

  mutating func raw(_ count: Int) throws(SegmentFailure) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw Self.short }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// A column of whole numbers.
  mutating func column(_ count: Int) throws(SegmentFailure) -> [Int64] {
    let form = try byte()
    let exponent = try exponent(atMost: 18)
    guard form <= ColumnForm.planes.upperBound || ColumnForm.isUneven(form) else {
      throw Self.unknownForm
    }
    let low = try signed()
    var values = [Int64](repeating: low, count: count)
    if ColumnForm.isUneven(form) {
      try addUneven(isPaired: form == ColumnForm.pairedLengths, to: &values)
    } else {
      try add(planes: Int(form), to: &values)
    }
    if exponent > 0 {
      let power = Int64(PowerOfTen.powers[exponent])
      for index in values.indices { values[index] = values[index] &* power }
    }
    return values
  }

  /// A column of token counts.
  mutating func counts(_ count: Int) throws(SegmentFailure) -> [Int64] {
    let values = try column(count)
    guard values.allSatisfy({ $0 >= 0 && $0 <= TokenUsage.countLimit }) else {
      throw SegmentFailure("a token count is out of bounds")
    }
    return values
  }

  /// A column of exact amounts.
  mutating func amounts(_ count: Int) throws(SegmentFailure) -> [Int128] {
    let form = try byte()
    let exponent = try exponent(atMost: 24)
    if form == ColumnForm.wide { return try wide(count) }
    guard form <= ColumnForm.planes.upperBound else { throw Self.unknownForm }
    let power = PowerOfTen.powers[exponent]
    let low = try signed()
    if form == ColumnForm.constant {
      return [Int128](repeating: Int128(low) &* power, count: count)
    }
    var values = [Int64](repeating: low, count: count)
    try add(planes: Int(form), to: &values)
    return values.map { Int128($0) &* power }
  }

  /// Passes over a column.
  mutating func skipColumn(_ count: Int) throws(SegmentFailure) {
    let form = try byte()
    _ = try byte()
    if form == ColumnForm.wide {
      _ = try raw(try Self.size(16, count))
    } else if form <= ColumnForm.planes.upperBound {
      _ = try signed()
      _ = try raw(try Self.size(Int(form), count))
    } else if ColumnForm.isUneven(form) {
      _ = try signed()
      let lengths = try lengths(isPaired: form == ColumnForm.pairedLengths, count)
      _ = try bitsBelowFirst(lengths)
    } else {
      throw Self.unknownForm
    }
  }

  private mutating func exponent(atMost limit: Int) throws(SegmentFailure) -> Int {
    let exponent = Int(try byte())
    guard exponent <= limit else { throw Self.unknownForm }
    return exponent
  }

  private mutating func add(planes: Int, to values: inout [Int64]) throws(SegmentFailure) {
    for plane in 0..<planes {
      Self.add(try raw(values.count), shift: UInt64(plane * 8), to: &values)
    }
  }

  private mutating func addUneven(isPaired: Bool, to values: inout [Int64]) throws(SegmentFailure) {
    let lengths = try lengths(isPaired: isPaired, values.count)
    let bits = try bitsBelowFirst(lengths)
    let source = bits.span
    var target = values.mutableSpan
    var (next, filled) = (0, UInt64(0))
    var buffer: UInt64 = 0
    for index in target.indices where lengths[index] > 0 {
      var delta: UInt64 = 0
      var shift: UInt64 = 0
      var width = UInt64(lengths[index]) - 1
      while width > 0 {
        let part = min(width, 32)
        while filled < part {
          buffer |= UInt64(source[next]) &<< filled
          next += 1
          filled += 8
        }
        delta |= (buffer & (1 << part - 1)) &<< shift
        buffer &>>= part
        filled -= part
        shift += part
        width -= part
      }
      delta |= 1 &<< shift
      target[index] = target[index] &+ Int64(bitPattern: delta)
    }
  }

  /// The numbers of bits of a column of uneven numbers.
  private mutating func lengths(isPaired: Bool, _ count: Int) throws(SegmentFailure) -> [UInt8] {
    guard isPaired else {
      let lengths = Array(try raw(count))
      guard lengths.allSatisfy({ $0 <= 64 }) else { throw Self.unknownForm }
      return lengths
    }
    var lengths: [UInt8] = []
    lengths.reserveCapacity(count + 1)
    for pair in try raw(count / 2 + count % 2) {
      lengths.append(pair & 0xF)
      lengths.append(pair >> 4)
    }
    return lengths
  }

  private mutating func bitsBelowFirst(_ lengths: [UInt8]) throws(SegmentFailure)
    -> ArraySlice<UInt8>
  {
    let count = lengths.reduce(0) { $0 + max(Int($1) - 1, 0) }
    return try raw((count + 7) / 8)
  }

  private static func add(_ plane: ArraySlice<UInt8>, shift: UInt64, to values: inout [Int64]) {
    let source = plane.span
    var target = values.mutableSpan
    for index in target.indices {
      target[index] = target[index] &+ Int64(bitPattern: UInt64(source[index]) &<< shift)
    }
  }

  private mutating func wide(_ count: Int) throws(SegmentFailure) -> [Int128] {
    var values = [Int128](repeating: 0, count: count)
    for plane in 0..<16 {
      let piece = try raw(count)
      for (index, byte) in zip(values.indices, piece) {
        values[index] |= Int128(byte) &<< Int128(plane * 8)
      }
    }
    return values
  }

  private static func size(_ width: Int, _ count: Int) throws(SegmentFailure) -> Int {
    let (size, overflow) = width.multipliedReportingOverflow(by: count)
    if overflow { throw short }
    return size
  }

  private static let short = SegmentFailure("it ends too early")
  private static let unknownForm = SegmentFailure("a column has an unknown form")
}
