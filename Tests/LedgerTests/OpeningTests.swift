import Billing
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Ledger

@Suite struct `Opening a ledger` {
  private func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func expectRefusal(
    _ error: LedgerError, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try? Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: error, sourceLocation: sourceLocation) { try LedgerWriter.open(path: path) }
    let after = try? Data(contentsOf: URL(fileURLWithPath: path))
    #expect(after == before, sourceLocation: sourceLocation)
  }

  @Test func `what is not a ledger is refused and stays untouched`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/x.db"
    try expectRefusal(.isDirectory(path: directory.path), directory.path)
    let below = directory.path + "/none/x.db"
    try expectRefusal(.noDirectory(path: below), below)
    for text in ["", "hello\n", String(repeating: "\0", count: 8192)] {
      try write(text, path)
      try expectRefusal(.notSQLite(path: path), path)
      #expect(throws: LedgerError.notSQLite(path: path)) { try Ledger.open(path: path) }
    }
  }

  @Test func `the SQLite file of another program is refused`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/x.db"
    do {
      let queue = try DatabaseQueue(path: path)
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      try queue.write { try $0.execute(sql: "CREATE TABLE t (x)") }
      try queue.close()
    }
    try expectRefusal(.foreign(path: path), path)
  }

  @Test func `a newer ledger is refused`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    _ = try LedgerWriter.open(path: path)
    try alter(path, "PRAGMA user_version = \(Schema.version + 1)")
    try expectRefusal(
      .newer(path: path, version: Schema.version + 1, supported: Schema.version), path)
  }

  @Test(arguments: [
    ("CREATE VIEW v AS SELECT 1", "v"),
    ("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END", "t"),
    ("DROP INDEX segments_by_day", "segments_by_day"),
    ("ALTER TABLE runs ADD COLUMN more TEXT", "runs"),
  ]) func `altered tables are refused`(sql: String, object: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    _ = try LedgerWriter.open(path: path)
    try alter(path, sql)
    #expect(throws: LedgerError.alteredSchema(path: path, object: object)) {
      try LedgerWriter.open(path: path)
    }
    #expect(throws: LedgerError.alteredSchema(path: path, object: object)) {
      try Ledger.open(path: path)
    }
  }

  @Test func `symbolic links are not followed for writing`() throws {
    let directory = try TemporaryDirectory()
    let link = directory.path + "/link.db"
    _ = try LedgerWriter.open(path: directory.ledgerPath)
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: directory.ledgerPath)
    #expect(throws: LedgerError.isSymlink(path: link)) { try LedgerWriter.open(path: link) }
    let target = directory.path + "/target"
    let other = directory.path + "/other.db"
    try FileManager.default.createSymbolicLink(
      atPath: other + ".lock", withDestinationPath: target)
    #expect(throws: LedgerError.isSymlink(path: other + ".lock")) {
      try LedgerWriter.open(path: other)
    }
    #expect(!FileManager.default.fileExists(atPath: target))
  }

  @Test func `there is one writer, and the refusal names it`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    let writer = try LedgerWriter.open(path: path)
    let holder = Int(ProcessInfo.processInfo.processIdentifier)
    #expect(throws: LedgerError.locked(path: path, holder: holder)) {
      try LedgerWriter.open(path: path)
    }
    withExtendedLifetime(writer) {}
  }

  @Test func `the lock goes with its writer`() throws {
    let directory = try TemporaryDirectory()
    for _ in 0..<3 { _ = try LedgerWriter.open(path: directory.ledgerPath) }
  }

  @Test func `reading needs a ledger`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    #expect(throws: LedgerError.missing(path: path)) { try Ledger.open(path: path) }
  }

  @Test func `only the owner may open the files`() throws {
    let directory = try TemporaryDirectory()
    let old = umask(0)
    defer { umask(old) }
    let modes = Mutex<[String: Int]>([:])
    let path = directory.path
    let writer = try LedgerWriter(path: directory.ledgerPath) { _ in
      let found = Self.modes(of: path)
      modes.withLock { $0.merge(found) { $1 } }
    }
    try writer.ingest(Usage(requests: 50))
    let found = modes.withLock { $0 }
    #expect(Set(found.keys) == ["tollbook.db", "tollbook.db.lock", "tollbook.db-journal"])
    #expect(Set(found.values) == [0o600])
  }

  @Test func `a draft that a killed process left does not matter`() throws {
    let directory = try TemporaryDirectory()
    try write("half a ledger", directory.ledgerPath + ".new")
    try write("half a journal", directory.ledgerPath + ".new-journal")
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(Usage(requests: 50))
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test func `every error says what to do`() {
    let errors: [LedgerError] = [
      .missing(path: "p"), .noDirectory(path: "p"), .isDirectory(path: "p"), .isSymlink(path: "p"),
      .notRegular(path: "p"), .noPermission(path: "p"), .readOnly(path: "p"), .notSQLite(path: "p"),
      .foreign(path: "p"), .newer(path: "p", version: 2, supported: 1),
      .older(path: "p", version: 1, supported: 2), .exists(path: "p"), .sameFile(path: "p"),
      .noBackup(path: "p"), .unverified(path: "p", detail: "d"), .pruned(path: "p"),
      .differentKey(path: "p", other: "q"),
      .alteredSchema(path: "p", object: "o"), .corrupt(path: "p", detail: "d"),
      .damagedSegment(path: "p", segment: 1, day: "2026-10-01", reason: "r"),
      .locked(path: "p", holder: 12), .busy(path: "p"), .diskFull(path: "p"),
      .inputOutput(path: "p", detail: "d"), .outOfMemory("m"), .concurrentChange(source: "p"),
      .unbalanced(source: "p"),
    ]
    for error in errors {
      #expect(error.description.hasSuffix("."))
      #expect(error.remedy.hasSuffix("."))
    }
    #expect(LedgerError.locked(path: "p", holder: 12).description.contains("12"))
  }

  private func alter(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// The modes of the files of a directory.
  private static func modes(of path: String) -> [String: Int] {
    var modes: [String: Int] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
      modes[name] = (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
    return modes
  }
}
