import Foundation
import Testing

@Suite struct DumpTests {
  @Test func `ledgers of the same requests give the same dump`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3))
      try folder.write("b.jsonl", SampleLog.lines(5))
      for (ledger, logs) in [("one.db", ["a.jsonl", "b.jsonl"]), ("two.db", ["b.jsonl"])] {
        #expect(try Tollbook.run(["ingest", "--ledger", ledger] + logs, in: folder).status == 0)
      }
      let dumps = try ["one.db", "two.db"].map { ledger in
        let run = try Tollbook.run(["dump", "--canonical", "--ledger", ledger], in: folder)
        #expect(run.status == 0)
        return run.output
      }
      #expect(dumps[0] == dumps[1])
      let lines = dumps[0].split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines.elementsEqual(lines.sorted()))
    }
  }

  @Test func `a dump needs a ledger`() throws {
    try withFolder { folder in
      let run = try Tollbook.run(["dump"], in: folder)
      #expect(run.status == 69)
      #expect(run.output == "")
    }
  }
}
