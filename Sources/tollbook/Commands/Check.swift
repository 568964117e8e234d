import Alerting
import ArgumentParser
import Billing
import Pipeline
import Reporting

extension Tollbook {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answers one question: is a budget overrun?",
      discussion: """
        Prints one line for Nagios and its kin, with performance data. Exit codes: 0 OK, 1 WARNING, \
        2 CRITICAL, 3 UNKNOWN: stale data, low coverage, or any error. Never 0 in doubt.
        """)

    @Option(help: ArgumentHelp("The instant to judge at (default: now).", valueName: "time"))
    var now: Timestamp?

    @Flag(help: "Print the answer as JSON; schemas/check.schema.json describes it.")
    var json = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let time = now ?? .now
      do {
        let settings = try Settings(Choices(location, ledger: ledger))
        let check = try settings.check(now: time)
        try DataOutput.write(json ? check.jsonValue.text : check.nagiosLine + "\n")
        throw ExitCode(check.status.exitCode)
      } catch let code as ExitCode {
        throw code
      } catch is ClosedPipe {
        throw ExitCode(CheckStatus.unknown.exitCode)
      } catch {
        let answer = UnknownAnswer(now: time, failure: Failure(error))
        try? DataOutput.write(json ? answer.jsonValue.text : answer.nagiosLine + "\n")
        throw ExitCode(CheckStatus.unknown.exitCode)
      }
    }
  }
}
