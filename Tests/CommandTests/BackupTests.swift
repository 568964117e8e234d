import Foundation
import Testing

/// Copies of ledgers: what they hold, and that nothing is lost when they are made or put back.
@Suite struct BackupTests {
  private func dump(_ ledger: String, in folder: URL) throws -> String {
    let run = try Tollbook.run(["dump", "--ledger", ledger], in: folder)
    #expect(run.status == 0)
    return run.output
  }

  private func isSound(_ ledger: String, in folder: URL) throws -> Bool {
    try Tollbook.run(["verify", "--full", "--ledger", ledger], in: folder).status == 0
  }

  // Acceptance rows 74 and 76.
  @Test func `a backup is restored, and ingest adds what it lacks`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      let backup = try Tollbook.run(["backup", "copy.db"], in: folder)
      #expect(backup.status == 0)
      #expect(backup.diagnostics == "copy.db: 3 requests, checked in full\n")
      try folder.write("a.jsonl", SampleLog.lines(5))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      let full = try dump("tollbook.db", in: folder)
      let restore = try Tollbook.run(["restore", "copy.db"], in: folder)
      #expect(restore.status == 0)
      #expect(try dump("tollbook.db", in: folder) == dump("copy.db", in: folder))
      let kept = try #require(
        restore.diagnostics.split(separator: " ").last?.trimmingCharacters(
          in: .whitespacesAndNewlines))
      #expect(try dump(kept, in: folder) == full)
      let again = try Tollbook.run(["ingest", "a.jsonl"], in: folder)
      #expect(again.status == 0)
      #expect(try dump("tollbook.db", in: folder) == full)
      #expect(try isSound("tollbook.db", in: folder))
    }
  }

  // Acceptance row 76.
  @Test func `backups while runs go on are sound, and each is of one commit`() throws {
    try withFolder { folder in
      let tool = Tollbook.binary.path
      for part in 0..<40 {
        try folder.write(
          "part-\(part)", (0..<50).map { SampleLog.line(part * 50 + $0) + "\n" }.joined())
      }
      let run = try Program.shell(
        """
        touch a.jsonl; '\(tool)' ingest -q a.jsonl
        ( for i in $(seq 0 39); do
            cat part-$i >> a.jsonl; '\(tool)' ingest -q a.jsonl || echo "ingest $?" >> failures
          done; touch done ) &
        n=0
        while [ ! -e done ] && [ $n -lt 30 ]; do
          n=$((n + 1)); '\(tool)' backup "copy-$n.db" 2>> log || echo "backup $?" >> failures
        done
        wait; [ ! -e failures ] || cat failures; echo $n
        """, in: folder)
      let count = try #require(Int(run.output.split(separator: "\n").last ?? ""), "\(run.output)")
      #expect(!folder.has("failures"), "\(run.output) \(run.diagnostics)")
      #expect(count > 1)
      let last = "copy-\(count).db"
      #expect(try isSound(last, in: folder))
      #expect(try Tollbook.run(["restore", last], in: folder).status == 0)
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      #expect(
        try Tollbook.run(["ingest", "-q", "--ledger", "new.db", "a.jsonl"], in: folder).status == 0)
      let isSame = try dump("tollbook.db", in: folder) == dump("new.db", in: folder)
      #expect(isSame)
    }
  }

  @Test func `a backup replaces nothing unless it is told to`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      try folder.write("copy.db", "mine")
      let refused = try Tollbook.run(["backup", "copy.db"], in: folder)
      #expect(refused.status == 73)
      #expect(refused.diagnostics.contains("copy.db is there already"))
      #expect(try folder.text("copy.db") == "mine")
      #expect(try Tollbook.run(["backup", "--force", "copy.db"], in: folder).status == 0)
      #expect(try isSound("copy.db", in: folder))
      for target in ["tollbook.db", ".", "none/copy.db"] {
        #expect(try Tollbook.run(["backup", "--force", target], in: folder).status == 73)
      }
      let mode = try Program.shell(
        "umask 0; \(Tollbook.binary.path) backup m.db; stat -c %a m.db", in: folder)
      #expect(mode.output == "600\n")
    }
  }

  @Test func `a backup that is not sound changes nothing`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(200))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      #expect(try Tollbook.run(["backup", "copy.db"], in: folder).status == 0)
      let before = try dump("tollbook.db", in: folder)
      var bytes = try Data(contentsOf: folder.appending(path: "copy.db"))
      bytes.replaceSubrange(8192..<20480, with: Data(repeating: 7, count: 12288))
      try bytes.write(to: folder.appending(path: "copy.db"))
      let refused = try Tollbook.run(["restore", "copy.db"], in: folder)
      #expect(refused.status == 65)
      #expect(try dump("tollbook.db", in: folder) == before)
      try folder.write("text.db", "no ledger at all, but long enough to have a header of a file")
      #expect(try Tollbook.run(["restore", "text.db"], in: folder).status == 65)
      #expect(try Tollbook.run(["restore", "missing.db"], in: folder).status == 69)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!names.contains { $0.contains("replaced") || $0.hasSuffix(".new") }, "\(names)")
    }
  }

  @Test func `a ledger that cannot be opened is replaced and kept`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(2))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      #expect(try Tollbook.run(["backup", "copy.db"], in: folder).status == 0)
      try folder.write("tollbook.db", "destroyed")
      let restore = try Tollbook.run(["restore", "copy.db"], in: folder)
      #expect(restore.status == 0)
      #expect(try isSound("tollbook.db", in: folder))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let kept = try #require(names.first { $0.contains("replaced") })
      #expect(try folder.text(kept) == "destroyed")
      let foreign = try Program.shell(
        "python3 -c \"import sqlite3; sqlite3.connect('f.db').execute('CREATE TABLE t (x)')\"",
        in: folder)
      #expect(foreign.status == 0)
      #expect(
        try Tollbook.run(["restore", "copy.db", "--ledger", "f.db"], in: folder).status == 65)
    }
  }
}
