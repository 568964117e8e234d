import Billing
import Foundation
import GRDB

/// The SQLite file of a ledger: what stands at its path, and the connections to it.
struct LedgerFile: Sendable {
  let path: String

  /// Where a new ledger is made before it takes its name: a file under the name is always whole.
  var draft: LedgerFile { LedgerFile(path: path + ".new") }

  /// Where SQLite keeps what it needs to roll a transaction back.
  var journalPath: String { path + "-journal" }

  /// The path for SQLite, which takes `file:` and `:memory:` for more than names.
  private var databasePath: String { path.hasPrefix("/") ? path : "./" + path }

  var directory: String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  var exists: Bool { Descriptors.kind(of: path) != .missing }

  /// Refuses what is not a plain file that may be opened.
  func checkKind(forWriting: Bool) throws(LedgerError) {
    switch Descriptors.kind(of: path) {
    case .directory: throw .isDirectory(path: path)
    case .other: throw .notRegular(path: path)
    case .symlink: if forWriting { throw .isSymlink(path: path) }
    case .regular, .missing: break
    }
    guard exists else { return }
    guard Descriptors.isReadable(path) else { throw .noPermission(path: path) }
    if forWriting, !Descriptors.isWritable(path) || !Descriptors.isWritable(directory) {
      throw .readOnly(path: path)
    }
  }

  /// Refuses a file of another program or of a newer version, by its first bytes.
  ///
  /// - Returns: The version of the ledger's format.
  ///
  /// SQLite is not asked: it would touch a foreign file that is in write-ahead mode. Closing the
  /// descriptor drops the locks of this process on the file, so no transaction may be open.
  @discardableResult
  func checkHeader() throws(LedgerError) -> Int {
    guard let header = Descriptors.contents(ofFileAt: path, limit: 100) else {
      throw .noPermission(path: path)
    }
    guard header.count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
      throw .notSQLite(path: path)
    }
    func number(at offset: Int) -> Int {
      header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 68) == Schema.applicationID else { throw .foreign(path: path) }
    let version = number(at: 60)
    guard version <= Schema.version else {
      throw .newer(path: path, version: version, supported: Schema.version)
    }
    guard version > 0 else { throw .alteredSchema(path: path, object: "its version") }
    return version
  }

  /// Makes a new ledger, whole before it takes its name. The caller holds the lock.
  ///
  /// - Parameter key: That of another ledger, for the two to be merged one day.
  func create(key: StoreKey = .random()) throws(LedgerError) {
    try makeDraft { db in
      try Schema.create(in: db)
      try SealedRows(db, path: path, key: key).write([1, key.data], to: Schema.identity)
    }
    // Of a ledger that somebody removed after a run was killed: it would be undone in this one.
    try removeJournal()
    try install(draft)
  }

  /// Makes the draft in one transaction.
  func makeDraft(_ fill: (Database) throws -> Void) throws(LedgerError) {
    try draft.createEmpty()
    try perform {
      let queue = try DatabaseQueue(path: draft.databasePath, configuration: configuration())
      // Only before there are tables: a prune gives its space back a piece at a time.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
      try queue.write(fill)
      try queue.close()
    }
  }

  /// Removes the journal of a file that another is to take the place of.
  private func removeJournal() throws(LedgerError) {
    Descriptors.removeIfPresent(journalPath)
    do throws(SystemError) {
      try Descriptors.synchronize(directory: directory)
    } catch {
      throw error.ledgerError(path)
    }
  }

  /// Makes an empty file in place of what a killed process left under the name.
  func createEmpty() throws(LedgerError) {
    do throws(SystemError) {
      for path in [path, journalPath] { Descriptors.removeIfPresent(path) }
      try Descriptors.createPrivate(path)
    } catch {
      throw error.ledgerError(path)
    }
  }

  /// Gives a whole file of the same directory, to which nobody is connected, this name for good.
  ///
  /// A journal that a killed process left under the name goes first: it would be played back into
  /// the new file.
  func install(_ other: LedgerFile) throws(LedgerError) {
    if Descriptors.kind(of: journalPath) != .missing { try removeJournal() }
    do throws(SystemError) {
      try Descriptors.synchronize(file: other.path)
      try Descriptors.rename(other.path, to: path)
      try Descriptors.synchronize(directory: directory)
    } catch {
      throw error.ledgerError(path)
    }
  }

  /// Copies what the ledger holds now into an empty file, of which nothing is durable yet.
  func copy(to target: LedgerFile) throws(LedgerError) {
    try perform {
      let queue = try DatabaseQueue(path: databasePath, configuration: configuration())
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "VACUUM INTO ?", arguments: [target.databasePath])
      }
      try queue.close()
    }
  }

  /// A connection that may write.
  ///
  /// - Parameter objects: The tables that it must have, letter by letter.
  func connectForWriting(
    expecting objects: [(name: String, sql: String)] = Schema.objects
  ) throws(LedgerError) -> DatabaseQueue {
    try perform {
      let queue = try DatabaseQueue(path: databasePath, configuration: configuration())
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = DELETE")
        try check(db, objects)
      }
      return queue
    }
  }

  /// A connection that does not write, but may roll back what a killed writer left.
  func connectForReading() throws(LedgerError) -> DatabaseQueue {
    try perform {
      var configuration = configuration()
      configuration.readonly = !Descriptors.isWritable(path)
      configuration.allowsUnsafeTransactions = true
      configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA query_only = ON") }
      let queue = try DatabaseQueue(path: databasePath, configuration: configuration)
      try queue.writeWithoutTransaction { try check($0, Schema.objects) }
      return queue
    }
  }

  /// Refuses a file that lacks its end, or tables. SQLite takes an end that is missing for zeros until
  /// somebody asks for it.
  private func check(_ db: Database, _ objects: [(name: String, sql: String)]) throws {
    try db.inTransaction(.deferred) {
      try Schema.check(db, objects, path: path)
      let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      let expected = pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
      let missing = expected - (Descriptors.size(of: path) ?? expected)
      if missing > 0 {
        throw LedgerError.corrupt(path: path, detail: "its last \(missing) bytes are missing")
      }
      return .commit
    }
  }

  /// `synchronous = EXTRA` also makes the removal of the journal durable, so that a commit that was
  /// reported cannot come back undone.
  private func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { db in
      try db.harden()
      try db.execute(sql: "PRAGMA synchronous = EXTRA")
    }
    return configuration
  }

  /// Runs database code and says what went wrong in the ledger's own words.
  func perform<Result>(_ body: () throws -> Result) throws(LedgerError) -> Result {
    do {
      return try body()
    } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError {
      throw ledgerError(error)
    } catch is StoredRow.Unsound {
      throw .corrupt(path: path, detail: "a row of it makes no sense")
    } catch {
      throw .inputOutput(path: path, detail: "\(error)")
    }
  }

  private func ledgerError(_ error: DatabaseError) -> LedgerError {
    let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    return switch error.resultCode {
    case .SQLITE_FULL: .diskFull(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
    case .SQLITE_NOTADB: .notSQLite(path: path)
    case .SQLITE_READONLY: .readOnly(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .noPermission(path: path)
    case .SQLITE_NOMEM: .outOfMemory(detail)
    case .SQLITE_IOERR: .inputOutput(path: path, detail: detail)
    default: .corrupt(path: path, detail: detail)
    }
  }
}

extension StoreKey {
  /// The sixteen bytes that the ledger keeps.
  var data: Data { KeyedDigest(low: low, high: high).data }

  init?(data: Data) {
    guard let digest = KeyedDigest(data: data) else { return nil }
    self.init(low: digest.low, high: digest.high)
  }
}

extension KeyedDigest {
  /// Sixteen bytes, the lowest of `low` first.
  var data: Data {
    Data((0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? low : high) >> UInt64($0 % 8 * 8)) })
  }

  init?(data: Data) {
    guard data.count == 16 else { return nil }
    let words = [data.prefix(8), data.suffix(8)].map { word in
      word.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    self.init(low: words[0], high: words[1])
  }
}
