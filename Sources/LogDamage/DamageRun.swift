public import Billing
import Ingestion

/// Damages logs again and again, reads them, and counts.
public struct DamageRun {
  /// A law that a reading broke.
  public struct Failure: Sendable, CustomStringConvertible {
    public var subject: String
    /// Makes the same damaged log again.
    public var seed: UInt64
    public var damage: String
    public var violations: [String]
    public var text: [UInt8]

    /// The first law, without its numbers.
    public var kind: String { String(violations[0].prefix { $0 != ":" }).filter { !$0.isNumber } }

    public var description: String {
      "\(subject), trial \(seed): \(damage): \(violations.joined(separator: "; "))"
    }
  }

  public private(set) var trials = 0
  public private(set) var accounting = LineAccounting()
  private var failures: [Failure] = []
  /// Logs that were refused as a whole.
  public private(set) var refused = 0
  public private(set) var slowest: (time: Duration, trial: String) = (.zero, "")
  /// Trials since the reader was new.
  public private(set) var trialsOfReader = 0
  private var reader: LogReader
  private var smallBlocks: LogReader

  /// - Throws: what the readers throw.
  public init(_ reader: LogReader) throws {
    self.reader = reader
    smallBlocks = try LogReader(like: reader, blockBytes: 997)
  }

  /// Goes on with a reader that has met nothing yet.
  ///
  /// - Throws: what the readers throw.
  public mutating func renewReader() throws {
    reader = try LogReader()
    smallBlocks = try LogReader(like: reader, blockBytes: 997)
    trialsOfReader = 0
  }

  /// The failures since they were asked for last.
  public mutating func takeFailures() -> [Failure] {
    defer { failures = [] }
    return failures
  }

  /// Damages a log once.
  ///
  /// - Throws: what the readers throw.
  public mutating func damage(_ subject: DamageSubject, seed: UInt64) throws {
    let trial = DamageTrial(subject, seed: seed)
    let clock = ContinuousClock()
    let start = clock.now
    let reading = try reader.read(trial.text)
    let time = start.duration(to: clock.now)
    if time > slowest.time { slowest = (time, "\(subject.name), trial \(seed): \(trial.damage)") }
    var violations = trial.violations(of: reading)
    if seed % 8 == 0 { violations += try differences(trial, reading) }
    trials += 1
    trialsOfReader += 1
    accounting.add(reading.accounting)
    if reading.error != nil { refused += 1 }
    guard !violations.isEmpty else { return }
    failures.append(
      Failure(
        subject: subject.name, seed: seed, damage: trial.damage, violations: violations,
        text: trial.text))
  }

  /// What changes when the blocks are others.
  private func differences(_ trial: DamageTrial, _ reading: LogReading) throws -> [String] {
    let other = try smallBlocks.read(trial.text)
    var found: [String] = []
    if other.printed != reading.printed {
      let pair = zip(other.printed, reading.printed).first { $0 != $1 }.map { [$0, $1] } ?? []
      let texts = pair.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", not ")
      found.append("smaller blocks give other events: \(texts)")
    }
    if other.accounting != reading.accounting {
      found.append("smaller blocks give \(other.accounting), not \(reading.accounting)")
    }
    return found
  }
}
