public import Billing
import Foundation
import GRDB

/// A ledger that is read: one SQLite file with all facts and rollups.
///
/// Each operation has a connection of its own and sees one state of the ledger, whatever is written
/// meanwhile.
public struct Ledger: Sendable {
  let file: LedgerFile
  /// The key of all identities of this ledger.
  public let key: StoreKey

  /// Opens a ledger for reading.
  ///
  /// No transaction of this process may be open on the file.
  ///
  /// - Throws: `LedgerError`; a file that is not a ledger of this version stays untouched.
  public static func open(path: String) throws(LedgerError) -> Ledger {
    let file = LedgerFile(path: path)
    try file.checkKind(forWriting: false)
    guard file.exists else { throw .missing(path: path) }
    let version = try file.checkHeader()
    guard version == Schema.version else {
      throw .older(path: path, version: version, supported: Schema.version)
    }
    return try Ledger(file: file, queue: file.connectForReading())
  }

  init(file: LedgerFile, key: StoreKey) {
    self.file = file
    self.key = key
  }

  init(file: LedgerFile, queue: DatabaseQueue) throws(LedgerError) {
    self.file = file
    key = try file.perform {
      try queue.unsafeRead { db in
        let row = try Row.fetchOne(db, sql: "SELECT key FROM identity WHERE id = 1")
        guard let data = row.flatMap({ Data.fromDatabaseValue($0[0]) }),
          let key = StoreKey(data: data)
        else { throw LedgerError.corrupt(path: file.path, detail: "its key is missing") }
        // The row proves itself: a key in which a bit has flipped gives another seal.
        _ = try SealedRows(db, path: file.path, key: key).row(of: Schema.identity, [1])
        return key
      }
    }
  }

  /// What the ledger holds now, as one state that stays the same while it is held.
  ///
  /// It is a copy: no run that wants to commit waits for it to be released.
  ///
  /// - Parameters:
  ///   - labels: Where the texts of segments are interned.
  ///   - cells: Where the cells of segments are interned.
  ///   - scope: What of it will be read.
  public func history(
    labels: LabelTable, cells: CellTable, scope: HistoryScope = .all
  ) throws(LedgerError) -> LedgerHistory {
    try history(labels: labels, cells: cells) { _ in scope }
  }

  /// What the ledger holds now, where it depends on the ledger's extent what of it will be read.
  ///
  /// - Parameter scope: Is told the first and the last instant that has a request; `nil` when there
  ///   is none.
  public func history(
    labels: LabelTable, cells: CellTable, scope: (ClosedRange<Timestamp>?) -> HistoryScope
  ) throws(LedgerError) -> LedgerHistory {
    try LedgerHistory(file: file, key: key, labels: labels, cells: cells, scope: scope)
  }

  /// The namespaces of ids that were read, the one without a name among them.
  public func sourceLabels() throws(LedgerError) -> [String] {
    let queue = try file.connectForReading()
    let sources = try file.perform { try queue.read { try SourceTable.all(SealedRows($0, self)) } }
    return Set(sources.map(\.checkpoint.label) + [""]).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }
}
