import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists all models with their prices for a million tokens, separated by tabs.")

    @Option(help: ArgumentHelp("Only models of this provider.", valueName: "name"))
    var provider: String?

    @Option(
      name: .customLong("class"),
      help: ArgumentHelp("Only models of this class.", valueName: "name"))
    var modelClass: String?

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions

    func run() throws {
      let settings = try Settings(Choices(location, pricing: pricing))
      try DataOutput.write(settings.priceList(provider: provider, modelClass: modelClass))
    }
  }
}
