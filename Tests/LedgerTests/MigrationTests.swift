import Billing
import Foundation
import GRDB
import Testing

@testable import Ledger

/// `format-1.ledger` is what a program of format 1 made, in two runs, of `format-1.jsonl` without any
/// price book.
@Suite struct `A ledger of format 1` {
  static let old = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Ledgers/format-1.ledger")

  private func copy() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: Self.old.path, toPath: directory.ledgerPath)
    return directory
  }

  private func backups(in directory: TemporaryDirectory) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.contains("backup") && !$0.hasSuffix(".lock") }
  }

  @Test func `is refused by readers, who say what to do`() throws {
    let directory = try copy()
    let path = directory.ledgerPath
    let before = try directory.bytes(path)
    let error = LedgerError.older(path: path, version: 1, supported: Schema.version)
    #expect(throws: error) { try Ledger.open(path: path) }
    #expect(error.remedy.contains("tollbook migrate"))
    #expect(try directory.bytes(path) == before)
  }

  @Test func `is brought up to date with all that it counted`() throws {
    let directory = try copy()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let backup = try #require(writer.migrationBackup)
    #expect(backup.hasPrefix(directory.ledgerPath + ".v1-backup-"))
    #expect(try writer.ledger.verify(.full) == [])
    let account = try writer.ledger.history(labels: LabelTable(), cells: CellTable()).accounting()
    #expect((account.lines, account.events, account.duplicates) == (73, 64, 3))
    #expect(
      account.rejections
        == [.invalidNumber: 1, .invalidTime: 1, .malformed: 1, .unknownFormat: 1])
    try writer.write { db in
      let ranges = try Row.fetchAll(db, sql: "SELECT start_offset, end_offset FROM accounts")
        .map { [$0[0] as Int, $0[1] as Int] }
      #expect(ranges == [[0, 15963], [15963, 50201]])
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM quarantine") == 4)
      let kinds = try String.fetchAll(db, sql: "SELECT kind FROM runs ORDER BY id")
      #expect(kinds == ["ingest", "ingest", "migrate"])
    }
    // The copy is a ledger that the older program reads.
    try Migration.verify(LedgerFile(path: backup))
    #expect(try LedgerFile(path: backup).checkHeader() == 1)
  }

  // Acceptance row 72.
  @Test(arguments: MigrationStep.allCases)
  func `is the old one or the new wherever its migration is killed`(step: MigrationStep)
    async throws
  {
    let directory = try copy()
    let path = directory.ledgerPath
    let number = try #require(MigrationStep.allCases.firstIndex(of: step))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, number = number as Int] in
      _ = try LedgerWriter(path: path) {
        if $0 == MigrationStep.allCases[number] { kill(getpid(), SIGKILL) }
      } interrupt: { _ in
      }
    }
    if step == .installed {
      #expect(try Ledger.open(path: path).verify(.full) == [])
    } else {
      #expect(try directory.bytes(path) == Array(Data(contentsOf: Self.old)))
    }
    let fresh = try copy()
    let expected = try LedgerWriter.open(path: fresh.ledgerPath).ledger.canonicalDump()
    let writer = try LedgerWriter.open(path: path)
    #expect(try writer.ledger.canonicalDump() == expected)
    #expect(try backups(in: directory).count == 1)
  }

  @Test func `stays as it is when it is damaged`() throws {
    let directory = try copy()
    let path = directory.ledgerPath
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "UPDATE segments SET row_count = row_count + 1") }
    try queue.close()
    let before = try directory.bytes(path)
    #expect(throws: LedgerError.self) { try LedgerWriter.open(path: path) }
    #expect(try directory.bytes(path) == before)
    #expect(try backups(in: directory).filter { $0.hasSuffix(".db") } == [])
  }

  @Test func `with a view or another table is refused`() throws {
    let directory = try copy()
    let path = directory.ledgerPath
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE VIEW v AS SELECT 1") }
    try queue.close()
    #expect(throws: LedgerError.alteredSchema(path: path, object: "v")) {
      try LedgerWriter.open(path: path)
    }
  }
}
