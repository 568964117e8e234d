/// The identity of a record for deduplication: 96 bits of a keyed hash.
public struct RecordKey: Sendable, Hashable, Comparable {
  public var high: UInt64
  public var low: UInt32

  public init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  public static func < (lhs: RecordKey, rhs: RecordKey) -> Bool {
    lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
  }
}

/// Amounts of one request, or of many that were added up. All in the cell's currency.
public struct Costs: Sendable, Hashable {
  /// The provider's public price.
  public var list = Money.zero
  /// What the gateway's terms make of it.
  public var billed = Money.zero
  /// What the log says; only where the cell has `hasReportedCost`.
  public var reported = Money.zero
  /// What the log says the provider charged, where it says so in the cell's currency.
  public var reportedUpstream = Money.zero
  /// Parts of `billed` − `list`: percentage markup less discount, fixed fees, metering, rounding.
  public var markup = Money.zero
  public var fee = Money.zero
  public var rounding = Money.zero

  public init() {}

  /// What terms that prefer the gateway's own amount changed: billed − list − markup − fee − rounding.
  ///
  /// - Throws: `ArithmeticOverflow`.
  public func adjustment() throws(ArithmeticOverflow) -> Money {
    var rest = try billed.subtracting(list, "adjustment")
    for part in [markup, fee, rounding] { rest = try rest.subtracting(part, "adjustment") }
    return rest
  }

  /// Adds amounts of other requests.
  ///
  /// - Throws: `ArithmeticOverflow` with the name of the amount.
  public mutating func add(_ other: Costs) throws(ArithmeticOverflow) {
    list = try list.adding(other.list, "list cost")
    billed = try billed.adding(other.billed, "billed cost")
    reported = try reported.adding(other.reported, "reported cost")
    reportedUpstream = try reportedUpstream.adding(other.reportedUpstream, "upstream cost")
    markup = try markup.adding(other.markup, "markup")
    fee = try fee.adding(other.fee, "fee")
    rounding = try rounding.adding(other.rounding, "rounding")
  }
}

/// One request as the ledger keeps it: its identity, its cell, when, how much, at what cost.
public struct Fact: Sendable {
  public var key: RecordKey
  public var cell: CellID
  public var time: Timestamp
  public var tokens = TokenUsage()
  public var units = MeteredUnits()
  /// Above 1 only for a row that aggregates several requests.
  public var requests: Int32 = 1
  public var costs = Costs()
  /// Microseconds; 0 when the cell lacks `hasLatency`.
  public var latency: Int64 = 0
  /// Microseconds to the first token; 0 when unknown.
  public var firstToken: Int64 = 0
  public var requestBytes: Int64 = 0
  public var responseBytes: Int64 = 0
  /// A keyed hash of the trace that joins attempts; 0 when the log names none.
  public var trace: UInt64 = 0

  public init(key: RecordKey, cell: CellID, time: Timestamp) {
    self.key = key
    self.cell = cell
    self.time = time
  }
}
