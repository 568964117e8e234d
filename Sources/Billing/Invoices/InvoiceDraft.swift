/// What a line of an invoice is about: the texts of the fields that tell lines apart.
///
/// Equal byte for byte, ordered by bytes: two spellings that look alike stay two lines.
public struct InvoiceLineKey: Sendable, Hashable, Comparable {
  public let texts: [String]
  private let bytes: [UInt8]

  public init(_ texts: [String]) {
    self.texts = texts
    bytes = Array(texts.map { Array($0.utf8) }.joined(separator: [0]))
  }

  public static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  public static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Usage on its way to an invoice: the exact amounts of one gateway, currency and month.
///
/// Sums only, so that parts merge in any order to the same draft.
public struct InvoiceDraft: Sendable, Hashable {
  /// What a line adds up.
  public struct Usage: Sendable, Hashable {
    public var requests: Int64 = 0
    /// Requests without a full price: no amount counts them in full.
    public var unpriced: Int64 = 0
    public var costs = Costs()

    public init() {}

    mutating func add(_ other: Usage) throws(ArithmeticOverflow) {
      requests = try Self.sum(requests, other.requests)
      unpriced = try Self.sum(unpriced, other.unpriced)
      try costs.add(other.costs)
    }

    private static func sum(_ left: Int64, _ right: Int64) throws(ArithmeticOverflow) -> Int64 {
      let (sum, overflow) = left.addingReportingOverflow(right)
      if overflow { throw ArithmeticOverflow("requests") }
      return sum
    }
  }

  public private(set) var lines: [InvoiceLineKey: Usage] = [:]
  /// The list cost of requests that the provider bills to the user's own account.
  public private(set) var ownKeyList = Money.zero

  /// What was used of each allowance in each of its periods.
  private struct AllowancePeriod: Hashable {
    var meter: Meter
    var allowance: FreeAllowance
    /// `nil` for all of the month.
    var day: Day?
  }

  private var allowances: [AllowancePeriod: AllowanceUse] = [:]

  public init() {}

  /// Adds what a request used of an allowance.
  ///
  /// - Parameter day: of the request, in the zone of the month.
  /// - Throws: `ArithmeticOverflow`.
  public mutating func add(_ use: AllowanceUse, on day: Day) throws(ArithmeticOverflow) {
    let period = AllowancePeriod(
      meter: use.meter, allowance: use.allowance, day: use.allowance.period == .day ? day : nil)
    guard var sum = allowances[period] else {
      allowances[period] = use
      return
    }
    sum.quantity = try sum.quantity.adding(use.quantity, use.meter.name)
    sum.cost = try sum.cost.adding(use.cost, "\(use.meter.name) cost")
    allowances[period] = sum
  }

  /// What vendors give back for the month, by group and meter.
  ///
  /// - Throws: `ArithmeticOverflow`.
  func freeAllowances() throws(ArithmeticOverflow) -> [InvoiceAdjustment] {
    var given: [InvoiceLineKey: (quantity: ExactDecimal, basis: Money, amount: Money)] = [:]
    for (period, use) in allowances {
      let key = InvoiceLineKey([period.allowance.group, period.meter.name])
      let part = try use.given()
      let sum = given[key] ?? (.zero, .zero, .zero)
      given[key] = (
        try sum.quantity.adding(part.quantity, period.meter.name),
        try sum.basis.adding(use.cost, "free allowance"),
        try sum.amount.adding(part.amount, "free allowance")
      )
    }
    return given.filter { $0.value.amount != .zero }.sorted { $0.key < $1.key }.map { key, sum in
      InvoiceAdjustment(
        .freeAllowance, name: key.texts.joined(separator: " "), basis: sum.basis,
        quantity: sum.quantity, amount: Money(units: -sum.amount.units))
    }
  }

  /// Adds requests of one line.
  ///
  /// - Parameter isOwnKey: the provider bills them to the user's own account.
  /// - Throws: `ArithmeticOverflow` with the name of the sum.
  public mutating func add(_ usage: Usage, to line: InvoiceLineKey, isOwnKey: Bool)
    throws(ArithmeticOverflow)
  {
    try lines[line, default: Usage()].add(usage)
    if isOwnKey { ownKeyList = try ownKeyList.adding(usage.costs.list, "BYOK list cost") }
  }

  /// Adds another part of the same month.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the sum.
  public mutating func merge(_ other: InvoiceDraft) throws(ArithmeticOverflow) {
    for (key, usage) in other.lines { try lines[key, default: Usage()].add(usage) }
    for (period, use) in other.allowances {
      try add(use, on: period.day ?? Day(number: 0))
    }
    ownKeyList = try ownKeyList.adding(other.ownKeyList, "BYOK list cost")
  }
}
