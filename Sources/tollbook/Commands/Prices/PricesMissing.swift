import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct Missing: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists models that could not be priced, the most used first.",
      discussion: """
        Asks the ledger; with paths, the logs there. Each line has model, provider, status, reason, \
        requests and tokens, separated by tabs. The next command to run stands on standard error.
        """)

    @Argument(help: "Logs: files, directories, globs; none for the ledger.")
    var paths: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var counting: CountingOptions
    @OptionGroup var telling: TellingOptions

    func run() throws {
      let choices = Choices(location, ledger: ledger, pricing: pricing, reading: reading)
      let settings = try Settings(choices)
      guard !paths.isEmpty else {
        try tell(try settings.missingPrices(json: json))
        return
      }
      let list = try InputList.reading(paths, settings)
      var options = IngestOptions(settings, counting)
      options.isFinal = true
      let look = try MissingLook(list.inputs, settings, options, json: json)
      if let missing = look.missing { try tell(missing) }
      try ReadingEnd(
        problems: list.problems, reports: look.summary.inputs, signal: look.summary.signal
      )
      .tell(telling, kept: "in the list.")
    }

    private func tell(_ missing: MissingText) throws {
      try DataOutput.write(missing.text)
      Diagnostics.print(missing.advice)
      if telling.strict, !missing.isEmpty { throw ExitCode(.warnings) }
    }
  }
}
