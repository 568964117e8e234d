public import Billing

/// A history in which the routes that only a trace can tell are filled in.
///
/// This is the one place where an inferred route replaces what the log said: a row's measures move
/// from the cell that was recorded to the cell with the resolved route, so that every sum over
/// routes counts the same requests. Totals over all routes do not change.
public struct ResolvedHistory: UsageHistory {
  /// The span in which routes were resolved.
  public let range: Range<Timestamp>
  private let base: any UsageHistory
  private let adjustments: [RollupRow]
  private let resolvedCells: [RequestID: CellID]
  /// The fallbacks in `range` whose failed attempts were recorded.
  let fallbacks: [RequestID: ResolvedRoute]
  let models: ModelIdentity

  public var labels: LabelTable { base.labels }
  public var cells: CellTable { base.cells }

  /// Resolves the routes of the requests in `range`.
  ///
  /// - Parameters:
  ///   - history: what was recorded.
  ///   - range: on edges of rollup buckets.
  ///   - windowSeconds: how long after a failure a success still answers it.
  ///   - isSameModel: both texts name one model, whatever prefix or snapshot date they carry.
  /// - Throws: what the history throws.
  /// - Complexity: two passes over the facts; memory for the traces in which something failed.
  public init(
    _ history: any UsageHistory, in range: Range<Timestamp>, windowSeconds: Int64 = 120,
    isSameModel: @escaping @Sendable (String, String) -> Bool = ModelName.isSameModel
  ) throws {
    base = history
    self.range = range
    let models = ModelIdentity(history.labels, isSameModel)
    self.models = models
    let inference = RouteInference(
      windowSeconds: windowSeconds, isSameModel: { models.isSame($0, $1) },
      precedes: AttemptOrder(labels: history.labels, cells: history.cells).precedes)
    // A failure just before the range may explain a success in it.
    let wide = range.lowerBound.advanced(bySeconds: -windowSeconds)..<range.upperBound
    let attempts = try Self.attemptsOfFailingTraces(history, in: wide)
    let routes = inference.resolve(attempts)

    var fallbacks: [RequestID: ResolvedRoute] = [:]
    var resolvedCells: [RequestID: CellID] = [:]
    var adjustments: [RollupRow] = []
    for attempt in attempts where range.contains(attempt.time) {
      guard let resolved = routes[attempt.id] else { continue }
      let recorded = history.cells[attempt.cell]
      let cell = recorded.resolving(resolved)
      if cell.route == .fallback { fallbacks[attempt.id] = resolved }
      guard cell != recorded else { continue }
      let id = history.cells.intern(cell)
      resolvedCells[attempt.id] = id
      let bucket = attempt.time.bucket
      try adjustments.append(
        RollupRow(bucket: bucket, cell: attempt.cell, measures: attempt.measures.negated()))
      adjustments.append(RollupRow(bucket: bucket, cell: id, measures: attempt.measures))
    }
    self.fallbacks = fallbacks
    self.resolvedCells = resolvedCells
    self.adjustments = adjustments
  }

  public func forEachRow(in range: Range<Timestamp>, _ body: (RollupRow) throws -> Void) throws {
    try base.forEachRow(in: range, body)
    for row in adjustments where range.contains(Timestamp(bucket: row.bucket)) { try body(row) }
  }

  public func forEachFact(in range: Range<Timestamp>, _ body: (Fact) throws -> Void) throws {
    try base.forEachFact(in: range) { fact in
      guard let cell = resolvedCells[RequestID(fact)] else { return try body(fact) }
      var fact = fact
      fact.cell = cell
      try body(fact)
    }
  }

  public func extent() throws -> ClosedRange<Timestamp>? { try base.extent() }

  public func notes() throws -> HistoryNotes { try base.notes() }

  public func accounting() throws -> LineAccounting { try base.accounting() }

  private static func attemptsOfFailingTraces(
    _ history: any UsageHistory, in range: Range<Timestamp>
  ) throws -> [Attempt] {
    let reader = CellReader(history.cells)
    var failing: Set<UInt64> = []
    try history.forEachFact(in: range) { fact in
      guard fact.trace != 0 else { return }
      let status = reader[fact.cell].status
      if status == .error || status == .blocked { failing.insert(fact.trace) }
    }
    guard !failing.isEmpty else { return [] }
    var attempts: [Attempt] = []
    try history.forEachFact(in: range) { fact in
      guard failing.contains(fact.trace) else { return }
      if let attempt = Attempt(fact, in: reader[fact.cell]) { attempts.append(attempt) }
    }
    return attempts
  }
}

extension Cell {
  /// The cell with what its trace tells. What a gateway says explicitly stands: a trace only adds
  /// which failures a fallback answers, and that a primary was a retry.
  fileprivate func resolving(_ resolved: ResolvedRoute) -> Cell {
    var cell = self
    let isExplicit = routeEvidence == .explicit
    if route == .fallback || (resolved.route == .fallback && !isExplicit) {
      if !isExplicit { cell.routeEvidence = .inferred }
      cell.route = .fallback
      cell.routeFrom = resolved.first.model
      cell.requestModel = resolved.first.requestModel
      cell.routeReason = resolved.last.errorClass
    } else if resolved.route == .retry && !(isExplicit && route == .retry) {
      cell.route = .retry
      cell.routeEvidence = .inferred
    }
    return cell
  }
}

/// Cells by number, remembered, so that a pass over many rows takes the table's lock once a cell.
final class CellReader {
  private let table: CellTable
  private var known: [UInt32: Cell] = [:]

  init(_ table: CellTable) { self.table = table }

  subscript(id: CellID) -> Cell {
    if let cell = known[id.index] { return cell }
    let cell = table[id]
    known[id.index] = cell
    return cell
  }
}

extension Measures {
  /// The measures that undo these in a sum.
  fileprivate func negated() throws(ArithmeticOverflow) -> Measures {
    var result = Measures()
    result.requests = -requests
    for bucket in TokenBucket.allCases { result.tokens[bucket] = -tokens[bucket] }
    for meter in Meter.allCases {
      result.units[meter] = try ExactDecimal.zero.subtracting(units[meter], meter.name)
    }
    result.costs = try costs.negated()
    result.requestBytes = -requestBytes
    result.responseBytes = -responseBytes
    result.latency = -latency
    return result
  }
}

extension Costs {
  fileprivate func negated() throws(ArithmeticOverflow) -> Costs {
    var result = Costs()
    result.list = try Money.zero.subtracting(list, "list cost")
    result.billed = try Money.zero.subtracting(billed, "billed cost")
    result.reported = try Money.zero.subtracting(reported, "reported cost")
    result.reportedUpstream = try Money.zero.subtracting(reportedUpstream, "upstream cost")
    result.markup = try Money.zero.subtracting(markup, "markup")
    result.fee = try Money.zero.subtracting(fee, "fee")
    result.rounding = try Money.zero.subtracting(rounding, "rounding")
    return result
  }
}
