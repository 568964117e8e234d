extension Timestamp {
  /// Reads what writers of logs write beside RFC 3339: a blank before the offset, `UTC` or `GMT`,
  /// both (Go), the date with slashes, without marks (ISO 8601's basic form), as access logs do
  /// (`02/Oct/2026:09:14:20 +0200`) and as mail does (`Fri, 02 Oct 2026 09:14:20 GMT`).
  ///
  /// The date decides, whatever day of the week is written. Other names of zones than those of UTC
  /// are refused where no offset stands with them: they mean several.
  ///
  /// - Returns: `nil` when the text is anything else, the date does not exist, or it is beyond years
  ///   1 to 9999.
  /// - Complexity: O(*n*); no allocation.
  public static func parse(spelling text: some RandomAccessCollection<UInt8>) -> Parsed? {
    guard (10...64).contains(text.count) else { return nil }
    var cursor = DigitCursor(text)
    let isInBrackets = cursor.skip(UInt8(ascii: "["))
    guard let day = cursor.spelledDay(), let clock = cursor.spelledClock(),
      let zone = cursor.spelledZone(), cursor.skip(UInt8(ascii: "]")) == isInBrackets,
      cursor.isAtEnd
    else { return nil }
    let seconds = Int64(clock.seconds - zone.seconds)
    let micros = Int64(day.number) * microsecondsPerDay + seconds * 1_000_000
    let time = Timestamp(microseconds: micros + Int64(clock.microseconds))
    guard representable.contains(time) else { return nil }
    return Parsed(time: time, zoneAssumed: zone.assumed)
  }
}

extension DigitCursor {
  /// A date, and the mark between it and the time of day.
  fileprivate mutating func spelledDay() -> Day? {
    if isLetter(next) {
      guard let weekday = word(), TimeWord.weekdays.contains(weekday), skip(UInt8(ascii: ","))
      else {
        return nil
      }
      skipBlanks()
    }
    guard let first = digits(upTo: 8) else { return nil }
    let day: Day?
    switch first.count {
    case 8:
      day = Day(
        year: first.value / 10_000, month: first.value / 100 % 100, day: first.value % 100)
    case 4:
      guard let mark = oneOf("-/"), let month = digits(2), skip(mark), let last = digits(2) else {
        return nil
      }
      day = Day(year: first.value, month: month, day: last)
    case 1, 2:
      guard let mark = oneOf("/- "), let name = word(), let month = TimeWord.month(name),
        skip(mark),
        let year = digits(4)
      else { return nil }
      day = Day(year: year, month: month, day: first.value)
    default: return nil
    }
    guard oneOf("Tt: ") != nil else { return nil }
    return day
  }

  /// A time of day, with colons or without.
  fileprivate mutating func spelledClock() -> (seconds: Int, microseconds: Int)? {
    guard let hour = digits(2), hour < 24 else { return nil }
    let hasColons = skip(UInt8(ascii: ":"))
    guard let minute = digits(2), minute < 60 else { return nil }
    var second = 0
    if hasColons ? skip(UInt8(ascii: ":")) : isDigit(next) {
      guard let value = digits(2), value <= 60 else { return nil }
      second = value
    }
    guard let fraction = microseconds() else { return nil }
    return (hour * 3600 + minute * 60 + second, fraction)
  }

  /// An offset, a name of UTC, or both; behind an offset any name. Go adds what its clock says.
  fileprivate mutating func spelledZone() -> (seconds: Int, assumed: Bool)? {
    skipBlanks()
    if isAtEnd || next == UInt8(ascii: "]") { return (0, true) }
    var isUTC = false
    if isLetter(next) {
      guard let name = word(), TimeWord.utc.contains(name) else { return nil }
      isUTC = true
    }
    var seconds = 0
    if let sign = oneOf("+-") {
      guard let hours = digits(2), hours < 24 else { return nil }
      _ = skip(UInt8(ascii: ":"))
      var minutes = 0
      if isDigit(next) {
        guard let value = digits(2), value < 60 else { return nil }
        minutes = value
      }
      seconds = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
      skipBlanks()
      let isInParentheses = skip(UInt8(ascii: "("))
      if isLetter(next), next != UInt8(ascii: "m") { _ = word() }
      guard skip(UInt8(ascii: ")")) == isInParentheses else { return nil }
      skipBlanks()
      if skip(UInt8(ascii: "m")) {
        guard skip(UInt8(ascii: "=")) else { return nil }
        skipRest()
      }
    } else if !isUTC {
      return nil
    }
    return (seconds, false)
  }

  // MARK: Words

  /// Up to eight letters, in small letters, the first in the highest byte.
  private mutating func word() -> UInt64? {
    var word: UInt64 = 0
    var count = 0
    while isLetter(next) {
      if count < 8 { word = word << 8 | UInt64(next | 0x20) }
      count += 1
      _ = skip(next)
    }
    return count == 0 || count > 9 ? nil : word
  }

  // MARK: Bytes

  private mutating func digits(upTo limit: Int) -> (value: Int, count: Int)? {
    var value = 0
    var count = 0
    while count < limit, let digit = digit() {
      value = value * 10 + digit
      count += 1
    }
    return count == 0 || isDigit(next) ? nil : (value, count)
  }

  private mutating func oneOf(_ marks: String) -> UInt8? {
    let mark = next
    return marks.utf8.contains(mark) && skip(mark) ? mark : nil
  }

  private mutating func skipBlanks() { while skip(UInt8(ascii: " ")) {} }

  private mutating func skipRest() { while !isAtEnd { _ = skip(next) } }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

/// Words that stand in times, as `word()` reads them.
private enum TimeWord {
  static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(code)
  static let utc = ["utc", "gmt", "z", "ut"].map(code)
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map(code)

  /// The month of a name, from 1.
  static func month(_ word: UInt64) -> Int? { months.firstIndex(of: word).map { $0 + 1 } }

  private static func code(_ text: String) -> UInt64 {
    text.utf8.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
