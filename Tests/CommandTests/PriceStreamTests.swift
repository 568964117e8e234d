import Foundation
import Testing

/// `tollbook price` on streams: order, bad lines, ends, compression, signals and memory.
@Suite struct PriceStreamTests {
  /// An event of its own size, so that blocks are cut at other places in each stream.
  private static func event(_ number: Int) -> String {
    let model = number % 7 == 0 ? "two" : "one"
    let team = String(repeating: "t", count: 1 + number * 37 % 400)
    return #"{"id":"\#(number)","time":"2026-10-05T12:00:00.000000Z","gateway":"g","#
      + #""dialect":"t.t","provider":"acme","request_model":"\#(model)","status":"ok","#
      + #""input_tokens":\#(number),"output_tokens":50,"team":"\#(team)"}"# + "\n"
  }

  private static func events(_ numbers: Range<Int>) -> String { numbers.map(event).joined() }

  private func price(
    _ arguments: [String], _ input: String = "", in folder: URL
  ) throws -> Tollbook.Outcome {
    try folder.write("book.yaml", PriceTests.book)
    return try Tollbook.run(
      ["price", "--price-book", "book.yaml"] + arguments, in: folder, input: Data(input.utf8))
  }

  private static func ids(_ output: String) -> [Int] {
    output.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /\{"id":"(\d+)".*\}\}/).flatMap { Int($0.1) }
    }
  }

  @Test func `events keep their order, and any number of threads gives the same bytes`() throws {
    try withFolder { folder in
      // Some ten blocks.
      let numbers = 1..<7000
      try folder.write("events.jsonl", Self.events(numbers))
      let one = try price(["--threads", "1", "events.jsonl"], in: folder)
      #expect(one.status == 0, "\(one.diagnostics)")
      #expect(Self.ids(one.output) == Array(numbers))
      for threads in ["2", "8"] {
        let run = try price(["--threads", threads, "events.jsonl"], in: folder)
        let isSame = run.output == one.output
        #expect(isSame, "\(threads) threads")
      }
    }
  }

  @Test func `bad lines are named by file and line in order, bounded, and the others are priced`()
    throws
  {
    try withFolder { folder in
      var lines = Self.events(1..<5000).split(separator: "\n").map(String.init)
      let bad = stride(from: 7, to: 5000, by: 200).map(\.self)
      for line in bad { lines[line - 1] = "CANARY" }
      try folder.write("a.jsonl", Self.events(0..<3) + "[1]\n")
      try folder.write("b.jsonl", lines.joined(separator: "\n"))
      let expected = ["a.jsonl:4"] + bad.prefix(19).map { "b.jsonl:\($0)" }
      for threads in ["1", "2", "8"] {
        let run = try price(["--threads", threads, "a.jsonl", "b.jsonl"], in: folder)
        #expect(run.status == 65)
        let told = run.diagnostics.split(separator: "\n").map(String.init)
        #expect(
          told == expected.map { "tollbook: \($0): this is not a JSON object" }
            + ["tollbook: lines that are no usage events: \(1 + bad.count)"])
        #expect(Self.ids(run.output).count == 3 + 4999 - bad.count)
        #expect(Self.ids(run.output).suffix(2) == [4998, 4999])
      }
    }
  }

  /// Longer than a block, than the limit, and than what is read at once.
  @Test(arguments: [300_000, 1_200_000, 20_000_000])
  func `a huge line is refused by its number and the rest goes on`(length: Int) throws {
    try withFolder { folder in
      let huge = String(repeating: "x", count: length)
      let run = try price(
        [], Self.events(0..<900) + huge + "\n" + Self.events(900..<1800) + huge, in: folder)
      #expect(run.status == 65)
      #expect(Self.ids(run.output) == Array(0..<1800))
      let problem =
        length > 1 << 20
        ? "the line is longer than 1048576 bytes: this is no usage event"
        : "this is not a JSON object"
      #expect(
        run.diagnostics == """
          tollbook: (standard input):901: \(problem)
          tollbook: (standard input):1802: \(problem)
          tollbook: lines that are no usage events: 2

          """)
    }
  }

  @Test(arguments: ["", "\n", "\n \n\r\n\t"]) func `nothing to price is no fault`(input: String)
    throws
  {
    try withFolder { folder in
      let run = try price([], input, in: folder)
      #expect(run.status == 0)
      #expect(run.output.isEmpty)
      #expect(run.diagnostics.isEmpty)
    }
  }

  @Test func `line ends of all kinds are read, and a last line without one`() throws {
    try withFolder { folder in
      let plain = Self.events(1..<4)
      let expected = try price([], plain, in: folder)
      for input in [
        String(plain.dropLast()), plain.replacing("\n", with: "\r\n"), "\u{FEFF}" + plain,
        plain.replacing("\n", with: "\n\n"), plain.replacing("{", with: "\t{ "),
      ] {
        let run = try price(["-"], input, in: folder)
        #expect(run.output == expected.output)
        #expect(run.status == 0)
      }
    }
  }

  @Test func `compressed events are read, and a broken end is told after the whole lines`() throws {
    try withFolder { folder in
      try folder.write("e.jsonl", Self.events(1..<3000))
      _ = try Program.shell("gzip -k e.jsonl && zstd -q e.jsonl", in: folder)
      let plain = try price(["e.jsonl"], in: folder)
      for name in ["e.jsonl.gz", "e.jsonl.zst"] {
        let run = try price([name], in: folder)
        #expect(run.status == 0, "\(run.diagnostics)")
        let isSame = run.output == plain.output
        #expect(isSame, "\(name)")
      }
      _ = try Program.shell("head -c 20000 e.jsonl.gz > cut.gz", in: folder)
      let cut = try price(["cut.gz", "e.jsonl", "gone.jsonl"], in: folder)
      #expect(cut.status == 65)
      #expect(cut.diagnostics.contains("cut.gz: the gzip stream ends before its end mark"))
      #expect(cut.diagnostics.contains("gone.jsonl: there is no such file or directory"))
      let isWhole = cut.output.hasSuffix(plain.output)
      #expect(isWhole)
      #expect(Self.ids(cut.output).count > 3000)
    }
  }

  @Test func `invalid UTF-8 and characters that JSON forbids are refused`() throws {
    try withFolder { folder in
      let event = Self.event(1)
      var bytes = Data(event.utf8)
      bytes += Data(event.utf8).map { $0 == UInt8(ascii: "g") ? 0xFF : $0 }
      bytes += Data(event.replacing("acme", with: "ac\u{01}me").utf8)
      bytes += Data(event.replacing("acme", with: #"ac\q"#).utf8)
      bytes += Data((event.dropLast() + ",\n").utf8)
      bytes += Data(event.replacing("}", with: ",}").utf8)
      bytes += Data(event.replacing("50", with: "050").utf8)
      try bytes.write(to: folder.appending(path: "e.jsonl"))
      let run = try price(["e.jsonl"], in: folder)
      #expect(run.diagnostics.contains("tollbook: lines that are no usage events: 6\n"))
      #expect(Self.ids(run.output) == [1])
    }
  }

  @Test func `escapes mean what they spell`() throws {
    try withFolder { folder in
      let plain = Self.event(1).replacing("acme", with: "ac/me \u{1F4B0}")
      let escaped = Self.event(1)
        .replacing(#""provider":"acme""#, with: #""p\u0072ovider":"ac\/me \ud83d\uDCB0""#)
      let (first, second) = (try price([], plain, in: folder), try price([], escaped, in: folder))
      #expect(first.output.contains("ac/me \u{1F4B0}"))
      #expect(first.output == second.output)
    }
  }

  /// The threads that run tests block signals, and what they start inherits that.
  private static let interrupt = """
    import os, signal, subprocess, sys, time
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    binary, number = sys.argv[1], int(sys.argv[2])
    event = open('e.jsonl').read()
    endless = subprocess.Popen(['yes', event.strip()], stdout=subprocess.PIPE)
    with open('out', 'wb') as out:
        child = subprocess.Popen([binary, 'price'], stdin=endless.stdout, stdout=out)
        while os.path.getsize('out') == 0: time.sleep(0.05)
        child.send_signal(number)
        try:
            print(child.wait(timeout=30), open('out', 'rb').read()[-1:])
        finally:
            child.kill()
            endless.kill()
    """

  @Test(arguments: [SIGINT, SIGTERM]) func `a signal ends a stream that has no end`(number: Int32)
    throws
  {
    try withFolder { folder in
      try folder.write("e.jsonl", Self.event(1))
      try folder.write("interrupt.py", Self.interrupt)
      let run = try Program.shell(
        "python3 interrupt.py '\(Tollbook.binary.path)' \(number)", in: folder)
      #expect(run.output == "\(128 + number) b'\\n'\n")
      #expect(
        run.diagnostics == "tollbook: stopped by signal \(number); what was read is printed.\n")
    }
  }

  @Test func `a reader that goes away is no fault`() throws {
    try withFolder { folder in
      try folder.write("e.jsonl", Self.event(1))
      let run = try Program.shell(
        """
        yes "$(cat e.jsonl)" | head -c 99000000 | '\(Tollbook.binary.path)' price | head -1 \
        > one; echo "${PIPESTATUS[2]}"; wc -l < one
        """, in: folder)
      #expect(run.output == "0\n1\n")
      #expect(run.diagnostics.isEmpty)
    }
  }

  /// The stream is tens of times what may be held.
  @Test func `memory does not grow with the stream, nor with the number of teams and users`() throws
  {
    try withFolder { folder in
      let program = """
        import resource, subprocess, sys
        binary, megabytes = sys.argv[1], int(sys.argv[2])
        child = subprocess.Popen([binary, 'price', '--threads', '2'], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL)
        number = sent = 0
        while sent < megabytes << 20:
            piece = ''.join('{"id":"%d","time":"2026-10-05T12:00:00.000000Z","provider":"openai",'
                '"request_model":"gpt-5-mini","status":"ok","input_tokens":9,"user":"%0800d"}\\n'
                % (n, n) for n in range(number, number + 1000)).encode()
            child.stdin.write(piece)
            number, sent = number + 1000, sent + len(piece)
        child.stdin.close()
        assert child.wait() == 0
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
        """
      try folder.write("run.py", program)
      let peaks = try [8, 64].map { megabytes in
        let run = try Program.shell(
          "python3 run.py '\(Tollbook.binary.path)' \(megabytes)", in: folder)
        return try #require(
          Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(run.diagnostics)")
      }
      #expect(peaks[1] < 160, "megabytes after 8 and 64: \(peaks)")
    }
  }
}
