import Billing
import Ledger

/// Facts that count and are not stored yet, with the stored facts that they take the place of.
struct PendingFacts {
  private(set) var facts: [Fact] = []
  /// Facts of the ledger that no longer count.
  private(set) var superseded: Set<FactPlace> = []
  /// Where each fact stands; only from the first supersession on, for most batches have none.
  private var positions: [FactPlace: Int]?

  init(capacity: Int) { facts.reserveCapacity(capacity) }

  var count: Int { facts.count }

  mutating func append(_ fact: Fact) {
    positions?[FactPlace(fact)] = facts.count
    facts.append(fact)
  }

  /// Appends a fact and drops those that it takes the place of, pending or stored.
  mutating func append(_ fact: Fact, superseding places: [FactPlace]) {
    var positions =
      positions
      ?? Dictionary(uniqueKeysWithValues: facts.enumerated().map { (FactPlace($1), $0) })
    for place in places {
      guard let position = positions.removeValue(forKey: place) else {
        superseded.insert(place)
        continue
      }
      let last = facts.removeLast()
      guard position < facts.count else { continue }
      facts[position] = last
      positions[FactPlace(last)] = position
    }
    self.positions = positions
    append(fact)
  }

  mutating func removeAll() {
    facts.removeAll(keepingCapacity: true)
    superseded.removeAll()
    positions = nil
  }
}
