import Billing
import Foundation
import GRDB

/// The checkpoints of files and streams.
enum SourceTable {
  /// Moves a source on, or makes it when it is new.
  ///
  /// - Throws: `LedgerError.concurrentChange` when the source does not stand where the caller found
  ///   it.
  static func advance(_ progress: SourceProgress, _ db: Database) throws -> StoredSource {
    let checkpoint = progress.checkpoint
    guard let previous = progress.previous else {
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO sources (path, state, device, inode, size, offset, line, head_length,
            head_hash, anchor_length, anchor_hash, content_length, content_hash)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      try insert.execute(arguments: StatementArguments(values(checkpoint)))
      return StoredSource(id: SourceID(number: db.lastInsertedRowID), checkpoint: checkpoint)
    }
    let update = try db.cachedStatement(
      sql: """
        UPDATE sources SET path = ?, state = ?, device = ?, inode = ?, size = ?, offset = ?,
          line = ?, head_length = ?, head_hash = ?, anchor_length = ?, anchor_hash = ?,
          content_length = ?, content_hash = ?
        WHERE id = ? AND offset = ?
        """)
    let place: [(any DatabaseValueConvertible)?] = [
      previous.id.number, previous.checkpoint.offset,
    ]
    try update.execute(arguments: StatementArguments(values(checkpoint) + place))
    guard db.changesCount == 1 else {
      throw LedgerError.concurrentChange(source: checkpoint.path)
    }
    return StoredSource(id: previous.id, checkpoint: checkpoint)
  }

  static func all(_ db: Database) throws -> [StoredSource] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, path, state, device, inode, size, offset, line, head_length, head_hash,
          anchor_length, anchor_hash, content_length, content_hash
        FROM sources ORDER BY id
        """)
    var sources: [StoredSource] = []
    while let row = try rows.next() { if let source = source(row) { sources.append(source) } }
    return sources
  }

  private static func values(_ checkpoint: SourceCheckpoint) -> [(any DatabaseValueConvertible)?] {
    [
      checkpoint.path, checkpoint.state.rawValue, Int64(bitPattern: checkpoint.device),
      Int64(bitPattern: checkpoint.inode), checkpoint.size, checkpoint.offset, checkpoint.line,
      checkpoint.head?.length, checkpoint.head?.digest.data,
      checkpoint.anchor?.length, checkpoint.anchor?.digest.data,
      checkpoint.content?.length, checkpoint.content?.digest.data,
    ]
  }

  private static func source(_ row: Row) -> StoredSource? {
    guard let state = SourceCheckpoint.State(rawValue: row[2]) else { return nil }
    var checkpoint = SourceCheckpoint(path: row[1], state: state)
    checkpoint.device = UInt64(bitPattern: row[3])
    checkpoint.inode = UInt64(bitPattern: row[4])
    (checkpoint.size, checkpoint.offset, checkpoint.line) = (row[5], row[6], row[7])
    checkpoint.head = fingerprint(row[8], row[9])
    checkpoint.anchor = fingerprint(row[10], row[11])
    checkpoint.content = fingerprint(row[12], row[13])
    return StoredSource(id: SourceID(number: row[0]), checkpoint: checkpoint)
  }

  private static func fingerprint(_ length: Int64?, _ hash: Data?) -> Fingerprint? {
    guard let length, let digest = hash.flatMap(KeyedDigest.init(data:)) else { return nil }
    return Fingerprint(length: length, digest: digest)
  }
}
