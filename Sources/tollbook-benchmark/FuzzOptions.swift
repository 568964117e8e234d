import Foundation
import Pipeline

/// The command line of `tollbook-benchmark fuzz`.
struct FuzzOptions {
  var seconds = 60
  var seed: UInt64 = 1
  /// The one trial to do, and to write to standard output instead of reading on.
  var trial: UInt64?
  var paths: [String] = []

  static let help = """
    tollbook-benchmark fuzz: damages logs, reads them, and says which law of reading was broken.

      fuzz [--seconds N] [--seed S] PATH…   logs, or folders of them (default: 60 seconds, seed 1)
      fuzz --trial N LOG                    writes the damaged log of one trial to standard output

    The same seed damages the same logs in the same way. A log at which the process ends stays in the
    temporary folder, as tollbook-damage-….

    """

  /// - Returns: `nil` when help is asked for.
  /// - Throws: `Failure`.
  init?(_ arguments: [String]) throws(Failure) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": return nil
      case "--seconds": seconds = try Int(clamping: Self.number(argument, rest.popFirst()))
      case "--seed": seed = try Self.number(argument, rest.popFirst())
      case "--trial": trial = try Self.number(argument, rest.popFirst())
      case let option where option.hasPrefix("-"): throw Self.misuse("`\(option)` is no option.")
      default: paths.append(argument)
      }
    }
    if paths.isEmpty { throw Self.misuse("`fuzz` takes logs or folders of logs.") }
    if trial != nil, paths.count != 1 { throw Self.misuse("--trial takes one log.") }
  }

  private static func number(_ name: String, _ text: String?) throws(Failure) -> UInt64 {
    guard let number = text.flatMap({ UInt64($0) }) else { throw misuse("\(name) takes a number.") }
    return number
  }

  private static func misuse(_ problem: String) -> Failure {
    Failure("", problem, "`tollbook-benchmark fuzz --help` names the options.", .usage)
  }
}
