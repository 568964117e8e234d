import Glibc
import Ingestion
import Synchronization

/// Whether the user asked the program to stop: SIGINT and SIGTERM end a run after the block in
/// progress, with all that was read committed, and so does the end of the time that it was given.
public enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Takes the signals over, and ignores those that would kill a program in the middle of a write:
  /// a closed pipe and a file size limit become errors of the write.
  public static func install() {
    // What is made when it is first used is made before a handler uses it.
    _ = (signal, isRequested)
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) {
        Interruption.received.store($0, ordering: .relaxed)
        ReadingStop.request()
      }
    }
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    _ = Glibc.signal(SIGXFSZ, SIG_IGN)
  }

  /// The signal that was received; `nil` when none was.
  public static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Gives the run a number of seconds; then it ends as after a signal.
  public static func limit(toSeconds seconds: Int64) {
    ReadingStop.request(afterSeconds: seconds)
  }

  /// The time that was given is over.
  public static var isTimeOver: Bool { ReadingStop.isTimeOver }

  /// The run is to end, for whichever of the two reasons.
  public static var isRequested: Bool { ReadingStop.isRequested }
}
