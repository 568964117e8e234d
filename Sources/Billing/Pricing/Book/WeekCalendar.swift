/// Windows of the day on certain days of the week, at a fixed offset from UTC, without holidays.
public struct WeekCalendar: Sendable, Hashable {
  /// Minutes of the local day, the end excluded; a window never crosses midnight.
  public struct Window: Sendable, Hashable {
    public var start: Int
    public var end: Int

    /// - Returns: `nil` unless 0 ≤ start < end ≤ 1440.
    public init?(start: Int, end: Int) {
      guard start >= 0, start < end, end <= 1440 else { return nil }
      self.start = start
      self.end = end
    }
  }

  /// Seconds east of UTC.
  public var utcOffset: Int
  /// A bit for each weekday: Monday 1 … Sunday 7.
  public private(set) var weekdayBits: UInt8
  public var windows: [Window]
  /// Local days on which no window holds, in order.
  public var holidays: [Day]

  public init(utcOffset: Int, weekdays: [Int], windows: [Window], holidays: [Day] = []) {
    self.utcOffset = utcOffset
    self.weekdayBits = weekdays.reduce(0) { $0 | 1 << UInt8($1) }
    self.windows = windows
    self.holidays = holidays.sorted()
  }

  /// Monday 1 … Sunday 7, in order.
  public var weekdays: [Int] { (1...7).filter { weekdayBits & 1 << UInt8($0) != 0 } }

  /// Whether an instant lies in a window.
  ///
  /// - Complexity: O(windows + log holidays); no allocation.
  public func contains(_ time: Timestamp) -> Bool {
    let local = Timestamp(microseconds: time.microseconds + Int64(utcOffset) * 1_000_000)
    let day = local.day
    guard weekdayBits & 1 << UInt8(day.weekday) != 0 else { return false }
    let minute = Int(
      (local.microseconds - Timestamp(day: day).microseconds) / 60_000_000)
    var holds = false
    for window in windows where window.start <= minute && minute < window.end { holds = true }
    guard holds else { return false }
    for holiday in holidays where holiday == day { return false }
    return true
  }
}
