import ArgumentParser
import Pipeline

extension Tollbook {
  struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads what is new in logs into the ledger, each line once.",
      discussion: """
        The same command may run again at any time, also after a crash: it adds what is new. The \
        account of the lines goes to standard error; standard output stays empty.
        """)

    @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
    var paths: [String]

    @Option(help: ArgumentHelp("Write the account of the lines as JSON.", valueName: "file"))
    var accounting: String?

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var counting: CountingOptions
    @OptionGroup var naming: NamingOptions
    @OptionGroup var quarantine: QuarantineOptions
    @OptionGroup var telling: TellingOptions

    func run() throws {
      let settings = try Settings(
        Choices(location, ledger: ledger, pricing: pricing, reading: reading))
      let list = try InputList.reading(
        paths, settings, leavingOut: [quarantine.directory].compactMap(\.self))
      var options = IngestOptions(settings, counting)
      options.label = naming.source ?? settings.configuration.source
      options.quarantine = quarantine.options
      let ingestor = try Ingestor(
        ledger: settings.ledger, pricer: settings.pricer, options: options)
      if let backup = ingestor.migrationBackup {
        Diagnostics.print(migrated(settings.ledger, backup))
      }
      let summary = try ingestor.run(list.inputs)
      if let accounting {
        let json = summary.total.json(late: summary.late)
        try AtomicFile.write(Array(json.utf8), to: accounting)
      }
      try ReadingEnd(
        problems: list.problems, reports: summary.inputs, unchanged: summary.unchanged.count,
        late: summary.late, notKept: summary.notKept,
        hasUnpriced: summary.unpriced > 0, signal: summary.signal,
        dialects: settings.reading.dialectFiles
      )
      .tell(telling, kept: "stored in \(settings.ledger).")
    }
  }
}
