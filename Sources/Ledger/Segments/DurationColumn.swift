import Billing

/// A column of durations: as numbers of the values that `FactGrain` leaves, where all are such.
///
/// Counted through, those values take up two bytes instead of three or four, and the upper one
/// hardly varies.
enum DurationColumn {
  private static let plain: UInt8 = 0
  private static let numbered: UInt8 = 1

  static func write(_ durations: [Int64], to writer: inout ColumnWriter) {
    var numbers: [Int64] = []
    numbers.reserveCapacity(durations.count)
    for duration in durations {
      guard let number = number(of: duration) else {
        writer.append(byte: plain)
        return writer.append(uneven: durations)
      }
      numbers.append(number)
    }
    writer.append(byte: numbered)
    writer.append(uneven: numbers)
  }

  static func read(_ count: Int, from reader: inout ColumnReader) throws(SegmentFailure) -> [Int64]
  {
    switch try reader.byte() {
    case plain: return try reader.column(count)
    case numbered: break
    default: throw SegmentFailure("a column has an unknown form")
    }
    var durations = try reader.column(count)
    for index in durations.indices { durations[index] = try duration(numbered: durations[index]) }
    return durations
  }

  private static let bits = Int64(FactGrain.significantBits)
  /// The values of one power of two.
  private static let perOctave: Int64 = 1 << (bits - 1)

  /// The number of a duration; `nil` when it has more significant bits than are kept.
  private static func number(of duration: Int64) -> Int64? {
    guard duration >= 0 else { return nil }
    let excess = Int64(64 - duration.leadingZeroBitCount) - bits
    guard excess > 0 else { return duration }
    guard duration & (1 << excess - 1) == 0 else { return nil }
    return excess * perOctave + duration >> excess
  }

  private static func duration(numbered number: Int64) throws(SegmentFailure) -> Int64 {
    guard number >= 2 * perOctave else {
      if number < 0 { throw outOfBounds }
      return number
    }
    let excess = number / perOctave - 1
    guard excess < 64 - bits else { throw outOfBounds }
    return (number - excess * perOctave) << excess
  }

  private static let outOfBounds = SegmentFailure("a duration is out of bounds")
}
