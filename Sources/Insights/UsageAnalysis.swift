public import Billing

/// Which part of the analysis a report shows.
public enum ReportKind: String, CaseIterable, Sendable, Hashable {
  case all, spend, fallback, idle, markup
  /// What gateways charge for whole months; only when it is asked for.
  case invoice

  /// The kind includes this part.
  public func includes(_ part: ReportKind) -> Bool {
    self == part || (self == .all && part != .invoice)
  }
}

/// What a report is asked for.
public struct ReportRequest: Sendable {
  public var kind: ReportKind
  public var period: Period
  public var calendar: ReportingCalendar
  /// What the spend table is grouped by.
  public var dimensions: [Dimension] = [.provider, .model]
  public var fallback = FallbackSettings()
  public var idle = IdleSettings()
  public var markup = MarkupSettings()
  /// The models of the configuration; empty when it lists none.
  public var models: [ConfiguredModel] = []
  /// The price book's catalogue.
  public var book: [CatalogModel] = []
  /// The month that the period is, when it was asked for as one.
  public var month: CalendarMonth?
  /// The terms of a gateway, for invoices.
  public var terms: @Sendable (String) -> GatewayTerms? = { _ in nil }
  /// What a request used of meters of which vendors give some away, for invoices.
  public var allowances: InvoiceAnalysis.AllowanceReader?
  /// The currency that spend is told in besides its own.
  public var conversion: Conversion?

  public init(_ kind: ReportKind = .all, for period: Period, in calendar: ReportingCalendar) {
    self.kind = kind
    self.period = period
    self.calendar = calendar
  }
}

/// Everything that a report says, as values.
public struct UsageAnalysis: Sendable {
  public let request: ReportRequest
  /// The id of the price book by which alternatives were priced.
  public let priceBook: String
  /// Of all input that the history holds, not only of the period.
  public let accounting: LineAccounting
  /// The last instant that has a request; `nil` when nothing is recorded.
  public let dataThrough: Timestamp?
  /// What the history cannot tell any more, and what it was told late.
  public let notes: HistoryNotes
  /// The days of the period whose single facts are known, of which fallbacks are looked for; `nil`
  /// when all were pruned.
  public let factPeriod: Period?
  /// By the asked dimensions.
  public let spend: SpendBreakdown
  public let byGateway: SpendBreakdown
  public let unknowns: Unknowns
  public let fallback: FallbackAnalysis?
  public let idle: IdleAnalysis?
  public let markup: MarkupAnalysis?
  public let invoices: InvoiceAnalysis?
  public let converted: ConvertedSpend?
  /// Of all parts: the worst first.
  public let findings: [Finding]

  /// - Parameter isSameModel: both texts name one model, whatever prefix or snapshot date they carry.
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: any UsageHistory, _ request: ReportRequest, pricer: any Pricer,
    isSameModel: @escaping @Sendable (String, String) -> Bool = ModelName.isSameModel
  ) throws {
    self.request = request
    priceBook = pricer.priceBook
    accounting = try history.accounting()
    dataThrough = try history.extent()?.upperBound
    let period = request.period
    let calendar = request.calendar
    let notes = try history.notes()
    let factPeriod = request.factPeriod(notes)
    self.notes = notes
    self.factPeriod = factPeriod
    let resolved = try ResolvedHistory(
      history, in: request.resolvedRange(notes),
      windowSeconds: request.fallback.inferenceSeconds, isSameModel: isSameModel)

    spend = try SpendBreakdown(
      of: resolved, in: period.range, by: request.dimensions, calendar: calendar)
    byGateway = try SpendBreakdown(
      of: resolved, in: period.range, by: [.gateway], calendar: calendar)
    unknowns = try Unknowns(of: resolved, in: period.range)
    fallback = try factPeriod.flatMap { known in
      guard request.kind.includes(.fallback) else { return nil }
      return try FallbackAnalysis(
        of: resolved, in: known, pricer: pricer, settings: request.fallback, calendar: calendar)
    }
    idle =
      request.kind.includes(.idle)
      ? try IdleAnalysis(
        of: resolved, in: period, factPeriod: factPeriod, configured: request.models,
        book: request.book, pricer: pricer,
        settings: request.idle, calendar: calendar)
      : nil
    markup =
      request.kind.includes(.markup)
      ? try MarkupAnalysis(
        of: resolved, in: period, settings: request.markup, calendar: calendar)
      : nil
    invoices =
      request.kind.includes(.invoice)
      ? try InvoiceAnalysis(
        of: history, in: period, month: request.month, terms: request.terms,
        allowances: request.allowances, notes: notes) : nil
    converted = try request.conversion.map { conversion in
      try ConvertedSpend(
        of: resolved, in: period.range,
        by: request.kind == .invoice ? [.gateway] : request.dimensions, calendar: calendar,
        conversion)
    }
    findings =
      ((fallback?.findings ?? []) + (idle?.findings ?? []) + (markup?.findings ?? []))
      .sorted(by: Finding.precedes)
  }
}
