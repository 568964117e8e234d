import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// Whatever happens to files between runs, each request counts once.
@Suite struct ExactlyOnceTests {
  private static let all = Checkout.samples.map(Checkout.sample)

  // Acceptance row 1.
  @Test(arguments: [1, 2, 5])
  func `a second run adds nothing`(threads: Int) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let first = try ingest(Self.all, into: ledger, threads: threads) { $0.factsPerCommit = 100 }
    let before = try dump(ledger)
    #expect(before.utf8.count { $0 == UInt8(ascii: "\n") } == Int(first.total.events))
    let second = try ingest(Self.all, into: ledger, threads: threads)
    #expect(second.total == LineAccounting())
    #expect(second.unchanged == Self.all)
    #expect(try dump(ledger) == before)
  }

  // Acceptance row 2.
  @Test func `only what was appended is read`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<50))
    try ingest([file], into: ledger)
    let more = chatLines(50..<60) + "not json\n"
    try folder.append("app.log", more)
    let summary = try ingest([file], into: ledger)
    #expect(summary.total.lines == 11)
    #expect(summary.total.events == 10)
    #expect(summary.total.bytes == Int64(more.utf8.count))
    #expect(summary.inputs[0].samples.map(\.line) == [61])
    #expect(try Ledger.facts(in: ledger) == 60)
  }

  // Acceptance row 16.
  @Test func `a torn last line waits for its end`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let line = chatLine(id: "late", created: "1791600000") + "\n"
    let file = try folder.write("app.log", chatLines(0..<3) + line.prefix(60))
    let first = try ingest([file], into: ledger)
    #expect(first.total.lines == 3)
    #expect(first.total.rejected == 0)
    try folder.append("app.log", String(line.dropFirst(60)))
    #expect(try ingest([file], into: ledger).total.events == 1)
    #expect(try Ledger.facts(in: ledger) == 4)
  }

  // Acceptance row 17.
  @Test func `a torn last line of a log that will not grow is rejected`() throws {
    let folder = try Folder()
    let file = try folder.write("app.log", chatLines(0..<3) + chatLine().prefix(60))
    let summary = try ingest([file], into: folder.path("a.db")) { $0.isFinal = true }
    #expect(summary.total.rejections == [.torn: 1])
    #expect(summary.total.isBalanced)
    #expect(summary.inputs[0].samples.map(\.line) == [4])
  }

  @Test func `a whole last line without an end counts once`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLine(id: nil, created: "1791000000"))
    #expect(try ingest([file], into: ledger).total.events == 1)
    #expect(try ingest([file], into: ledger).total.lines == 0)
    let next = chatLine(id: nil, created: "1791000060") + "\n"
    try folder.append("app.log", "\n" + next)
    let summary = try ingest([file], into: ledger)
    #expect(summary.total.lines == 1)
    #expect(summary.total.events == 1)
    #expect(try Ledger.facts(in: ledger) == 2)
  }

  // Acceptance row 18, between runs.
  @Test func `a log that is renamed is not read again`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    try folder.write("app.log", chatLines(0..<40))
    try ingest([folder.path("app.log")], into: ledger)
    try FileManager.default.moveItem(atPath: folder.path("app.log"), toPath: folder.path("app.1"))
    try folder.append("app.1", chatLines(40..<45))
    try folder.write("app.log", chatLines(45..<50))
    let summary = try ingest([folder.path("app.1"), folder.path("app.log")], into: ledger)
    #expect(summary.total.lines == 10)
    #expect(summary.total.events == 10)
    #expect(try Ledger.facts(in: ledger) == 50)
  }

  // Acceptance row 19, between runs.
  @Test func `a log that is copied and cut is read where it goes on`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    try folder.write("app.log", chatLines(0..<40))
    try ingest([folder.path("app.log")], into: ledger)
    try folder.append("app.log", chatLines(40..<42))
    try folder.write("app.1", folder.bytes("app.log"))
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path("app.log")))
    try handle.truncate(atOffset: 0)
    try handle.close()
    try folder.append("app.log", chatLines(42..<44))
    for files in [["app.log", "app.1"], ["app.1", "app.log"]] {
      try ingest(files.map(folder.path), into: ledger)
      #expect(try Ledger.facts(in: ledger) == 44)
    }
  }

  // Acceptance rows 20 and 21, between runs.
  /// Only the bytes before the place where reading stopped tell the two apart.
  @Test func `a log that is refilled under the same head is read whole`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let head = String(repeating: "# a banner that every log begins with\n", count: 30)
    try #require(head.utf8.count > 1024)
    let file = try folder.write("app.log", head + chatLines(0..<30, of: "old"))
    try ingest([file], into: ledger)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    try handle.truncate(atOffset: 0)
    try handle.close()
    try folder.append("app.log", head + chatLines(0..<60, of: "new"))
    #expect(try ingest([file], into: ledger).total.events == 60)
    #expect(try Ledger.facts(in: ledger) == 90)
  }

  // Acceptance rows 24 and 25.
  @Test func `other names of a file and its compressed twins count once`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    // Without ids, and two lines equal: they are two requests, and copies of them are not.
    let lines = (0..<20).map { chatLine(id: nil, created: "\(1_791_000_000 + $0 / 2 * 60)") + "\n" }
    let file = try folder.write("app.log", lines.joined())
    try ingest([file], into: ledger)
    #expect(try Ledger.facts(in: ledger) == 20)
    try run(["gzip", "--keep", file])
    try run(["zstd", "--quiet", file, "-o", folder.path("app.zst")])
    try FileManager.default.linkItem(atPath: file, toPath: folder.path("hard.log"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("soft.log"), withDestinationPath: file)
    let names = ["hard.log", "soft.log", "app.log.gz", "app.zst"].map(folder.path)
    #expect(try ingest(names, into: ledger).total.events == 0)
    #expect(try Ledger.facts(in: ledger) == 20)
    try folder.append("app.log", chatLine(id: nil, created: "1791000000") + "\n")
    #expect(try ingest([file] + names, into: ledger).total.events == 1)
    #expect(try Ledger.facts(in: ledger) == 21)
  }

  // Acceptance row 35.
  @Test func `a log without ids that breaks off beside its copy counts once`() throws {
    let folder = try Folder()
    let lines = (0..<20).map { chatLine(id: nil, created: "\(1_791_000_000 + $0 / 2 * 60)") + "\n" }
    let copy = try folder.write("copy.log", lines.joined() + chatLine(id: nil) + "\n")
    let file = try folder.write("app.log", lines[..<7].joined())
    for resumes in [[copy, file], [file, copy]] {
      let ledger = folder.path("\(resumes[0] == copy).db")
      try folder.write("app.log", "# first\n" + lines[..<7].joined())
      try ingest(resumes, into: ledger)
      #expect(try Ledger.facts(in: ledger) == 21)
      try folder.append("app.log", lines[7...].joined())
      #expect(try ingest([file], into: ledger).total.lines == 13)
      #expect(try Ledger.facts(in: ledger) == 21)
      // The copy has the first of these, and not the second.
      try folder.append("app.log", lines[0] + lines[2])
      try ingest([file], into: ledger)
      #expect(try Ledger.facts(in: ledger) == 22)
    }
  }

  @Test(arguments: [100_000, 7]) func `copies in one run are one log`(chunk: Int) throws {
    let folder = try Folder()
    let names = ["a.log", "b.log"]
    for name in names { try folder.write(name, chatLines(0..<10)) }
    try run(["gzip", "--keep", folder.path("a.log")])
    try folder.write("b.log.gz", folder.bytes("a.log.gz"))
    let files = (names + ["a.log.gz", "b.log.gz"]).map(folder.path)
    let summary = try ingest(files, into: folder.path("a.db")) { $0.factsPerCommit = chunk }
    #expect(summary.total.lines == 10)
    #expect(summary.unchanged == Array(files.dropFirst()))
    #expect(try Ledger.facts(in: folder.path("a.db")) == 10)
  }

  @Test func `two names of a grown log in one run are one log`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<10))
    try ingest([file], into: ledger)
    try FileManager.default.linkItem(atPath: file, toPath: folder.path("hard.log"))
    try folder.append("app.log", chatLines(10..<20))
    let summary = try ingest([file, folder.path("hard.log")], into: ledger)
    #expect(summary.total.lines == 10)
    #expect(summary.unchanged == [folder.path("hard.log")])
    #expect(try Ledger.facts(in: ledger) == 20)
  }

  // Acceptance row 31.
  @Test func `the same stream counts once`() async throws {
    let folder = try Folder()
    let file = try folder.write("app.log", chatLines(0..<20) + chatLine(id: nil) + "\n")
    let ledger = folder.path("a.db")
    await #expect(processExitsWith: .success) {
      [file = file as String, ledger = ledger as String] in
      for expected in [21, 0] {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        try #require(dup2(handle.fileDescriptor, STDIN_FILENO) == STDIN_FILENO)
        let ingestor = try Ingestor(ledger: ledger, pricer: pricer, options: IngestOptions())
        let total = try ingestor.run([.standardInput]).total
        #expect(total.lines == 21)
        #expect(total.events == Int64(expected))
      }
    }
    #expect(try Ledger.facts(in: ledger) == 21)
  }

  @Test func `a line whose events have no time is one rejected line`() throws {
    let folder = try Folder()
    let line = """
      {"type":"message","id":"msg_1","model":"m","usage":{"input_tokens":3,"output_tokens":1,\
      "iterations":[{"type":"compaction","input_tokens":9,"output_tokens":1},\
      {"type":"message","input_tokens":3,"output_tokens":1}]}}

      """
    let file = try folder.write("a.jsonl", line + chatLines(0..<2))
    let total = try ingest([file], into: folder.path("a.db")).total
    #expect(total.rejections == [.noTime: 1])
    #expect(total.events == 2)
    #expect(total.isBalanced)
    let dated = try ingest([file], into: folder.path("b.db")) {
      $0.undated = Timestamp(microseconds: 1_791_000_000_000_000)
    }.total
    #expect(dated.events == 4)
    #expect(dated.eventLines == 3)
  }

  // Acceptance row 34.
  @Test func `exports that overlap count the same in either order`() throws {
    let folder = try Folder()
    let early = try folder.write("early.jsonl", chatLines(0..<60))
    let late = try folder.write("late.jsonl", chatLines(40..<100))
    try ingest([early, late], into: folder.path("a.db"))
    try ingest([late], into: folder.path("b.db"))
    try ingest([early], into: folder.path("b.db"))
    #expect(try dump(folder.path("a.db")) == dump(folder.path("b.db")))
    #expect(try Ledger.facts(in: folder.path("a.db")) == 100)
  }

  @Test(arguments: [100_000, 70]) func `the order of files does not matter`(chunk: Int) throws {
    let folder = try Folder()
    let orders = [Self.all, Self.all.reversed(), Array(Self.all[4...] + Self.all[..<4])]
    var accounts: Set<LineAccounting> = []
    var dumps: Set<String> = []
    for (number, files) in orders.enumerated() {
      let ledger = folder.path("\(number).db")
      accounts.insert(
        try ingest(files, into: ledger, threads: 1 + number) { $0.factsPerCommit = chunk }.total)
      dumps.insert(try dump(ledger))
    }
    #expect(accounts.count == 1)
    #expect(dumps.count == 1)
  }

  @Test func `both forms of a call count once, also in two runs`() throws {
    let folder = try Folder()
    let files = ["litellm.slp", "litellm.spend"].map(Checkout.sample)
    try ingest(files, into: folder.path("a.db"))
    for file in files.reversed() { try ingest([file], into: folder.path("b.db")) }
    #expect(try dump(folder.path("a.db")) == dump(folder.path("b.db")))
    #expect(try dump(folder.path("a.db")).contains("dialect=litellm.slp"))
  }
}

/// One call of OpenRouter in its two forms.
@Suite struct GenerationTwinTests {
  private static let chat = """
    {"id":"gen-1-x","object":"chat.completion","created":1791203696,"model":"openai/gpt-5-mini",\
    "provider":"OpenAI","choices":[{"index":0,"finish_reason":"FINISH"}],\
    "usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,"cost":0.001,\
    "is_byok":false}}

    """
  private static let generation = """
    {"data":{"id":"gen-1-x","upstream_id":"c","created_at":"2026-10-05T12:34:56.789+00:00",\
    "model":"openai/gpt-5-mini","provider_name":"OpenAI","tokens_prompt":98,"tokens_completion":9,\
    "native_tokens_prompt":100,"native_tokens_completion":10,"finish_reason":"FINISH",\
    "cancelled":CANCELLED,"total_cost":0.001,"generation_time":900}}

    """

  @Test(arguments: ["stop", "length", "content_filter", "error"], [false, true])
  func `both forms are one call`(finish: String, cancelled: Bool) throws {
    let folder = try Folder()
    let texts = [Self.chat, Self.generation].map {
      $0.replacing("FINISH", with: finish).replacing("CANCELLED", with: "\(cancelled)")
    }
    let total = try ingest([folder.write("a.jsonl", texts.joined())], into: folder.path("a.db"))
      .total
    #expect(total.events == 1)
    #expect(total.duplicates == 1)
  }

  @Test(arguments: [("content_filter", "blocked"), ("error", "error"), ("stop", "ok")])
  func `both forms tell the same outcome`(finish: String, status: String) throws {
    for text in [Self.chat, Self.generation] {
      let reading = try Reading.of(
        text.replacing("FINISH", with: finish).replacing("CANCELLED", with: "false"))
      #expect(reading.events.map { $0["status"] } == [status])
    }
  }
}
