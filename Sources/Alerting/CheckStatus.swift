/// The outcome of a check, in the words and with the exit codes that monitoring systems know.
public enum CheckStatus: String, CaseIterable, Sendable, Hashable, Comparable {
  case ok, warning, unknown, critical

  /// 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
  public var exitCode: Int32 {
    switch self {
    case .ok: 0
    case .warning: 1
    case .critical: 2
    case .unknown: 3
    }
  }

  /// `CRITICAL`.
  public var title: String { rawValue.uppercased() }

  /// OK < WARNING < UNKNOWN < CRITICAL: what is not known may be worse than a warning, but it never
  /// hides what is certainly critical.
  public static func < (left: CheckStatus, right: CheckStatus) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .ok: 0
    case .warning: 1
    case .unknown: 2
    case .critical: 3
    }
  }
}
