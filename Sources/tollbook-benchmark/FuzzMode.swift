import Billing
import Foundation
import LogDamage
import Pipeline

/// `tollbook-benchmark fuzz`: damages logs for a while and reads them.
struct FuzzMode {
  /// Failures that are told; a broken law is mostly broken often.
  private static let failureLimit = 40
  /// Texts that a reader has met are kept, so it is replaced after so many trials.
  private static let trialsPerReader = 20_000

  static func main(_ arguments: [String]) throws {
    guard let options = try FuzzOptions(arguments) else {
      return try DataOutput.write(FuzzOptions.help)
    }
    let reader = try LogReader()
    let subjects = try logs(options.paths).map {
      try DamageSubject(name: $0, Array(Data(contentsOf: URL(fileURLWithPath: $0))), reader)
    }
    if let trial = options.trial {
      return try DataOutput.write(DamageTrial(subjects[0], seed: trial).text)
    }
    let failures = try run(subjects, options)
    if failures > 0 { exit(ExitStatus.bug.rawValue) }
  }

  /// Damages every log in turn until the time is over.
  ///
  /// - Returns: how many failures there were.
  private static func run(_ subjects: [DamageSubject], _ options: FuzzOptions) throws -> Int {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(options.seconds)
    var run = try DamageRun(LogReader())
    var seed = options.seed
    var told: [String: Int] = [:]
    while clock.now < end, Interruption.signal == nil {
      for subject in subjects { try run.damage(subject, seed: seed) }
      seed += 1
      for failure in run.takeFailures() {
        let kind = "\(failure.subject): \(failure.kind)"
        told[kind, default: 0] += 1
        guard told[kind] == 1, told.count <= failureLimit else { continue }
        try DataOutput.write("\(failure)\n")
      }
      if run.trialsOfReader > trialsPerReader { try run.renewReader() }
    }
    for (kind, count) in told.sorted(by: { $0.key < $1.key }) {
      try DataOutput.write("\(count) × \(kind)\n")
    }
    try DataOutput.write(summary(run, seeds: options.seed..<seed))
    return told.values.reduce(0, +)
  }

  private static func summary(_ run: DamageRun, seeds: Range<UInt64>) -> String {
    let account = run.accounting
    let reasons = account.rejections.sorted { $0.value > $1.value }
      .map { "\($0.key.name) \($0.value)" }.joined(separator: ", ")
    return """
      trials        \(run.trials), seeds \(seeds), \(run.refused) logs refused as a whole
      lines         \(account.lines), \(account.eventLines) with events, \(account.skipped) skipped
      events        \(account.events)
      rejected      \(account.rejected): \(reasons)
      bytes         \(account.bytes)
      slowest       \(run.slowest.time), \(run.slowest.trial)

      """
  }

  /// The files that are named, and those in the folders that are named, sorted.
  private static func logs(_ paths: [String]) -> [String] {
    let files = FileManager.default
    return paths.flatMap { path in
      // A file has nothing inside.
      let inside = (try? files.subpathsOfDirectory(atPath: path)) ?? []
      return inside.isEmpty
        ? [path]
        : inside.sorted().filter { $0.hasSuffix(".jsonl") || $0.hasSuffix(".csv") }
          .map { path + "/" + $0 }
    }
  }
}
