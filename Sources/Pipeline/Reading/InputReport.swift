public import Billing
public import Ingestion

/// What is to be said of an input that was read.
public enum InputNotice: Sendable, Hashable {
  /// It was truncated or rewritten while it was read.
  case rewritten
  /// The same stream was read before.
  case sameStream
}

/// What reading one input came to.
public struct InputReport: Sendable {
  public var name: String
  /// Lines that former runs read: the samples' line numbers count from the input's first.
  public var linesBefore: Int64 = 0
  public var accounting = LineAccounting()
  /// Where lines were rejected: the first of each reason, bounded.
  public var samples: [Rejection] = []
  /// Records that were refused in lines of which others count, by reason.
  public var refusedRecords: [RejectionReason: Int64] = [:]
  /// Lines that each dialect read.
  public var dialects: [String: Int64] = [:]
  /// What is to be said of the input, although it was read.
  public var notices: [InputNotice] = []
  /// What broke the input, after the lines that were read.
  public var error: InputError?

  public init(name: String) { self.name = name }

  /// Samples kept for each reason.
  public static let samplesPerReason = 3

  /// Adds what one block gave. Duplicates are for the caller to count.
  ///
  /// - Parameter countsTail: a last line that is not whole is rejected, for nobody will come back.
  mutating func add(_ outcome: BlockOutcome, dialects names: [String], countsTail: Bool = true) {
    let lineBase = linesBefore + accounting.lines
    accounting.lines += outcome.lines
    let rejections = outcome.rejections + (countsTail ? [outcome.tornTail].compactMap(\.self) : [])
    if countsTail, let tail = outcome.tornTail {
      accounting.lines += 1
      accounting.bytes += tail.length
    }
    accounting.skipped += outcome.skipped
    accounting.rejected += Int64(rejections.count)
    accounting.bytes += outcome.bytes
    for rejection in rejections {
      let count = accounting.rejections[rejection.reason, default: 0]
      accounting.rejections[rejection.reason] = count + 1
      guard count < Int64(Self.samplesPerReason) else { continue }
      var sample = rejection
      sample.line += lineBase
      samples.append(sample)
    }
    for refused in outcome.refusedRecords {
      refusedRecords[refused.reason, default: 0] += 1
      guard refusedRecords[refused.reason] ?? 0 <= Int64(Self.samplesPerReason) else { continue }
      var sample = refused
      sample.line += lineBase
      samples.append(sample)
    }
    for (index, count) in outcome.linesOfDialect.enumerated() where count > 0 {
      dialects[names[index], default: 0] += count
    }
  }
}
