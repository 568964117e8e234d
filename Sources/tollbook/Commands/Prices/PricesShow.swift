import ArgumentParser
import Pipeline

extension Tollbook.Prices {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the prices of a model, to start a price book of your own from.")

    @Argument(help: "A model's name or the id of an entry.")
    var model: String

    @Option(help: ArgumentHelp("Only at this provider.", valueName: "name"))
    var provider: String?

    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions

    func run() throws {
      let settings = try Settings(Choices(location, pricing: pricing))
      try DataOutput.write(try settings.prices(of: model, provider: provider))
    }
  }
}
