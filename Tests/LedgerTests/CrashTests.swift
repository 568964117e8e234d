import Billing
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct `A crash` {
  @Test func `a killed process leaves the last commit, and the next run the rest`() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let commits = Counter()
      let writer = try LedgerWriter(path: path) { step in
        if step == .aboutToCommit, commits.next() == 3 { kill(getpid(), SIGKILL) }
      }
      try writer.ingest(Usage(requests: 900), chunk: 100)
    }
    let ledger = try Ledger.open(path: path)
    let history = try ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try history.accounting().events == 200)
    #expect(try ledger.verify(.full) == [])
    withExtendedLifetime(history) {}
  }

  @Test func `a hot journal restores the last commit`() throws {
    let directory = try TemporaryDirectory()
    let (path, copy) = (directory.ledgerPath, directory.path + "/copy.db")
    try LedgerWriter.open(path: path).ingest(Usage(requests: 500))
    let ledger = try Ledger.open(path: path)
    let before = try ledger.canonicalDump()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA cache_size = 1; PRAGMA foreign_keys = OFF")
      try db.inTransaction {
        try db.execute(sql: "UPDATE segments SET blob = zeroblob(length(blob))")
        // With no room in the cache the pages are in the file before the commit.
        for suffix in ["", "-journal"] {
          try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return .rollback
      }
    }
    #expect(try directory.bytes(copy) != directory.bytes(path))
    // The journal of a ledger that somebody deleted is not played back into a new one.
    let fresh = directory.path + "/fresh.db"
    try FileManager.default.copyItem(atPath: copy + "-journal", toPath: fresh + "-journal")
    let writer = try LedgerWriter.open(path: fresh)
    try writer.ingest(Usage(requests: 500))
    #expect(try writer.ledger.canonicalDump() == before)
    #expect(try writer.ledger.verify(.full) == [])
    // Acceptance row 70: somebody has cleaned up the journal.
    let cut = directory.path + "/cut.db"
    try FileManager.default.copyItem(atPath: copy, toPath: cut)
    #expect((try? Ledger.open(path: cut).verify(.quick).isEmpty) != true)
    let restored = try Ledger.open(path: copy)
    #expect(try restored.canonicalDump() == before)
    #expect(try restored.verify(.full) == [])
  }
}

/// Counts calls that come one after another.
private final class Counter: @unchecked Sendable {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
