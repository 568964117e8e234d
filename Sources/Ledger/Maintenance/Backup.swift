import Billing
import Foundation
import GRDB

extension Ledger {
  /// Copies what the ledger holds now into a file that can be restored, or read as a ledger.
  ///
  /// The copy is of one commit, also while a run goes on, which waits to commit while the pages are
  /// copied. It has its name only when it is whole, was checked in full and is durable.
  ///
  /// - Parameter replaces: A file of the name is replaced; otherwise it is refused.
  /// - Returns: How many requests the copy has.
  /// - Throws: `LedgerError`.
  @discardableResult
  public func backUp(to path: String, replaces: Bool) throws(LedgerError) -> Int {
    let target = LedgerFile(path: path)
    try target.checkTarget(replaces: replaces, isNot: file)
    try target.draft.createEmpty()
    do throws(LedgerError) {
      try file.copy(to: target.draft)
      let facts = try target.draft.checkedFacts(of: file)
      try target.install(target.draft)
      return facts
    } catch {
      Descriptors.removeIfPresent(target.draft.path)
      throw error
    }
  }

  /// Puts a copy of a backup in the place of a ledger, which is kept under another name.
  ///
  /// The backup is copied and checked in full first: when it is not sound, nothing changes. A ledger
  /// stands under the name at any time, the old or the new.
  ///
  /// - Returns: The name under which the replaced ledger is kept; `nil` when there was none.
  /// - Throws: `LedgerError`.
  public static func restore(_ backup: String, to path: String) throws(LedgerError) -> String? {
    let (source, file) = (LedgerFile(path: backup), LedgerFile(path: path))
    try source.checkKind(forWriting: false)
    guard source.exists else { throw .noBackup(path: backup) }
    let version = try source.checkHeader()
    try file.checkReplaceable(isNot: source)
    let lock = try LedgerLock(ledger: path)
    defer { withExtendedLifetime(lock) {} }
    try file.draft.createEmpty()
    do throws(LedgerError) {
      try source.copy(to: file.draft)
      if version == Schema.version {
        _ = try file.draft.checkedFacts(of: source)
      } else {
        try Migration.verify(file.draft)
      }
      return try file.replace(by: file.draft)
    } catch {
      Descriptors.removeIfPresent(file.draft.path)
      throw error
    }
  }
}

extension LedgerFile {
  /// Checks a copy in full.
  ///
  /// - Returns: The number of its facts.
  /// - Throws: `LedgerError.unverified` with what is wrong first.
  fileprivate func checkedFacts(of original: LedgerFile) throws(LedgerError) -> Int {
    let copy = try Ledger.open(path: path)
    if let problem = try copy.verify(.full).first {
      throw .unverified(path: original.path, detail: "\(problem.place): \(problem.problem)")
    }
    let queue = try connectForReading()
    return try perform {
      try queue.read { db in
        try Int.fetchOne(db, sql: "SELECT sum(row_count) FROM segments WHERE kind <> 2") ?? 0
      }
    }
  }

  /// Refuses a name that is not free.
  func checkTarget(replaces: Bool, isNot other: LedgerFile? = nil) throws(LedgerError) {
    try checkKind(forWriting: true)
    guard exists || Descriptors.kind(of: journalPath) != .missing else { return }
    if let other, Descriptors.isSameFile(path, other.path) { throw .sameFile(path: path) }
    guard replaces else { throw .exists(path: exists ? path : journalPath) }
  }

  /// Refuses to put a ledger in the place of what is none.
  fileprivate func checkReplaceable(isNot source: LedgerFile) throws(LedgerError) {
    try checkKind(forWriting: true)
    guard exists else { return }
    if Descriptors.isSameFile(path, source.path) { throw .sameFile(path: path) }
    do throws(LedgerError) {
      try checkHeader()
    } catch {
      // What is damaged is to be replaced; what belongs to somebody else is not.
      if case .foreign = error { throw error }
    }
  }

  /// Takes the place of what stands under the name, which is kept beside it.
  fileprivate func replace(by draft: LedgerFile) throws(LedgerError) -> String? {
    guard exists else {
      try install(draft)
      return nil
    }
    settle()
    let stamp = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)).description
    let name = path + ".replaced-" + String(stamp.prefix(19)).replacing(":", with: "")
    var aside = name + ".db"
    var number = 1
    while Descriptors.kind(of: aside) != .missing {
      number += 1
      aside = "\(name)-\(number).db"
    }
    do throws(SystemError) {
      try Descriptors.link(path, to: aside)
      // The journal of a ledger too damaged to be rolled back goes with it.
      if Descriptors.kind(of: journalPath) != .missing {
        try Descriptors.rename(journalPath, to: aside + "-journal")
      }
    } catch {
      throw error.ledgerError(aside)
    }
    try install(draft)
    return aside
  }

  /// Rolls back what a killed process left, as far as the file can be opened at all.
  private func settle() {
    let queue = try? connectForWriting()
    try? queue?.close()
    // One that begins with a zero was never made durable: it undoes nothing, and SQLite leaves it.
    if Descriptors.contents(ofFileAt: journalPath, limit: 1) == [0] {
      Descriptors.removeIfPresent(journalPath)
    }
  }
}
