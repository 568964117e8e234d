import Billing
import Foundation
import Ingestion
import Insights
import Ledger
import LogFixtures
import Pipeline
import Reporting
import Testing

/// The same logs give the same reports, byte for byte, in whatever order they are read and however
/// often reading breaks off, in ledgers of different keys. Only what the last run added late is of the
/// runs, and not of the logs.
@Suite struct OrderTests {
  private static let files = Checkout.samples.map(Checkout.sample)

  private static func settings(_ ledger: String) throws -> Settings {
    var choices = Choices()
    choices.configuration = Checkout.path("sample-logs/tollbook.yaml")
    choices.ledger = ledger
    return try Settings(choices)
  }

  private static func ingest(
    _ files: [String], into ledger: String, threads: Int = 1, chunk: Int = 100_000
  ) throws {
    var options = IngestOptions()
    options.reading.threads = threads
    options.factsPerCommit = chunk
    let settings = try settings(ledger)
    let inputs = files.map(InputList.Input.file)
    _ = try Ingestor(ledger: ledger, pricer: settings.pricer, options: options).run(inputs)
  }

  /// Of a sound ledger, in each format.
  private static func reports(_ ledger: String) throws -> [String: [UInt8]] {
    #expect(try Ledger.open(path: ledger).verify(.full) == [])
    var document = ReportDocument(try settings(ledger).analysis(ReportChoices()))
    document.head.notes = HistoryNotes()
    var reports: [String: [UInt8]] = [:]
    for name in ["md", "csv", "json", "txt"] {
      reports[name] = ReportFormat.renderer(forExtension: name)?.render(document)
    }
    return reports
  }

  /// The samples, and the records of one of them once more with other amounts, models and durations.
  private static func files(_ folder: Folder) throws -> [String] {
    let text = String(
      decoding: try Checkout.bytes("sample-logs/openrouter.chat.jsonl"), as: UTF8.self)
    let altered = text.replacing("\"cost\":0.0", with: "\"cost\":0.1")
      .replacing("\"provider\":\"OpenAI\"", with: "\"provider\":\"Azure\"")
    try #require(altered != text)
    return files + [try folder.write("altered.jsonl", altered)]
  }

  @Test func `reports do not depend on the order of files, threads, commits and runs`() throws {
    let folder = try Folder()
    let files = try Self.files(folder)
    try Self.ingest(files, into: folder.path("straight.db"))
    let expected = try Self.reports(folder.path("straight.db"))
    #expect(expected.count == 4)
    #expect(
      expected["md"].map { String(decoding: $0, as: UTF8.self) }?.contains("Evidence") == true)

    try Self.ingest(files.reversed(), into: folder.path("reversed.db"), threads: 3)
    #expect(try Self.reports(folder.path("reversed.db")) == expected)

    try Self.ingest(files.reversed(), into: folder.path("pieces.db"), threads: 2, chunk: 37)
    #expect(try Self.reports(folder.path("pieces.db")) == expected)

    for file in files[3...] + files[..<3] {
      try Self.ingest([file], into: folder.path("runs.db"))
    }
    #expect(try Self.reports(folder.path("runs.db")) == expected)
  }

  @Test func `reports do not depend on where a run is killed`() async throws {
    let folder = try Folder()
    try Self.ingest(Self.files, into: folder.path("straight.db"))
    let expected = try Self.reports(folder.path("straight.db"))
    let ledger = folder.path("killed.db")
    for milliseconds in [300, 400, 500, 600, 800, 1000] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [ledger = ledger as String, milliseconds = milliseconds as Int] in
        Thread.detachNewThread {
          usleep(UInt32(milliseconds) * 1000)
          kill(getpid(), SIGKILL)
        }
        try Self.ingest(Self.files.reversed(), into: ledger, threads: 2, chunk: 40)
        // It was faster: the end comes all the same.
        sleep(5)
      }
    }
    try Self.ingest(Self.files.reversed(), into: ledger)
    #expect(try Self.reports(ledger) == expected)
  }
}
