import Glibc
import Synchronization

/// Whether the user asked the program to stop: SIGINT and SIGTERM end a run after the block in
/// progress, with all that was read committed.
public enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Takes the signals over, and ignores those that would kill a program in the middle of a write:
  /// a closed pipe and a file size limit become errors of the write.
  public static func install() {
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { Interruption.received.store($0, ordering: .relaxed) }
    }
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    _ = Glibc.signal(SIGXFSZ, SIG_IGN)
  }

  /// The signal that was received; `nil` when none was.
  public static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
