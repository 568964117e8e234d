/// How finely a fact keeps what is measured and never billed.
///
/// Log times carry microseconds of which the last three say nothing that a report shows, and a
/// latency is counted in buckets of one per cent: kept to the last digit they would take up a fifth
/// of the ledger. Prices are looked up and payloads counted before anything is coarsened.
public enum FactGrain {
  /// The whole millisecond that holds an instant. Days and buckets begin on one.
  public static func time(_ time: Timestamp) -> Timestamp {
    let rest = time.microseconds % microsecondsPerMillisecond
    let start = time.microseconds - rest
    return Timestamp(microseconds: rest < 0 ? start - microsecondsPerMillisecond : start)
  }

  /// A duration to the nearest with at most seven significant bits, half away from zero: at most
  /// 0.8 % off. Below 128 it is exact.
  ///
  /// - Parameter microseconds: At most 2⁵⁴ in size, as `Timestamp` allows; larger ones stay as they
  ///   are.
  public static func duration(_ microseconds: Int64) -> Int64 {
    let magnitude = microseconds.magnitude
    let excess = UInt64.bitWidth - magnitude.leadingZeroBitCount - significantBits
    guard excess > 0, magnitude < 1 << 54 else { return microseconds }
    let half = UInt64(1) << UInt64(excess - 1)
    let rounded = Int64(((magnitude + half) >> UInt64(excess)) << UInt64(excess))
    return microseconds < 0 ? -rounded : rounded
  }

  /// The lower half of the hash of a trace. Two traces are taken for one only where a failure and a
  /// success stand within minutes: 32 bits tell millions of requests a day apart. Never 0, which
  /// stands for none.
  public static func trace(_ hash: UInt64) -> UInt64 { max(hash & 0xFFFF_FFFF, 1) }

  /// The bits of a duration that are kept.
  public static let significantBits = 7

  private static let microsecondsPerMillisecond: Int64 = 1000
}
