import Billing

/// The order of facts in segments: by day, then by time, then by key.
enum FactOrder {
  /// The indices of facts, day by day.
  static func days(of facts: [Fact]) -> [(day: Day, order: [Int])] {
    var slots: [Day: Int] = [:]
    var days: [(day: Day, packed: [UInt64])] = []
    var current = 0
    let all = facts.span
    for index in all.indices {
      let time = all[index].time
      let day = time.day
      if days.isEmpty || days[current].day != day {
        current = slots[day] ?? days.count
        if current == days.count {
          slots[day] = current
          days.append((day, []))
        }
      }
      days[current].packed.append(pack(time, day, index))
    }
    days.sort { $0.day < $1.day }
    return days.map { ($0.day, order(of: facts, $0.packed)) }
  }

  /// 37 bits of time within the day above 27 bits of index sort as one number.
  private static func pack(_ time: Timestamp, _ day: Day, _ index: Int) -> UInt64 {
    let offset = time.microseconds - Timestamp(day: day).microseconds
    return UInt64(offset) << indexBits | UInt64(index)
  }

  private static let indexBits: UInt64 = 27

  private static func order(of facts: [Fact], _ packed: [UInt64]) -> [Int] {
    var sorted = packed
    sorted.sort()
    var order = sorted.map { Int($0 & (1 << indexBits - 1)) }
    var start = 0
    for end in 1...sorted.count
    where end == sorted.count || sorted[end] >> indexBits != sorted[start] >> indexBits {
      if end - start > 1 { order[start..<end].sort { facts[$0].key < facts[$1].key } }
      start = end
    }
    return order
  }
}
