import Billing
import Foundation
import GRDB

/// The checkpoints of files and streams.
enum SourceTable {
  /// Moves a source on, or makes it when it is new.
  ///
  /// - Throws: `LedgerError.concurrentChange` when the source does not stand where the caller found
  ///   it.
  static func advance(
    _ progress: SourceProgress, _ run: RunID, _ rows: SealedRows
  ) throws -> StoredSource {
    let checkpoint = progress.checkpoint
    if let previous = progress.previous {
      let row = try rows.row(of: Schema.sources, [previous.id.number])
      guard let row, try row[6] == previous.checkpoint.offset else {
        throw LedgerError.concurrentChange(source: checkpoint.path)
      }
    }
    let number = try progress.previous?.id.number ?? rows.nextID(in: Schema.sources)
    try rows.write([number] + values(checkpoint, run), to: Schema.sources)
    return StoredSource(id: SourceID(number: number), checkpoint: checkpoint)
  }

  static func all(_ rows: SealedRows) throws -> [StoredSource] {
    var sources: [StoredSource] = []
    try rows.forEach(Schema.sources) { sources.append(try source($0)) }
    return sources
  }

  private static func values(
    _ checkpoint: SourceCheckpoint, _ run: RunID
  ) -> [(any DatabaseValueConvertible)?] {
    [
      checkpoint.path, checkpoint.state.rawValue, Int64(bitPattern: checkpoint.device),
      Int64(bitPattern: checkpoint.inode), checkpoint.size, checkpoint.offset, checkpoint.line,
      checkpoint.head?.length, checkpoint.head?.digest.data,
      checkpoint.anchor?.length, checkpoint.anchor?.digest.data,
      checkpoint.content?.length, checkpoint.content?.digest.data,
      checkpoint.label, checkpoint.modified, checkpoint.changed, run.number,
    ]
  }

  private static func source(_ row: StoredRow) throws -> StoredSource {
    guard let state = SourceCheckpoint.State(rawValue: try row[2]) else {
      throw StoredRow.Unsound()
    }
    var checkpoint = SourceCheckpoint(path: try row[1], state: state)
    checkpoint.device = UInt64(bitPattern: try row[3])
    checkpoint.inode = UInt64(bitPattern: try row[4])
    (checkpoint.size, checkpoint.offset, checkpoint.line) = (try row[5], try row[6], try row[7])
    checkpoint.head = try fingerprint(row, 8)
    checkpoint.anchor = try fingerprint(row, 10)
    checkpoint.content = try fingerprint(row, 12)
    (checkpoint.label, checkpoint.modified) = (try row[14], try row[15])
    checkpoint.changed = try row[16]
    return StoredSource(id: SourceID(number: try row[0]), checkpoint: checkpoint)
  }

  private static func fingerprint(_ row: StoredRow, _ column: Int) throws -> Fingerprint? {
    let hash: Data? = try row.optional(column + 1)
    guard let length: Int64 = try row.optional(column),
      let digest = hash.flatMap(KeyedDigest.init(data:))
    else { return nil }
    return Fingerprint(length: length, digest: digest)
  }
}
