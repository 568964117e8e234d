import ArgumentParser
import Billing
import Pipeline

extension Tollbook.Prices {
  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Builds a price book from the tables of LiteLLM and genai-prices.",
      discussion: "The same tables always give the same bytes.")

    @Option(
      help: ArgumentHelp("model_prices_and_context_window.json of LiteLLM.", valueName: "file"))
    var litellm: String

    @Option(
      name: .customLong("genai-prices"),
      help: ArgumentHelp("data.json of genai-prices.", valueName: "file"))
    var genaiPrices: String

    @Option(help: ArgumentHelp("Entries kept by hand (default: built in).", valueName: "file"))
    var overlay: String?

    @Option(
      name: .customLong("as-of"),
      help: ArgumentHelp("The day of the LiteLLM table.", valueName: "2026-11-21"))
    var asOf: Day

    @Option(
      name: [.short, .customLong("output")],
      help: ArgumentHelp("The book; - is standard output.", valueName: "file"))
    var output = "-"

    @Option(help: ArgumentHelp("The index that the binary embeds.", valueName: "file"))
    var index: String?

    func run() throws {
      let files = try PriceBookFiles(
        litellm: litellm, genaiPrices: genaiPrices, overlay: overlay, asOf: asOf)
      try BookOutput.write(files.book, to: output)
      if let index { try AtomicFile.write(files.index, to: index) }
      Diagnostics.print(files.remarks)
    }
  }
}
