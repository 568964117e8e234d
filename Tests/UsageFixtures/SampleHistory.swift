public import Billing

/// Builds a history request by request, for tests.
public struct SampleHistory {
  public private(set) var history = MemoryHistory()
  private var count: UInt64 = 0
  private let pricer: FlatPricer

  public init(_ pricer: FlatPricer) { self.pricer = pricer }

  /// One request, with the values that most tests do not care about.
  public struct Request: Sendable {
    public var time: Timestamp
    public var gateway = "litellm"
    public var provider = "openai"
    public var requestModel = ""
    public var model: String
    public var team = "search"
    public var key = "key-1"
    public var status = Status.ok
    public var errorClass: ErrorClass?
    public var route: Route?
    public var evidence: RouteEvidence?
    public var routeFrom = ""
    public var routeReason: ErrorClass?
    public var trace: UInt64 = 0
    public var input: Int64 = 1000
    public var output: Int64 = 100
    public var hasUsage = true
    public var reported: Money?
    public var currency = "USD"
    public var charge: ChargeStatus?
    public var requests: Int32 = 1
    /// Added to the list cost to make the billed cost.
    public var markup = Money.zero

    public init(_ time: Timestamp, _ model: String) {
      self.time = time
      self.model = model
    }
  }

  /// Records a request priced by the pricer; returns its key. Keys count up from 1.
  @discardableResult
  public mutating func add(_ request: Request) throws -> RecordKey {
    count += 1
    let key = RecordKey(high: count, low: 0)
    let cell = try cell(request)
    var fact = Fact(
      key: key, cell: history.cells.intern(cell.cell), time: request.time)
    fact.tokens = tokens(request)
    fact.requests = request.requests
    fact.trace = request.trace
    fact.costs = cell.costs
    try history.append(fact)
    return key
  }

  /// The account of the lines that gave these requests.
  public mutating func add(_ accounting: LineAccounting) { history.add(accounting) }

  private func tokens(_ request: Request) -> TokenUsage {
    var tokens = TokenUsage()
    guard request.hasUsage else { return tokens }
    tokens.set(.input, request.input)
    tokens.set(.output, request.output)
    return tokens
  }

  private func cell(_ request: Request) throws -> (cell: Cell, costs: Costs) {
    let labels = history.labels
    var cell = Cell()
    cell.gateway = labels.intern(request.gateway)
    cell.provider = labels.intern(request.provider)
    cell.requestModel = labels.intern(
      request.requestModel.isEmpty ? request.model : request.requestModel)
    cell.responseModel = labels.intern(request.model)
    cell.team = labels.intern(request.team)
    cell.key = labels.intern(request.key)
    cell.status = request.status
    cell.errorClass = request.errorClass
    cell.route = request.route
    cell.routeEvidence = request.evidence
    cell.routeFrom = labels.intern(request.routeFrom)
    cell.routeReason = request.routeReason
    cell.operation = .chat
    cell.currency = labels.intern(request.currency)

    var costs = Costs()
    var subject = PricingSubject()
    subject.model = request.model
    let plan = pricer.plan(for: subject)
    let charge = try plan.charge(
      BillableUsage(time: request.time, tokens: tokens(request)))
    let line = plan.lines[charge.line]
    cell.charge = request.charge ?? (request.hasUsage ? line.status : .unpriced)
    cell.chargeReason = labels.intern(request.hasUsage ? line.reason : "no_usage")
    cell.entry = labels.intern(line.entry)
    if cell.charge == .priced {
      costs.list = charge.list
      costs.markup = request.markup
      costs.billed = try charge.billed.adding(request.markup, "billed cost")
    }
    if request.hasUsage { cell.flags.insert(.hasUsage) }
    if let reported = request.reported {
      cell.flags.insert(.hasReportedCost)
      costs.reported = reported
    }
    return (cell, costs)
  }
}

extension Timestamp {
  /// An instant in October 2026, UTC.
  public static func october(_ day: Int, _ hour: Int = 12, _ minute: Int = 0, _ second: Int = 0)
    -> Timestamp
  {
    let start = Day(year: 2026, month: 10, day: 1) ?? Day(number: 0)
    let seconds = ((day - 1) * 24 + hour) * 3600 + minute * 60 + second
    return Timestamp(
      microseconds: Timestamp(day: start).microseconds + Int64(seconds) * 1_000_000)
  }
}

extension Money {
  /// An amount from decimal text; zero when the text is no number.
  public init(text: String) { self = (try? Money(literal: text)) ?? .zero }
}
