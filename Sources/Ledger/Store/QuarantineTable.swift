public import Billing
import Foundation
import GRDB

/// A line that was rejected: where it stands, and never what it says.
public struct QuarantinedLine: Sendable, Hashable {
  public var source: SourceID
  public var rejection: Rejection
  /// Places for each source and reason that are kept of lines that are not kept themselves.
  public static let limit = 1000

  /// A later run read it after all.
  public var isResolved: Bool

  public init(source: SourceID, rejection: Rejection, isResolved: Bool) {
    self.source = source
    self.rejection = rejection
    self.isResolved = isResolved
  }
}

/// The places of rejected lines.
enum QuarantineTable {
  /// Keeps the places of a source's rejected lines.
  static func add(
    _ progress: SourceProgress, _ source: SourceID, _ run: RunID, _ rows: SealedRows
  ) throws {
    try add(progress.rejections, source, run, rows)
    for rejection in progress.keptRejections { try write(rejection, source, run, rows) }
  }

  /// Keeps the places of lines as far as there is room.
  static func add(
    _ rejections: [Rejection], _ source: SourceID, _ run: RunID, _ rows: SealedRows
  ) throws {
    let count = try rows.db.cachedStatement(
      sql: "SELECT count(*) FROM quarantine WHERE source = ? AND reason = ?")
    var room: [RejectionReason: Int] = [:]
    for rejection in rejections {
      let reason = rejection.reason
      let stored = { try Int.fetchOne(count, arguments: [source.number, reason.name]) ?? 0 }
      let left = try room[reason] ?? QuarantinedLine.limit - stored()
      room[reason] = left - 1
      if left > 0 { try write(rejection, source, run, rows) }
    }
  }

  private static func write(
    _ rejection: Rejection, _ source: SourceID, _ run: RunID, _ rows: SealedRows
  ) throws {
    let key: [any DatabaseValueConvertible] = [
      source.number, rejection.offset, rejection.reason.name,
    ]
    guard try rows.row(of: Schema.quarantine, key) == nil else { return }
    try rows.write(
      [
        source.number, rejection.offset, rejection.length, rejection.line, rejection.reason.name,
        rejection.digest?.data, run.number, nil,
      ], to: Schema.quarantine)
  }

  /// Notes that lines were read after all.
  ///
  /// - Throws: `LedgerError.concurrentChange` when one of them is not there, or was read before.
  static func resolve(_ lines: [QuarantinedLine], in run: RunID, _ rows: SealedRows) throws {
    for line in lines {
      let key: [any DatabaseValueConvertible] = [
        line.source.number, line.rejection.offset, line.rejection.reason.name,
      ]
      guard var values = try rows.row(of: Schema.quarantine, key)?.values.dropLast(),
        values[7].isNull
      else { throw LedgerError.concurrentChange(source: "source \(line.source.number)") }
      values[7] = run.number.databaseValue
      try rows.write(Array(values), to: Schema.quarantine)
    }
  }

  /// The lines of a source, by their place.
  static func lines(of source: SourceID, _ rows: SealedRows) throws -> [QuarantinedLine] {
    var lines: [QuarantinedLine] = []
    try rows.forEach(Schema.quarantine, where: "source = ?", [source.number]) { row in
      guard let reason = RejectionReason(name: try row[4]) else { throw StoredRow.Unsound() }
      let hash: Data? = try row.optional(5)
      let resolved: Int64? = try row.optional(7)
      lines.append(
        QuarantinedLine(
          source: source,
          rejection: Rejection(
            reason: reason, line: try row[3], offset: try row[1], length: try row[2],
            digest: hash.flatMap(KeyedDigest.init(data:))), isResolved: resolved != nil))
    }
    return lines
  }
}

extension SourceCorrection {
  /// Stores the correction.
  func store(in run: RunID, _ rows: SealedRows) throws {
    let end = source.checkpoint.offset
    try AccountTable.add(accounting, of: end..<end, source.id, run, rows)
    try QuarantineTable.resolve(resolved, in: run, rows)
    try QuarantineTable.add(rejections, source.id, run, rows)
  }
}
