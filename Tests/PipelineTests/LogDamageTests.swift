import Billing
import Foundation
import LogDamage
import LogFixtures
import Testing

/// Every sample, damaged in every way: nothing crashes, nothing is invented, every line is accounted
/// for, and lines that are whole give what they gave.
///
/// The same in every run. `TOLLBOOK_FUZZ_ROUNDS=100` does a hundred times as much, and
/// `TOLLBOOK_FUZZ_SEED=N` begins elsewhere; `tollbook-benchmark fuzz sample-logs` does the same with
/// the optimiser's help. A log at which the process ends stays in the temporary folder, as
/// `tollbook-damage-…`.
@Suite struct LogDamageTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let rounds = environment["TOLLBOOK_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1
  private static let seed = environment["TOLLBOOK_FUZZ_SEED"].flatMap { UInt64($0) } ?? 2026

  /// The logs of a table's row, and how often each is damaged in a round.
  struct Samples: CustomTestStringConvertible {
    var folder: String
    var paths: [String]
    var trials: Int
    var testDescription: String { folder }
  }

  static let samples = [
    Samples(
      folder: "month", paths: Checkout.samples.map { "sample-logs/\($0).jsonl" }, trials: 24),
    Samples(
      folder: "gateways",
      paths: SampleLog.all.filter { $0.folder == "gateways" }.map { "sample-logs/\($0)" }, trials: 8
    ),
    Samples(
      folder: "envelopes",
      paths: SampleLog.all.filter { $0.folder == "envelopes" }.map { "sample-logs/\($0)" },
      trials: 64),
  ]

  @Test(arguments: samples)
  func `damaged logs are read by the laws`(samples: Samples) throws {
    let reader = try LogReader()
    var run = try DamageRun(reader)
    for path in samples.paths {
      let subject = try DamageSubject(name: path, Checkout.bytes(path), reader)
      for number in 0..<(samples.trials * Self.rounds) {
        try run.damage(subject, seed: Self.seed &+ UInt64(number))
      }
    }
    for failure in run.takeFailures() { Issue.record("\(failure)") }
    let account = run.accounting
    #expect(account.isBalanced)
    #expect(account.lines > run.trials * 3)
    #expect(account.events > account.lines / 4 && account.rejected > account.lines / 20)
  }
}
