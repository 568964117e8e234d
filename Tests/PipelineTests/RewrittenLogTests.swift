import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Synchronization
import Testing
import UsageFixtures

/// Prices as another pricer does, and does something else when it is asked for a price first: then a
/// run is in the middle of its input.
final class InterruptingPricer: Pricer {
  private let interruption: Mutex<(() throws -> Void)?>

  init(_ interruption: sending @escaping () throws -> Void) {
    self.interruption = Mutex(interruption)
  }

  var priceBook: String { pricer.priceBook }
  var dependsOnTeam: Bool { pricer.dependsOnTeam }

  func plan(for subject: PricingSubject) -> any PricePlan {
    interruption.withLock { interruption in
      try? interruption?()
      interruption = nil
    }
    return pricer.plan(for: subject)
  }
}

/// Logs that change while they are read.
@Suite struct RewrittenLogTests {
  /// Ingests a log in small pieces, and does something when the first of them is read.
  private func ingest(
    _ file: String, into ledger: String, commit facts: Int = 100_000,
    meanwhile: sending @escaping () throws -> Void
  ) throws -> IngestSummary {
    var options = IngestOptions()
    options.reading.limits.blockBytes = 4096
    options.factsPerCommit = facts
    return try Ingestor(
      ledger: ledger, pricer: InterruptingPricer(meanwhile), options: options
    ).run([.file(file)])
  }

  private static func refill(_ path: String, _ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  // Acceptance rows 19, 20 and 21, during a run: the new lines before the place where reading stopped
  // were never read, whatever stands at both ends of them by then.
  @Test(arguments: [true, false], [100_000, 50])
  func `a log that is refilled while it is read is read again`(
    sameHead: Bool, commit: Int
  ) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let banner = sameHead ? String(repeating: "# a banner of every log\n", count: 60) : ""
    let file = try folder.write("app.log", banner + chatLines(0..<1500, of: "old"))
    let new = banner + chatLines(0..<3000, of: "new")
    let first = try ingest(file, into: ledger, commit: commit) { try Self.refill(file, new) }
    #expect(first.inputs.map(\.notices) == [[.rewritten]])
    #expect(first.total.isBalanced)
    try PipelineTests.ingest([file], into: ledger)
    let text = try dump(ledger)
    try PipelineTests.ingest(
      [folder.write("new.log", chatLines(0..<3000, of: "new"))], into: ledger)
    // Nothing of what stands in the log was missing.
    #expect(try dump(ledger) == text)
  }

  // Acceptance rows 19 and 27: lines of equal length fit together wherever one content ends and the
  // other begins.
  @Test func `no request is made of an old line and a new one`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    func lines(_ count: Int, prompt: String) -> String {
      (0..<count).map { number in
        let short = chatLine(
          id: "\(prompt)-\(10_000 + number)", created: "\(1_791_000_000 + number)", prompt: prompt)
        let pad = String(repeating: "x", count: 249 - short.utf8.count - 9)
        return short.dropLast() + ",\"pad\":\"\(pad)\"}\n"
      }.joined()
    }
    let file = try folder.write("app.log", lines(3000, prompt: "100"))
    let first = try ingest(file, into: ledger) {
      try Self.refill(file, lines(6000, prompt: "900"))
    }
    #expect(first.inputs.map(\.notices) == [[.rewritten]])
    try PipelineTests.ingest([file], into: ledger)
    let counted = try dump(ledger).split(separator: "\n")
    #expect(counted.count { $0.contains("=900\t") } == 6000)
    #expect(counted.count { $0.contains("=100\t") } <= 3000)
  }

  // Acceptance row 19: the copy that was made before is known as what was read.
  @Test func `a log that is copied and cut while it is read goes on in its copy`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let lines = chatLines(0..<1500)
    let file = try folder.write("app.log", lines)
    let copy = folder.path("app.log.1")
    let first = try ingest(file, into: ledger) {
      try Data(lines.utf8).write(to: URL(fileURLWithPath: copy))
      try Self.refill(file, chatLines(1500..<1510))
    }
    #expect(first.inputs.map(\.notices) == [[.rewritten]])
    let second = try PipelineTests.ingest([copy, file], into: ledger)
    #expect(first.total.events + second.total.events == 1510)
    #expect(first.total.lines + second.total.lines < 1510 + 60)
    #expect(try Ledger.facts(in: ledger) == 1510)
  }

  // Acceptance row 18: the descriptor is that of the renamed file.
  @Test func `a log that is renamed while it is read is read to its end`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<1500))
    let first = try ingest(file, into: ledger, commit: 50) {
      try FileManager.default.moveItem(atPath: file, toPath: file + ".1")
      try Data(chatLines(1500..<1600).utf8).write(to: URL(fileURLWithPath: file))
    }
    #expect(first.total.events == 1500)
    #expect(first.inputs[0].notices == [])
    let second = try PipelineTests.ingest([file, file + ".1"], into: ledger)
    #expect(second.total.lines == 100)
    #expect(try Ledger.facts(in: ledger) == 1600)
  }

  // Acceptance row 27.
  @Test func `a log that grows or vanishes while it is read is read to its end`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", chatLines(0..<1500))
    let grown = try ingest(file, into: ledger) {
      try folder.append("app.log", chatLines(1500..<1510))
    }
    #expect(grown.total.events == 1510)
    let gone = try folder.write("gone.log", chatLines(0..<1500, of: "gone"))
    let vanished = try ingest(gone, into: ledger) {
      try FileManager.default.removeItem(atPath: gone)
    }
    #expect(vanished.total.events == 1500)
    #expect(grown.inputs[0].notices + vanished.inputs[0].notices == [])
    let missing = try PipelineTests.ingest([gone], into: ledger)
    #expect(missing.inputs[0].error == .notFound)
  }

  // Acceptance row 22: on most file systems the new file gets the number of the old.
  @Test func `a file that takes the name and the number of another is read whole`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = folder.path("app.log")
    for (round, name) in ["a", "b", "c", "d"].enumerated() {
      try folder.write("app.log", chatLines(0..<(40 + round * 9), of: name))
      #expect(try PipelineTests.ingest([file], into: ledger).total.events == Int64(40 + round * 9))
      try FileManager.default.removeItem(atPath: file)
    }
  }

  // Acceptance row 23.
  @Test func `two logs with the same first lines are both read whole`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let head = chatLines(0..<20)
    let first = try folder.write("a.log", head + chatLines(0..<30, of: "first"))
    let second = try folder.write("b.log", head + chatLines(0..<30, of: "second"))
    #expect(try PipelineTests.ingest([first], into: ledger).total.events == 50)
    #expect(try PipelineTests.ingest([second], into: ledger).total.events == 30)
    try folder.append("a.log", chatLines(30..<31, of: "first"))
    try folder.append("b.log", chatLines(30..<32, of: "second"))
    #expect(try PipelineTests.ingest([second, first], into: ledger).total.lines == 3)
  }

  // Acceptance row 26.
  @Test func `a log without a whole line grows later`() throws {
    let folder = try Folder()
    let line = chatLine() + "\n"
    for (number, start) in ["", "\n", "{", "\n\n\n"].enumerated() {
      let ledger = folder.path("\(number).db")
      let file = try folder.write("\(number).log", start)
      let empty = try PipelineTests.ingest([file], into: ledger)
      #expect(empty.total.events == 0 && empty.total.rejected == 0)
      try folder.append("\(number).log", String(line.dropFirst(start == "{" ? 1 : 0)))
      #expect(try PipelineTests.ingest([file], into: ledger).total.events == 1)
      #expect(try PipelineTests.ingest([file], into: ledger).total.lines == 0)
    }
  }
}

extension Ledger {
  /// The number of facts of a sound ledger.
  static func facts(in path: String) throws -> Int {
    try dump(path).utf8.count { $0 == UInt8(ascii: "\n") }
  }
}
