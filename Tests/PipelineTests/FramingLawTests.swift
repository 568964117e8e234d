import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// Reading a document, in any framing, gives the events of its records as lines.
@Suite struct FramingLawTests {
  /// The records of all samples that are read.
  private static func records() throws -> [String] {
    try Checkout.samples.flatMap { name in
      try Checkout.bytes("sample-logs/\(name).jsonl").split(separator: UInt8(ascii: "\n"))
        .prefix(40).filter { (try? JSONSerialization.jsonObject(with: Data($0))) is [String: Any] }
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test func `a document gives the events of its records`() throws {
    let records = try Self.records()
    let plain = try Reading.of(records.map { $0 + "\n" }.joined())
    #expect(records.count > 300 && plain.lines.count > 250)
    for (name, text) in JSONLayout.documents(records) {
      for form in [text, "\u{FEFF}" + text, text.replacing("\n", with: "\r\n")] {
        let reading = try Reading.of(form)
        #expect(reading.bytes == plain.bytes, "\(name)")
        #expect(reading.accounting.rejections == plain.accounting.rejections, "\(name)")
        #expect(reading.accounting.lines == Int64(records.count), "\(name)")
        #expect(reading.accounting.isBalanced, "\(name)")
      }
    }
  }

  @Test func `blocks, threads and compression change nothing`() throws {
    let folder = try Folder()
    let records = try Self.records()
    let text = "[\n" + records.map { JSONLayout.pretty($0) }.joined(separator: ",\n") + "\n]\n"
    let file = try folder.write("a.json", text)
    try run(["gzip", "--keep", file])
    try run(["zstd", "--quiet", file])
    let straight = try Reading.of(files: [file])
    for name in ["a.json", "a.json.gz", "a.json.zst"] {
      for (bytes, threads) in [(100, 1), (4099, 5), (1 << 16, 2)] {
        var limits = InputLimits()
        limits.blockBytes = bytes
        let other = try Reading.of(files: [folder.path(name)], threads: threads, limits: limits)
        #expect(other.bytes == straight.bytes, "\(name), \(bytes)")
        #expect(other.accounting == straight.accounting, "\(name), \(bytes)")
      }
    }
  }

  @Test func `a document that is cut anywhere is balanced`() throws {
    let records = (0..<4).map { chatLine(id: "a-\($0)", more: ",\"x\":[{\"y\":\"}{\"}]") }
    let plain = try Reading.of(records.map { $0 + "\n" }.joined()).lines
    let text = "[\n" + records.map { JSONLayout.pretty($0) }.joined(separator: ",\n") + "\n]\n"
    let ends = text.ranges(of: "\n}").map {
      text.utf8.distance(from: text.startIndex, to: $0.upperBound)
    }
    #expect(ends.count == 4)
    for cut in stride(from: 0, to: text.utf8.count, by: 3) {
      let reading = try Reading.of(text.utf8.prefix(cut))
      let whole = ends.count { $0 <= cut }
      #expect(reading.lines == Array(plain.prefix(whole)), "\(cut)")
      #expect(reading.accounting.isBalanced && reading.accounting.rejected <= 2, "\(cut)")
    }
    let folder = try Folder()
    let file = try folder.write("a.json", text)
    try run(["gzip", "--keep", file])
    let archive = try folder.bytes("a.json.gz")
    let reading = try Reading.of(archive.dropLast(9))
    #expect(reading.reports[0].error == .truncated(.gzip))
    #expect(plain.starts(with: reading.lines) && reading.lines.count >= 3)
  }

  @Test func `a document is read once, and one that grew adds what is new`() throws {
    let folder = try Folder()
    let records = chatLines(0..<300).split(separator: "\n").map(String.init)
    func write(_ count: Int) throws -> String {
      try folder.write("a.json", "[" + records.prefix(count).joined(separator: ",\n") + "]")
    }
    let ledger = folder.path("a.db")
    #expect(try ingest([write(200)], into: ledger).total.events == 200)
    #expect(try ingest([folder.path("a.json")], into: ledger).unchanged.count == 1)
    let copy = try folder.write("copy.json", folder.bytes("a.json"))
    #expect(try ingest([copy], into: ledger).unchanged.count == 1)
    let more = try ingest([write(300)], into: ledger).total
    #expect(more.events == 100 && more.duplicates == 200 && more.lines == 300)
    let lines = folder.path("b.db")
    try ingest([folder.write("b.jsonl", chatLines(0..<300))], into: lines)
    #expect(try dump(ledger) == dump(lines))
  }

  /// A log of lines goes on where it was read to, whatever else files may hold.
  @Test func `a log of lines is still resumed`() throws {
    let folder = try Folder()
    let file = try folder.write("a.jsonl", chatLines(0..<10))
    let ledger = folder.path("a.db")
    try ingest([file], into: ledger)
    try folder.append("a.jsonl", chatLines(10..<20))
    let more = try ingest([file], into: ledger).total
    #expect(more.lines == 10 && more.events == 10)
  }

  @Test func `the rows of a table are lines, and so is its header`() throws {
    let dialect = """
      dialect: own.table
      gateway: own
      detect: {all: [model, cost]}
      fields: {id: id, request_model: model, reported_cost: cost}
      """
    let text = "id,model,cost\r\na,gpt-5,10\r\n\"b\",\"gpt-5\",11\r\nc,gpt-5\r\n"
    let reading = try Reading.of(text, dialects: [dialect])
    #expect(reading.events.map { $0["id"] } == ["a", "b"])
    #expect(reading.accounting.lines == 4 && reading.accounting.skipped == 1)
    #expect(reading.rejections == [.malformed: 1])
    let twice = try Reading.of("id,model,model,cost\na,b,c,1\n", dialects: [dialect])
    #expect(twice.rejections == [.duplicateKey: 1])
  }

  /// The memory is that of a record, not of the document.
  @Test func `a document far beyond the limit of a line costs no memory`() async throws {
    let folder = try Folder()
    try python(
      """
      import sys
      for name, start, end in [("array", b"[", b"]"), ("data", b'{"data":[', b"]}")]:
          with open(sys.argv[1] + name, "wb") as out:
              out.write(start)
              out.write(b",".join([sys.argv[2].encode()] + [b'{"x":"%s"}' % (b"x" * 9000)] * 4000))
              out.write(end)
      """, folder.path(""), chatLine())
    for name in ["array", "data"] {
      let file = folder.path(name)
      await #expect(processExitsWith: .success) { [file = file as String] in
        var limits = InputLimits()
        limits.lineBytes = 1 << 20
        let before = try FileTests.peakKilobytes()
        let reading = try Reading.of(files: [file], limits: limits)
        #expect(reading.lines.count == 1)
        #expect(reading.accounting.lines >= 4001)
        #expect(try FileTests.peakKilobytes() - before < 25_000)
      }
    }
  }
}
