import Glibc
import Synchronization

/// Whether reading is to end before the input does: somebody said so, or the time is over.
public enum ReadingStop {
  private static let flag = Atomic<Bool>(false)
  /// Of the monotonic clock, in nanoseconds; none when it is the largest number.
  private static let deadline = Atomic<Int64>(.max)

  /// Asks all readers of the process to stop. It may be called by a handler of signals, when
  /// `isRequested` has been asked before.
  public static func request() { flag.store(true, ordering: .relaxed) }

  /// Asks them to stop when a number of seconds is over.
  public static func request(afterSeconds seconds: Int64) {
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (end, isBeyond) = now.addingReportingOverflow(nanoseconds)
    deadline.store(overflow || isBeyond ? .max : end, ordering: .relaxed)
  }

  /// The time that readers were given is over.
  public static var isTimeOver: Bool {
    let end = deadline.load(ordering: .relaxed)
    return end != .max && now >= end
  }

  public static var isRequested: Bool { flag.load(ordering: .relaxed) || isTimeOver }

  private static var now: Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
