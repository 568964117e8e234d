import Foundation
import Testing

/// What the program asks of the system for itself, and inputs that are no files.
@Suite struct HardeningTests {
  private static let tollbook = "'\(Tollbook.binary.path)'"

  // Acceptance row 95.
  @Test func `files are for their owner only, whatever the umask is`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3))
      let run = try Program.shell(
        """
        mkdir out; mv a.jsonl out; cd out; umask 000
        \(Self.tollbook) init && \(Self.tollbook) ingest -q a.jsonl
        \(Self.tollbook) normalize -q a.jsonl --accounting account.json >/dev/null
        \(Self.tollbook) report -o r.md -o r.csv -o r.json -o r.txt
        \(Self.tollbook) prices build --help >/dev/null
        ls | wc -l; find . -type f ! -name a.jsonl ! -perm 600; find . -mindepth 1 -type d ! -perm 700
        """, in: folder)
      #expect(run.output == "9\n", "\(run.output) \(run.diagnostics)")
    }
  }

  @Test func `a crash would leave no core file`() throws {
    try withFolder { folder in
      let run = try Program.shell(
        """
        ulimit -c unlimited; mkfifo pipe
        \(Self.tollbook) ingest - <pipe & exec 3>pipe
        for i in $(seq 100); do [ -e tollbook.db ] && break; sleep 0.05; done
        grep 'Max core file size' /proc/$!/limits | tr -s ' '; exec 3>&-; wait
        """, in: folder)
      #expect(run.output.contains("Max core file size 0 0"), "\(run.output)")
    }
  }

  // Acceptance row 67.
  @Test(arguments: ["fifo.jsonl", "socket.jsonl", "dir.jsonl", "/dev/zero", "/dev/null"])
  func `what is no file is refused at once`(name: String) throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1))
      let make = """
        mkfifo fifo.jsonl; mkdir dir.jsonl
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket.jsonl")'
        """
      #expect(try Program.shell(make, in: folder).status == 0)
      for command in ["ingest", "normalize", "try", "dialects detect"] {
        let run = try Program.shell(
          "timeout -s KILL 60 \(Self.tollbook) \(command) a.jsonl \(name)", in: folder)
        #expect(run.status == 69, "\(command): \(run.diagnostics)")
        #expect(run.diagnostics.contains("tollbook: \(name): "))
      }
      // Acceptance row 93, as far as it is about kinds of files.
      for option in ["--config", "--price-book", "--terms", "--dialect ./"] {
        let line = "timeout -s KILL 60 \(Self.tollbook) ingest a.jsonl \(option) \(name)"
        let run = try Program.shell(line.replacing("./ /", with: "/"), in: folder)
        #expect(run.status == 64 || run.status == 65 || run.status == 69, "\(run.diagnostics)")
      }
    }
  }

  // Acceptance row 67.
  @Test func `a device that never ends is no standard input, and a line that never ends is left`()
    throws
  {
    try withFolder { folder in
      let device = try Program.shell(
        "timeout -s KILL 60 \(Self.tollbook) ingest - </dev/zero", in: folder)
      #expect(device.status == 69)
      #expect(device.diagnostics.contains("this is a device or a named pipe"))
      #expect(
        try Program.shell("\(Self.tollbook) ingest -q - </dev/null", in: folder).status == 0)
      // Acceptance row 47, without an end of the line.
      let line = try Program.shell(
        "tr '\\0' x </dev/zero | timeout -s KILL 60 \(Self.tollbook) ingest --time-limit 1s -",
        in: folder)
      #expect(line.status == 75, "\(line.diagnostics)")
    }
  }

  // Acceptance row 9.
  @Test func `a limit of file sizes is an error, and the run goes on without it`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3000))
      for blocks in [1, 20] {
        let run = try Program.shell(
          "ulimit -f \(blocks); \(Self.tollbook) ingest -q a.jsonl", in: folder)
        #expect(run.status == 73, "\(blocks): \(run.diagnostics)")
        #expect(!run.diagnostics.contains("signal"))
      }
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      #expect(try Tollbook.run(["verify"], in: folder).status == 0)
      let report = try Tollbook.run(["report", "spend", "--format", "csv"], in: folder).output
      #expect(report.contains(",3000,"))
    }
  }

  // Acceptance row 10.
  @Test func `little memory is an error or is enough, and never half a commit`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3000))
      for kilobytes in [60_000, 90_000, 120_000, 200_000, 400_000, 2_000_000] {
        let run = try Program.shell(
          "ulimit -v \(kilobytes); timeout -s KILL 120 \(Self.tollbook) ingest -q --threads 2 a.jsonl",
          in: folder)
        #expect(run.status != 137, "\(kilobytes) kB: it hangs")
        if folder.has("tollbook.db") {
          #expect(try Tollbook.run(["verify"], in: folder).status == 0, "\(kilobytes) kB")
        }
      }
      let report = try Tollbook.run(["report", "spend", "--format", "csv"], in: folder).output
      #expect(report.contains(",3000,"))
    }
  }

  // Acceptance row 93.
  @Test func `what everybody may write decides nothing`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(1))
      let show = try Tollbook.run(["prices", "show", "gpt-5-mini"], in: folder)
      try folder.write("book.yaml", show.output)
      try folder.write("fx.yaml", "rates: []\n")
      #expect(try Program.shell("chmod o+w book.yaml fx.yaml", in: folder).status == 0)
      let book = try Tollbook.run(["ingest", "a.jsonl", "--price-book", "book.yaml"], in: folder)
      #expect(book.status == 65)
      #expect(book.diagnostics.contains("book.yaml: everybody may write this file"))
      #expect(!folder.has("tollbook.db"))
    }
  }

  // Acceptance row 84.
  @Test func `a report that is killed while it is written leaves the old one`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(200))
      #expect(try Tollbook.run(["ingest", "-q", "a.jsonl"], in: folder).status == 0)
      #expect(try Tollbook.run(["report", "-o", "a.json"], in: folder).status == 0)
      let old = try folder.text("a.json")
      #expect(old.hasSuffix("}\n"))
      let line = """
        for i in $(seq 30); do
          timeout -s KILL 0.$(printf %02d $i) \(Self.tollbook) report -o a.json
          cmp -s a.json <(cat old.json) || echo differs
        done
        """
      try folder.write("old.json", old)
      #expect(try Program.shell(line, in: folder).output == "")
    }
  }
}
