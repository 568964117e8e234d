import Billing

/// The models that could be used: what the configuration lists, else what the price book has of the
/// families that the logs have seen.
struct ModelCatalogue {
  struct Model {
    var name: String
    var provider: String
    /// `nil` when only the price book says that the model exists.
    var configured: ConfiguredModel?
    /// `nil` when the price book does not have it.
    var listed: CatalogModel?

    /// Names of the model in a finding's subject.
    var subject: [Finding.Detail] {
      var subject: [Finding.Detail] = [.init("model", name)]
      if !provider.isEmpty { subject.append(.init("provider", provider)) }
      return subject
    }
  }

  let models: [Model]
  private let settings: IdleSettings
  /// Blended prices of all models that have one, in order.
  private let prices: [Money]

  init(
    configured: [ConfiguredModel], book: [CatalogModel], uses: [ModelUse], settings: IdleSettings,
    on day: Day, isSameModel: (String, String) -> Bool
  ) {
    self.settings = settings
    let found =
      configured.isEmpty
      ? Self.seenFamilies(book, uses, on: day)
      : configured.map { Self.model($0, book, isSameModel) }
    models = found.sorted {
      TextOrder.precedes([$0.name, $0.provider], [$1.name, $1.provider])
    }
    prices = models.compactMap { Self.blended($0.listed, settings) }.sorted()
  }

  /// Input and output price mixed, for as many tokens as the blend has; `nil` without both prices.
  func blendedPrice(_ model: Model) -> Money? { Self.blended(model.listed, settings) }

  /// The blended price of one token, half to even; `nil` without both prices.
  func blendedTokenPrice(_ model: Model) -> Money? {
    blendedPrice(model).flatMap { Ratio(1, over: settings.blendedInput + 1)?.of($0) }
  }

  /// Why the model counts as expensive; `nil` when it does not.
  func expense(_ model: Model) -> String? {
    guard let price = blendedPrice(model), price > .zero else { return nil }
    if prices.count >= 4, price >= prices[prices.count * 3 / 4] {
      return "in the dearest quarter of \(prices.count) models"
    }
    let peers = models.filter { peer in
      peer.name != model.name && Self.isCapable(peer.listed, of: model.listed)
    }
    let cheapest = peers.compactMap(blendedPrice).filter { $0 > .zero }.min()
    guard let cheapest, let ratio = Ratio(price, over: cheapest),
      ratio.isAtLeast(ExactDecimal(settings.peerRatio))
    else { return nil }
    let times = ratio.rounded(places: 1).map { "\($0)" } ?? "many"
    return "\(times) times its cheapest capable peer"
  }

  /// A model can stand in for another when it can do all that the other can.
  static func isCapable(_ peer: CatalogModel?, of model: CatalogModel?) -> Bool {
    guard let peer, let model else { return false }
    return peer.capabilities.isSuperset(of: model.capabilities)
  }

  private static func blended(_ model: CatalogModel?, _ settings: IdleSettings) -> Money? {
    guard let input = model?.inputPrice, let output = model?.outputPrice else { return nil }
    return try? input.multiplied(by: settings.blendedInput, "price").adding(output, "price")
  }

  private static func model(
    _ configured: ConfiguredModel, _ book: [CatalogModel], _ isSameModel: (String, String) -> Bool
  ) -> Model {
    let candidates = book.filter { entry in
      (configured.provider.isEmpty || entry.provider == configured.provider)
        && (entry.model == configured.model || isSameModel(entry.model, configured.model))
    }
    let exact = candidates.filter { $0.model == configured.model }
    let listed = (exact.isEmpty ? candidates : exact)
      .min { TextOrder.precedes($0.entry, $1.entry) }
    return Model(
      name: configured.model, provider: configured.provider, configured: configured,
      listed: listed)
  }

  private static func seenFamilies(_ book: [CatalogModel], _ uses: [ModelUse], on day: Day)
    -> [Model]
  {
    let seen = Set(uses.map(\.entry))
    let families = Set(book.filter { seen.contains($0.entry) }.map { [$0.provider, $0.family] })
    return book.filter { entry in
      families.contains([entry.provider, entry.family]) && entry.deprecated.map { $0 > day } ?? true
    }
    .map { Model(name: $0.model, provider: $0.provider, configured: nil, listed: $0) }
  }
}
