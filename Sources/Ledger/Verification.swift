import GRDB

/// What is wrong with a ledger: where, what, and what to do.
public struct Discrepancy: Sendable, Hashable, CustomStringConvertible {
  /// The part of the ledger, without the ledger's name.
  public var place: String
  /// A clause.
  public var problem: String
  /// A sentence.
  public var remedy: String

  static let restoration =
    "Keep the file, and restore a backup or ingest the logs into a new ledger."

  init(_ place: String, _ problem: String, remedy: String = restoration) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  init(_ place: String, _ error: LedgerError) {
    self.init(place, error.description, remedy: error.remedy)
  }

  /// One line.
  public var description: String {
    let end = problem.hasSuffix(".") ? "" : "."
    return "\(place): \(problem)\(end) \(remedy)"
  }
}

/// How much of a ledger is checked.
public enum VerificationDepth: Sendable {
  /// SQLite's structure, the seal of every row, the hash of every segment, and that the accounts of
  /// lines tile their files and add up to the facts. It reads every byte of segments once.
  case quick
  /// Also SQLite's indexes and unused bytes, every segment decompressed and its facts encoded again,
  /// rollups byte for byte, and that no two facts of a UTC day have one key.
  case full
}

extension Ledger {
  /// Checks what a ledger promises.
  ///
  /// A run may commit meanwhile: what is checked of rows is one state, and segments that a run
  /// replaces before their turn are left to the next check.
  ///
  /// - Returns: What is wrong, in the order of the checks; empty for a sound ledger.
  /// - Throws: `LedgerError` when the ledger cannot be read at all.
  public func verify(_ depth: VerificationDepth) throws(LedgerError) -> [Discrepancy] {
    let queue = try file.connectForReading()
    var rows = RowCheck(ledger: self, depth: depth)
    try file.perform {
      try queue.unsafeRead { db in
        try db.inTransaction(.deferred) {
          rows.run(db)
          return .commit
        }
      }
    }
    var segments = SegmentCheck(ledger: self, depth: depth, queue: queue)
    segments.run(rows.segments)
    return rows.found + segments.found
  }
}
