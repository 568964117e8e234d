public import Billing

/// A stretch of bytes by its length and its hash.
public struct Fingerprint: Sendable, Hashable {
  /// Bytes.
  public var length: Int64
  /// The hash of the bytes under the store's key.
  public var digest: KeyedDigest

  public init(length: Int64, digest: KeyedDigest) {
    self.length = length
    self.digest = digest
  }
}

/// How far a file or stream was read, and how it is known again.
///
/// What is read line by line is known by its decompressed content: it may grow, be renamed, be copied
/// or compressed. An archive that was read to its end has a checkpoint of its own besides, without
/// lines of its own, so that the next run need not look into it. All else is known as a file: records
/// that are not a line each cannot be told from others by two ends.
public struct SourceCheckpoint: Sendable, Hashable {
  /// What a source is to the next run.
  public enum State: String, Sendable {
    /// Lines of a plain file or an archive: they may go on, and reading goes on where it stopped.
    /// Without a head they were rewritten while they were read: what comes is read from its start.
    case growing
    /// A file of other records, or a stream, that broke off: while it stays as it is, reading goes on
    /// where it stopped; once it has changed, it is read again.
    case incomplete
    /// An archive, a file of other records or a stream that was read to its proper end.
    case complete
  }

  /// The path as it is shown, `-` for standard input.
  public var path: String
  public var state: State
  /// A hint only: file systems give the numbers of deleted files to new ones at once.
  public var device: UInt64 = 0
  public var inode: UInt64 = 0
  /// Bytes of the file when it was read last.
  public var size: Int64 = 0
  /// When its content was changed last, in nanoseconds since 1970 UTC; 0 for a stream.
  public var modified: Int64 = 0
  /// When its content or what the system knows of it was changed last, in nanoseconds.
  public var changed: Int64 = 0
  /// The namespace of its ids that the user chose; empty without one. Another name makes another
  /// source of the same file.
  public var label = ""
  /// Bytes consumed, decompressed: the start of the first line that is still to be read.
  public var offset: Int64 = 0
  /// Lines consumed.
  public var line: Int64 = 0
  /// The first bytes: at most 1 KiB, less while there are less. Of what is `growing` those that were
  /// read, decompressed; else those of the file as they stand in it.
  public var head: Fingerprint?
  /// At most 4 KiB: of what is `growing` the last bytes before `offset`, else the file's last.
  public var anchor: Fingerprint?
  /// All bytes as they stand in the file, still compressed: for archives and streams.
  public var content: Fingerprint?

  public init(path: String, state: State) {
    self.path = path
    self.state = state
  }

  /// The longest head, bytes.
  public static let headLimit: Int64 = 1 << 10
  /// The longest anchor, bytes.
  public static let anchorLimit: Int64 = 1 << 12
}

/// The number of a source in the ledger.
public struct SourceID: Sendable, Hashable {
  public var number: Int64

  public init(number: Int64) { self.number = number }
}

/// A checkpoint as the ledger holds it.
public struct StoredSource: Sendable, Hashable {
  public var id: SourceID
  public var checkpoint: SourceCheckpoint

  public init(id: SourceID, checkpoint: SourceCheckpoint) {
    self.id = id
    self.checkpoint = checkpoint
  }
}
