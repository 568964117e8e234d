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
