import Billing

/// Which providers served which models at which gateways.
struct ServingProviders {
  private struct Key: Hashable {
    var gateway: Label
    var model: Label
  }

  private let models: ModelIdentity
  private let providers: [Key: Set<Label>]

  init(of history: ResolvedHistory, in range: Range<Timestamp>) throws {
    let reader = CellReader(history.cells)
    var providers: [Key: Set<Label>] = [:]
    try history.forEachRow(in: range) { row in
      let cell = reader[row.cell]
      guard cell.status == .ok, !cell.provider.isNone, !cell.billedModel.isNone else { return }
      providers[Key(gateway: cell.gateway, model: cell.billedModel), default: []]
        .insert(cell.provider)
    }
    self.providers = providers
    models = history.models
  }

  /// The provider, where it is always the same one; with several, nothing tells which it would
  /// have been.
  func onlyProvider(of model: Label, at gateway: Label) -> Label? {
    var found: Set<Label> = []
    for (key, providers) in providers
    where key.gateway == gateway && models.isSame(model, key.model) {
      found.formUnion(providers)
    }
    return found.count == 1 ? found.first : nil
  }
}
