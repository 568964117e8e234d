import Billing

/// Builds one price book from the two tables and the hand-kept overlay.
///
/// LiteLLM gives breadth, deprecation dates and limits; genai-prices gives history. LiteLLM's undated
/// price is taken to hold for as long back as the dated table shows no change.
struct BookBuilder {
  private let litellm: LiteLLMTable
  private let genai: GenaiPricesTable
  /// The day for which LiteLLM's table is current.
  private let asOf: Timestamp

  init(litellm: LiteLLMTable, genai: GenaiPricesTable, asOf: Day) {
    self.litellm = litellm
    self.genai = genai
    self.asOf = Timestamp(day: asOf)
  }

  /// The merged entries, those of `overlay` replacing the others of the same provider and name.
  func entries(overlay: [PriceEntry]) -> [PriceEntry] {
    var list = EntryList()
    for entry in overlay { list.add(entry) }
    // Keys with their provider's prefix first: they are the more precise of two.
    for model in litellm.models where model.hadPrefix { merged(model).map { _ = list.add($0) } }
    for model in litellm.models where !model.hadPrefix { merged(model).map { _ = list.add($0) } }
    for provider in genai.providers {
      for model in provider.models { only(model, at: provider.id).map { _ = list.add($0) } }
    }
    return list.entries
  }

  private static func entry(_ provider: String, _ name: String) -> PriceEntry {
    var entry = PriceEntry(id: "\(provider)/\(name)", provider: provider, names: [name], prices: [])
    let isDated = ModelName(name).forms.contains { $0.removed.contains(.snapshot) }
    entry.snapshots = isDated ? [] : snapshots[provider] ?? []
    return entry
  }

  /// An entry of LiteLLM, without prices.
  static func entry(_ model: LiteLLMTable.Model) -> PriceEntry {
    var entry = entry(model.provider, model.name)
    let spelt = model.key.asciiLowercased
    if model.hadPrefix, ModelName(spelt).forms.allSatisfy({ $0.text != model.name.asciiLowercased })
    {
      // Logs write the whole key, and the prefix is none that is taken off from every name.
      entry.aliases = [model.key]
    }
    entry.contextWindow = model.facts.contextWindow
    entry.maxOutput = model.facts.maxOutput
    entry.capabilities = model.facts.capabilities
    entry.modelClass = model.facts.modelClass
    entry.deprecated = model.facts.deprecated
    entry.source = model.facts.source.isEmpty ? SheetMerge.litellm : model.facts.source
    entry.contests = model.artifacts.map { artifact in
      PriceEntry.Contest(
        subject: artifact.subject,
        chosen: artifact.isSnapped ? FloatArtifact.claim : SheetMerge.litellm,
        claims: [
          .init(source: SheetMerge.litellm, amount: artifact.literal.description),
          .init(source: FloatArtifact.claim, amount: artifact.snapped.description),
        ])
    }
    return entry
  }

  private static let snapshots: [String: [SnapshotDate.Format]] = [
    "anthropic": [.compact], "azure": [.dashed], "dashscope": [.dashed], "openai": [.dashed],
    "openrouter": [.compact, .dashed], "vertex": [.at],
  ]

  /// An entry of LiteLLM with the history that the other table has of it.
  private func merged(_ model: LiteLLMTable.Model) -> PriceEntry? {
    var entry = Self.entry(model)
    if let found = dated(model) {
      let merger = HistoryMerge(
        broad: model.sheet, model: found.model, isFallback: found.isFallback,
        isLoose: !Self.isClose(model.name, found.model), provider: model.provider, asOf: asOf)
      entry.prices = merger.prices
      entry.contests = merger.contests + entry.contests
    } else {
      entry.prices = [SheetMerge(only: model.sheet, isBroad: true).price(from: nil, until: nil)]
    }
    return entry.prices.contains { !$0.base.rates.isEmpty } ? entry : nil
  }

  /// The dated table's model for a key: at its provider, else at those whose models it sells.
  private func dated(_ model: LiteLLMTable.Model)
    -> (model: GenaiPricesTable.Model, isFallback: Bool)?
  {
    let id = Self.datedProviders[model.provider] ?? model.provider
    guard let provider = genai.providers.first(where: { $0.id == id }) else { return nil }
    if let found = provider.model(named: model.name) { return (found, false) }
    for other in provider.fallbacks {
      if let found = genai.providers.first(where: { $0.id == other })?.model(named: model.name) {
        return (found, true)
      }
    }
    return nil
  }

  private static let datedProviders = ["vertex": "google", "azure_ai": "azure"]

  /// The name is the model's own or only adds a date or version; else a pattern has found it.
  private static func isClose(_ name: String, _ model: GenaiPricesTable.Model) -> Bool {
    let name = name.lowercased()
    if name.contains("anthropic.") || name.contains("amazon.") { return true }
    return ([model.id.lowercased()] + model.match.beginnings).contains { beginning in
      guard name.hasPrefix(beginning) else { return false }
      let rest = name.dropFirst(beginning.count)
      return !rest.replacing("latest", with: "").replacing("preview", with: "")
        .contains(where: \.isLetter)
    }
  }

  /// An entry that only the dated table has.
  private func only(_ model: GenaiPricesTable.Model, at provider: String) -> PriceEntry? {
    var entry = Self.entry(provider, model.id)
    entry.aliases = model.match.names.filter { $0 != model.id.lowercased() }
    entry.contextWindow = model.facts.contextWindow
    entry.source = SheetMerge.genaiPrices
    entry.prices = HistoryMerge(dated: model).prices
    return entry.prices.isEmpty ? nil : entry
  }
}
