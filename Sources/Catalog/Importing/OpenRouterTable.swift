import Billing
import Documents

/// The answer of OpenRouter's `/api/v1/models`: prices for one unit as decimal texts.
struct OpenRouterTable {
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
      let id = try map.required("id").text()
      do throws(DocumentError) {
        let draft = try draft(id, map)
        if !list.add(draft.finished()) { report.refuse(id, "the model stands twice") }
      } catch {
        report.refuse(id, error)
      }
    }
  }

  private static let quantities: [String: PricedQuantity] = [
    "prompt": .tokens(.input), "completion": .tokens(.output),
    "input_cache_read": .tokens(.cacheRead), "input_cache_write": .tokens(.cacheWrite5m),
    "input_cache_write_5m": .tokens(.cacheWrite5m), "input_cache_write_1h": .tokens(.cacheWrite1h),
    "internal_reasoning": .tokens(.reasoning), "audio": .tokens(.inputAudio),
    "audio_output": .tokens(.outputAudio), "image_token": .tokens(.inputImage),
    "web_search": .units(.webSearches), "request": .requests,
  ]

  private mutating func draft(_ id: String, _ map: DocumentMapping) throws(DocumentError)
    -> ModelDraft
  {
    var draft = ModelDraft(
      id, provider: "openrouter", name: id, source: PriceTableFormat.openrouter.rawValue,
      snaps: snaps)
    if let slug = try map.optional("canonical_slug")?.text(), slug != id {
      draft.entry.aliases = [slug]
    }
    draft.entry.contextWindow = try? map.optional("context_length")?.int(in: 0...Int64.max)
    let limits = try? map.optional("top_provider")?.mapping(allowing: nil)
    draft.entry.maxOutput = try? limits?.optional("max_completion_tokens")?.int(in: 0...Int64.max)
    draft.entry.deprecated = try? map.optional("expiration_date")?.day()
    let pricing = try map.required("pricing").mapping(allowing: nil)
    if let node = pricing.optional("discount") {
      let discount = try TableAmount.read(node)
      draft.factor = ExactDecimal(units: ExactDecimal.unitsPerOne - discount.units)
      guard discount.units <= ExactDecimal.unitsPerOne else {
        throw node.error("the discount is above one", "Check the table.")
      }
      if discount != .zero { draft.sheet.other["discount"] = discount.description }
    }
    for (field, node) in pricing.all where field != "discount" && !node.isNull {
      if field == "overrides" {
        try readOverrides(node, &draft)
      } else if let quantity = Self.quantities[field] {
        draft.sheet.base[quantity] = .init(amount: try draft.rate(node, per: 1, quantity.name))
      } else {
        draft.keep(field, node, &report)
      }
    }
    for (field, node) in PriceFields.unknown(in: map, besides: ["pricing"]) {
      draft.keep(field, node, &report)
    }
    // A body counts writes to the cache without their lifetime.
    draft.sheet.base[.tokens(.cacheWrite)] = draft.sheet.base[.tokens(.cacheWrite5m)]
    draft.sheet.makesText = true
    dropEmptyFees(&draft)
    return draft
  }

  /// The list writes `0` where a fee does not apply: reasoning without a price of its own is billed
  /// as completion, and a request or a search is part of the tokens.
  private mutating func dropEmptyFees(_ draft: inout ModelDraft) {
    let output = draft.sheet.base[.tokens(.output)]?.amount ?? .zero
    if draft.sheet.base[.tokens(.reasoning)]?.amount == .zero, output != .zero {
      draft.sheet.base[.tokens(.reasoning)] = nil
      report.unpriced("internal_reasoning", model: draft.label, value: "0, billed as completion")
    }
    if draft.sheet.base[.requests]?.amount == .zero { draft.sheet.base[.requests] = nil }
  }

  /// `[{min_prompt_tokens: 200000, prompt: …}]`: other rates for long prompts.
  private mutating func readOverrides(_ node: DocumentNode, _ draft: inout ModelDraft)
    throws(DocumentError)
  {
    for item in try node.list() {
      let map = try item.mapping(allowing: nil)
      guard let start = map.optional("min_prompt_tokens") else {
        draft.keep("overrides", item, &report)
        continue
      }
      let threshold = try start.int(in: 0...TokenUsage.countLimit)
      for (field, value) in map.all where field != "min_prompt_tokens" && !value.isNull {
        guard let quantity = Self.quantities[field] else {
          draft.keep("overrides.\(field)", value, &report)
          continue
        }
        let amount = try draft.rate(value, per: 1, "\(quantity.name)>=\(threshold)")
        draft.sheet.base[quantity, default: .init()].addTier(.atLeast, threshold, amount)
      }
    }
  }
}
