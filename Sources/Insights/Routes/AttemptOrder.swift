import Billing

/// The order of attempts at one instant: by all that the log says of them. Their keys will not do:
/// they differ from ledger to ledger, and then so would the conclusions.
struct AttemptOrder: Sendable {
  let labels: LabelTable
  let cells: CellTable

  func precedes(_ left: Attempt, _ right: Attempt) -> Bool {
    let (texts, others) = (texts(of: cells[left.cell]), texts(of: cells[right.cell]))
    if texts != others { return TextOrder.precedes(texts, others) }
    return numbers(of: left.measures).lexicographicallyPrecedes(numbers(of: right.measures))
  }

  private func texts(of cell: Cell) -> [String] {
    let texts = [
      cell.requestModel, cell.responseModel, cell.provider, cell.dialect, cell.region,
      cell.serviceTier, cell.routeFrom, cell.key, cell.team, cell.project, cell.environment,
      cell.entry, cell.priceTier, cell.chargeReason, cell.currency,
    ].map(labels.text)
    let words: [String?] = [
      cell.operation.name, cell.status.name, cell.errorClass?.name, cell.route?.name,
      cell.routeEvidence?.name, cell.routeReason?.name, cell.charge.name, cell.match?.name,
      "\(cell.flags.rawValue)",
    ]
    return texts + words.map { $0 ?? "" }
  }

  private func numbers(of measures: Measures) -> [Int128] {
    let costs = measures.costs
    let amounts = [
      costs.list, costs.billed, costs.reported, costs.reportedUpstream, costs.markup, costs.fee,
      costs.rounding,
    ].map(\.units)
    let counts = [
      measures.requests, measures.requestBytes, measures.responseBytes, measures.latency,
    ]
    return amounts + counts.map { Int128($0) }
      + TokenBucket.allCases.map { Int128(measures.tokens[$0]) }
      + Meter.allCases.map { measures.units[$0].units }
  }
}
