public import Billing

/// The number of a run in the ledger.
public struct RunID: Sendable, Hashable {
  public var number: Int64

  public init(number: Int64) { self.number = number }
}

/// What a run does to the ledger.
public enum RunKind: String, Sendable {
  case ingest, requeue, prune, merge
  /// It brought a ledger of an older version up to date.
  case migrate
}

/// What is known of a run when it begins.
public struct RunDescription: Sendable, Hashable {
  public var kind: RunKind
  public var started: Timestamp
  /// Name and version of the program.
  public var program: String
  /// The identity of the price book: `Pricer.priceBook`.
  public var priceBook: String

  public init(
    kind: RunKind = .ingest, started: Timestamp, program: String, priceBook: String
  ) {
    self.kind = kind
    self.started = started
    self.program = program
    self.priceBook = priceBook
  }
}

/// How far a source was read since the last commit, and what became of its lines.
public struct SourceProgress: Sendable {
  /// The source as the registry or the last commit gave it; `nil` when it is new.
  public var previous: StoredSource?
  public var checkpoint: SourceCheckpoint
  /// Of the lines since the last commit only.
  public var accounting: LineAccounting
  /// Places of rejected lines, as many as the caller likes; the ledger keeps the first thousand of
  /// each reason.
  public var rejections: [Rejection]
  /// Places of rejected lines that are kept beside the ledger: it keeps them all.
  public var keptRejections: [Rejection]

  public init(
    previous: StoredSource?, checkpoint: SourceCheckpoint, accounting: LineAccounting,
    rejections: [Rejection] = [], keptRejections: [Rejection] = []
  ) {
    self.previous = previous
    self.checkpoint = checkpoint
    self.accounting = accounting
    self.rejections = rejections
    self.keptRejections = keptRejections
  }

  /// The bytes that were read since the last commit.
  var range: Range<Int64> {
    let start = previous?.checkpoint.offset ?? 0
    return start..<max(start, checkpoint.offset)
  }
}

/// What became of rejected lines of a source that were read again.
public struct SourceCorrection: Sendable {
  public var source: StoredSource
  /// What the counts of the source change by; no line is new.
  public var accounting: LineAccounting
  /// Lines that are no longer rejected, or for another reason.
  public var resolved: [QuarantinedLine]
  /// Lines that are rejected for another reason now.
  public var rejections: [Rejection]

  public init(
    source: StoredSource, accounting: LineAccounting, resolved: [QuarantinedLine],
    rejections: [Rejection]
  ) {
    self.source = source
    self.accounting = accounting
    self.resolved = resolved
    self.rejections = rejections
  }
}

/// The lines of a source that were rejected and not read since.
public struct RejectedSource: Sendable {
  public var source: StoredSource
  /// How many they are.
  public var counts: [RejectionReason: Int64]
  /// Lines of the source that carry nothing.
  public var skipped: Int64
  /// Those whose place is known, by their place, and those that were read since.
  public var lines: [QuarantinedLine]
}

/// What is stored in one transaction, all or nothing.
public struct IngestCommit: Sendable {
  public var segments: EncodedSegments
  /// Facts of the ledger whose place is taken by facts of `segments`.
  public var superseded: Set<FactPlace>
  /// Each source at most once.
  public var sources: [SourceProgress]
  public var corrections: [SourceCorrection]

  public init(
    segments: EncodedSegments, superseded: Set<FactPlace> = [], sources: [SourceProgress],
    corrections: [SourceCorrection] = []
  ) {
    self.corrections = corrections
    self.segments = segments
    self.superseded = superseded
    self.sources = sources
  }
}

/// The steps of a commit, for tests that break it off.
enum CommitStep: CaseIterable, Sendable {
  case begun, supersededDropped, segmentsStored, daysCompacted, sourcesAdvanced, aboutToCommit
}
