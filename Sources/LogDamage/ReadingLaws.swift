import Billing
import Ingestion

/// What holds for every reading, whatever the log was.
public enum ReadingLaws {
  /// What a reading breaks.
  ///
  /// - Parameters:
  ///   - text: what was read.
  ///   - movesText: texts may stand at keys that are not theirs, so that what was private is not.
  public static func violations(
    of reading: LogReading, _ text: [UInt8], movesText: Bool
  ) -> [String] {
    var found = reading.inconsistencies
    let account = reading.accounting
    if !account.isBalanced { found.append("the lines are not balanced: \(account)") }
    if account.rejections.values.reduce(0, +) != account.rejected {
      found.append("the reasons do not add up: \(account)")
    }
    if !reading.isFramed, reading.error == nil {
      let lines = text.count { $0 == newline } + (text.last.map { $0 != newline } == true ? 1 : 0)
      if account.lines != Int64(lines) { found.append("\(account.lines) of \(lines) lines") }
      if account.bytes != Int64(text.count) {
        found.append("\(account.bytes) of \(text.count) bytes")
      }
    }
    for event in reading.events { found += violations(of: event) }
    for event in reading.printed { found += violations(of: event, movesText: movesText) }
    return found
  }

  private static let newline = UInt8(ascii: "\n")
  private static let canary = Array("CANARY".utf8)

  private static func violations(of event: UsageEvent) -> [String] {
    var found: [String] = []
    let limit = TokenUsage.countLimit
    let tokens = event.tokens
    for bucket in TokenBucket.allCases where !(0...limit).contains(tokens[bucket]) {
      found.append("\(bucket.name) tokens are \(tokens[bucket])")
    }
    for bucket in TokenBucket.allCases where !tokens.isKnown(bucket) && tokens[bucket] != 0 {
      found.append("\(bucket.name) tokens are unknown and \(tokens[bucket])")
    }
    for bucket in TokenBucket.allCases where tokens[bucket] > 0 {
      let whole: TokenBucket = bucket.isInput ? .input : .output
      if !tokens.isKnown(whole) { found.append("\(bucket.name) tokens without their total") }
    }
    if !(1...Int32.max).contains(event.requests) { found.append("\(event.requests) requests") }
    if event.attempt < 0 { found.append("attempt \(event.attempt)") }
    for bytes in [event.requestBytes, event.responseBytes] where !(0...limit).contains(bytes) {
      found.append("\(bytes) bytes")
    }
    for entry in event.units.entries where entry.quantity <= .zero {
      found.append("\(entry.meter.name): \(entry.quantity)")
    }
    for duration in [event.latency, event.firstToken, event.gatewayOverhead]
    where duration < .zero {
      found.append("a duration of \(duration) ms")
    }
    return found
  }

  /// The printed form is JSON with one value for each key, and nothing private.
  private static func violations(of printed: [UInt8], movesText: Bool) -> [String] {
    guard String(validating: printed, as: UTF8.self) != nil else { return ["an event is no UTF-8"] }
    guard case .object(let members) = JSONTree(printed) else { return ["an event is no JSON"] }
    var found: [String] = []
    if Set(members.map(\.key)).count != members.count { found.append("a key stands twice") }
    for case .object(let inner) in members.map(\.value)
    where Set(inner.map(\.key)).count != inner.count {
      found.append("a modifier stands twice")
    }
    if !movesText, holdsCanary(printed) { found.append("an event holds what is private") }
    return found
  }

  private static func holdsCanary(_ bytes: [UInt8]) -> Bool {
    for start in bytes.indices
    where bytes[start] == canary[0] && bytes[start...].starts(with: canary) {
      return true
    }
    return false
  }
}
