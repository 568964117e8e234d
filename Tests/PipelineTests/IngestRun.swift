import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import UsageFixtures

/// A price for every model of the samples, so that amounts are not all zero.
let pricer = FlatPricer([
  "gpt-5-mini-2025-08-07": .init(input: 1, output: 8),
  "openai/gpt-5-mini": .init(input: 1, output: 8),
  "claude-opus-4-8": .init(input: 5, output: 25),
])

/// Ingests files into a ledger.
@discardableResult
func ingest(
  _ files: [String], into ledger: String, threads: Int = 1,
  _ change: (inout IngestOptions) -> Void = { _ in }
) throws -> IngestSummary {
  var options = IngestOptions()
  options.reading.threads = threads
  change(&options)
  return try Ingestor(ledger: ledger, pricer: pricer, options: options)
    .run(files.map(InputList.Input.file))
}

/// The facts of a ledger as text; the ledger must be sound.
func dump(_ ledger: String) throws -> String {
  let ledger = try Ledger.open(path: ledger)
  let wrong = try ledger.verify(.full)
  guard wrong.isEmpty else { throw ToolFailure("\(wrong)") }
  return try ledger.canonicalDump()
}

/// Different lines of OpenAI's chat form, each with an id.
func chatLines(_ range: Range<Int>, of name: String = "a") -> String {
  range.map {
    chatLine(id: "\(name)-\($0)", created: "\(1_791_000_000 + $0 * 60)", prompt: "\(100 + $0)")
      + "\n"
  }.joined()
}
