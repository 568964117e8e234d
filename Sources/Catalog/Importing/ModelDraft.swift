import Billing
import Documents

/// One model of a table in the making: its entry, and the prices of its current sheet.
struct ModelDraft {
  /// The name under which the report speaks of it.
  let label: String
  var entry: PriceEntry
  var sheet = PriceSheet()
  /// The factor on every rate: `1 - discount`.
  var factor: ExactDecimal?
  private let source: String
  private let snaps: Bool

  init(_ label: String, provider: String, name: String, source: String, snaps: Bool) {
    self.label = label
    self.source = source
    self.snaps = snaps
    entry = PriceEntry(id: "\(provider)/\(name)", provider: provider, names: [name], prices: [])
    entry.source = source
  }

  /// Reads the price of `per` units as a rate for one.
  ///
  /// - Throws: `DocumentError` when the number cannot be read, or has no exact rate.
  mutating func rate(_ node: DocumentNode, per: Int64, _ subject: String) throws(DocumentError)
    -> Money
  {
    var amount = try TableAmount.read(node)
    if let snapped = FloatArtifact.snapped(amount) {
      entry.contests.append(
        PriceEntry.Contest(
          subject: subject, chosen: snaps ? FloatArtifact.claim : source,
          claims: [
            .init(source: source, amount: amount.description),
            .init(source: FloatArtifact.claim, amount: snapped.description),
          ]))
      if snaps { amount = snapped }
    }
    let discounted = factor.map { amount.multipliedExactly(by: $0) } ?? amount
    guard let rate = discounted?.dividedExactly(by: per) else {
      throw node.error("the rate needs more than 24 decimals", "Check the table.")
    }
    return rate
  }

  /// Keeps what no usage event counts.
  mutating func keep(_ field: String, _ node: DocumentNode, _ report: inout ImportReport) {
    let leaves = TableAmount.leaves(node, path: field)
    for (path, text) in leaves { sheet.other[path] = text }
    report.unpriced(field, model: label, value: leaves.first?.text ?? "")
  }

  /// The entry with its price. Where the table is silent, nothing is assumed: what has no rate is
  /// unpriced.
  func finished(from: Timestamp? = nil) -> PriceEntry {
    var entry = entry
    var price = SheetMerge(only: sheet, isBroad: false).price(
      from: from, until: nil, fallbacks: [:])
    price.pricesUnknownTiersAsStandard = false
    entry.prices = [price]
    return entry
  }
}
