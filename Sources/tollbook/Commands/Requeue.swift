import ArgumentParser
import Pipeline

extension Tollbook {
  struct Requeue: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads rejected lines again, after a fix, each once.",
      discussion: """
        After a new dialect or a newer version: lines that can be read now are counted, and the \
        account of their logs is corrected. Without paths the logs are sought where they were read; \
        a log that was renamed or compressed since is known by its content when it is named. With \
        --quarantine the lines are taken that `tollbook ingest --quarantine` kept.
        """)

    @Argument(help: "The logs, also under other names; files, directories, globs.")
    var paths: [String] = []

    @Option(
      help: ArgumentHelp(
        "The directory in which rejected lines are kept.", valueName: "dir"))
    var quarantine: String?

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var counting: CountingOptions
    @OptionGroup var telling: TellingOptions

    func run() throws {
      let settings = try Settings(
        Choices(location, ledger: ledger, pricing: pricing, reading: reading))
      let list = try paths.isEmpty ? nil : InputList.reading(paths, settings)
      let requeuer = try Requeuer(
        ledger: settings.ledger, pricer: settings.pricer,
        options: IngestOptions(settings, counting))
      let summary = try requeuer.run(list?.files, quarantine: quarantine)
      if !telling.quiet { Diagnostics.print(summary.text) }
      let failures = (list?.problems ?? []).map { Failure($0) } + summary.failures
      failures.forEach(ErrorMessage.show)
      if let signal = summary.signal {
        Diagnostics.print("tollbook: stopped by signal \(signal); what was read is stored\n")
        throw ExitCode(128 + signal)
      }
      if let worst = failures.map(\.status).max() { throw ExitCode(worst) }
      if telling.strict, summary.total.rejected > 0 { throw ExitCode(.warnings) }
    }
  }
}
