import Foundation
import Pipeline

/// The command line.
struct BenchmarkOptions {
  var kind = LogKind.medium
  /// Of the log that is made; `nil` for as many as suit the kind.
  var lines: Int?
  var runs = 5
  var threads = ProcessInfo.processInfo.activeProcessorCount
  /// A log to read in place of one that is made.
  var file: String?

  static let help = """
    tollbook-benchmark: measures each stage of tollbook and the whole, without a network.

      --kind lean|medium|fat   lines of about 0.9, 3.5 or 21 KB (default: medium)
      --lines N                lines of the log (default: some 200 MB of them)
      --runs N                 runs through all stages (default: 5)
      --threads N              reading threads (default: one for each core)
      --file LOG               read this log instead of making one

      pricing …                what prices and terms add to reading, on one thread; same options
      exactly-once …           what identities and facts add to an ingest; same options
      dialects …               how fast each dialect is read
      fuzz …                   damages logs and reads them: what breaks the laws of reading

    The log that is made is the same for the same kind and number of lines, and is removed at the end.

    """

  /// - Returns: `nil` when help is asked for.
  /// - Throws: `Failure`.
  init?(_ arguments: [String]) throws(Failure) {
    var rest = arguments[...]
    var makesLog = false
    while let name = rest.popFirst() {
      if name == "--help" || name == "-h" { return nil }
      guard let value = rest.popFirst() else {
        throw Self.misuse("`\(name)` is no option, or its value is missing.")
      }
      switch name {
      case "--kind":
        guard let known = LogKind(rawValue: value) else {
          throw Self.misuse("`\(value)` is no kind of log.")
        }
        kind = known
        makesLog = true
      case "--lines":
        lines = try Self.number(name, value, 1...1_000_000_000)
        makesLog = true
      case "--runs": runs = try Self.number(name, value, 1...1000)
      case "--threads": threads = try Self.number(name, value, 1...512)
      case "--file": file = value
      default: throw Self.misuse("`\(name)` is no option.")
      }
    }
    if file != nil, makesLog {
      throw Self.misuse("--kind and --lines describe a log that is made; --file names one.")
    }
  }

  private static func number(
    _ name: String, _ text: String, _ range: ClosedRange<Int>
  ) throws(Failure) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw misuse("\(name) takes a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  private static func misuse(_ problem: String) -> Failure {
    Failure("", problem, "`tollbook-benchmark --help` names the options.", .usage)
  }
}
