public import Billing

extension PriceBook {
  /// The models of the book, for findings about models that are or could be used.
  ///
  /// - Parameters:
  ///   - providers: in the book's spelling; `nil` for all.
  ///   - families: `gpt`, `claude`, …; `nil` for all.
  /// - Returns: by entry id.
  public func catalogModels(providers: Set<String>? = nil, families: Set<String>? = nil)
    -> [CatalogModel]
  {
    entries(of: providers).compactMap { entry in
      let model = entry.names.first ?? entry.id
      let family = ModelFamily.name(of: model)
      if let families, !families.contains(family) { return nil }
      let rates = entry.currentPrice?.base.rates
      return CatalogModel(
        entry: entry.id, provider: entry.provider, model: model, family: family,
        inputPrice: rates?[.input], outputPrice: rates?[.output],
        contextWindow: entry.contextWindow, maxOutput: entry.maxOutput,
        capabilities: Set(entry.capabilities), deprecated: entry.deprecated,
        replacement: entry.replacement)
    }
  }
}

/// The vendor's family of a model.
public enum ModelFamily {
  /// The letters before the first digit or hyphen of the name: `gpt` of `gpt-4o-mini`, `claude` of
  /// `anthropic/claude-sonnet-4-5`, `o` of `o3-pro`.
  public static func name(of model: String) -> String {
    let name = ModelName.canonical(model)
    let last = name.utf8.split(separator: UInt8(ascii: "/")).last ?? name.utf8[...]
    let letters = last.prefix { (97...122).contains($0) }
    return String(decoding: letters.isEmpty ? last[...] : letters, as: UTF8.self)
  }
}
