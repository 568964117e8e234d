import Billing
import Catalog
import Insights

extension Settings {
  /// The models of the price book with their current base prices for a million tokens, one a line:
  /// entry, input, cache read, output, currency, separated by tabs; empty where there is none.
  ///
  /// - Parameter provider: only its models.
  public func priceList(provider: String?) -> String {
    let providers = provider.map { Set([ProviderIdentity.canonical($0)]) }
    let rows = book.entries(of: providers).map { entry in
      let price = entry.currentPrice
      let rates = [TokenBucket.input, .cacheRead, .output].map { bucket in
        price?.base.rates[bucket].flatMap { try? $0.multiplied(by: 1_000_000, "price") }
          .map { "\($0)" } ?? ""
      }
      return ([entry.id] + rates + [price?.currency ?? ""]).joined(separator: "\t") + "\n"
    }
    return "entry\tinput\tcache_read\toutput\tcurrency\n" + rows.joined()
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
