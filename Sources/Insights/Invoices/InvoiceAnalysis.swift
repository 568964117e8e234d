public import Billing

/// What each gateway charges for each month: its usage, rounded by its terms, with what only a month
/// can bear.
///
/// Amounts of requests are those that are recorded; rounding of lines and invoices, fees and purchases
/// are worked out by the terms of now.
public struct InvoiceAnalysis: Sendable {
  /// The invoice of one gateway for one month in one currency.
  public struct Statement: Sendable {
    public var month: CalendarMonth
    public var gateway: String
    public var currency: String
    /// The names of what tells lines apart.
    public var fields: [GatewayTerms.LineField]
    /// The zone of the month.
    public var timeZone: String
    public var invoice: Invoice
    /// `nil` unless the terms hold the reported cost against the billed one.
    public var reported: ReportedComparison?
    /// Facts of the month were pruned that its free allowances or the comparison with the reported
    /// cost would need: neither is worked out.
    public var lacksFacts: Bool
    /// What the ready-made terms could not confirm.
    public var unverified: [String]
  }

  /// Tells what a fact used of free allowances.
  public typealias AllowanceReader =
    @Sendable (Fact, Cell, LabelTable) throws(ArithmeticOverflow) -> [AllowanceUse]

  /// By month, gateway and currency.
  public let statements: [Statement]

  private struct Group: Hashable {
    var month: CalendarMonth
    var gateway: Label
    var currency: Label
  }

  /// - Parameters:
  ///   - month: the one that is invoiced, in each gateway's zone; `nil` for every month that the period
  ///     touches. Months are always whole.
  ///   - terms: those of a gateway.
  /// - Throws: what the history throws, and `ArithmeticOverflow`.
  public init(
    of history: any UsageHistory, in period: Period, month: CalendarMonth? = nil,
    terms: @escaping (String) -> GatewayTerms?, allowances: AllowanceReader? = nil,
    notes: HistoryNotes = HistoryNotes()
  ) throws {
    var gateways = GatewayMonths(history.labels, terms, wanted: month, period.range)
    var drafts: [Group: InvoiceDraft] = [:]
    var comparisons: [Group: ReportedComparison] = [:]
    var metered: Set<Group> = []
    let reader = CellReader(history.cells)
    let range = Self.range(around: month?.days ?? period.days, isMonth: month != nil)
    try history.forEachRow(in: range) { row in
      let cell = reader[row.cell]
      guard let month = gateways.month(of: cell.gateway, bucket: row.bucket) else { return }
      let group = Group(month: month, gateway: cell.gateway, currency: cell.currency)
      if row.measures.units != UnitSums() { metered.insert(group) }
      let fields = gateways.terms(of: cell.gateway)?.invoiceLines ?? [.model]
      try drafts[group, default: InvoiceDraft()].add(
        InvoiceDraft.Usage(cell, row.measures),
        to: InvoiceLineKey(fields.map { cell.text(of: $0, history.labels) }),
        isOwnKey: cell.flags.contains(.byok))
    }
    if drafts.keys.contains(where: { gateways.compares($0.gateway) }) {
      try history.forEachFact(in: range) { fact in
        let cell = reader[fact.cell]
        guard gateways.compares(cell.gateway), cell.flags.contains(.hasReportedCost),
          cell.charge == .priced,
          let month = gateways.month(of: cell.gateway, bucket: fact.time.bucket),
          gateways.isWhole(month, at: cell.gateway, notes)
        else { return }
        let group = Group(month: month, gateway: cell.gateway, currency: cell.currency)
        let rule = gateways.terms(of: cell.gateway)?.reportedCost
        try comparisons[group, default: ReportedComparison(rule)].add(fact)
      }
    }
    if let allowances, !metered.isEmpty {
      try history.forEachFact(in: range) { fact in
        let cell = reader[fact.cell]
        guard !fact.units.isEmpty,
          let month = gateways.month(of: cell.gateway, bucket: fact.time.bucket),
          gateways.isWhole(month, at: cell.gateway, notes)
        else { return }
        let group = Group(month: month, gateway: cell.gateway, currency: cell.currency)
        let day = gateways.calendar(of: cell.gateway).day(of: fact.time)
        for use in try allowances(fact, cell, history.labels) {
          try drafts[group, default: InvoiceDraft()].add(use, on: day)
        }
      }
    }
    var statements: [Statement] = []
    for (group, draft) in try Self.merged(drafts, history.labels) {
      var statement = try Self.statement(
        group, draft, comparisons.first { $0.key == group }?.value, &gateways, history.labels)
      statement.lacksFacts =
        !gateways.isWhole(group.month, at: group.gateway, notes)
        && (metered.contains(group) || gateways.compares(group.gateway))
      statements.append(statement)
    }
    self.statements = statements.filter { !$0.invoice.lines.isEmpty }
  }

  /// What a request for invoices reads.
  static func range(of request: ReportRequest) -> Range<Timestamp> {
    range(around: request.month?.days ?? request.period.days, isMonth: request.month != nil)
  }

  /// All that may belong to the months: zones are ahead or behind by less than a day.
  private static func range(around days: ClosedRange<Day>, isMonth: Bool) -> Range<Timestamp> {
    let margin: Int32 = isMonth ? 1 : 32
    let first = Day(number: days.lowerBound.number - margin)
    return Timestamp(
      day: first)..<Timestamp(
        day: Day(number: days.upperBound.number + margin + 1))
  }

  /// Sorted by what is printed. An absent currency prints as US dollars, and joins them.
  private static func merged(_ drafts: [Group: InvoiceDraft], _ labels: LabelTable) throws
    -> [(Group, InvoiceDraft)]
  {
    let order = { (group: Group) in
      [
        "\(group.month)", labels.text(group.gateway),
        Amount.currency(named: labels.text(group.currency)), labels.text(group.currency),
      ]
    }
    var merged: [(Group, InvoiceDraft)] = []
    for (group, draft) in drafts.sorted(by: { TextOrder.precedes(order($0.key), order($1.key)) }) {
      let isAlike =
        merged.last.map { zip(order($0.0).dropLast(), order(group)).allSatisfy(TextOrder.isSame) }
      if isAlike == true {
        // The later group has the currency that is named: comparisons know it by that.
        merged[merged.count - 1].0 = group
        try merged[merged.count - 1].1.merge(draft)
      } else {
        merged.append((group, draft))
      }
    }
    return merged
  }

  private static func statement(
    _ group: Group, _ draft: InvoiceDraft, _ reported: ReportedComparison?,
    _ gateways: inout GatewayMonths, _ labels: LabelTable
  ) throws -> Statement {
    let currency = Amount.currency(named: labels.text(group.currency))
    let terms = gateways.terms(of: group.gateway)
    // Fees and rounding in one currency mean nothing in another.
    let applied = terms.flatMap { $0.currency ?? currency == currency ? $0 : nil }
    return Statement(
      month: group.month, gateway: labels.text(group.gateway), currency: currency,
      fields: terms?.invoiceLines ?? [.model], timeZone: gateways.calendar(of: group.gateway).name,
      invoice: try Invoice(draft, applied, days: group.month.days), reported: reported,
      lacksFacts: false, unverified: terms?.unverified ?? [])
  }
}

/// The terms and the calendar of each gateway, looked up once.
private struct GatewayMonths {
  private final class Known {
    let terms: GatewayTerms?
    let calendar: ReportingCalendar
    let wanted: ClosedRange<CalendarMonth>
    /// By bucket: a zone's rules are slow to ask.
    var months: [Int32: CalendarMonth] = [:]

    init(
      _ terms: GatewayTerms?, _ calendar: ReportingCalendar, _ wanted: ClosedRange<CalendarMonth>
    ) {
      self.terms = terms
      self.calendar = calendar
      self.wanted = wanted
    }
  }

  private let labels: LabelTable
  private let lookUp: (String) -> GatewayTerms?
  private let wanted: CalendarMonth?
  private let touched: Range<Timestamp>
  private var known: [Label: Known] = [:]

  /// - Parameters:
  ///   - wanted: the only month, `nil` for all that `touched` touches.
  init(
    _ labels: LabelTable, _ lookUp: @escaping (String) -> GatewayTerms?, wanted: CalendarMonth?,
    _ touched: Range<Timestamp>
  ) {
    self.labels = labels
    self.lookUp = lookUp
    self.wanted = wanted
    self.touched = touched
  }

  private mutating func known(_ gateway: Label) -> Known {
    if let known = known[gateway] { return known }
    let terms = lookUp(labels.text(gateway))
    let calendar = terms?.timeZone.flatMap(ReportingCalendar.init(zone:)) ?? .utc
    let last = Timestamp(microseconds: touched.upperBound.microseconds - 1)
    let months =
      CalendarMonth(
        calendar.day(of: touched.lowerBound))...CalendarMonth(calendar.day(of: last))
    let new = Known(terms, calendar, wanted.map { $0...$0 } ?? months)
    known[gateway] = new
    return new
  }

  mutating func terms(of gateway: Label) -> GatewayTerms? { known(gateway).terms }

  mutating func calendar(of gateway: Label) -> ReportingCalendar { known(gateway).calendar }

  /// The terms hold the reported cost against the billed one.
  mutating func compares(_ gateway: Label) -> Bool {
    let rule = known(gateway).terms?.reportedCost
    return rule.map { $0.policy != .ignore } ?? false
  }

  /// All facts of the month are known.
  mutating func isWhole(
    _ month: CalendarMonth, at gateway: Label, _ notes: HistoryNotes
  ) -> Bool {
    guard let first = notes.prunedBefore else { return true }
    return known(gateway).calendar.start(of: month.days.lowerBound) >= Timestamp(day: first)
  }

  /// The month of a bucket; `nil` when it is not invoiced.
  mutating func month(of gateway: Label, bucket: Int32) -> CalendarMonth? {
    let known = known(gateway)
    let month =
      known.months[bucket] ?? CalendarMonth(known.calendar.day(of: Timestamp(bucket: bucket)))
    known.months[bucket] = month
    return known.wanted.contains(month) ? month : nil
  }
}

extension InvoiceDraft.Usage {
  fileprivate init(_ cell: Cell, _ measures: Measures) {
    self.init()
    requests = measures.requests
    if cell.charge == .unpriced || cell.charge == .partial { unpriced = measures.requests }
    costs = measures.costs
  }
}

extension Cell {
  /// What tells the lines of an invoice apart; empty when the log does not say.
  fileprivate func text(of field: GatewayTerms.LineField, _ labels: LabelTable) -> String {
    switch field {
    case .model: labels.text(entry.isNone ? billedModel : entry)
    case .provider: labels.text(provider)
    case .serviceTier: labels.text(serviceTier)
    case .operation: operation.name
    case .team: labels.text(team)
    case .key: labels.text(key)
    case .project: labels.text(project)
    case .environment: labels.text(environment)
    }
  }
}
