public import Billing

/// Facts that count and are not stored yet, with the stored facts that they take the place of.
public struct PendingFacts: Sendable {
  /// What is to be encoded and stored, in no particular order.
  public private(set) var facts: [Fact] = []
  /// Facts of the ledger that no longer count.
  public private(set) var superseded: Set<FactPlace> = []
  /// Where each fact stands; only from the first supersession on, for most batches have none.
  private var positions: [FactPlace: Int]?

  /// - Parameter capacity: The number of facts for which there is memory from the start.
  public init(capacity: Int = 0) { facts.reserveCapacity(capacity) }

  public var count: Int { facts.count }

  /// Keeps a fact as the index decided, and drops those that it takes the place of.
  public mutating func take(_ fact: Fact, _ verdict: RecordIndex.Verdict) {
    switch verdict {
    case .duplicate, .tooLate: break
    case .new, .conflict: append(fact)
    case .supersedes(let old):
      drop(old.facts)
      append(fact)
    }
  }

  /// What was pending is stored. The memory is kept.
  public mutating func removeAll() {
    facts.removeAll(keepingCapacity: true)
    superseded.removeAll()
    positions = nil
  }

  private mutating func append(_ fact: Fact) {
    positions?[FactPlace(fact)] = facts.count
    facts.append(fact)
  }

  private mutating func drop(_ places: [FactPlace]) {
    if positions == nil {
      positions = Dictionary(
        uniqueKeysWithValues: facts.enumerated().map { (FactPlace($1), $0) })
    }
    for place in places {
      guard let position = positions?.removeValue(forKey: place) else {
        superseded.insert(place)
        continue
      }
      let last = facts.removeLast()
      guard position < facts.count else { continue }
      facts[position] = last
      positions?[FactPlace(last)] = position
    }
  }
}
