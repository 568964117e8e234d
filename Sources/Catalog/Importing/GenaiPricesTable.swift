import Billing
import Documents

/// The table of genai-prices: dated prices and price variants for each model of a provider.
struct GenaiPricesTable {
  /// A price that holds from an instant on.
  struct Period {
    /// `nil`: since ever.
    var from: Timestamp?
    var sheet: PriceSheet
    /// The table has a price for it, be it one without rates.
    var isStated = true
  }

  struct Model {
    var id: String
    var match: GenaiMatch
    /// In the order of time.
    var periods: [Period]
    var facts: ModelFacts
  }

  struct Provider {
    /// The book's spelling.
    var id: String
    /// Providers, in the book's spelling, whose models it sells at their price.
    var fallbacks: [String]
    var models: [Model]

    /// The first model that a name matches, else the one whose id it is. A compact date is tried
    /// again in the dashed form.
    func model(named name: String) -> Model? {
      let name = name.lowercased()
      if let found = models.first(where: { $0.match.matches(name) }) { return found }
      if let dashed = SnapshotDate.dashed(name),
        let found = models.first(where: { $0.match.matches(dashed) })
      {
        return found
      }
      return models.first { $0.id.lowercased() == name }
    }
  }

  private(set) var providers: [Provider] = []
  /// Price fields that price nothing, and models that were left out.
  private(set) var report = ImportReport()

  /// Reads the table; a model with a value that cannot be read is left out and reported.
  ///
  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode) throws(DocumentError) {
    for node in try root.list() {
      let map = try node.mapping(allowing: nil)
      let id = try map.required("id").text()
      var provider = Provider(id: ProviderIdentity.canonical(id), fallbacks: [], models: [])
      for other in try map.optional("fallback_model_providers")?.texts() ?? [] {
        provider.fallbacks.append(ProviderIdentity.canonical(other))
      }
      let known = ["pricing_urls", "price_comments"]
      for (field, node) in PriceFields.unknown(in: map, besides: known) {
        report.unpriced(field, model: id, value: TableAmount.example(node))
      }
      for node in try map.required("models").list() {
        let map = try node.mapping(allowing: nil)
        let name = try map.required("id").text()
        do throws(DocumentError) {
          var reader = GenaiPricesReader(model: "\(id)/\(name)", report: report)
          let model = try reader.model(name, map)
          report = reader.report
          provider.models.append(model)
        } catch {
          report.refuse("\(id)/\(name)", error)
        }
      }
      providers.append(provider)
    }
  }
}

extension SnapshotDate {
  /// `name-2025-12-11` of `name-20251211`.
  static func dashed(_ name: String) -> String? {
    for form in ModelName(name).forms {
      guard let date = form.snapshot, date.format == .compact else { continue }
      return String(decoding: name.utf8.dropLast(9), as: UTF8.self) + "-\(date.day)"
    }
    return nil
  }
}
