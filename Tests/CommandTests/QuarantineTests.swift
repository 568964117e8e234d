import Foundation
import Testing

/// What becomes of lines that are rejected, as a user meets it.
@Suite struct QuarantineTests {
  private static let own = OwnGatewayTests.line("x", #""m":"gpt-5-mini""#)

  /// Names in a folder with their modes, the folder first.
  private func modes(_ folder: URL) throws -> [String] {
    let run = try Program.shell(
      "stat -c '%a' '\(folder.path)' && stat -c '%a' '\(folder.path)'/*", in: folder)
    return run.output.split(separator: "\n").map(String.init)
  }

  // Acceptance row 95, for the quarantine.
  @Test func `rejected lines are kept for their owner only, and read again after a fix`() throws {
    try withFolder { folder in
      try folder.write("own.yaml", OwnGatewayTests.dialect)
      #expect(try Program.shell("mkdir logs", in: folder).status == 0)
      try folder.write("logs/a.jsonl", SampleLog.lines(2) + Self.own + "not json\n")
      let run = try Program.shell(
        "umask 000; '\(Tollbook.binary.path)' ingest logs --quarantine logs/kept", in: folder)
      #expect(run.status == 0)
      let kept = folder.appending(path: "logs/kept")
      #expect(try modes(kept) == ["700", "600"])
      let text = try folder.text("logs/kept/run-1.rejected").split(separator: "\n")
      #expect(text.count == 4)
      #expect(text[0].contains(#""reason":"unknown_format""#))
      #expect(text[1] + "\n" == Self.own)
      #expect(text[3] == "not json")
      // The log itself and what is kept of it are not read as logs of a folder.
      let again = try Tollbook.run(["ingest", "logs", "--quarantine", "logs/kept"], in: folder)
      #expect(again.diagnostics == "nothing new in 1 input\n")
      try FileManager.default.removeItem(at: folder.appending(path: "logs/a.jsonl"))
      let requeue = try Tollbook.run(
        ["requeue", "--quarantine", "logs/kept", "--dialect", "own.yaml"], in: folder)
      #expect(requeue.status == 0)
      #expect(requeue.output == "")
      #expect(
        requeue.diagnostics.split(separator: "\n").last?.split(separator: " ").map(String.init)
          == ["logs/a.jsonl", "2", "1", "0", "0", "1"], "\(requeue.diagnostics)")
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
    }
  }

  @Test func `nothing of a line is kept without being asked`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(2) + "{\"secret-canary\":\"sk-canary\"}\n")
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      try FileManager.default.removeItem(at: folder.appending(path: "a.jsonl"))
      let found = try Program.shell("grep -rl canary .", in: folder)
      #expect(found.output == "")
    }
  }

  @Test func `a quarantine that is full only counts`() throws {
    try withFolder { folder in
      let bad = (0..<60).map { "not json \($0)\n" }.joined()
      try folder.write("a.jsonl", SampleLog.lines(2) + bad)
      let run = try Tollbook.run(
        ["ingest", "a.jsonl", "--quarantine", "kept", "--quarantine-limit", "1KiB"], in: folder)
      #expect(run.status == 0)
      #expect(run.diagnostics.contains("the quarantine is full"), "\(run.diagnostics)")
      #expect(run.diagnostics.contains("malformed  60"))
      #expect(try folder.text("kept/run-1.rejected").utf8.count <= 1024)
      let strict = ["ingest", "a.jsonl", "--ledger", "b.db", "--quarantine", "kept", "--strict"]
      #expect(try Tollbook.run(strict + ["--quarantine-limit", "1KiB"], in: folder).status == 1)
      #expect(
        try Tollbook.run(["ingest", "a.jsonl", "--quarantine-limit", "x"], in: folder).status == 64)
    }
  }

  @Test func `a directory that is a link or open to others is refused`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1) + "not json\n")
      let line = "mkdir -m 755 open; mkdir -m 700 real; ln -s real link; touch file"
      #expect(try Program.shell(line, in: folder).status == 0)
      for (name, text) in [("open", "chmod 700"), ("link", "link"), ("file", "no directory")] {
        let run = try Tollbook.run(["ingest", "a.jsonl", "--quarantine", name], in: folder)
        #expect(run.status == 73)
        #expect(run.diagnostics.contains(text), "\(run.diagnostics)")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "real").path)
          == [])
      // A link in the directory is not followed either.
      try folder.write("victim", "as it was\n")
      let planted = "ln -s ../victim real/run-4.rejected"
      #expect(try Program.shell(planted, in: folder).status == 0)
      let run = try Tollbook.run(["ingest", "a.jsonl", "--quarantine", "real"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(try folder.text("victim") == "as it was\n")
    }
  }

  @Test func `requeue says what it does not find`() throws {
    try withFolder { folder in
      #expect(try Tollbook.run(["requeue"], in: folder).status == 69)
      try folder.write("a.jsonl", SampleLog.lines(1) + Self.own)
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      let piped = SampleLog.lines(1) + "not json\n"
      #expect(try Tollbook.run(["ingest", "-"], in: folder, input: Data(piped.utf8)).status == 0)
      try folder.write("a.jsonl", SampleLog.lines(3))
      let run = try Tollbook.run(["requeue"], in: folder)
      #expect(run.status == 69)
      #expect(run.diagnostics.contains("a.jsonl: the log that was read does not stand there"))
      #expect(run.diagnostics.contains("came from standard input"))
      let named = try Tollbook.run(["requeue", "a.jsonl"], in: folder)
      #expect(named.status == 69)
      #expect(named.diagnostics.contains("no rejected line of the ledger stands in it"))
    }
  }

  // Acceptance row 31.
  @Test func `a stream that is piped again is told`() throws {
    try withFolder { folder in
      let lines = Data(SampleLog.lines(3).utf8)
      let first = try Tollbook.run(["ingest", "-"], in: folder, input: lines)
      #expect(!first.diagnostics.contains("warning"))
      let second = try Tollbook.run(["ingest", "-"], in: folder, input: lines)
      #expect(second.status == 0)
      #expect(
        second.diagnostics.contains("warning: (standard input): the same stream was read before"))
    }
  }

  // Acceptance row 38.
  @Test func `a source names the ids, in the command and in the configuration`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(2))
      try folder.write("eu.yaml", "source: eu\n")
      for more in [[], ["--source", "us"], ["--config", "eu.yaml"], ["--source", "eu"]] {
        #expect(try Tollbook.run(["ingest", "a.jsonl", "-q"] + more, in: folder).status == 0)
      }
      let report = try Tollbook.run(["report", "spend", "--format", "csv"], in: folder).output
      #expect(report.contains(",6,"), "\(report)")
      let explained = try Tollbook.run(["explain", "chatcmpl-1"], in: folder)
      #expect(explained.status == 0, "\(explained.diagnostics)")
      #expect(try Tollbook.run(["ingest", "a.jsonl", "--source", "a b"], in: folder).status == 64)
      try folder.write("bad.yaml", "source: 'a b'\n")
      let bad = try Tollbook.run(["ingest", "a.jsonl", "--config", "bad.yaml"], in: folder)
      #expect(bad.status == 65)
    }
  }
}
