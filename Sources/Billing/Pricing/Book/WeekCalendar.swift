/// Windows of the day on certain days of the week of a time zone, without holidays.
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

  public var zone: ZoneOffsets
  /// A bit for each weekday: Monday 1 … Sunday 7.
  public private(set) var weekdayBits: UInt8
  public var windows: [Window]
  /// Local days on which no window holds, in order.
  public private(set) var holidays: [Day]

  public init(zone: ZoneOffsets, weekdays: [Int], windows: [Window], holidays: [Day] = []) {
    self.zone = zone
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
    let local = Timestamp(
      microseconds: time.microseconds + Int64(zone.seconds(at: time)) * 1_000_000)
    let day = local.day
    guard weekdayBits & 1 << UInt8(day.weekday) != 0 else { return false }
    let minute = Int(
      (local.microseconds - Timestamp(day: day).microseconds) / 60_000_000)
    var holds = false
    for window in windows where window.start <= minute && minute < window.end { holds = true }
    return holds && !isHoliday(day)
  }

  private func isHoliday(_ day: Day) -> Bool {
    var low = 0
    var high = holidays.count
    while low < high {
      let middle = (low + high) / 2
      if holidays[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low < holidays.count && holidays[low] == day
  }
}
