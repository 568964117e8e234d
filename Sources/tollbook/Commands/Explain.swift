import ArgumentParser
import Billing
import Pipeline

extension Tollbook {
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells how one request came to its charge, to the last rounding.",
      discussion: """
        For the id of a request in the ledger, or for usage events on standard input: how the model \
        was found, which dated price holds, each product, each step of the gateway's terms, and what \
        the gateway reported and the ledger stored.
        """)

    @Argument(help: "The id of a request, or - for usage events on standard input.")
    var request: String

    @Flag(help: "Print JSON, one object a line for each request.")
    var json = false

    @Option(
      name: .customLong("undated-at"),
      help: ArgumentHelp("The time of events without one.", valueName: "time"))
    var undatedAt: Timestamp?

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions

    func run() throws {
      let settings = try Settings(Choices(location, ledger: ledger, pricing: pricing))
      let explainer = Explainer(settings.pricer, undated: undatedAt)
      let texts =
        request == "-"
        ? try explainer.explainStandardInput(as: json ? .json : .text)
        : try explainer.explain(id: request, in: settings.ledger, as: json ? .json : .text)
      try DataOutput.write(texts.joined(separator: json ? "" : "\n"))
    }
  }
}
