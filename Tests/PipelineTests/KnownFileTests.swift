import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// Files that were read before are known without reading them.
@Suite struct KnownFileTests {
  /// Lines that do not compress well.
  private static func noisyLines(_ count: Int) -> String {
    var state: UInt64 = 9
    return (0..<count).map { number in
      let noise = (0..<40).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return String(state, radix: 36)
      }
      return chatLine(id: "n\(number)", more: ",\"noise\":\"\(noise.joined())\"") + "\n"
    }.joined()
  }

  /// The bytes that this process has read so far.
  private static func bytesRead() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("rchar:") } ?? ""
    return try #require(line.split(separator: " ").last.flatMap { Int($0) })
  }

  // Acceptance row 2, and a second run over all kinds of file: heads and anchors are all it reads.
  @Test func `a second run reads both ends of files only`() async throws {
    let folder = try Folder()
    let log = try folder.write("app.log", Self.noisyLines(6000))
    try run(["gzip", "--keep", log])
    try run(["zstd", "--quiet", log, "-o", folder.path("app.zst")])
    let records = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    try folder.write("export.json", "[" + records.joined(separator: ",\n") + "]")
    try run(["gzip", "--keep", folder.path("export.json")])
    let names = ["app.log", "app.log.gz", "app.zst", "export.json", "export.json.gz"]
    let files = names.map(folder.path)
    // In a process of its own, for others read too.
    await #expect(processExitsWith: .success) {
      [ledger = folder.path("a.db") as String, files = files as [String]] in
      try ingest(files, into: ledger)
      let sizes = try files.map { path in
        try #require(
          FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
      }
      #expect(sizes.allSatisfy { $0 > 1_000_000 })
      let before = try Self.bytesRead()
      let again = try ingest(files, into: ledger)
      let read = try Self.bytesRead() - before
      #expect(again.unchanged == files)
      // Of each file its head of 64 KiB, and twice head and anchor; the ledger's own pages.
      #expect(read < 5 * 300_000, "\(read)")
      let handle = try #require(FileHandle(forWritingAtPath: files[0]))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((chatLine(id: "late") + "\n").utf8))
      let earlier = try Self.bytesRead()
      #expect(try ingest(files, into: ledger).total.lines == 1)
      #expect(try Self.bytesRead() - earlier < 5 * 300_000)
    }
  }

  // Acceptance row 25.
  @Test func `a rotated log and its archives are one log`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<50) + chatLine(id: nil) + "\n")
    try ingest([file], into: ledger)
    // Lines that came between the last run and the rotation are in the archive only.
    try folder.append("app.log", chatLines(50..<55) + chatLine(id: nil) + "\n")
    try FileManager.default.moveItem(atPath: file, toPath: folder.path("app.log.1"))
    try run(["gzip", folder.path("app.log.1")])
    let gzip = try ingest([folder.path("app.log.1.gz")], into: ledger)
    #expect(gzip.total.lines == 6 && gzip.total.events == 6)
    try run(["gunzip", "--keep", folder.path("app.log.1.gz")])
    try run(["zstd", "--quiet", folder.path("app.log.1")])
    for name in ["app.log.1.zst", "app.log.1", "app.log.1.gz"] {
      let twin = try ingest([folder.path(name)], into: ledger)
      #expect(twin.total == LineAccounting(), "\(name)")
      #expect(twin.unchanged == [folder.path(name)])
    }
    #expect(try Ledger.facts(in: ledger) == 57)
    #expect(try accounts(of: ledger).duplicates == 0)
  }

  // Acceptance row 25: what begins alike is read when it does not go on alike.
  @Test func `an archive that only begins as a log does is read whole`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let head = chatLines(0..<30)
    try ingest([folder.write("a.log", head + chatLines(0..<40, of: "a"))], into: ledger)
    let other = try folder.write("b.log", head + chatLines(0..<60, of: "b"))
    try run(["gzip", other])
    let short = try folder.write("c.log", chatLines(0..<20))
    try run(["zstd", "--quiet", short])
    let total = try ingest([other + ".gz", short + ".zst"], into: ledger).total
    #expect(total.events == 60 && total.duplicates == 50)
  }

  // Acceptance rows 61 and 62: cut in the middle of a stream, and behind a whole member or frame.
  @Test(arguments: ["gzip", "zstd"]) func `an archive that is completed adds the rest`(
    tool: String
  ) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    var whole: [UInt8] = []
    var cuts: [Int] = []
    for part in 0..<3 {
      let name = try folder.write("part", chatLines(part * 200..<(part + 1) * 200))
      try run([tool, "--quiet", "--force", "--keep", name])
      let bytes = try folder.bytes("part" + (tool == "gzip" ? ".gz" : ".zst"))
      cuts += [whole.count + bytes.count * 2 / 3, whole.count + bytes.count]
      whole += bytes
    }
    var lines: Int64 = 0
    for cut in cuts {
      let file = try folder.write("growing", whole.prefix(cut))
      let total = try ingest([file], into: ledger).total
      #expect(total.duplicates == 0 && total.rejected == 0)
      lines += total.lines
      #expect(try ingest([file], into: ledger).total.lines == 0)
    }
    #expect(lines == 600)
    #expect(try Ledger.facts(in: ledger) == 600)
  }

  @Test func `an archive or a document that is touched or copied is not read again`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let log = try folder.write("app.log", chatLines(0..<50))
    try run(["gzip", log])
    let records = chatLines(50..<90).split(separator: "\n").joined(separator: ",")
    try folder.write("export.json", "[" + records + "]")
    let names = ["app.log.gz", "export.json"].map(folder.path)
    try ingest(names, into: ledger)
    try run(["touch"] + names)
    for name in names { try run(["cp", name, name + ".copy"]) }
    for _ in 1...2 {
      let again = try ingest(names + names.map { $0 + ".copy" }, into: ledger)
      #expect(again.unchanged.count == 4)
    }
    // Another document under the name is another file.
    try folder.write("export.json", "[" + records + "," + chatLine(id: "new") + "]")
    #expect(try ingest(names, into: ledger).total.events == 1)
    #expect(try Ledger.facts(in: ledger) == 91)
  }

  // Acceptance row 31.
  @Test func `a stream that comes again is said to`() async throws {
    let folder = try Folder()
    let file = try folder.write("app.log", chatLines(0..<20))
    let ledger = folder.path("a.db")
    await #expect(processExitsWith: .success) {
      [file = file as String, ledger = ledger as String] in
      for (round, notices) in [[], [InputNotice.sameStream]].enumerated() {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        try #require(dup2(handle.fileDescriptor, STDIN_FILENO) == STDIN_FILENO)
        let summary = try Ingestor(ledger: ledger, pricer: pricer, options: IngestOptions())
          .run([.standardInput])
        #expect(summary.inputs[0].notices == notices)
        #expect(summary.total.duplicates == Int64(round * 20))
      }
    }
  }

  // Acceptance row 38.
  @Test func `equal ids and lines of two sources are two requests`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<10) + chatLine(id: nil) + "\n")
    for label in ["", "eu", "us", "eu"] {
      try ingest([file], into: ledger) { $0.label = label }
    }
    #expect(try Ledger.facts(in: ledger) == 33)
    try folder.append("app.log", chatLines(10..<12))
    #expect(try ingest([file], into: ledger) { $0.label = "us" }.total.lines == 2)
    // A copy under the same name is none.
    let copy = try folder.write("copy.log", "\n" + chatLines(0..<12))
    #expect(try ingest([copy], into: ledger) { $0.label = "us" }.total.events == 0)
    #expect(try ingest([copy], into: ledger) { $0.label = "eu" }.total.events == 2)
  }

  /// The account of all runs.
  private func accounts(of ledger: String) throws -> LineAccounting {
    try Ledger.open(path: ledger).history(labels: LabelTable(), cells: CellTable()).accounting()
  }
}
