/// How far a place's clocks are ahead of UTC, over time.
public struct ZoneOffsets: Sendable, Hashable {
  /// From an instant on, seconds east of UTC.
  public struct Change: Sendable, Hashable {
    public var from: Timestamp
    public var seconds: Int

    public init(from: Timestamp, seconds: Int) {
      self.from = from
      self.seconds = seconds
    }
  }

  /// As it was written: `+08:00`, `Asia/Shanghai`.
  public var name: String
  /// Before the first change.
  private var first: Int
  /// In the order of time.
  private var changes: [Change]

  /// - Parameter changes: in any order.
  public init(name: String, seconds: Int, changes: [Change] = []) {
    self.name = name
    first = seconds
    self.changes = changes.sorted { $0.from < $1.from }
  }

  /// A fixed offset.
  ///
  /// - Parameter minutes: east of UTC, less than a day.
  public init(minutes: Int) {
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    let clock = "\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
    self.init(name: (minutes < 0 ? "-" : "+") + clock, seconds: minutes * 60)
  }

  public static let utc = ZoneOffsets(minutes: 0)

  /// Seconds east of UTC at an instant.
  ///
  /// - Complexity: O(log changes); no allocation.
  public func seconds(at time: Timestamp) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].from <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : changes[low - 1].seconds
  }
}
