import ArgumentParser
import Billing
import Pipeline

extension Tollbook {
  struct Price: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a charge to usage events.",
      discussion: """
        Reads what `normalize` prints, one event a line, and prints the same with `charge`: list \
        cost, billed cost and each product that they are made of. The order is kept, and streams of \
        any length take little memory. A line that is no usage event is named on standard error, the \
        others are printed, and the exit code is 65.
        """)

    @Argument(help: "Files of usage events, plain, gzip or zstd, or - for standard input.")
    var paths = ["-"]

    @Option(
      name: .customLong("undated-at"),
      help: ArgumentHelp(
        "The time of events without one; otherwise they are unpriced.", valueName: "time"))
    var undatedAt: Timestamp?

    @Flag(help: "Exit with 1 when an event is unpriced.")
    var strict = false

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions
    @OptionGroup var work: ThreadOptions

    func run() throws {
      let settings = try Settings(Choices(location, pricing: pricing, work: work))
      let list = try InputList.reading(paths, settings)
      let report = try EventPricer(settings.pricer, settings.reading, undated: undatedAt)
        .run(list.inputs) { try DataOutput.write($0) }
      let failures = list.problems.map { Failure($0) } + report.failures
      failures.forEach(ErrorMessage.show)
      if report.refused > 0 {
        Diagnostics.print("tollbook: lines that are no usage events: \(report.refused)\n")
      }
      if let signal = Interruption.signal {
        Diagnostics.print("tollbook: stopped by signal \(signal); what was read is printed.\n")
        throw ExitCode(128 + signal)
      }
      if let worst = failures.map(\.status).max() { throw ExitCode(worst) }
      if strict, report.unpriced > 0 { throw ExitCode(.warnings) }
    }
  }
}
