import Billing
import Documents

/// Langfuse's `default-model-prices.json`: a pattern for the names of a model, and tiers of prices for
/// one unit by kinds of usage.
struct LangfuseTable {
  private var list = EntryList()
  private var report = ImportReport()
  private let snaps: Bool

  /// What could be read, and what could not.
  var result: (EntryList, ImportReport) { (list, report) }

  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode, snaps: Bool) throws(DocumentError) {
    self.snaps = snaps
    for node in try root.list() {
      let map = try node.mapping(allowing: nil)
      let model = try map.required("modelName").text()
      do throws(DocumentError) {
        let sheet = try sheet(model, map)
        add(model, pattern: try map.required("matchPattern").text(), sheet)
      } catch {
        report.refuse(model, error)
      }
    }
  }

  private mutating func sheet(_ model: String, _ map: DocumentMapping) throws(DocumentError)
    -> ModelDraft
  {
    var draft = ModelDraft(
      model, provider: "", name: model, source: PriceTableFormat.langfuse.rawValue, snaps: snaps)
    if let prices = map.optional("prices") {
      try readPrices(prices, Selection(), &draft)
    }
    for node in try map.optional("pricingTiers")?.list() ?? [] {
      let tier = try node.mapping(allowing: nil)
      let prices = try tier.required("prices")
      for selection in try Selection.all(try tier.optional("conditions")?.list() ?? []) {
        try readPrices(prices, selection, &draft)
      }
    }
    return draft
  }

  private mutating func readPrices(
    _ node: DocumentNode, _ selection: Selection, _ draft: inout ModelDraft
  ) throws(DocumentError) {
    var stated: [PricedQuantity: Money] = [:]
    for (kind, node) in try node.mapping(allowing: nil).all where !node.isNull {
      let quantities = LangfuseUsage.quantities(of: kind)
      if quantities.isEmpty { draft.keep(selection.prefix + kind, node, &report) }
      for quantity in quantities {
        let rate = try draft.rate(node, per: 1, selection.prefix + quantity.name)
        guard let first = stated[quantity] else {
          stated[quantity] = rate
          continue
        }
        if first != rate {
          throw node.error("two kinds of usage give \(quantity.name) two prices", "Choose one.")
        }
      }
    }
    for (quantity, rate) in stated {
      var value = draft.sheet.cards[selection.conditions]?[quantity] ?? .init()
      if let (comparison, threshold) = selection.start {
        value.addTier(comparison, threshold, rate)
      } else {
        value.amount = rate
      }
      draft.sheet.cards[selection.conditions, default: [:]][quantity] = value
    }
  }

  /// Adds an entry for each provider that the pattern's names belong to.
  private mutating func add(_ model: String, pattern: String, _ draft: ModelDraft) {
    let names: [String]
    var dated: [(base: String, format: SnapshotDate.Format)] = []
    if let found = NamePattern(pattern) {
      names = found.names
      dated = found.dated
      for name in found.unsaid { report.remark(model, "names such as \(name) cannot be said") }
    } else {
      names = [model]
      report.remark(model, "only its own name stands for /\(pattern)/")
    }
    var owned: [String: [String]] = [:]
    for name in names {
      let (provider, name) = Self.owner(of: name)
      if !owned[provider, default: []].contains(name) { owned[provider, default: []].append(name) }
    }
    for (base, format) in dated where !names.contains(base) {
      report.remark(model, "names such as \(base)\(format.name) without \(base) itself")
    }
    for (provider, names) in owned.sorted(by: { $0.key < $1.key }) {
      var entry = draft.finished()
      entry.provider = provider
      entry.id = "\(provider)/\(names[0])"
      entry.names = [names[0]]
      entry.aliases = Array(names.dropFirst())
      let formats = Set(
        dated.map { ($0.base, $0.format) }.filter { base, _ in
          names.contains(Self.owner(of: base).name)
        }.map(\.1))
      entry.snapshots = SnapshotDate.Format.allCases.filter(formats.contains)
      if !list.add(entry) { report.remark(model, "its names at \(provider) are another model's") }
    }
  }

  /// The provider that a name is written for: in front of a slash, Bedrock's vendors, Vertex's `@`,
  /// else the vendor of the family.
  private static func owner(of name: String) -> (provider: String, name: String) {
    if let slash = name.firstIndex(of: "/") {
      let rest = owner(of: String(name[name.index(after: slash)...]))
      let isCloud = rest.provider == "bedrock" || rest.provider == "vertex"
      let provider = ProviderIdentity.canonical(String(name[..<slash]))
      return (isCloud ? rest.provider : provider, rest.name)
    }
    let forms = ModelName(name).forms
    if forms.contains(where: { $0.removed.contains(.vendor) }) { return ("bedrock", name) }
    if name.contains("@") { return ("vertex", name) }
    let vendor = forms.lazy.compactMap { ProviderIdentity.vendor(of: $0.text) }.first
    return (vendor ?? PriceTableFormat.langfuse.rawValue, name)
  }
}

extension LangfuseTable {
  /// When a tier of prices holds.
  struct Selection {
    var conditions: [PriceCondition] = []
    var start: (ContextTier.Comparison, Int64)?

    /// In front of a subject in the report.
    var prefix: String {
      let parts = conditions.map(\.name) + (start.map { ["\($0.0.name)\($0.1)"] } ?? [])
      return parts.map { $0 + " " }.joined()
    }

    /// The selections that a list of conditions means: one for each value of an attribute.
    static func all(_ nodes: [DocumentNode]) throws(DocumentError) -> [Selection] {
      var selections = [Selection()]
      for node in nodes {
        let map = try node.mapping(allowing: nil)
        if map.optional("usageDetailPattern") != nil {
          let start = try start(map)
          for index in selections.indices { selections[index].start = start }
        } else {
          let key = try map.required("key").text()
          _ = try map.required("operator").word(of: ["in"])
          var more: [Selection] = []
          for value in try map.required("values").texts() {
            for var selection in selections {
              selection.conditions.append(PriceCondition(key: key, value: value.lowercased()))
              selection.conditions.sort()
              more.append(selection)
            }
          }
          selections = more
        }
      }
      return selections
    }

    /// A sum of input counts above a threshold; any other sum is none that a request is known by.
    private static func start(_ map: DocumentMapping) throws(DocumentError)
      -> (ContextTier.Comparison, Int64)
    {
      let pattern = try map.required("usageDetailPattern")
      let text = try pattern.text()
      let meansInput = ["input", "prompt"].contains { text.contains($0) }
      guard meansInput, !text.contains("output"), !text.contains("total") else {
        throw pattern.error("the sum over /\(text)/ is no sum of the input", "Check the table.")
      }
      let comparison = try map.required("operator").word(of: ["gt", "gte"])
      let value = try map.required("value").int(in: 0...TokenUsage.countLimit)
      return (comparison == "gt" ? .above : .atLeast, value)
    }
  }
}

/// Langfuse's kinds of usage, which SDKs name in several ways.
enum LangfuseUsage {
  /// What a kind of usage counts; empty when no usage event counts it.
  static func quantities(of kind: String) -> [PricedQuantity] {
    // A total without input and output is the input of an embedding, or the text of an old model.
    if kind == "total" || kind == "total_tokens" { return [.tokens(.input), .tokens(.output)] }
    return kinds.first { $0.names.contains(kind) }.map { [$0.quantity] } ?? []
  }

  private static let kinds: [(quantity: PricedQuantity, names: Set<String>)] = [
    (
      .tokens(.input),
      [
        "input", "input_tokens", "input_text", "input_modality_1", "prompt_tokens",
        "prompt_token_count", "promptTokenCount",
      ]
    ),
    (
      .tokens(.output),
      [
        "output", "output_tokens", "output_text", "output_modality_1", "completion_tokens",
        "candidates_token_count", "candidatesTokenCount",
      ]
    ),
    (
      .tokens(.cacheRead),
      [
        "input_cached_tokens", "input_cached", "input_cache_read", "cache_read_input_tokens",
        "cached_content_token_count", "cachedContentTokenCount",
      ]
    ),
    (
      .tokens(.cacheWrite5m),
      [
        "cache_creation_input_tokens", "input_cache_creation", "input_cache_creation_5m",
        "input_cache_write", "input_cache_write_tokens",
      ]
    ),
    (.tokens(.cacheWrite1h), ["input_cache_creation_1h"]),
    (
      .tokens(.reasoning),
      [
        "output_reasoning", "output_reasoning_tokens", "thoughtsTokenCount", "thoughts_token_count",
      ]
    ),
    (.tokens(.inputAudio), ["input_audio", "input_audio_tokens"]),
    (.tokens(.outputAudio), ["output_audio", "output_audio_tokens"]),
    (.tokens(.inputImage), ["input_image", "input_image_tokens"]),
    (.tokens(.outputImage), ["output_image", "output_image_tokens"]),
    (
      .units(.webSearches),
      [
        "web_search_queries", "webSearchQueries", "grounding_queries", "groundingQueries",
        "web_search_requests", "web_search",
      ]
    ),
  ]
}
