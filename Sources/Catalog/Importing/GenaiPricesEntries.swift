import Billing

/// The entries of a book that says what genai-prices says, alone.
///
/// Its models are found by trees of conditions, and our matching knows names only. So every tree is
/// asked which of the known names it means: those that the table spells out, those that its patterns
/// enumerate, and the names of the built-in book at the same provider.
struct GenaiPricesEntries {
  private let table: GenaiPricesTable
  private let known: (String) -> [String]
  private(set) var list = EntryList()
  private(set) var report: ImportReport

  /// - Parameter known: names that models have at a provider, in the book's spelling.
  init(_ table: GenaiPricesTable, known: @escaping (String) -> [String]) {
    self.table = table
    self.known = known
    report = table.report
    for provider in table.providers { add(provider) }
  }

  /// A model at a provider: its own, or one of a provider whose models it sells.
  private struct Place: Hashable {
    var provider: String
    var model: String
  }

  /// The names of a place by the forms in which a date may follow them.
  private typealias Names = [[SnapshotDate.Format]: [String]]

  private mutating func add(_ provider: GenaiPricesTable.Provider) {
    let sellers =
      [provider]
      + provider.fallbacks.compactMap { id in
        table.providers.first { $0.id == id }
      }
    var places: [Place: Names] = [:]
    for name in candidates(provider, sellers) {
      guard let place = Self.place(of: name, sellers) else { continue }
      let isDated = ModelName(name).forms.contains { $0.removed.contains(.snapshot) }
      let formats = isDated ? [] : Self.formats(after: name, place, sellers)
      places[place, default: [:]][formats, default: []].append(name)
    }
    for seller in sellers {
      for model in seller.models {
        let place = Place(provider: seller.id, model: model.id)
        add(model, at: provider.id, isFallback: seller.id != provider.id, places[place] ?? [:])
      }
    }
  }

  /// Each name once, in lower case.
  private func candidates(
    _ provider: GenaiPricesTable.Provider, _ sellers: [GenaiPricesTable.Provider]
  ) -> [String] {
    var seen: Set<String> = []
    let doors = [provider.id] + ProviderIdentity.fallbacks(of: provider.id)
    let spelt = sellers.flatMap(\.models).flatMap { [$0.id.lowercased()] + $0.match.candidates }
    return (spelt + doors.flatMap(known)).filter { name in
      // The beginning of names ends in the middle of one.
      guard let last = name.last, last.isLetter || last.isNumber || last == "]" else {
        return false
      }
      return seen.insert(name).inserted
    }
  }

  private static func place(of name: String, _ sellers: [GenaiPricesTable.Provider]) -> Place? {
    for seller in sellers {
      if let model = seller.model(named: name) {
        return Place(provider: seller.id, model: model.id)
      }
    }
    return nil
  }

  /// The forms in which any date may follow the name.
  private static func formats(
    after name: String, _ place: Place, _ sellers: [GenaiPricesTable.Provider]
  ) -> [SnapshotDate.Format] {
    let samples: [(SnapshotDate.Format, [String])] = [
      (.compact, ["-20240229", "-20311130"]), (.dashed, ["-2024-02-29", "-2031-11-30"]),
      (.at, ["@20240229", "@20311130"]),
    ]
    return samples.filter { _, dates in
      dates.allSatisfy { Self.place(of: name + $0, sellers) == place }
    }.map(\.0)
  }

  private mutating func add(
    _ model: GenaiPricesTable.Model, at provider: String, isFallback: Bool, _ names: Names
  ) {
    let prices = HistoryMerge(
      dated: isFallback ? model.withoutVariants : model, emptyIsFree: true
    ).prices
    guard !prices.isEmpty else { return }
    let id = model.id.lowercased()
    let groups = names.sorted { first, second in
      let isFirst = first.value.contains(id)
      if isFirst != second.value.contains(id) { return isFirst }
      return first.value.joined(separator: " ") < second.value.joined(separator: " ")
    }
    for (index, group) in groups.enumerated() {
      let others = group.value.filter { $0 != id }.sorted()
      let sorted = group.value.contains(id) ? [id] + others : others
      var entry = PriceEntry(
        id: "\(provider)/\(index == 0 ? model.id : sorted[0])", provider: provider,
        names: [sorted[0]], prices: prices)
      entry.aliases = Array(sorted.dropFirst())
      entry.snapshots = group.key
      entry.contextWindow = model.facts.contextWindow
      entry.source = SheetMerge.genaiPrices
      list.add(entry)
    }
    if !isFallback { remark(model, at: provider, hasNames: !names.isEmpty) }
  }

  /// Says which conditions were replaced by the names that are known.
  private mutating func remark(
    _ model: GenaiPricesTable.Model, at provider: String, hasNames: Bool
  ) {
    if model.periods.contains(where: { $0.sheet.base.isEmpty && $0.sheet.other.isEmpty }) {
      report.remark("\(provider)/\(model.id)", "no price is stated, which the table means as free")
    }
    let open = model.match.open.filter { part in
      guard case .pattern(_, let text) = part else { return true }
      return NamePattern(text).map { !$0.unsaid.isEmpty } ?? true
    }
    if !hasNames {
      report.remark("\(provider)/\(model.id)", "no known name meets its condition: left out")
    } else if !open.isEmpty {
      let texts = open.map(\.description).joined(separator: ", ")
      report.remark(
        "\(provider)/\(model.id)", "only known names and dates stand for \(texts)")
    }
  }
}

extension GenaiPricesTable.Model {
  /// The library ignores the variants of a model that it finds at another provider.
  fileprivate var withoutVariants: Self {
    var copy = self
    for index in copy.periods.indices {
      copy.periods[index].sheet.cards = copy.periods[index].sheet.cards.filter { $0.key.isEmpty }
    }
    return copy
  }
}

extension GenaiMatch: CustomStringConvertible {
  var description: String {
    switch self {
    case .equals(let text): "`\(text)`"
    case .startsWith(let text): "`\(text)…`"
    case .endsWith(let text): "`…\(text)`"
    case .contains(let text): "`…\(text)…`"
    case .pattern(_, let text): "/\(text)/"
    case .any(let parts): parts.map(\.description).joined(separator: " or ")
    case .all(let parts): parts.map(\.description).joined(separator: " and ")
    }
  }
}
