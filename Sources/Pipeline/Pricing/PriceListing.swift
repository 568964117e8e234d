import Billing
import Catalog
import Insights

extension Settings {
  /// The models of the price book with their current base prices for a million tokens, one a line:
  /// entry, input, cache read, output, currency, class, tiers, separated by tabs; empty where there
  /// is none.
  ///
  /// - Parameters:
  ///   - provider: only its models.
  ///   - modelClass: only models of this class.
  public func priceList(provider: String?, modelClass: String? = nil) -> String {
    let providers = provider.map { Set([ProviderIdentity.canonical($0)]) }
    let entries = book.entries(of: providers).filter { entry in
      modelClass.map { TextOrder.isSame($0, entry.modelClass) } ?? true
    }
    let rows = entries.map { entry in
      let price = entry.currentPrice
      let rates = [TokenBucket.input, .cacheRead, .output].map { bucket in
        price?.base.rates[bucket].flatMap { try? $0.multiplied(by: 1_000_000, "price") }
          .map { "\($0)" } ?? ""
      }
      let tiers = price.map(Self.tiers) ?? ""
      let rest = [price?.currency ?? "", entry.modelClass, tiers]
      return ([entry.id] + rates + rest).joined(separator: "\t") + "\n"
    }
    return "entry\tinput\tcache_read\toutput\tcurrency\tclass\ttiers\n" + rows.joined()
  }

  /// Under which names a price has other rates: `>200000,batch,peak`.
  private static func tiers(_ price: DatedPrice) -> String {
    let names =
      price.base.contextTiers.map(\.name)
      + price.cards.map { $0.conditions.map(\.name).joined(separator: "+") }
      + price.multipliers.map { "\($0.condition.key)=\($0.condition.value)" }
      + price.timeRules.map(\.name)
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.joined(separator: ",")
  }

  /// The entries of a model, as a price book of their own.
  ///
  /// - Parameters:
  ///   - model: a name or the id of an entry.
  ///   - provider: only there.
  /// - Throws: `Failure` when nobody sells a model of this name.
  public func prices(of model: String, provider: String?) throws(Failure) -> String {
    let wanted = provider.map(ProviderIdentity.canonical)
    let names = [model, ModelName.canonical(model)]
    var found: [String: PriceEntry] = [:]
    for name in names {
      for provider in book.providers(of: name) where wanted == nil || provider == wanted {
        if let entry = book.entry(provider: provider, name: name)?.entry { found[entry.id] = entry }
      }
    }
    if let slash = model.firstIndex(of: "/") {
      let entries = book.entries(of: [String(model[..<slash])])
      for entry in entries where TextOrder.isSame(entry.id, model) { found[entry.id] = entry }
    }
    guard !found.isEmpty else {
      throw Failure(
        "", "The price book has no model `\(model)`.",
        "`tollbook prices list` names all; add yours with --price-book FILE.", .unavailable)
    }
    let entries = found.values.sorted { TextOrder.precedes($0.id, $1.id) }
    return PriceBookText.book(id: "my-prices", entries: entries)
  }
}
