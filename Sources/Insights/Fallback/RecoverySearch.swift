import Billing

/// Looks for other requests that got through soon after a failure: where there is one, a plain
/// retry would have answered, and the fallback was avoidable.
struct RecoverySearch {
  fileprivate struct Watch {
    var index: Int
    var time: Timestamp
    var trace: UInt64
    var request: RequestID
    var provider: Label
    var key: Label
  }

  let models: ModelIdentity
  let windowSeconds: Int64
  /// By the model that failed.
  private var watches: [Label: [Watch]] = [:]

  init(models: ModelIdentity, windowSeconds: Int64) {
    self.models = models
    self.windowSeconds = windowSeconds
  }

  /// Watches for a success on `model` after a failure.
  ///
  /// - Parameters:
  ///   - index: what `recovered` returns.
  ///   - request: the request itself, which is not its own witness; nor is its trace.
  ///   - provider: the witness's provider, unless `none`.
  ///   - key: the witness's credential, unless `none`.
  mutating func watch(
    _ index: Int, model: Label, after time: Timestamp, trace: UInt64, request: RequestID,
    provider: Label, key: Label
  ) {
    let watch = Watch(
      index: index, time: time, trace: trace, request: request, provider: provider, key: key)
    watches[model, default: []].append(watch)
  }

  /// The indices of the failures for which there is a witness.
  func recovered(in history: ResolvedHistory, _ range: Range<Timestamp>) throws -> Set<Int> {
    guard !watches.isEmpty else { return [] }
    let ordered = watches.mapValues { $0.sorted { $0.time < $1.time } }
    let reader = CellReader(history.cells)
    var found: Set<Int> = []
    let wide = range.lowerBound..<range.upperBound.advanced(bySeconds: windowSeconds)
    try history.forEachFact(in: wide) { fact in
      let cell = reader[fact.cell]
      guard cell.status == .ok else { return }
      for (model, watches) in ordered where models.isSame(model, cell.billedModel) {
        found.formUnion(indices(of: watches, witnessedBy: fact, in: cell))
      }
    }
    return found
  }

  private func indices(of watches: [Watch], witnessedBy fact: Fact, in cell: Cell) -> [Int] {
    let earliest = fact.time.advanced(bySeconds: -windowSeconds)
    let first = watches.firstPosition { $0.time >= earliest }
    return watches[first...].prefix { $0.time <= fact.time }
      .filter { $0.isWitnessed(by: fact, in: cell) }.map(\.index)
  }
}

extension RecoverySearch.Watch {
  fileprivate func isWitnessed(by fact: Fact, in cell: Cell) -> Bool {
    RequestID(fact) != request && (fact.trace == 0 || fact.trace != trace)
      && (provider.isNone || provider == cell.provider) && (key.isNone || key == cell.key)
  }
}

extension Array {
  /// The first index at which the predicate holds, in an array that is partitioned by it.
  func firstPosition(where isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
