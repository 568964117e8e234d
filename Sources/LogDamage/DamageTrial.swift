import Billing
import Ingestion

/// One damaged log: some lines of a subject as they were, and some that are damaged, between them.
/// All of it follows from the seed.
public struct DamageTrial: Sendable {
  public private(set) var text: [UInt8] = []
  /// What was done to it.
  public private(set) var damage = ""
  private(set) var movesText = false
  /// For each line the one of the subject, where it is untouched.
  private var origins: [Int?] = []
  private let subject: DamageSubject
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  public init(_ subject: DamageSubject, seed: UInt64) {
    self.subject = subject
    var numbers = RandomNumbers(seed: seed)
    let count = subject.lines.count
    let first = numbers.below(count)
    // What stands before the damage decides how a log is framed.
    if !numbers.isOne(in: 16) { append(line: 0) }
    if subject.carries, first > 1 { for line in 1..<first { append(line: line) } }
    for line in first..<min(first + 1 + numbers.below(4), count) {
      append(line: numbers.below(count))
      appendDamaged(line, &numbers)
    }
    for _ in 0..<numbers.below(3) { append(line: numbers.below(count)) }
    if numbers.isOne(in: 8) { cut(&numbers) }
  }

  private mutating func append(line: Int) {
    var bytes = subject.lines[line][...]
    // A byte order mark is one at the beginning only.
    if !text.isEmpty, bytes.starts(with: Self.mark) { bytes = bytes.dropFirst(Self.mark.count) }
    text += bytes + [UInt8(ascii: "\n")]
    origins.append(line)
  }

  private mutating func appendDamaged(_ line: Int, _ numbers: inout RandomNumbers) {
    let damaged = subject.damaged(line, &numbers)
    text += damaged.bytes + [UInt8(ascii: "\n")]
    origins.append(nil)
    damage += (damage.isEmpty ? "" : ", ") + "line \(origins.count): \(damaged.damage)"
    movesText = movesText || damaged.movesText
  }

  /// The log ends anywhere.
  private mutating func cut(_ numbers: inout RandomNumbers) {
    text.removeSubrange(numbers.below(text.count)...)
    let whole = text.count { $0 == UInt8(ascii: "\n") }
    origins = Array(origins.prefix(whole))
    damage += ", cut"
  }

  /// What a reading of the damaged log breaks.
  public func violations(of reading: LogReading) -> [String] {
    var found = ReadingLaws.violations(of: reading, text, movesText: movesText)
    guard !subject.carries, !subject.isFramed, !reading.isFramed, reading.error == nil else {
      return found
    }
    for (number, origin) in origins.enumerated() {
      guard let origin, reading.events(ofLine: number) != subject.events[origin] else { continue }
      found.append("line \(number + 1) is untouched and gives other events")
    }
    return found
  }
}
