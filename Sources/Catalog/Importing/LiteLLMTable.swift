import Billing
import Documents

/// LiteLLM's `model_prices_and_context_window.json`: one undated price for each key.
struct LiteLLMTable {
  /// A rate whose literal shows a binary float, with the decimal that was meant.
  struct Artifact {
    var subject: String
    var literal: Money
    var snapped: Money
    var isSnapped: Bool
  }

  struct Model {
    /// The key of the table.
    var key: String
    /// The book's spelling.
    var provider: String
    /// The key without the provider's prefix.
    var name: String
    /// The key had the prefix.
    var hadPrefix: Bool
    var sheet = PriceSheet()
    var facts = ModelFacts()
    var artifacts: [Artifact] = []
  }

  private(set) var models: [Model] = []
  /// Price fields that price nothing, and models that were left out.
  private(set) var report = ImportReport()
  /// Whether float artifacts are replaced by the decimal that was meant.
  private let snaps: Bool
  private let keys: Set<String>

  /// Reads the table; a model with a value that cannot be read is left out and reported.
  ///
  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode, snaps: Bool = false) throws(DocumentError) {
    self.snaps = snaps
    let entries = try root.mapping(allowing: nil)
    keys = Set(entries.keys)
    for (key, node) in entries.all where key != "sample_spec" && key != "fallback_generalizations" {
      do throws(DocumentError) {
        models.append(try model(key, try node.mapping(allowing: nil)))
      } catch {
        report.refuse(key, error)
      }
    }
  }

  private mutating func model(_ key: String, _ map: DocumentMapping) throws(DocumentError) -> Model
  {
    let provider = try map.required("litellm_provider").text()
    let prefix = key.prefix { $0 != "/" }
    let hasPrefix =
      prefix.utf8.count < key.utf8.count
      && (prefix == provider || ["bedrock", "vertex_ai", "fireworks_ai", "azure"].contains(prefix)
        || ProviderIdentity.canonical(String(prefix)) == ProviderIdentity.canonical(provider))
    var model = Model(
      key: key, provider: ProviderIdentity.canonical(provider),
      name: hasPrefix ? String(key.dropFirst(prefix.count + 1)) : key, hadPrefix: hasPrefix)
    if hasPrefix, model.name.hasPrefix("\(prefix)/"), keys.contains(model.name) {
      // `a/a/m` beside `a/m`: to the provider `a`, the name `a/m` means the latter.
      model.name = key
    }
    try PriceFields.requireDollars(map)
    model.facts = Self.facts(map)
    for (field, node) in map.all where PriceFields.isOne(field) && !node.isNull {
      if let place = LiteLLMField(field) {
        let amount = try amount(node, place.subject, &model)
        place.set(amount, in: &model.sheet, atLeast: model.provider == "xai")
      } else if try !readStructure(field, node, &model) {
        keep(field, node, &model)
      }
    }
    // Gemini 2 bills a prompt that searched once; where each query counts, the table says so.
    if ["google", "vertex"].contains(model.provider), model.name.hasPrefix("gemini"),
      map.optional("web_search_billing_unit") == nil
    {
      model.sheet.meterRules[.webSearches, default: MeterRule()].count = .perRequest
    }
    let mode = (try? map.optional("mode")?.text()) ?? ""
    model.sheet.makesText = ["chat", "completion", "responses"].contains(mode)
    model.sheet.dropRedundantReasoning()
    if model.provider == "fireworks" { Self.addFireworksCacheRate(&model.sheet) }
    keepWhatIsSold(&model, mode: mode)
    return model
  }

  /// Keeps what no usage event counts.
  mutating func keep(_ field: String, _ node: DocumentNode, _ model: inout Model) {
    let leaves = TableAmount.leaves(node, path: field)
    for (path, text) in leaves { model.sheet.other[path] = text }
    let texts = leaves.map { leaf in
      leaf.path == field ? leaf.text : "\(leaf.path.dropFirst(field.count)) \(leaf.text)"
    }
    report.unpriced(field, model: model.key, value: texts.prefix(3).joined(separator: ", "))
  }

  /// The amount of a field; a float artifact is marked, and replaced when that was asked for.
  func amount(_ node: DocumentNode, _ subject: String, _ model: inout Model)
    throws(DocumentError) -> Money
  {
    let literal = try TableAmount.read(node)
    guard let snapped = FloatArtifact.snapped(literal) else { return literal }
    model.artifacts.append(
      Artifact(subject: subject, literal: literal, snapped: snapped, isSnapped: snaps))
    return snaps ? snapped : literal
  }

  /// A model that is sold by tokens is not priced by the image, second or character as well: the
  /// table states both for some, and they are two ways to say one price.
  private mutating func keepWhatIsSold(_ model: inout Model, mode: String) {
    let sellsTokens = model.sheet.base[.tokens(.input)]?.amount.map { $0 != .zero } ?? false
    for (meter, modes) in Self.unitModes where sellsTokens || !modes.contains(mode) {
      guard let value = model.sheet.base.removeValue(forKey: .units(meter)),
        let amount = value.amount
      else { continue }
      let field = LiteLLMField.name(of: .units(meter))
      model.sheet.other[field] = amount.description
      report.unpriced(field, model: model.key, value: amount.description)
    }
  }

  /// The calculator takes half of the standard price where the table has no price for batches, without
  /// long-context rates.
  static func addHalfBatch(_ sheet: inout PriceSheet) {
    let batch = [PriceCondition(key: PriceCondition.serviceTierKey, value: "batch")]
    guard sheet.base[.tokens(.input)]?.amount != nil else { return }
    for bucket in TokenBucket.allCases where bucket != .reasoning {
      let isPrincipal = bucket == .input || bucket == .output
      guard
        isPrincipal || sheet.cards[batch]?[.tokens(.input)] == nil
          || sheet.assumed[batch]?[.input] != nil,
        sheet.cards[batch]?[.tokens(bucket)]?.amount == nil,
        let half = sheet.base[.tokens(bucket)]?.amount?.dividedExactly(by: 2)
      else { continue }
      sheet.cards[batch, default: [:]][.tokens(bucket), default: .init()].amount = half
      sheet.assumed[batch, default: [:]][bucket] = "half"
    }
  }

  /// Fireworks bills cached input at half of the input rate for every model without a cached rate of
  /// its own; LiteLLM has it in its calculator, not in the table.
  private static func addFireworksCacheRate(_ sheet: inout PriceSheet) {
    guard sheet.base[.tokens(.cacheRead)] == nil, let input = sheet.base[.tokens(.input)]?.amount
    else { return }
    sheet.base[.tokens(.cacheRead)] = input.dividedExactly(by: 2).map { .init(amount: $0) }
  }

  private static let unitModes: [(Meter, [String])] = [
    (.images, ["image_generation", "image_edit"]), (.audioSeconds, ["audio_transcription"]),
    (.characters, ["audio_speech"]), (.pages, ["ocr"]), (.searchUnits, ["rerank"]),
    (.videoSeconds, ["video_generation"]),
  ]

  private static func facts(_ map: DocumentMapping) -> ModelFacts {
    var facts = ModelFacts()
    facts.contextWindow = tokens(map.optional("max_input_tokens") ?? map.optional("max_tokens"))
    facts.maxOutput = tokens(map.optional("max_output_tokens"))
    facts.deprecated = try? map.optional("deprecation_date")?.day()
    if let mode = try? map.optional("mode")?.text(), !mode.contains(" ") {
      facts.capabilities.append(mode)
      facts.modelClass = classes[mode] ?? ""
    }
    for (field, name) in capabilities where (try? map.optional(field)?.bool()) == true {
      facts.capabilities.append(name)
    }
    facts.source = (try? map.optional("source")?.text()) ?? ""
    return facts
  }

  private static func tokens(_ node: DocumentNode?) -> Int64? {
    guard let text = node?.scalar?.text, let value = try? ExactDecimal(literal: text),
      value >= .zero
    else { return nil }
    return Int64(exactly: value.units / ExactDecimal.unitsPerOne)
  }

  private static let classes = [
    "audio_speech": "audio", "audio_transcription": "audio", "embedding": "embedding",
    "image_edit": "image", "image_generation": "image", "ocr": "ocr", "rerank": "rerank",
    "video_generation": "video",
  ]

  private static let capabilities = [
    ("supports_audio_input", "audio_input"), ("supports_computer_use", "computer_use"),
    ("supports_function_calling", "tools"), ("supports_pdf_input", "pdf"),
    ("supports_prompt_caching", "prompt_caching"), ("supports_reasoning", "reasoning"),
    ("supports_response_schema", "structured_output"), ("supports_vision", "vision"),
    ("supports_web_search", "web_search"),
  ]
}
