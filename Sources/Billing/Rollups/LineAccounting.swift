/// What became of the lines of an input.
///
/// Invariant (law 2): `lines == eventLines + duplicates + rejected + skipped`.
public struct LineAccounting: Sendable, Hashable {
  public var lines: Int64 = 0
  /// Lines that gave at least one event that counts.
  public var eventLines: Int64 = 0
  /// Lines whose events were all counted before.
  public var duplicates: Int64 = 0
  public var rejected: Int64 = 0
  /// Blank lines, comments, and records that are known to carry no usage.
  public var skipped: Int64 = 0
  /// Events; a line may give several.
  public var events: Int64 = 0
  /// Events that share an id with another but differ from it; both were counted.
  public var idConflicts: Int64 = 0
  public var rejections: [RejectionReason: Int64] = [:]
  public var bytes: Int64 = 0

  public init() {}

  /// The invariant holds.
  public var isBalanced: Bool { lines == eventLines + duplicates + rejected + skipped }

  /// Adds the account of other input.
  public mutating func add(_ other: LineAccounting) {
    lines += other.lines
    eventLines += other.eventLines
    duplicates += other.duplicates
    rejected += other.rejected
    skipped += other.skipped
    events += other.events
    idConflicts += other.idConflicts
    rejections.merge(other.rejections, uniquingKeysWith: +)
    bytes += other.bytes
  }
}

/// Why a line gave no event. The line's content is never part of it.
public enum RejectionReason: UInt8, Word, Error {
  /// No dialect recognises the record.
  case unknownFormat
  /// Not JSON.
  case malformed
  /// The last line of the file has no end and is not whole.
  case torn
  /// Longer than the limit.
  case tooLong
  /// Nested deeper than the limit.
  case tooDeep
  /// Invalid UTF-8 in a field that is used.
  case invalidText
  /// A raw NUL byte.
  case nul
  /// A field that is used stands twice in one object.
  case duplicateKey
  /// A count is not a whole number from 0 to 2⁴⁰.
  case invalidNumber
  /// Counts contradict each other.
  case contradiction
  /// No time, and a price needs one.
  case noTime
  /// The time cannot be read or is not plausible.
  case invalidTime
  /// The record names neither a model nor usage nor a cost.
  case incomplete
  /// The compressed stream ends or breaks here.
  case damagedArchive
  /// A sum or product does not fit.
  case overflow
  /// A row that sums several requests, which the ledger is not to add to the requests themselves.
  case aggregate
  /// Of a day whose facts were pruned, and not one of the records that it had: nothing tells any more
  /// whether it was counted.
  case tooLate

  public static let names = spelledCases
}

/// Where a line was rejected and why.
public struct Rejection: Sendable, Hashable {
  public var reason: RejectionReason
  /// 1-based.
  public var line: Int64
  /// Offset of the line's first byte in the decompressed input.
  public var offset: Int64
  public var length: Int64
  /// The hash of the line's bytes under the store's key; `nil` when they were not at hand.
  public var digest: KeyedDigest?

  public init(
    reason: RejectionReason, line: Int64, offset: Int64, length: Int64,
    digest: KeyedDigest? = nil
  ) {
    self.digest = digest
    self.reason = reason
    self.line = line
    self.offset = offset
    self.length = length
  }
}
