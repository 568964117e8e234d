import ArgumentParser
import Pipeline
import Reporting

extension Tollbook {
  struct Try: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads logs and prints a one-page summary; keeps nothing.")

    @Argument(help: "Files, directories with all below them, globs, or - for standard input.")
    var paths: [String]

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var counting: CountingOptions
    @OptionGroup var telling: TellingOptions

    func run() throws {
      let settings = try Settings(Choices(location, pricing: pricing, reading: reading))
      let list = try InputList.reading(paths, settings)
      var options = IngestOptions(settings, counting)
      options.isFinal = true
      let look = try FirstLook(list.inputs, settings, options, ReportChoices())
      if let analysis = look.analysis {
        try DataOutput.write(Summary(analysis).text(after: look.dialectLines))
      }
      try ReadingEnd(
        problems: list.problems, reports: look.summary.inputs,
        hasUnpriced: look.summary.unpriced > 0, nameless: look.summary.nameless,
        limits: settings.configuration.limits, signal: look.summary.signal,
        dialects: settings.reading.dialectFiles
      )
      .tell(telling, kept: "in the summary.")
    }
  }
}

extension FirstLook {
  /// The line that names what was recognised.
  fileprivate var dialectLines: [Summary.Line] {
    let parts = dialects.map { "\($0.name) \(HumanNumber.integer($0.lines))" }
    return [Summary.Line("detected", parts.joined(separator: " · "))]
  }
}
