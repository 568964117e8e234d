import Billing
import Documents

/// The `api.json` of models.dev: providers, their models, and `cost` in US dollars for a million
/// tokens.
struct ModelsDevTable {
  private var list = EntryList()
  private var report = ImportReport()
  private let snaps: Bool

  /// What could be read, and what could not.
  var result: (EntryList, ImportReport) { (list, report) }

  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode, snaps: Bool) throws(DocumentError) {
    self.snaps = snaps
    for (id, node) in try root.mapping(allowing: nil).all {
      let models = try node.mapping(allowing: nil).required("models").mapping(allowing: nil)
      for (name, node) in models.all {
        let label = "\(id)/\(name)"
        do throws(DocumentError) {
          guard let draft = try draft(label, id, name, try node.mapping(allowing: nil)) else {
            continue
          }
          if !list.add(draft.finished()) { report.refuse(label, "the model stands twice") }
        } catch {
          report.refuse(label, error)
        }
      }
    }
  }

  private static let quantities: [String: PricedQuantity] = [
    "input": .tokens(.input), "output": .tokens(.output), "reasoning": .tokens(.reasoning),
    "cache_read": .tokens(.cacheRead), "cache_write": .tokens(.cacheWrite5m),
    "cache_write_5m": .tokens(.cacheWrite5m), "cache_write_1h": .tokens(.cacheWrite1h),
    "input_audio": .tokens(.inputAudio), "output_audio": .tokens(.outputAudio),
  ]

  private mutating func draft(
    _ label: String, _ provider: String, _ name: String, _ map: DocumentMapping
  ) throws(DocumentError) -> ModelDraft? {
    guard let cost = try map.optional("cost")?.mapping(allowing: nil) else {
      report.remark(label, "no cost is stated")
      return nil
    }
    var draft = ModelDraft(
      label, provider: ProviderIdentity.canonical(provider), name: name,
      source: PriceTableFormat.modelsDev.rawValue, snaps: snaps)
    let limits = try? map.optional("limit")?.mapping(allowing: nil)
    draft.entry.contextWindow = try? limits?.optional("context")?.int(in: 0...Int64.max)
    draft.entry.maxOutput = try? limits?.optional("output")?.int(in: 0...Int64.max)
    for (field, name) in [("tool_call", "tools"), ("reasoning", "reasoning")]
    where (try? map.optional(field)?.bool()) == true {
      draft.entry.capabilities.append(name)
    }
    for (field, node) in PriceFields.unknown(in: map, besides: ["cost"]) {
      draft.keep(field, node, &report)
    }
    draft.sheet.makesText = cost.optional("output") != nil
    try readCost(cost, [], &draft)
    let modes = try map.optional("experimental")?.mapping(allowing: nil).optional("modes")
    for (mode, node) in try modes?.mapping(allowing: nil).all ?? [] {
      guard let cost = try node.mapping(allowing: nil).optional("cost") else { continue }
      let condition = PriceCondition(key: "speed", value: mode)
      try readCost(try cost.mapping(allowing: nil), [condition], &draft)
    }
    return draft
  }

  private mutating func readCost(
    _ cost: DocumentMapping, _ conditions: [PriceCondition], _ draft: inout ModelDraft
  ) throws(DocumentError) {
    let prefix = conditions.map { "\($0.name) " }.joined()
    for (field, node) in cost.all where !node.isNull {
      if let quantity = Self.quantities[field] {
        let rate = try draft.rate(node, per: 1_000_000, prefix + quantity.name)
        draft.sheet.cards[conditions, default: [:]][quantity, default: .init()].amount = rate
      } else if field == "tiers" {
        for tier in try node.list() { try readTier(tier, conditions, &draft) }
      } else if field == "context_over_200k" {
        // It repeats a tier in a coarser form; it counts only where there are no tiers.
        if cost.optional("tiers") == nil {
          try readRates(try node.mapping(allowing: nil), 200_000, conditions, &draft)
        }
      } else {
        draft.keep(prefix + field, node, &report)
      }
    }
  }

  /// `{input: …, tier: {type: context, size: 200000}}`.
  private mutating func readTier(
    _ node: DocumentNode, _ conditions: [PriceCondition], _ draft: inout ModelDraft
  ) throws(DocumentError) {
    let map = try node.mapping(allowing: nil)
    let tier = try map.required("tier").mapping(allowing: ["type", "size"])
    _ = try tier.required("type").word(of: ["context"])
    let size = try tier.required("size").int(in: 0...TokenUsage.countLimit)
    try readRates(map, size, conditions, &draft)
  }

  private mutating func readRates(
    _ map: DocumentMapping, _ threshold: Int64, _ conditions: [PriceCondition],
    _ draft: inout ModelDraft
  ) throws(DocumentError) {
    for (field, node) in map.all where field != "tier" && !node.isNull {
      guard let quantity = Self.quantities[field] else {
        draft.keep(">\(threshold) \(field)", node, &report)
        continue
      }
      let rate = try draft.rate(node, per: 1_000_000, "\(quantity.name)>\(threshold)")
      draft.sheet.cards[conditions, default: [:]][quantity, default: .init()]
        .addTier(.above, threshold, rate)
    }
  }
}
