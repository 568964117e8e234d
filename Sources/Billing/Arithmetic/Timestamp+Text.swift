extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC; six fraction digits when there is a fraction, else none.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the RFC 3339 text.
  public func append(to bytes: inout [UInt8], alwaysMicroseconds: Bool = false) {
    day.append(to: &bytes)
    let inDay = microseconds - Int64(day.number) * Self.microsecondsPerDay
    let seconds = Int(inDay / 1_000_000)
    let fraction = Int(inDay % 1_000_000)
    bytes.append(UInt8(ascii: "T"))
    bytes.appendDigits(seconds / 3600, count: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDigits(seconds / 60 % 60, count: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDigits(seconds % 60, count: 2)
    if fraction != 0 || alwaysMicroseconds {
      bytes.append(UInt8(ascii: "."))
      bytes.appendDigits(fraction, count: 6)
    }
    bytes.append(UInt8(ascii: "Z"))
  }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `YYYY-MM-DD`.
  public func append(to bytes: inout [UInt8]) {
    let (year, month, day) = civil
    bytes.appendDigits(year, count: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDigits(month, count: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDigits(day, count: 2)
  }
}

extension [UInt8] {
  /// Appends a number from 0 up in exactly `count` digits.
  fileprivate mutating func appendDigits(_ value: Int, count: Int) {
    var divisor = 1
    for _ in 1..<count { divisor *= 10 }
    for _ in 0..<count {
      append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
