import Billing
import Documents
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// Which lines are one request.
@Suite struct RecordIdentityTests {
  private static let dialect = """
    dialect: own.log
    gateway: own
    detect: {all: [own]}
    fields: {id: n, time: t, response_model: m}
    usage: [{at: u, shape: {input: i, output: o}}]
    revisions: largest

    """

  /// A snapshot of a stream.
  private static func snapshot(
    _ output: Int, id: String = "s", at time: String = "2026-10-02T09:00:00"
  ) -> String {
    "{\"own\":1,\"n\":\"\(id)\",\"t\":\"\(time)Z\",\"m\":\"gpt-5-mini-2025-08-07\","
      + "\"u\":{\"i\":7,\"o\":\(output)}}\n"
  }

  private func ingestOwn(_ files: [String], into ledger: String) throws -> LineAccounting {
    let own = try DocumentNode.read(text: Self.dialect, file: "own.yaml")
    return try ingest(files, into: ledger) { $0.reading.dialects = [own] }.total
  }

  // Acceptance row 34.
  @Test(arguments: [1, 3]) func `one id in two logs is one request`(threads: Int) throws {
    let folder = try Folder()
    let files = try ["a", "b"].map { try folder.write("\($0).log", "# \($0)\n" + chatLines(0..<9)) }
    let total = try ingest(files, into: folder.path("a.db"), threads: threads).total
    #expect(total.events == 9 && total.duplicates == 9)
  }

  // Acceptance row 35.
  @Test(arguments: [nil, "", "None", "null"])
  func `lines without an id count as often as they stand`(
    id: String?
  ) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let line = chatLine(id: id) + "\n"
    let file = try folder.write("app.log", line + line + chatLine(id: id, prompt: "9") + "\n")
    #expect(try ingest([file], into: ledger).total.events == 3)
    // The rotated copy says nothing new, and what follows it does.
    let copy = try folder.write("app.log.1", folder.bytes("app.log") + Array(line.utf8))
    #expect(try ingest([copy], into: ledger).total.events == 1)
    let shuffled = try folder.write("other.log", chatLine(id: id, prompt: "9") + "\n" + line)
    #expect(try ingest([shuffled], into: ledger).total.events == 0)
    let null = try folder.write("null.log", line.replacing("\"id\":\"null\"", with: "\"id\":null"))
    #expect(try ingest([null], into: ledger).total.events == (id == "null" ? 1 : 0))
  }

  // Acceptance row 36.
  @Test func `another request under the same id counts, and is told`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let lines = ["1791000000", "1791000500"].map {
      chatLine(id: "chatcmpl-213", created: $0) + "\n"
    }
    let first = try ingest([folder.write("a.log", lines[0])], into: ledger).total
    let second = try ingest([folder.write("b.log", "\n" + lines.joined())], into: ledger).total
    #expect(first.events + second.events == 2)
    #expect(second.idConflicts == 1 && second.duplicates == 1)
    #expect(try Ledger.facts(in: ledger) == 2)
  }

  // Acceptance row 37.
  @Test(arguments: [[1, 120, 384], [384, 1, 120], [120, 384, 1]], [true, false])
  func `of the rows of a stream the last one counts`(outputs: [Int], apart: Bool) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let lines = outputs.map { Self.snapshot($0) }
    var total = LineAccounting()
    for (number, text) in (apart ? lines : [lines.joined()]).enumerated() {
      total.add(try ingestOwn([folder.write("\(number).log", text)], into: ledger))
    }
    #expect(total.events == 1 && total.duplicates == 2)
    #expect(try dump(ledger).contains("384"))
    #expect(try Ledger.facts(in: ledger) == 1)
  }

  // Acceptance row 39.
  @Test func `ids are told apart byte by byte, however long`() throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: 1 << 20)
    let ids = [
      "e\u{301}", "\u{e9}", "id", "ID", "id ", "id\\u0000", "id\\u0000a", long, long + "x",
    ]
    let text = ids.map { chatLine(id: $0) + "\n" }.joined()
    let ledger = folder.path("a.db")
    #expect(try ingest([folder.write("a.log", text)], into: ledger).total.events == 9)
    #expect(try ingest([folder.write("b.log", "\n" + text)], into: ledger).total.duplicates == 9)
  }

  // Acceptance row 40: a dialect that declares snapshots finds them across midnight; without that,
  // two times are two requests.
  @Test func `a copy is found across midnight where a dialect declares it`() throws {
    let folder = try Folder()
    let text =
      Self.snapshot(5, at: "2026-10-02T23:59:59.999")
      + Self.snapshot(9, at: "2026-10-03T00:00:00.001")
    let total = try ingestOwn([folder.write("a.log", text)], into: folder.path("a.db"))
    #expect(total.events == 1 && total.duplicates == 1)
    let midnight = 1_791_072_000
    let lines = [midnight - 1, midnight].map { chatLine(created: "\($0)") + "\n" }.joined()
    let other = try ingest([folder.write("b.log", lines)], into: folder.path("b.db")).total
    #expect(other.events == 2)
  }

  // Acceptance row 41: ids that collide under hashes without a key (64-bit FNV-1a, and sums).
  @Test func `ids that were crafted to collide are two requests`() throws {
    let folder = try Folder()
    let ids = ["8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ", "AaAa", "BBBB", "AaBB", "BBAa"]
    let text = ids.map { chatLine(id: $0) + "\n" }.joined()
    let total = try ingest([folder.write("a.log", text)], into: folder.path("a.db")).total
    #expect(total.events == 6 && total.idConflicts == 0)
  }
}
