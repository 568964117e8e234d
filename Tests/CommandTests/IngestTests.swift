import Foundation
import Testing

@Suite struct IngestTests {
  @Test func `each sample is read as its truth says`() throws {
    try withFolder { folder in
      for sample in try Repository.samples {
        let name = URL(filePath: sample).deletingPathExtension().lastPathComponent
        let run = try Tollbook.run(
          ["normalize", sample, "--accounting", "account.json", "--dedupe"], in: folder)
        #expect(run.status == 0)
        let account = try Account(folder, "account.json")
        let truth = try JSONDecoder().decode(
          Account.self,
          from: Data(Repository.text("Tests/Samples/expected/\(name).accounting.json").utf8))
        #expect(account == withUndatedKept(truth), "\(name)")
        #expect(account.isBalanced)
        let events = try Tollbook.run(["normalize", "--quiet", sample], in: folder)
        let isSame =
          try events.output == Repository.text("Tests/Samples/expected/\(name).events.jsonl")
        #expect(isSame, "\(name)")
        #expect(events.diagnostics == "")
      }
    }
  }

  /// `normalize` prints events without a time, which `ingest` has to reject.
  private func withUndatedKept(_ account: Account) -> Account {
    var account = account
    let undated = account.rejections.removeValue(forKey: "no_time") ?? 0
    account.rejected -= undated
    account.event_lines += undated
    account.events += undated
    return account
  }

  @Test func `the month is accounted for, and a second run adds nothing`() throws {
    try withFolder { folder in
      let first = try Tollbook.run(["ingest"] + Repository.samples, in: folder)
      #expect(first.status == 0)
      #expect(first.output == "")
      #expect(first.diagnostics.contains("total"))
      let report = try Tollbook.run(["report", "--format", "json"], in: folder).output
      let second = try Tollbook.run(["ingest"] + Repository.samples, in: folder)
      #expect(second.status == 0)
      #expect(second.diagnostics.contains("nothing new in 9 inputs"))
      let isSame = try Tollbook.run(["report", "--format", "json"], in: folder).output == report
      #expect(isSame)
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  @Test func `a growing file is read on, and a copy of it counts once`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      try folder.write("a.jsonl", SampleLog.lines(5))
      try folder.write("copy.jsonl", SampleLog.lines(5))
      let run = try Tollbook.run(["ingest", "."], in: folder)
      #expect(run.status == 0)
      #expect(run.diagnostics.contains("nothing new in 1 input"))
      let report = try Tollbook.run(["report", "spend", "--format", "csv"], in: folder)
      #expect(report.output.split(separator: "\r\n").count == 2)
      #expect(report.output.contains(",5,"))
    }
  }

  @Test func `order, threads and file names do not change a report`() throws {
    try withFolder { folder in
      let samples = try Repository.samples
      let runs = [
        ["--ledger", "a.db", "--threads", "1"] + samples,
        ["--ledger", "b.db", "--threads", "4"] + samples.reversed(),
      ]
      for arguments in runs {
        #expect(try Tollbook.run(["ingest"] + arguments, in: folder).status == 0)
      }
      for format in ["md", "csv", "json", "txt"] {
        let reports = try ["a.db", "b.db"].map { ledger in
          try Tollbook.run(["report", "--ledger", ledger, "--format", format], in: folder).output
        }
        let isSame = reports[0] == reports[1]
        #expect(isSame, "\(format)")
        #expect(!reports[0].isEmpty)
      }
    }
  }

  @Test func `try tells the same as ingest and report, and keeps nothing`() throws {
    try withFolder { folder in
      let run = try Tollbook.run(["try"] + Repository.samples, in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("1,393 = 1,232 with events + 84 duplicate + 55 rejected"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func `the program's own files are no logs`() throws {
    try withFolder { folder in
      try folder.write("tollbook.yaml", "ledger: usage.db\n")
      try folder.write("a.jsonl", SampleLog.lines(2))
      for _ in 1...2 {
        let run = try Tollbook.run(["ingest", "."], in: folder)
        #expect(run.status == 0)
        #expect(!run.diagnostics.contains("usage.db"))
        #expect(!run.diagnostics.contains("tollbook.yaml"))
      }
      #expect(folder.has("usage.db"))
    }
  }

  @Test func `standard input, globs and archives are read alike`() throws {
    try withFolder { folder in
      let lines = SampleLog.lines(4)
      try folder.write("a.jsonl", lines)
      for line in ["gzip -k a.jsonl", "zstd -q a.jsonl", "cat a.jsonl.gz a.jsonl.gz > b.log"] {
        #expect(try Program.shell(line, in: folder).status == 0)
      }
      let expected = try Tollbook.run(["normalize", "-q", "a.jsonl"], in: folder).output
      #expect(expected.split(separator: "\n").count == 4)
      for name in ["a.jsonl.gz", "a.jsonl.zst", "*.gz"] {
        #expect(try Tollbook.run(["normalize", "-q", name], in: folder).output == expected)
      }
      let piped = try Tollbook.run(["normalize", "-q", "-"], in: folder, input: Data(lines.utf8))
      #expect(piped.output == expected)
      let members = try Tollbook.run(["normalize", "-q", "b.log"], in: folder).output
      #expect(members == expected + expected)
    }
  }

  @Test func `strict turns warnings into exit code 1`() throws {
    try withFolder { folder in
      try folder.write("good.jsonl", SampleLog.lines(2))
      try folder.write("unpriced.jsonl", SampleLog.line(7, model: "made-up-model") + "\n")
      try folder.write("bad.jsonl", SampleLog.line(8) + "\nnot json\n")
      for (name, status) in [("good", 0), ("unpriced", 1), ("bad", 1)] {
        let arguments = ["ingest", "--strict", "\(name).jsonl", "--ledger", "\(name).db"]
        #expect(try Tollbook.run(arguments, in: folder).status == Int32(status), "\(name)")
        #expect(
          try Tollbook.run(["try", "--strict", "\(name).jsonl"], in: folder).status
            == Int32(status), "\(name)")
      }
    }
  }
}
