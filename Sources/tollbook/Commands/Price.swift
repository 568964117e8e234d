import ArgumentParser
import Billing
import Pipeline

extension Tollbook {
  struct Price: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a charge to usage events.",
      discussion: """
        Reads what `normalize` prints, one event a line, and prints the same with `charge`: list \
        cost, billed cost and each product that they are made of. A line that is no usage event is \
        named on standard error, and the exit code is 65.
        """)

    @Argument(help: "A file of usage events, or - for standard input.")
    var file = "-"

    @Option(
      name: .customLong("undated-at"),
      help: ArgumentHelp(
        "The time of events without one; otherwise they are unpriced.", valueName: "time"))
    var undatedAt: Timestamp?

    @Flag(help: "Exit with 1 when an event is unpriced.")
    var strict = false

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions

    func run() throws {
      let settings = try Settings(Choices(location, pricing: pricing))
      var feed = try LineFeed(file)
      var pricer = EventPricer(settings.pricer, input: feed.displayName, undated: undatedAt)
      var json = JSONText()
      while let lines = try feed.next(), Interruption.signal == nil {
        json.removeAll()
        for line in lines { pricer.price(line, to: &json) }
        try DataOutput.write(json.bytes)
      }
      if let signal = Interruption.signal { throw ExitCode(128 + signal) }
      pricer.failures.forEach(ErrorMessage.show)
      if pricer.refused > 0 {
        Diagnostics.print("tollbook: lines that are no usage events: \(pricer.refused)\n")
        throw ExitCode(.badData)
      }
      if strict, pricer.unpriced > 0 { throw ExitCode(.warnings) }
    }
  }
}
