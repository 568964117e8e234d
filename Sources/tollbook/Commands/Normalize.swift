import ArgumentParser
import Pipeline

extension Tollbook {
  struct Normalize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints logs as usage events, one JSON object a line, in their order.",
      discussion: "schemas/usage-event.schema.json describes an event.")

    @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
    var paths: [String]

    @Flag(help: "Leave out events that were there before, as ingest would.")
    var dedupe = false

    @Option(help: ArgumentHelp("Write the account of the lines as JSON.", valueName: "file"))
    var accounting: String?

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var telling: TellingOptions

    func run() throws {
      let settings = try Settings(Choices(location, reading: reading))
      let list = try InputList.reading(paths, settings)
      let reports = try Normalizer(settings.reading, dedupe: dedupe)
        .run(list.inputs) { try DataOutput.write($0) }
      if let accounting {
        let total = AccountText(reports).total
        try AtomicFile.write(Array(total.json.utf8), to: accounting)
      }
      try ReadingEnd(
        problems: list.problems, reports: reports, limits: settings.configuration.limits,
        signal: Interruption.signal,
        dialects: settings.reading.dialectFiles
      )
      .tell(telling, kept: "printed.")
    }
  }
}
