extension Timestamp {
  /// An instant read from text, with what had to be assumed.
  public struct Parsed: Hashable, Sendable {
    public var time: Timestamp
    /// The text named no zone; UTC was taken.
    public var zoneAssumed: Bool

    public init(time: Timestamp, zoneAssumed: Bool) {
      self.time = time
      self.zoneAssumed = zoneAssumed
    }
  }

  /// Reads RFC 3339 and its usual neighbours: `T` or a space between date and time, 0 to 9 fraction
  /// digits (cut to microseconds), `Z`, `+05:45`, `+0545`, `+05`, or no zone at all (UTC).
  ///
  /// A leap second (`:60`) is read as the first instant of the next minute. A bare date is
  /// midnight UTC.
  ///
  /// - Returns: `nil` when the text is anything else, or beyond years 1 to 9999.
  /// - Complexity: O(1); no allocation.
  public static func parse(_ text: some RandomAccessCollection<UInt8>) -> Parsed? {
    guard (10...40).contains(text.count) else { return nil }
    var cursor = DigitCursor(text)
    guard let year = cursor.digits(4), cursor.skip(UInt8(ascii: "-")),
      let month = cursor.digits(2), cursor.skip(UInt8(ascii: "-")),
      let dayOfMonth = cursor.digits(2),
      let day = Day(year: year, month: month, day: dayOfMonth)
    else { return nil }
    if cursor.isAtEnd { return Parsed(time: Timestamp(day: day), zoneAssumed: true) }
    guard
      cursor.skip(UInt8(ascii: "T")) || cursor.skip(UInt8(ascii: " "))
        || cursor.skip(UInt8(ascii: "t")),
      let hour = cursor.digits(2), hour < 24, cursor.skip(UInt8(ascii: ":")),
      let minute = cursor.digits(2), minute < 60
    else { return nil }
    var second = 0
    if cursor.skip(UInt8(ascii: ":")) {
      guard let value = cursor.digits(2), value <= 60 else { return nil }
      second = value
    }
    guard let fraction = cursor.microseconds(), let zone = cursor.zoneOffset() else { return nil }
    let seconds = Int64(hour * 3600 + minute * 60 + second - (zone.seconds))
    let micros = Int64(day.number) * microsecondsPerDay + seconds * 1_000_000 + Int64(fraction)
    let time = Timestamp(microseconds: micros)
    guard representable.contains(time) else { return nil }
    return Parsed(time: time, zoneAssumed: zone.assumed)
  }
}

private struct DigitCursor<Text: RandomAccessCollection<UInt8>> {
  private let text: Text
  private var index: Text.Index

  init(_ text: Text) {
    self.text = text
    self.index = text.startIndex
  }

  var isAtEnd: Bool { index == text.endIndex }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < text.endIndex, text[index] == byte else { return false }
    index = text.index(after: index)
    return true
  }

  mutating func digit() -> Int? {
    guard index < text.endIndex else { return nil }
    let value = text[index] &- UInt8(ascii: "0")
    guard value < 10 else { return nil }
    index = text.index(after: index)
    return Int(value)
  }

  mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The fraction of a second; 0 when there is none, `nil` when it is malformed.
  mutating func microseconds() -> Int? {
    guard skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) else { return 0 }
    var value = 0
    var count = 0
    while let digit = digit() {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    guard (1...9).contains(count) else { return nil }
    while count < 6 {
      value *= 10
      count += 1
    }
    return value
  }

  /// The zone at the end of the text; `nil` when anything else stands there.
  mutating func zoneOffset() -> (seconds: Int, assumed: Bool)? {
    if isAtEnd { return (0, true) }
    if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return isAtEnd ? (0, false) : nil }
    let negative = skip(UInt8(ascii: "-"))
    guard negative || skip(UInt8(ascii: "+")), let hours = digits(2), hours < 24 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = skip(UInt8(ascii: ":"))
      guard let value = digits(2), value < 60 else { return nil }
      minutes = value
    }
    guard isAtEnd else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return (negative ? -seconds : seconds, false)
  }
}
