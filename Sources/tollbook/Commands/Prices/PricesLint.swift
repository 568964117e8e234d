import ArgumentParser
import Billing
import Pipeline

extension Tollbook.Prices {
  struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names what looks wrong in a price book.",
      discussion: """
        Float artifacts, sources that disagree, prices past the vendor's end date, batch prices that \
        equal the standard ones or lack the cached one, cache prices off the published multiples, \
        tiers that are cheaper than the base or have none. Columns are separated by tabs.
        """)

    @Argument(help: "A price book, or built-in.")
    var book = "built-in"

    @Option(help: ArgumentHelp("The day for end dates (default: today).", valueName: "2026-11-21"))
    var on: Day?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Exit with 1 when something is named.")
    var strict = false

    func run() throws {
      let lint = try LintText(book, on: on ?? Timestamp.now.day, json: json)
      try DataOutput.write(lint.text)
      Diagnostics.print(lint.summary)
      if strict, !lint.isEmpty { throw ExitCode(.warnings) }
    }
  }
}
