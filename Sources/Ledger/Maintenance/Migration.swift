import Billing
import Foundation
import GRDB

/// Brings a ledger of an older format up to date.
///
/// A copy of the old one is made and verified first, and kept. The new one is made beside it and
/// takes its place when it is whole and verified: whatever happens, what stands under the name is the
/// old ledger or the new. The caller holds the lock.
struct Migration {
  let file: LedgerFile
  let interrupt: (MigrationStep) throws -> Void

  /// - Returns: The path of the copy of the old ledger.
  func run() throws(LedgerError) -> String {
    let old = try file.connectForWriting(expecting: FirstSchema.objects)
    return try file.perform {
      defer { try? old.close() }
      let key = try old.read { try FirstTables(db: $0, path: file.path).key() }
      let backup = try copyOld(key)
      try interrupt(.backupNamed)
      try old.read { db in
        let tables = FirstTables(db: db, path: file.path)
        try file.makeDraft { try tables.move(to: $0, key: key) }
      }
      try interrupt(.draftFilled)
      if let problem = try Ledger.open(path: file.draft.path).verify(.full).first {
        throw LedgerError.corrupt(path: file.path, detail: "migrated, \(problem.place) is wrong")
      }
      try interrupt(.draftVerified)
      // The name is free of a journal only when nobody is connected.
      try old.close()
      try file.install(file.draft)
      try interrupt(.installed)
      return backup
    }
  }

  /// Checks a ledger of the older format, as far as that lets it be checked.
  static func verify(_ file: LedgerFile) throws(LedgerError) {
    let queue = try file.connectForWriting(expecting: FirstSchema.objects)
    try file.perform {
      try queue.read { try FirstTables(db: $0, path: file.path).verify() }
      try queue.close()
    }
  }

  /// Keeps a copy of the old ledger, named by its content: a migration that is tried again makes
  /// the same.
  private func copyOld(_ key: StoreKey) throws -> String {
    let copy = LedgerFile(path: file.path + ".v\(FirstSchema.version)-backup.new")
    try copy.createEmpty()
    try file.copy(to: copy)
    try interrupt(.backupCopied)
    try Self.verify(copy)
    var hasher = KeyedHasher(key: key)
    do throws(SystemError) {
      try Descriptors.forEachPiece(ofFileAt: copy.path) { hasher.update($0.span) }
    } catch {
      throw error.ledgerError(copy.path)
    }
    let digits = String(hasher.finalize().low, radix: 16)
    let name = String(repeating: "0", count: 16 - digits.count) + digits
    let backup = LedgerFile(path: file.path + ".v\(FirstSchema.version)-backup-\(name).db")
    try backup.install(copy)
    return backup.path
  }
}

/// The steps of a migration, for tests that break it off.
enum MigrationStep: CaseIterable, Sendable {
  case backupCopied, backupNamed, draftFilled, draftVerified, installed
}
