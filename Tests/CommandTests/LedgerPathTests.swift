import Foundation
import Testing

/// A ledger path that cannot be used is refused, and what stands there stays.
@Suite struct LedgerPathTests {
  static let isRoot = getuid() == 0

  private func ingest(_ ledger: String, in folder: URL) throws -> Tollbook.Outcome {
    try folder.write("a.jsonl", SampleLog.lines(1))
    return try Tollbook.run(["ingest", "a.jsonl", "--ledger", ledger], in: folder)
  }

  @Test func `a directory`() throws {
    try withFolder { folder in
      let run = try ingest(".", in: folder)
      #expect(run.status == 73)
      #expect(run.diagnostics.contains("tollbook: . is a directory."))
    }
  }

  @Test func `a directory that does not exist`() throws {
    try withFolder { folder in
      let run = try ingest("missing/t.db", in: folder)
      #expect(run.status == 73)
      #expect(run.diagnostics.contains("The directory of missing/t.db does not exist."))
    }
  }

  @Test func `a file that is not SQLite stays untouched`() throws {
    try withFolder { folder in
      try folder.write("t.db", "plain text, long enough for a header: " + SampleLog.lines(1))
      let before = try folder.text("t.db")
      let run = try ingest("t.db", in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("is not a ledger: it is not an SQLite file"))
      #expect(try folder.text("t.db") == before)
    }
  }

  @Test func `the database of another program and a newer ledger stay untouched`() throws {
    try withFolder { folder in
      let script = """
        import sqlite3
        for name, pragmas in (('foreign.db', ''), ('newer.db', None)):
            if pragmas is None:
                db = sqlite3.connect('own.db')
                own, version = (db.execute('PRAGMA ' + p).fetchone()[0]
                                for p in ('application_id', 'user_version'))
                pragmas = f'PRAGMA application_id={own}; PRAGMA user_version={version + 1};'
            db = sqlite3.connect(name)
            db.executescript('CREATE TABLE t (x); ' + pragmas)
            db.close()
        """
      #expect(try ingest("own.db", in: folder).status == 0)
      try folder.write("make.py", script)
      #expect(try Program.shell("python3 make.py", in: folder).status == 0)
      let foreign = try ingest("foreign.db", in: folder)
      #expect(foreign.status == 65)
      #expect(foreign.diagnostics.contains("the SQLite file of another program"))
      let newer = try ingest("newer.db", in: folder)
      #expect(newer.status == 65)
      #expect(newer.diagnostics.contains("install the newer version"))
    }
  }

  @Test func `a missing ledger is unavailable to readers and UNKNOWN to check`() throws {
    try withFolder { folder in
      for command in ["report", "verify"] {
        let run = try Tollbook.run([command], in: folder)
        #expect(run.status == 69)
        #expect(run.diagnostics.contains("There is no ledger at tollbook.db."))
        #expect(run.output == "")
      }
      let check = try Tollbook.run(["check"], in: folder)
      #expect(check.status == 3)
      #expect(check.output.hasPrefix("TOLLBOOK UNKNOWN - There is no ledger at tollbook.db."))
      #expect(check.output.split(separator: "\n").count == 1)
    }
  }

  @Test func `a ledger in use is locked`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1))
      // The first run waits for the end of its standard input and holds the ledger meanwhile.
      let run = try Program.shell(
        """
        mkfifo pipe; '\(Tollbook.binary.path)' ingest - < pipe & exec 3> pipe
        for i in $(seq 100); do [ -e tollbook.db ] && break; sleep 0.05; done
        '\(Tollbook.binary.path)' ingest a.jsonl; code=$?
        exec 3>&-; wait; exit $code
        """, in: folder)
      #expect(run.status == 75, "\(run.diagnostics)")
      #expect(run.diagnostics.contains("is in use by process"))
    }
  }

  @Test(.disabled(if: isRoot, "root may write everywhere")) func `a read-only ledger`() throws {
    try withFolder { folder in
      #expect(try ingest("t.db", in: folder).status == 0)
      #expect(try Program.shell("chmod a-w t.db", in: folder).status == 0)
      let run = try ingest("t.db", in: folder)
      #expect(run.status == 73)
      #expect(run.diagnostics.contains("t.db cannot be written"))
    }
  }

  // Acceptance row 69.
  @Test(arguments: [
    "head -c 30000 whole.db > t.db", "head -c -1 whole.db > t.db",
    "head -c 50 whole.db > t.db", ": > t.db",
    "cp whole.db t.db; dd if=/dev/zero of=t.db bs=4096 count=1 conv=notrunc status=none",
    "cp whole.db t.db; dd if=/dev/zero of=t.db bs=4096 seek=2 count=1 conv=notrunc status=none",
  ]) func `a ledger that was cut or overwritten is refused and left alone`(damage: String) throws {
    try withFolder { folder in
      #expect(try ingest("whole.db", in: folder).status == 0)
      #expect(try Program.shell(damage, in: folder).status == 0)
      let before = try Data(contentsOf: folder.appending(path: "t.db"))
      for command in [["ingest", "a.jsonl"], ["verify"], ["verify", "--full"], ["dump"]] {
        let run = try Tollbook.run(command + ["--ledger", "t.db"], in: folder)
        #expect(run.status == 65, "\(command) \(run.diagnostics)")
      }
      #expect(try Data(contentsOf: folder.appending(path: "t.db")) == before)
    }
  }

  // Acceptance row 71.
  @Test(.enabled(if: isRoot, "only root can become another user"))
  func `the ledger of another user`() throws {
    try withFolder { folder in
      #expect(try ingest("t.db", in: folder).status == 0)
      let before = try Data(contentsOf: folder.appending(path: "t.db"))
      let nobody =
        "setpriv --reuid=65534 --regid=65534 --clear-groups '\(Tollbook.binary.path)' "
      for command in ["ingest a.jsonl", "report", "verify", "prune --facts-older-than 1d"] {
        for ledger in ["t.db", "new.db"] where command.hasPrefix("ingest") || ledger == "t.db" {
          let run = try Program.shell(nobody + command + " --ledger \(ledger)", in: folder)
          #expect(run.status == 73, "\(command) \(run.diagnostics)")
        }
      }
      #expect(try Data(contentsOf: folder.appending(path: "t.db")) == before)
    }
  }

  // Acceptance row 71.
  @Test func `a symbolic link is not followed when it would be written`() throws {
    try withFolder { folder in
      #expect(try ingest("t.db", in: folder).status == 0)
      #expect(try Program.shell("ln -s t.db l.db; ln -s none.db m.db", in: folder).status == 0)
      for link in ["l.db", "m.db"] {
        let run = try ingest(link, in: folder)
        #expect(run.status == 73)
        #expect(run.diagnostics.contains("is a symbolic link"))
      }
      #expect(try Tollbook.run(["verify", "--ledger", "l.db"], in: folder).status == 0)
      #expect(!folder.has("none.db"))
    }
  }

  @Test func `there is one SQLite in the process`() throws {
    try withFolder { folder in
      let run = try Program.shell("ldd '\(Tollbook.binary.path)' | grep -c sqlite", in: folder)
      #expect(run.output == "1\n")
    }
  }

  @Test func `a damaged ledger is found out`() throws {
    try withFolder { folder in
      #expect(try ingest("tollbook.db", in: folder).status == 0)
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
      let damage = """
        import sqlite3
        db = sqlite3.connect('tollbook.db')
        db.execute('UPDATE accounts SET events = events + 1')
        db.commit()
        """
      try folder.write("damage.py", damage)
      #expect(try Program.shell("python3 damage.py", in: folder).status == 0)
      let run = try Tollbook.run(["verify"], in: folder)
      #expect(run.status == 65)
      #expect(run.output.contains("the row of accounts with run 1, source 1"))
    }
  }
}
