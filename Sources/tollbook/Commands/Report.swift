import ArgumentParser
import Billing
import Insights
import Pipeline
import Reporting

extension Tollbook {
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reports spend, premium fallbacks, idle models, markup and invoices of a period.",
      discussion: """
        Without a period, all that is recorded. The same ledger always gives the same bytes. A file \
        is replaced as a whole. An invoice is of whole months: rounded lines, fees and purchases by \
        the terms of each gateway.
        """)

    @Argument(help: "all, spend, fallback, idle, markup or invoice.")
    var kind = ReportKind.all

    @Option(help: ArgumentHelp("A calendar month.", valueName: "2026-10"))
    var month: Month?

    @Option(help: ArgumentHelp("The first day.", valueName: "2026-10-01"))
    var since: Day?

    @Option(help: ArgumentHelp("The last day; it is included.", valueName: "2026-10-31"))
    var until: Day?

    @Option(
      help: ArgumentHelp(
        "What spend is grouped by: \(Insights.Dimension.allCases.map(\.rawValue).joined(separator: ", ")).",
        valueName: "provider,model"))
    var by: DimensionList?

    @Option(
      name: .customLong("tz"),
      help: ArgumentHelp("The time zone of days and months.", valueName: "zone"))
    var zone: Zone?

    @Option(
      help: ArgumentHelp(
        "Also tell spend in this currency, by the rates of `fx:` in the configuration.",
        valueName: "EUR"))
    var currency: CurrencyCode?

    @Option(
      name: [.short, .customLong("output")],
      help: ArgumentHelp(
        "A file: its extension md, csv, json or txt names the format; - is standard output. May be "
          + "repeated.", valueName: "file"))
    var outputs: [String] = []

    @Option(help: ArgumentHelp("The format, whatever the extension says.", valueName: "format"))
    var format: String?

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var location: ConfigurationOptions
    @OptionGroup var pricing: PricingOptions

    func validate() throws {
      if month != nil, since != nil || until != nil {
        throw ValidationError("--month cannot stand beside --since and --until.")
      }
    }

    func run() throws {
      let destinations = try (outputs.isEmpty ? ["-"] : outputs)
        .map { try ReportDestination($0, format: format) }
      let settings = try Settings(Choices(location, ledger: ledger, pricing: pricing))
      let document = ReportDocument(try settings.analysis(choices))
      for destination in destinations { try destination.write(document) }
    }

    private var choices: ReportChoices {
      var choices = ReportChoices()
      choices.kind = kind
      if let month {
        choices.days = .month(month.firstDay)
      } else if since != nil || until != nil {
        choices.days = .range(since: since, until: until)
      }
      choices.dimensions = by?.dimensions ?? []
      choices.calendar = zone?.calendar
      choices.currency = currency?.code
      return choices
    }
  }
}
