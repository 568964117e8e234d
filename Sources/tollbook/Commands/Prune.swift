import ArgumentParser
import Billing
import Pipeline

extension Tollbook {
  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drops the single requests of old days; counts and amounts stay.",
      discussion: """
        Reports of spend do not change by a digit. What needs single requests (fallbacks, `explain`) \
        says for these days that they were pruned. The keys of the requests stay, so that a line that \
        comes again still counts once; a line that these days did not have is rejected as `too_late`.

        Each transaction takes some hundred thousand requests: a run that is stopped or killed, or \
        finds the disk full, leaves a whole ledger, and the next one goes on.
        """)

    @Option(
      help: ArgumentHelp(
        "An age in days, or the first day (UTC) that is kept.", valueName: "400d|2026-01-01"))
    var factsOlderThan: Age

    @Flag(help: "Tell what would be pruned, and change nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Print nothing.")
    var quiet = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger))
      let now = Timestamp.now
      var options = PruneOptions(firstDay: factsOlderThan.firstDay(at: now), now: now)
      options.isDryRun = dryRun
      options.program = "tollbook \(Tollbook.version)"
      let report = try settings.prune(options)
      if !quiet { Diagnostics.print(report.text) }
      if let signal = report.signal {
        Diagnostics.print("tollbook: stopped by signal \(signal); what was pruned is stored.\n")
        throw ExitCode(128 + signal)
      }
    }
  }
}
