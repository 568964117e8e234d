import Billing
import Documents

/// Fields of a table that are about prices by their names: those that an importer does not know are
/// reported, whatever a newer version of the table calls them.
enum PriceFields {
  /// Whether a name speaks of money; limits and abilities have names of their own.
  static func isOne(_ field: String) -> Bool {
    let others = ["supports_", "supported_", "max_", "token_count_"]
    guard !others.contains(where: field.hasPrefix) else { return false }
    return [
      "cost", "pric", "uplift", "multiplier", "surcharge", "discount", "_fee", "fee_", "billing",
      "free_requests", "provider_specific_entry",
    ].contains { field.contains($0) }
  }

  /// The unknown fields of a record.
  static func unknown(in map: DocumentMapping, besides known: [String]) -> [(
    name: String, node: DocumentNode
  )] {
    map.all.filter { isOne($0.key) && !known.contains($0.key) && !$0.value.isNull }
      .map { ($0.key, $0.value) }
  }

  /// Amounts are taken to be US dollars: a record that names another currency is none of ours.
  ///
  /// - Throws: `DocumentError`.
  static func requireDollars(_ map: DocumentMapping) throws(DocumentError) {
    guard let node = map.optional("currency"), let text = node.scalar?.text, !node.isNull else {
      return
    }
    guard text.asciiLowercased == "usd" else {
      throw node.error(
        "its prices are in `\(text)`; this importer reads US dollars",
        "Write a price book of your own with `currency: \(text)`.")
    }
  }
}
