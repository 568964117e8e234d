import Billing
import Catalog
public import Insights
import Ledger

/// What a report is asked for on the command line.
public struct ReportChoices: Sendable {
  public var kind = ReportKind.all
  public var days = ReportDays.all
  /// What spend is grouped by; empty for provider and model.
  public var dimensions: [Dimension] = []
  /// `nil`: that of the configuration.
  public var calendar: ReportingCalendar?
  /// The currency that spend is told in besides its own, a code of ISO 4217.
  public var currency: String?

  public init() {}
}

extension Settings {
  /// The analysis of what a ledger holds.
  ///
  /// - Throws: `LedgerError`, `Failure`, `ArithmeticOverflow`.
  public func analysis(_ choices: ReportChoices) throws -> UsageAnalysis {
    try analysis(ofLedgerAt: ledger, choices)
  }

  func analysis(ofLedgerAt path: String, _ choices: ReportChoices) throws -> UsageAnalysis {
    let history = try Ledger.open(path: path)
      .history(labels: LabelTable(), cells: CellTable()) { extent in
        // An error is thrown below: then nothing is read.
        (try? reportRequest(choices, extent).scope) ?? .extent
      }
    var request = try reportRequest(choices, try history.extent())
    request.conversion = try choices.currency.map(conversion)
    let allowances = BookAllowances(pricer)
    request.allowances = { fact, cell, labels throws(ArithmeticOverflow) in
      try allowances.uses(of: fact, in: cell, labels)
    }
    if choices.kind.includes(.idle) {
      let providers = try catalogueProviders(in: history, request.scope.rows)
      request.book = book.catalogModels(providers: providers)
    }
    return try UsageAnalysis(
      of: history, request, pricer: pricer, isSameModel: ModelName.isSameModel)
  }

  /// What is asked for, apart from what the price book adds.
  private func reportRequest(
    _ choices: ReportChoices, _ extent: ClosedRange<Timestamp>?
  ) throws -> ReportRequest {
    let calendar = choices.calendar ?? configuration.calendar
    var request = ReportRequest(
      choices.kind, for: try choices.days.period(of: extent, calendar), in: calendar)
    if !choices.dimensions.isEmpty { request.dimensions = choices.dimensions }
    request.fallback = configuration.fallback
    request.idle = configuration.idle
    request.markup = configuration.markup
    request.models = configuration.models
    request.terms = { [pricer] in pricer.terms(of: $0) }
    if case .month(let day) = choices.days { request.month = CalendarMonth(day) }
    return request
  }

  /// - Throws: `Failure`, `DocumentError`.
  private func conversion(to currency: String) throws -> Conversion {
    guard let source = configuration.exchange else {
      throw Failure(
        "", "There are no exchange rates.",
        "Name a table of them in the configuration: `fx: {table: eurofxref-hist.csv}`.", .usage)
    }
    return Conversion(try source.rates(), to: currency)
  }

  /// The providers whose models can be asked for, `nil` for all: reading all of the book is slow.
  private func catalogueProviders(
    in history: any UsageHistory, _ range: Range<Timestamp>
  ) throws -> Set<String>? {
    guard configuration.models.isEmpty else {
      let named = configuration.models.map(\.provider)
      return named.contains("") ? nil : Set(named.map(ProviderIdentity.canonical))
    }
    var providers: Set<String> = []
    try history.forEachRow(in: range) { row in
      let entry = history.labels.text(history.cells[row.cell].entry)
      if let slash = entry.firstIndex(of: "/") { providers.insert(String(entry[..<slash])) }
    }
    return providers
  }
}
