import Billing
import Documents

/// The answer of TokenMix's `/api/models`: US dollars for a million tokens, an image, or a second of
/// video.
///
/// The fields are those that TokenMix's own command line reads; `0` stands where a price does not
/// apply to the kind of model.
struct TokenMixTable {
  private var list = EntryList()
  private var report = ImportReport()
  private let snaps: Bool

  /// What could be read, and what could not.
  var result: (EntryList, ImportReport) { (list, report) }

  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode, snaps: Bool) throws(DocumentError) {
    self.snaps = snaps
    for node in try root.mapping(allowing: nil).required("data").list() {
      let map = try node.mapping(allowing: nil)
      let id = try map.required("model_id").text()
      do throws(DocumentError) {
        if !list.add(try draft(id, map).finished()) {
          report.refuse(id, "the model stands twice")
        }
      } catch {
        report.refuse(id, error)
      }
    }
  }

  private static let fields: [String: (quantity: PricedQuantity, per: Int64)] = [
    "input_price": (.tokens(.input), 1_000_000), "output_price": (.tokens(.output), 1_000_000),
    "image_price": (.units(.images), 1), "video_price": (.units(.videoSeconds), 1),
  ]

  private mutating func draft(_ id: String, _ map: DocumentMapping) throws(DocumentError)
    -> ModelDraft
  {
    var draft = ModelDraft(
      id, provider: "tokenmix", name: id, source: PriceTableFormat.tokenmix.rawValue, snaps: snaps)
    if let short = try map.optional("short_id")?.text(), short != id {
      draft.entry.aliases = [short]
    }
    let type = (try? map.optional("model_type")?.text()) ?? ""
    if !type.isEmpty { draft.entry.capabilities = [type] }
    draft.entry.contextWindow = try? map.optional("context_length")?.int(in: 0...Int64.max)
    if let status = map.optional("status")?.scalar?.text, !["1", "active"].contains(status) {
      report.remark(id, "its status is \(status)")
    }
    try PriceFields.requireDollars(map)
    draft.sheet.makesText = type == "chat"
    let sellsTokens = ["", "chat", "embedding", "completion"].contains(type)
    for (field, node) in map.all where PriceFields.isOne(field) && !node.isNull {
      guard let (quantity, per) = Self.fields[field] else {
        if try TableAmount.read(node) != .zero { draft.keep(field, node, &report) }
        continue
      }
      let rate = try draft.rate(node, per: per, quantity.name)
      let isMeant =
        quantity == .tokens(.input) || quantity == .tokens(.output) ? sellsTokens : !sellsTokens
      if rate != .zero || isMeant { draft.sheet.base[quantity] = .init(amount: rate) }
    }
    return draft
  }
}
