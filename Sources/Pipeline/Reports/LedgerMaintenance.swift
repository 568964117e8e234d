public import Billing
import Ingestion
import Ledger

/// What `tollbook` does with whole ledgers. All of it throws `LedgerError`.
extension Settings {
  /// Brings the ledger's format up to date.
  ///
  /// - Returns: The copy of the old ledger; `nil` when it was up to date.
  public func migrate() throws -> String? {
    try LedgerWriter.open(path: ledger, mustExist: true).migrationBackup
  }

  /// Copies the ledger into a file, checked in full.
  ///
  /// - Returns: How many requests it has.
  public func backUp(to path: String, replaces: Bool) throws -> Int {
    try Ledger.open(path: ledger).backUp(to: path, replaces: replaces)
  }

  /// Puts a copy of a backup in the ledger's place.
  ///
  /// - Returns: Where the replaced ledger is kept; `nil` when there was none.
  public func restore(_ backup: String) throws -> String? {
    try Ledger.restore(backup, to: ledger)
  }

  /// Makes an empty ledger.
  ///
  /// - Parameter other: A ledger whose key it is to have, so that the two can be merged.
  public static func makeLedger(_ path: String, keyOf other: String?) throws {
    let key = try other.map { try Ledger.open(path: $0).key }
    try LedgerWriter.create(path: path, key: key)
  }

  /// Makes one ledger of several.
  ///
  /// - Returns: How many requests stood in more than one.
  public func merge(
    _ ledgers: [String], to path: String, program: String, at now: Timestamp
  ) throws -> Int64 {
    let set = try DialectSet(user: reading.dialects, only: nil, labels: LabelTable())
    let merge = try LedgerMerge(
      ledgers, preference: set.preferredNames, revising: set.revisingNames)
    return -(try merge.write(to: path, program: program, at: now).events)
  }
}
