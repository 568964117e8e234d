import Billing

/// The kinds of names that requests bring into a ledger.
public enum NameKind: String, Sendable, CaseIterable {
  case gateway, provider, region, model, key, team, project, environment, reason
  case serviceTier = "service_tier"
  case priceTier = "price_tier"
}

/// Bounds the names of a ledger: of each kind, those that come first on a day keep their name, and
/// the requests of all others count under `(other)`.
///
/// A request is priced before, by its real names. A day is that of the request, in UTC; what the
/// ledger holds for it counts as having come first, so that it does not matter where a run ended.
final class NameLimits {
  /// Requests under `(other)` that were added, by what they have no name for.
  private(set) var events: [NameKind: Int64] = [:]

  private let limit: Int
  private let hasher: KeyedHasher
  private var labels: LabelTable
  private var cells: CellTable
  private var otherLabel: Label
  /// Hashes of the names of a day, by kind.
  private var known: [Day: [Set<UInt64>]] = [:]
  /// By label; 0 where it was not needed yet.
  private var hashes: [UInt64] = []
  /// By cell, the number of the latest day on which all its names were found among those kept.
  private var keptDays: [Int32] = []

  private static let fields: [(kind: NameKind, path: any WritableKeyPath<Cell, Label> & Sendable)] =
    [
      (.gateway, \.gateway), (.provider, \.provider), (.region, \.region), (.model, \.requestModel),
      (.model, \.responseModel), (.model, \.routeFrom), (.key, \.key), (.team, \.team),
      (.project, \.project), (.environment, \.environment), (.serviceTier, \.serviceTier),
      (.priceTier, \.priceTier), (.reason, \.chargeReason),
    ]
  private static let positions: [NameKind: Int] = Dictionary(
    uniqueKeysWithValues: NameKind.allCases.enumerated().map { ($1, $0) })
  /// The position of the set of each field.
  private static let sets = fields.map { positions[$0.kind] ?? 0 }

  /// - Parameter limit: names of a kind on a day.
  init(limit: Int, key: StoreKey, labels: LabelTable, cells: CellTable) {
    self.limit = limit
    hasher = KeyedHasher(key: key)
    self.labels = labels
    self.cells = cells
    otherLabel = labels.intern(Cell.otherName)
  }

  /// Goes on with other tables.
  func use(labels: LabelTable, cells: CellTable) {
    self.labels = labels
    self.cells = cells
    otherLabel = labels.intern(Cell.otherName)
    hashes = []
    keptDays = []
  }

  /// Puts a request into the cell that it counts in.
  ///
  /// - Returns: what it has no name for.
  @inline(__always)
  func fold(_ fact: inout Fact) -> Set<NameKind> {
    isKept(fact.cell, on: fact.time.day) ? [] : foldNames(&fact)
  }

  private func foldNames(_ fact: inout Fact) -> Set<NameKind> {
    guard let known = known[fact.time.day], known.contains(where: { $0.count >= limit }) else {
      return []
    }
    var cell = cells[fact.cell]
    var kinds: Set<NameKind> = []
    for (index, field) in Self.fields.enumerated() {
      let label = cell[keyPath: field.path]
      let names = known[Self.sets[index]]
      if label.isNone || names.count < limit || names.contains(hash(of: label)) { continue }
      cell[keyPath: field.path] = otherLabel
      kinds.insert(field.kind)
    }
    if !kinds.isEmpty { fact.cell = cells.intern(cell) }
    return kinds
  }

  /// A request was added.
  @inline(__always)
  func keep(_ fact: Fact, without kinds: Set<NameKind>) {
    if !isKept(fact.cell, on: fact.time.day) { keepNames(of: fact.cell, on: fact.time.day) }
    for kind in kinds { events[kind, default: 0] += 1 }
  }

  /// The ledger holds requests of a day in these cells, which are of tables of their own.
  func note(_ tables: FactTables, on day: Day) {
    var names = known.removeValue(forKey: day) ?? NameKind.allCases.map { _ in [] }
    var noted = names.map { _ in Set<Label>() }
    for cell in tables.cells.snapshot {
      for (index, field) in Self.fields.enumerated() {
        let label = cell[keyPath: field.path]
        let set = Self.sets[index]
        guard !label.isNone, noted[set].insert(label).inserted else { continue }
        let text = tables.labels.text(label)
        if text != Cell.otherName { names[set].insert(hash(of: text)) }
      }
    }
    known[day] = names
  }

  private func isKept(_ cell: CellID, on day: Day) -> Bool {
    let index = Int(cell.index)
    return index < keptDays.count && keptDays[index] == Int32(truncatingIfNeeded: day.number)
  }

  private func keepNames(of id: CellID, on day: Day) {
    let cell = cells[id]
    var names = known.removeValue(forKey: day) ?? NameKind.allCases.map { _ in [] }
    for (index, field) in Self.fields.enumerated() {
      let label = cell[keyPath: field.path]
      if !label.isNone, label != otherLabel { names[Self.sets[index]].insert(hash(of: label)) }
    }
    known[day] = names
    let index = Int(id.index)
    if index >= keptDays.count {
      keptDays.append(
        contentsOf: repeatElement(.min, count: max(cells.count, index + 1) - keptDays.count))
    }
    keptDays[index] = Int32(truncatingIfNeeded: day.number)
  }

  private func hash(of label: Label) -> UInt64 {
    let index = Int(label.index)
    if index >= hashes.count {
      hashes.append(
        contentsOf: repeatElement(0, count: max(labels.count, index + 1) - hashes.count))
    }
    if hashes[index] == 0 {
      hashes[index] = hash(of: labels.text(label))
    }
    return hashes[index]
  }

  private func hash(of text: String) -> UInt64 {
    max(hasher.digest(Array(text.utf8).span).low, 1)
  }
}
