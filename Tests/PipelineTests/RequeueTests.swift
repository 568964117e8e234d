import Billing
import Documents
import Foundation
import Ingestion
import LogFixtures
import Testing

@testable import Ledger
@testable import Pipeline

/// Rejected lines that are read again after a fix count as if the fix had been there before.
@Suite struct RequeueTests {
  private static let dialect = """
    dialect: own.log
    gateway: own
    detect: {all: [own]}
    fields: {id: n, time: t, provider: {constant: openai}, response_model: m}
    usage: [{at: u, shape: {input: i, output: o}}]

    """

  /// A line of a gateway that only `dialect` knows.
  private static func ownLine(_ number: Int, id: String? = nil, input: String = "5") -> String {
    let identity = id.map { "\"n\":\"\($0)\"," } ?? ""
    let second = String(format: "%02d:%02d", number / 60 % 60, number % 60)
    return "{\"own\":1,\(identity)\"t\":\"2026-10-02T09:\(second)Z\","
      + "\"m\":\"gpt-5-mini-2025-08-07\",\"u\":{\"i\":\(input),\"o\":2}}\n"
  }

  /// A log with lines of two gateways: some of the second are duplicates, have no id or are wrong.
  private static func mixedLog(_ count: Int, of name: String = "log") -> String {
    (0..<count).map { number in
      let other =
        switch number % 5 {
        case 0: ownLine(number)
        case 1: ownLine(number, id: "\(name)-\(number / 10)")
        case 2: ownLine(7)
        case 3 where number % 20 == 3: ownLine(number, id: "bad", input: "-1")
        default: ownLine(number, id: "\(name)-\(number)")
        }
      return chatLines(number..<(number + 1), of: name) + other
        + (number % 7 == 0 ? "# a remark\n" : "")
    }.joined()
  }

  private func options(threads: Int = 1) throws -> IngestOptions {
    var options = IngestOptions()
    options.reading.dialects = [try DocumentNode.read(text: Self.dialect, file: "own.yaml")]
    options.reading.threads = threads
    options.reading.limits.blockBytes = 4096
    options.factsPerCommit = 300
    return options
  }

  private func requeue(
    _ ledger: String, _ paths: [String]? = nil, quarantine: String? = nil, threads: Int = 1
  ) throws -> RequeueSummary {
    try Requeuer(ledger: ledger, pricer: pricer, options: options(threads: threads))
      .run(paths, quarantine: quarantine)
  }

  private func account(of ledger: String) throws -> LineAccounting {
    try Ledger.open(path: ledger).history(labels: LabelTable(), cells: CellTable()).accounting()
  }

  /// What the ledger is when the dialect was there from the start.
  private func straight(
    _ folder: Folder, _ files: [String]
  ) throws -> (dump: String, account: LineAccounting) {
    let ledger = folder.path("straight.db")
    try ingest(files, into: ledger) { $0 = try! options() }
    return (try dump(ledger), try account(of: ledger))
  }

  // Few lines, whose places are all known, and many, of which only the number is.
  @Test(arguments: [90, 3000], [1, 3]) func `lines that a new dialect reads are counted`(
    count: Int, threads: Int
  ) throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", Self.mixedLog(count))
    let first = try ingest([file], into: ledger).total
    #expect(
      first.rejections.keys.sorted { $0.rawValue < $1.rawValue } == [.unknownFormat, .malformed])
    let summary = try requeue(ledger, threads: threads)
    #expect(summary.failures == [] && summary.unread == 0)
    #expect(summary.total.lines == first.rejected)
    let total = summary.total
    #expect(total.lines == total.counted + total.duplicates + total.skipped + total.rejected)
    let expected = try straight(folder, [file])
    #expect(try dump(ledger) == expected.dump)
    #expect(try account(of: ledger) == expected.account)
    // Once is enough.
    let again = try requeue(ledger)
    #expect(again.total.counted == 0 && again.total.duplicates == 0)
    #expect(again.total.rejected == expected.account.rejected)
    #expect(try dump(ledger) == expected.dump)
    #expect(try account(of: ledger) == expected.account)
    #expect(try ingest([file], into: ledger).total.lines == 0)
  }

  @Test func `a log is found under another name, compressed, and after it has grown`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let files = try ["a", "b", "c"].map { name in
      try folder.write("\(name).log", Self.mixedLog(60, of: name))
    }
    try ingest(files, into: ledger)
    let expected = try straight(folder, files)
    try FileManager.default.moveItem(atPath: files[0], toPath: folder.path("a.1"))
    try run(["gzip", files[1]])
    try folder.append("c.log", Self.ownLine(900, id: "later"))
    let lost = try requeue(ledger)
    #expect(lost.sources.count == 1 && lost.failures.count == 2)
    #expect(lost.unread > 0)
    let found = try requeue(ledger, ["a.1", "b.log.gz", "c.log"].map(folder.path))
    #expect(found.sources.count == 3 && found.failures == [] && found.unread == 0)
    #expect(try dump(ledger) == expected.dump)
    #expect(try account(of: ledger) == expected.account)
    let later = try ingest([files[2]], into: ledger) { $0 = try! options() }
    #expect(later.total.events == 1)
  }

  @Test func `a document is read again as well`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let records = Self.mixedLog(50).split(separator: "\n").filter { $0.hasPrefix("{") }
    let file = try folder.write("a.json", "[" + records.joined(separator: ",\n") + "]")
    try ingest([file], into: ledger)
    _ = try requeue(ledger)
    let expected = try straight(folder, [file])
    #expect(try dump(ledger) == expected.dump)
    #expect(try account(of: ledger) == expected.account)
  }

  @Test func `lines that were kept are read without their logs`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let kept = folder.path("kept")
    let files = try ["a", "b"].map { try folder.write("\($0).log", Self.mixedLog(1500, of: $0)) }
    let first = try ingest(files, into: ledger) {
      $0.quarantine = QuarantineOptions(directory: kept)
    }
    #expect(first.notKept == 0)
    let expected = try straight(folder, files)
    for file in files { try FileManager.default.removeItem(atPath: file) }
    let summary = try requeue(ledger, quarantine: kept)
    #expect(summary.total.lines == first.total.rejected)
    #expect(try dump(ledger) == expected.dump)
    #expect(try account(of: ledger) == expected.account)
    let again = try requeue(ledger, quarantine: kept)
    #expect(again.total.counted == 0)
    #expect(try dump(ledger) == expected.dump)
  }

  @Test func `what is written into the directory is no line of a log`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let kept = folder.path("kept")
    let file = try folder.write("a.log", chatLines(0..<3) + Self.ownLine(1, id: "a"))
    try ingest([file], into: ledger) { $0.quarantine = QuarantineOptions(directory: kept) }
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: kept).first)
    let text = String(decoding: try folder.bytes("kept/\(name)"), as: UTF8.self)
    try folder.write("kept/run-9.rejected", text.replacing("\"i\":5", with: "\"i\":9"))
    try folder.write("kept/run-10.rejected", "{\"source\":")
    try folder.write("kept/run-11.rejected", text + text + text.prefix(90))
    try FileManager.default.removeItem(atPath: kept + "/" + name)
    #expect(try requeue(ledger, quarantine: kept).total.counted == 1)
    #expect(try Ledger.facts(in: ledger) == 4)
    let requeued = try dump(ledger)
    #expect(requeued == (try straight(folder, [file]).dump))
  }

  // A crash between any two steps of a commit corrects nothing twice.
  @Test(arguments: [1, 2, 4], [false, true]) func `a run that breaks off is finished by the next`(
    commit: Int, fromKept: Bool
  ) throws {
    let folder = try Folder()
    let kept = folder.path("kept")
    let file = try folder.write("app.log", Self.mixedLog(2500))
    let expected = try straight(folder, [file])
    for step in CommitStep.allCases {
      let ledger = folder.path("\(step).db")
      try ingest([file], into: ledger) {
        $0.quarantine = fromKept ? QuarantineOptions(directory: kept) : nil
      }
      let commits = StepCounter()
      #expect(throws: (any Error).self) {
        let writer = try LedgerWriter(path: ledger) { reached in
          if reached == step, commits.next() == commit { throw InputError.notFound }
        }
        _ = try Requeuer(writer, pricer: pricer, options: options())
          .run(nil, quarantine: fromKept ? kept : nil)
      }
      _ = try dump(ledger)
      _ = try requeue(ledger, quarantine: fromKept ? kept : nil)
      #expect(try dump(ledger) == expected.dump, "\(step)")
      #expect(try account(of: ledger) == expected.account, "\(step)")
      try? FileManager.default.removeItem(atPath: kept)
    }
  }

  @Test func `lines of two sources are requeued under their names`() throws {
    let folder = try Folder()
    let ledger = folder.path("a.db")
    let file = try folder.write("app.log", Self.mixedLog(40))
    for label in ["eu", "us"] { try ingest([file], into: ledger) { $0.label = label } }
    let summary = try requeue(ledger)
    #expect(summary.sources.count == 2 && summary.failures == [])
    let straight = folder.path("straight.db")
    for label in ["eu", "us"] {
      try ingest([file], into: straight) {
        $0 = try! options()
        $0.label = label
      }
    }
    #expect(try dump(ledger) == dump(straight))
    #expect(try account(of: ledger) == account(of: straight))
  }
}

/// Counts from 1.
private final class StepCounter: @unchecked Sendable {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
