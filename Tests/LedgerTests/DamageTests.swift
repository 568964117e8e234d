import Billing
import Foundation
import GRDB
import Testing

@testable import Ledger

/// What happens to the bytes of a ledger behind its back is found.
@Suite struct `A damaged ledger` {
  /// A migrated ledger, for its rejected lines, with facts enough for whole pages of segments.
  private func sample() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let path = directory.ledgerPath
    try FileManager.default.copyItem(
      atPath: `A ledger of format 1`.old.path, toPath: path)
    try LedgerWriter.open(path: path).ingest(Usage(requests: 300), chunk: 150)
    return directory
  }

  /// All that the ledger says: its facts, and the rows of its small tables.
  private func content(_ path: String) throws -> String {
    let ledger = try Ledger.open(path: path)
    var text = try ledger.canonicalDump()
    let queue = try ledger.file.connectForReading()
    try ledger.file.perform {
      try queue.read { db in
        for table in Schema.sealedTables {
          try SealedRows(db, ledger).forEachUnchecked(table) { row, _ in text += "\(row.values)\n" }
        }
      }
    }
    return text
  }

  /// Acceptance row 68. `TOLLBOOK_FLIPS` asks for another number of bits.
  @Test func `is found out whichever bit flips`() throws {
    let directory = try sample()
    let sound = try directory.bytes(directory.ledgerPath)
    let expected = try content(directory.ledgerPath)
    let path = directory.path + "/damaged.db"
    let flips = ProcessInfo.processInfo.environment["TOLLBOOK_FLIPS"].flatMap { Int($0) } ?? 100
    var numbers = Numbers(seed: UInt64(flips))
    var (harmful, missed) = (0, [Int]())
    for _ in 0..<flips {
      var damaged = sound
      let bit = numbers.below(sound.count * 8)
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try Data(damaged).write(to: URL(filePath: path))
      let found = (try? Ledger.open(path: path).verify(.full).isEmpty) != true
      guard (try? content(path)) != expected else { continue }
      harmful += 1
      if !found { missed.append(bit) }
    }
    #expect(harmful > flips / 20)
    #expect(missed.count * 1000 <= harmful, "\(missed)")
    print("\(flips) bits flipped: \(harmful) harmful, \(missed.count) missed")
  }

  @Test func `is found out whichever number of a row changes`() throws {
    let directory = try sample()
    let path = directory.path + "/changed.db"
    var changes = 0
    for table in Schema.sealedTables where table.name != Schema.identity.name {
      for column in table.columns + ["seal"] {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: directory.ledgerPath, toPath: path)
        let queue = try DatabaseQueue(path: path)
        let changed = try queue.writeWithoutTransaction { db in
          try db.execute(
            sql: """
              PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
              UPDATE \(table.name) SET \(column) = \(column) + 1000
              WHERE typeof(\(column)) = 'integer'
              """)
          return db.changesCount
        }
        try queue.close()
        guard changed > 0 else { continue }
        changes += 1
        let found = try Ledger.open(path: path).verify(.quick)
        #expect(!found.isEmpty, "\(table.name).\(column)")
      }
    }
    #expect(changes > 20)
  }

  /// Rows that are sound in themselves and do not fit together.
  @Test(arguments: [
    ("accounts", "end_offset = end_offset - 1", "it begins at byte 15963"),
    ("accounts", "events = events + 1", "facts are stored"),
    ("accounts", "rejected = rejected + 1, skipped = skipped - 1", "not those of its reasons"),
    ("accounts", "start_offset = start_offset + 1", "it begins at byte 1"),
    ("rejection_counts", "count = count + 1", "not those of its reasons"),
    ("sources", "offset = offset + 1", "accounts end at"),
  ]) func `is found out when sums do not fit`(table: String, change: String, problem: String) throws
  {
    let directory = try sample()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.write { db in
      try db.execute(
        sql: "UPDATE \(table) SET \(change) WHERE rowid_or_key"
          .replacing("rowid_or_key", with: table == "sources" ? "id = 1" : "run = 1"))
      // Sealed again, as a faulty program would.
      let rows = SealedRows(db, writer.ledger)
      let sealed = try #require(Schema.sealedTables.first { $0.name == table })
      var changed: [[DatabaseValue]] = []
      try rows.forEachUnchecked(sealed) { row, _ in changed.append(row.values.dropLast()) }
      for values in changed { try rows.write(values, to: sealed) }
    }
    let found = try writer.ledger.verify(.quick).map(\.description)
    #expect(found.contains { $0.contains(problem) }, "\(found)")
  }

  @Test func `is found out when a request stands in two segments`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 50, days: 1)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage)
    let encoder = SegmentEncoder(
      key: writer.ledger.key, labels: usage.labels, cells: usage.cells)
    var account = LineAccounting()
    (account.lines, account.eventLines, account.events) = (1, 1, 1)
    let progress = SourceProgress(
      previous: nil, checkpoint: SourceCheckpoint(path: "b", state: .complete), accounting: account)
    try writer.commit(
      IngestCommit(segments: encoder.encode([usage.facts[0]]), sources: [progress]),
      in: RunID(number: 1))
    #expect(try writer.ledger.verify(.quick) == [])
    let found = try writer.ledger.verify(.full)
    #expect(found.map(\.problem) == ["1 requests stand in it twice"])
  }
}
