/// What the program's exit code says to a script. `tollbook check` has its own four.
public enum ExitStatus: Int32, Sendable, Hashable, Comparable {
  case done = 0
  /// Done, with warnings, under `--strict`.
  case warnings = 1
  /// The command line cannot be understood.
  case usage = 64
  /// Input, configuration, price book or ledger is wrong.
  case badData = 65
  /// Something that is needed is not there.
  case unavailable = 69
  /// A fault of the program.
  case bug = 70
  /// A file cannot be written.
  case cannotWrite = 73
  /// Another process holds the ledger, or the run's time was over: try later.
  case locked = 75

  /// Of several failures the gravest decides: a fault of the program, then what could not be
  /// written, then bad data, then what is missing.
  public static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .done: 0
    case .warnings: 1
    case .usage: 2
    case .locked: 3
    case .unavailable: 4
    case .badData: 5
    case .cannotWrite: 6
    case .bug: 7
    }
  }
}
