import ArgumentParser
import Pipeline

/// An independent ledger of what LLM gateways charge.
@main
struct Tollbook: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tollbook",
    abstract: "An independent ledger of what LLM gateways charge.",
    discussion: """
      Data goes to standard output, everything else to standard error.

      Exit codes: 0 done, 1 done with warnings (only with --strict), 64 wrong command line, 65 bad \
      data, 69 something is not there, 70 a fault of tollbook, 73 cannot write, 75 the ledger is in \
      use. `check` answers with 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
      """,
    version: version,
    subcommands: [
      Try.self, Init.self, Ingest.self, Report.self, Check.self, Normalize.self, Price.self,
      Explain.self,
      Prices.self, Terms.self, Dialects.self, Verify.self, Prune.self, Dump.self, Requeue.self,
      Backup.self, Restore.self, Migrate.self, Merge.self, Ledgers.self,
    ])

  static func main() {
    Interruption.install()
    do {
      var command = try parseAsRoot()
      do {
        try command.run()
      } catch {
        ErrorMessage.exit(after: error)
      }
    } catch {
      ErrorMessage.exit(afterParsing: error)
    }
  }
}
