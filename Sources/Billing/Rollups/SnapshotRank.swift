/// Which of the records that a log writes of one call counts: a smaller rank tells better.
///
/// The one that names a fallback, for it tells which model served in the end; then the largest; then
/// one with a reported cost, which a stream often writes last; then the one of which most is known;
/// then the earliest. The rank is the same in every run and ledger.
public struct SnapshotRank: Sendable, Hashable, Comparable {
  /// Bits of `order`.
  public static let width = 49

  /// From the highest bit: one of the fallback, 26 of the tokens, one of the reported cost, 4 of what
  /// is known, 17 of the second of the day.
  public let order: UInt64

  public init(_ event: UsageEvent) {
    self.init(
      isSettled: event.route == .fallback && event.routeEvidence == .explicit,
      tokens: event.tokens, hasCost: event.known.contains(.reportedCost),
      known: [
        event.known.contains(.latency), event.firstToken != .zero, event.requestBytes > 0,
        event.responseBytes > 0, !event.units.isEmpty, !event.responseModel.isNone,
      ], time: event.time)
  }

  /// - Parameter cell: the cell of the fact.
  public init(_ fact: Fact, _ cell: Traits) {
    self.init(
      isSettled: cell.isSettled, tokens: fact.tokens, hasCost: cell.hasCost,
      known: [
        cell.hasLatency, fact.firstToken > 0, fact.requestBytes > 0, fact.responseBytes > 0,
        !fact.units.isEmpty, cell.hasModel,
      ], time: fact.time)
  }

  /// What a cell says of the rank of its facts.
  public struct Traits: Sendable {
    fileprivate var isSettled: Bool
    fileprivate var hasCost: Bool
    fileprivate var hasLatency: Bool
    fileprivate var hasModel: Bool

    public init(_ cell: Cell) {
      isSettled = cell.route == .fallback && cell.routeEvidence == .explicit
      hasCost = !cell.flags.isDisjoint(with: [.hasReportedCost, .reportsOtherCurrency])
      hasLatency = cell.flags.contains(.hasLatency)
      hasModel = !cell.responseModel.isNone
    }
  }

  private init(
    isSettled: Bool, tokens: TokenUsage, hasCost: Bool, known: InlineArray<6, Bool>,
    time: Timestamp
  ) {
    let limit: Int64 = 1 << 26 - 1
    let total = min(tokens.inputTotal + tokens.outputTotal, limit)
    var count = tokens.known.nonzeroBitCount
    for index in known.indices where known[index] { count += 1 }
    let offset = time.microseconds - Timestamp(day: time.day).microseconds
    var order: UInt64 = isSettled ? 0 : 1
    order = order << 26 | UInt64(limit - total)
    order = order << 1 | (hasCost ? 0 : 1)
    order = order << 4 | UInt64(15 - min(count, 15))
    self.order = order << 17 | UInt64(offset / 1_000_000)
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.order < rhs.order }
}
