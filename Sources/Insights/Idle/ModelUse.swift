import Billing

/// The requests of one model by one key in a span of days, in one currency.
struct ModelUse: Sendable {
  struct ID: Hashable, Sendable {
    var provider: Label
    var model: Label
    var entry: Label
    var key: Label
    var operation: Billing.Operation
    var currency: Label
  }

  var id: ID
  var provider: String
  var model: String
  /// The name that all spellings of the model share.
  var canonical: String
  /// The price book's entry; empty when unpriced.
  var entry: String
  var key: String
  var currency: String
  var requests: Int64 = 0
  var successes: Int64 = 0
  var tokens: Int64 = 0
  /// Over requests whose every token has a price.
  var priced = Tally()
  var list = Money.zero
  var billed = Money.zero
  /// Over requests that are comparable for markup.
  var comparableList = Money.zero
  var comparableReported = Money.zero

  /// The uses in `range`, sorted by their texts.
  static func all(in history: ResolvedHistory, _ range: Range<Timestamp>) throws -> [ModelUse] {
    let reader = CellReader(history.cells)
    let labels = history.labels
    var uses: [ID: ModelUse] = [:]
    try history.forEachRow(in: range) { row in
      let cell = reader[row.cell]
      let id = ID(
        provider: cell.provider, model: cell.billedModel, entry: cell.entry, key: cell.key,
        operation: cell.operation, currency: cell.currency)
      var use =
        uses[id]
        ?? ModelUse(
          id: id, provider: labels.text(id.provider), model: labels.text(id.model),
          canonical: history.models.canonical(id.model), entry: labels.text(id.entry),
          key: labels.text(id.key),
          currency: Amount.currency(named: labels.text(id.currency)))
      try use.add(cell, row.measures)
      uses[id] = use
    }
    return uses.values.filter { $0.requests != 0 }
      .sorted { TextOrder.precedes($0.order(labels), $1.order(labels)) }
  }

  /// The currency as it is recorded comes last: an absent one and US dollars print alike.
  private func order(_ labels: LabelTable) -> [String] {
    [model, provider, entry, key, currency, id.operation.name, labels.text(id.currency)]
  }

  private mutating func add(_ cell: Cell, _ measures: Measures) throws(ArithmeticOverflow) {
    let tally = try Tally(measures)
    try requests.add(tally.requests, "requests")
    try tokens.add(tally.tokens, "tokens")
    if cell.status == .ok { try successes.add(tally.requests, "requests") }
    guard cell.charge == .priced else { return }
    try priced.add(tally)
    try list.add(measures.costs.list, "list cost")
    try billed.add(measures.costs.billed, "billed cost")
    guard cell.isMarkupComparable else { return }
    try comparableList.add(measures.costs.list, "list cost")
    try comparableReported.add(measures.costs.reported, "reported cost")
  }

  /// The use is of this model.
  func isOf(_ model: ModelCatalogue.Model, _ isSameModel: (String, String) -> Bool) -> Bool {
    guard let configured = model.configured else { return entry == model.listed?.entry }
    return (configured.provider.isEmpty || configured.provider == provider)
      && (self.model == configured.model || isSameModel(self.model, configured.model))
  }
}
