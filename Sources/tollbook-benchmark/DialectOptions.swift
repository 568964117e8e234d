import Foundation
import Pipeline

/// The command line of `tollbook-benchmark dialects`.
struct DialectOptions {
  /// Bytes that every line has, where it is not longer by itself.
  var line = 2000
  /// Bytes of each log that is measured.
  var bytes = 40_000_000
  var runs = 5
  var paths: [String] = []

  static let help = """
    tollbook-benchmark dialects: how fast each dialect is read, on lines of the same size.

      dialects [--line BYTES] [--megabytes N] [--runs N] PATH…   JSON lines, or folders of them
                                                          (default: 2000 bytes, 40 MB, 5 runs)

    The lines of each log are filled up to the same size with a member that no dialect reads, and
    repeated. Last come what detection costs on lines of one dialect, and what lines of all dialects in
    turn lose against the same lines sorted by dialect. One thread; the shortest of the runs counts.

    """

  /// - Returns: `nil` when help is asked for.
  /// - Throws: `Failure`.
  init?(_ arguments: [String]) throws(Failure) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": return nil
      case "--line": line = try Self.number(argument, rest.popFirst())
      case "--megabytes": bytes = try Self.number(argument, rest.popFirst()) * 1_000_000
      case "--runs": runs = try Self.number(argument, rest.popFirst())
      case let option where option.hasPrefix("-"): throw Self.misuse("`\(option)` is no option.")
      default: paths.append(argument)
      }
    }
    if paths.isEmpty { throw Self.misuse("`dialects` takes logs or folders of logs.") }
  }

  private static func number(_ name: String, _ text: String?) throws(Failure) -> Int {
    guard let number = text.flatMap({ Int($0) }), (1...1_000_000).contains(number) else {
      throw misuse("\(name) takes a number from 1 to 1,000,000.")
    }
    return number
  }

  private static func misuse(_ problem: String) -> Failure {
    Failure("", problem, "`tollbook-benchmark dialects --help` names the options.", .usage)
  }
}
