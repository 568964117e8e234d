import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// A run that is killed loses nothing and counts nothing twice.
@Suite struct KillTests {
  @Test func `a run that is killed is finished by the next`() async throws {
    let folder = try Folder()
    let ledger = folder.path("killed.db")
    let files = try (0..<3).map { part in
      try folder.write("\(part).log", chatLines(part * 1500..<(part * 1500 + 1700)))
    }
    let straight = folder.path("straight.db")
    try ingest(files, into: straight)
    for milliseconds in [1, 3, 9, 20, 40, 60, 90, 120, 160, 200] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [ledger = ledger as String, files = files as [String], milliseconds = milliseconds as Int]
        in
        Thread.detachNewThread {
          usleep(UInt32(milliseconds) * 1000)
          kill(getpid(), SIGKILL)
        }
        try ingest(files, into: ledger, threads: 2) {
          $0.factsPerCommit = 150
          $0.reading.limits.blockBytes = 10_000
        }
        // It was faster: the end comes all the same.
        sleep(5)
      }
    }
    try ingest(files, into: ledger)
    #expect(try dump(ledger) == dump(straight))
  }

  /// Its bytes cannot be sought in, yet no line of it is accounted for twice.
  @Test(arguments: [["gzip", ".gz"], ["zstd", ".zst"], ["array", ".json"]])
  func `an archive or a document goes on where a killed run stopped`(tool: [String]) async throws {
    let folder = try Folder()
    let ledger = folder.path("killed.db")
    let log = try folder.write("a.log", chatLines(0..<6000))
    let archive = log + tool[1]
    if tool[0] == "array" {
      let records = chatLines(0..<6000).split(separator: "\n")
      try folder.write("a.log.json", "[" + records.joined(separator: ",") + "]")
    } else {
      try run([tool[0], "--quiet", "--keep", log])
    }
    try ingest([archive], into: folder.path("straight.db"))
    for milliseconds in [20, 60, 100, 160] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [ledger = ledger as String, archive = archive as String, milliseconds = milliseconds as Int]
        in
        Thread.detachNewThread {
          usleep(UInt32(milliseconds) * 1000)
          kill(getpid(), SIGKILL)
        }
        try ingest([archive], into: ledger, threads: 2) {
          $0.factsPerCommit = 150
          $0.reading.limits.blockBytes = 10_000
        }
        // It was faster: the end comes all the same.
        sleep(5)
      }
    }
    try ingest([archive], into: ledger)
    #expect(try dump(ledger) == dump(folder.path("straight.db")))
    let account = try Ledger.open(path: ledger)
      .history(labels: LabelTable(), cells: CellTable()).accounting()
    #expect(account.lines == 6000 && account.duplicates == 0)
  }

  // Acceptance row 14.
  @Test func `a run that is interrupted stores what it read`() async throws {
    let folder = try Folder()
    let ledger = folder.path("stopped.db")
    let file = try folder.write("a.log", chatLines(0..<6000))
    try ingest([file], into: folder.path("straight.db"))
    for milliseconds in [5, 60, 150] {
      await #expect(processExitsWith: .success) {
        [ledger = ledger as String, file = file as String, milliseconds = milliseconds as Int] in
        Interruption.install()
        Thread.detachNewThread {
          usleep(UInt32(milliseconds) * 1000)
          kill(getpid(), SIGINT)
        }
        let summary = try ingest([file], into: ledger, threads: 2) {
          $0.factsPerCommit = 500
          $0.reading.limits.blockBytes = 10_000
        }
        #expect(summary.signal == nil || summary.signal == SIGINT)
        #expect(summary.total.isBalanced)
      }
      // Each state on the way is sound.
      _ = try dump(ledger)
    }
    try ingest([file], into: ledger)
    #expect(try dump(ledger) == dump(folder.path("straight.db")))
  }
}
