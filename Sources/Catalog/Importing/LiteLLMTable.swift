import Billing
import Documents

/// LiteLLM's `model_prices_and_context_window.json`: one undated price for each key.
struct LiteLLMTable {
  struct Model {
    /// The book's spelling.
    var provider: String
    /// The key without the provider's prefix.
    var name: String
    /// The key had the prefix.
    var hadPrefix: Bool
    var sheet: PriceSheet
    var facts: ModelFacts
    /// Rates whose literal shows a binary float, with the decimal that was meant.
    var artifacts: [(subject: String, literal: Money, snapped: Money)]
  }

  private(set) var models: [Model] = []
  /// Price fields that this importer does not read, with how often they stand.
  private(set) var unreadFields: [String: Int] = [:]

  /// - Throws: `DocumentError` when the table is not of the known form.
  init(_ root: DocumentNode) throws(DocumentError) {
    for (key, node) in try root.mapping(allowing: nil).all {
      guard key != "sample_spec", key != "fallback_generalizations" else { continue }
      try add(key, try node.mapping(allowing: nil))
    }
  }

  private mutating func add(_ key: String, _ map: DocumentMapping) throws(DocumentError) {
    guard let provider = try map.optional("litellm_provider")?.text() else { return }
    let prefix = key.prefix { $0 != "/" }
    let hasPrefix =
      prefix.utf8.count < key.utf8.count
      && (prefix == provider || ["bedrock", "vertex_ai", "fireworks_ai", "azure"].contains(prefix)
        || ProviderIdentity.canonical(String(prefix)) == ProviderIdentity.canonical(provider))
    var model = Model(
      provider: ProviderIdentity.canonical(provider),
      name: hasPrefix ? String(key.dropFirst(prefix.count + 1)) : key, hadPrefix: hasPrefix,
      sheet: PriceSheet(), facts: try Self.facts(map), artifacts: [])
    for (field, node) in map.all where Self.isPriceField(field) {
      guard let place = LiteLLMField(field) else {
        if try !readSpecial(field, node, map, &model) { unreadFields[field, default: 0] += 1 }
        continue
      }
      guard node.scalar != nil, !node.isNull, let amount = Self.money(node) else { continue }
      if let snapped = FloatArtifact.snapped(amount) {
        model.artifacts.append((place.subject, amount, snapped))
      }
      place.set(amount, in: &model.sheet, atLeast: model.provider == "xai")
    }
    model.sheet.dropRedundantReasoning()
    if model.provider == "fireworks" { Self.addFireworksCacheRate(&model.sheet) }
    Self.keepWhatIsSold(&model, mode: try map.optional("mode")?.text() ?? "")
    models.append(model)
  }

  private static func isPriceField(_ field: String) -> Bool {
    ["cost", "pricing", "uplift", "provider_specific_entry"].contains { field.contains($0) }
  }

  static func money(_ node: DocumentNode) -> Money? {
    (node.scalar?.text).flatMap { try? Money(literal: $0) }
  }

  /// Fields that are not one number.
  private func readSpecial(
    _ field: String, _ node: DocumentNode, _ map: DocumentMapping, _ model: inout Model
  ) throws(DocumentError) -> Bool {
    switch field {
    case "tiered_pricing": try LiteLLMStructures.readTiers(node, into: &model.sheet)
    case "off_peak_pricing": try LiteLLMStructures.readOffPeak(node, into: &model.sheet)
    case "search_context_cost_per_query":
      let amounts = Set(try node.mapping(allowing: nil).all.compactMap { Self.money($0.value) })
      // Three sizes at three prices cannot be told apart from a log.
      guard let amount = amounts.first, amounts.count == 1 else { return false }
      model.sheet.base[.units(.webSearches)] = .init(amount: amount)
    case "provider_specific_entry":
      for (name, value) in try node.mapping(allowing: nil).all {
        guard let condition = Self.multiplierConditions[name] else { continue }
        model.sheet.multipliers.append(
          PriceMultiplier(condition: condition, factor: try value.decimal()))
      }
    case "regional_processing_uplift_multiplier_eu", "regional_processing_uplift_multiplier_us":
      let condition = PriceCondition(key: "data_residency", value: String(field.suffix(2)))
      model.sheet.multipliers.append(
        PriceMultiplier(condition: condition, factor: try node.decimal()))
    case "regional_endpoint_uplift_multiplier":
      let condition = PriceCondition(key: "endpoint", value: "regional")
      model.sheet.multipliers.append(
        PriceMultiplier(condition: condition, factor: try node.decimal()))
    default: return false
    }
    return true
  }

  private static let multiplierConditions: [String: PriceCondition] = [
    "us": PriceCondition(key: "inference_geo", value: "us"),
    "fast": PriceCondition(key: "speed", value: "fast"),
  ]

  /// A model that is sold by tokens keeps no price per image, second or character: the table states
  /// both for some, and they are two ways to say one price.
  private static func keepWhatIsSold(_ model: inout Model, mode: String) {
    let sellsTokens = model.sheet.base[.tokens(.input)]?.amount.map { $0 != .zero } ?? false
    for (meter, modes) in unitModes {
      if sellsTokens || !modes.contains(mode) { model.sheet.base[.units(meter)] = nil }
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
  ]

  private static func facts(_ map: DocumentMapping) throws(DocumentError) -> ModelFacts {
    var facts = ModelFacts()
    facts.contextWindow = tokens(map.optional("max_input_tokens") ?? map.optional("max_tokens"))
    facts.maxOutput = tokens(map.optional("max_output_tokens"))
    if let text = try map.optional("deprecation_date")?.text(),
      let parsed = Timestamp.parse(Array(text.utf8))
    {
      facts.deprecated = parsed.time.day
    }
    if let mode = try map.optional("mode")?.text(), !mode.contains(" ") {
      facts.capabilities.append(mode)
    }
    for (field, name) in capabilities where (try? map.optional(field)?.bool()) == true {
      facts.capabilities.append(name)
    }
    facts.source = (try? map.optional("source")?.text()) ?? ""
    return facts
  }

  private static func tokens(_ node: DocumentNode?) -> Int64? {
    guard let text = node?.scalar?.text, let value = try? ExactDecimal(literal: text) else {
      return nil
    }
    return Int64(exactly: value.units / ExactDecimal.unitsPerOne)
  }

  private static let capabilities = [
    ("supports_audio_input", "audio_input"), ("supports_computer_use", "computer_use"),
    ("supports_function_calling", "tools"), ("supports_pdf_input", "pdf"),
    ("supports_prompt_caching", "prompt_caching"), ("supports_reasoning", "reasoning"),
    ("supports_response_schema", "structured_output"), ("supports_vision", "vision"),
    ("supports_web_search", "web_search"),
  ]
}

/// A price field of LiteLLM: base, long context and service tier are parts of its name.
struct LiteLLMField {
  var quantity: PricedQuantity
  var threshold: Int64?
  var serviceTier: String?

  /// - Returns: `nil` when the field is none of the known form.
  init?(_ field: String) {
    var name = Substring(field)
    for (suffix, tier) in Self.tiers where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
      serviceTier = tier
    }
    if name.hasSuffix("k_tokens"), let above = name.firstRange(of: "_above_") {
      guard let thousands = Int64(name[above.upperBound...].dropLast("k_tokens".count)) else {
        return nil
      }
      threshold = thousands * 1000
      name = name[..<above.lowerBound]
    }
    guard let quantity = Self.quantities[String(name)] else { return nil }
    self.quantity = quantity
  }

  var subject: String {
    let name = quantity.name + (threshold.map { ">\($0)" } ?? "")
    return [serviceTier, name].compactMap { $0 }.joined(separator: " ")
  }

  func set(_ amount: Money, in sheet: inout PriceSheet, atLeast: Bool) {
    let conditions = serviceTier.map {
      [PriceCondition(key: PriceCondition.serviceTierKey, value: $0)]
    }
    var value = sheet.cards[conditions ?? [], default: [:]][quantity] ?? PriceSheet.Value()
    if let threshold {
      value.tiers.append(
        .init(comparison: atLeast ? .atLeast : .above, threshold: threshold, amount: amount))
      value.tiers.sort { $0.start < $1.start }
    } else {
      value.amount = amount
    }
    sheet.cards[conditions ?? [], default: [:]][quantity] = value
  }

  private static let tiers = [
    ("_batches", "batch"), ("_priority", "priority"), ("_flex", "flex"), ("_balanced", "balanced"),
    ("_ultrafast", "ultrafast"), ("_decisions", "decisions"),
  ]

  private static let quantities: [String: PricedQuantity] = [
    "input_cost_per_token": .tokens(.input),
    "output_cost_per_token": .tokens(.output),
    "cache_read_input_token_cost": .tokens(.cacheRead),
    "cache_creation_input_token_cost": .tokens(.cacheWrite5m),
    "cache_creation_input_token_cost_above_1hr": .tokens(.cacheWrite1h),
    "output_cost_per_reasoning_token": .tokens(.reasoning),
    "input_cost_per_audio_token": .tokens(.inputAudio),
    "output_cost_per_audio_token": .tokens(.outputAudio),
    "input_cost_per_image_token": .tokens(.inputImage),
    "output_cost_per_image_token": .tokens(.outputImage),
    "input_cost_per_video_token": .tokens(.inputVideo),
    "input_cost_per_query": .units(.searchUnits),
    "ocr_cost_per_page": .units(.pages),
    "input_cost_per_character": .units(.characters),
    "input_cost_per_second": .units(.audioSeconds),
    "output_cost_per_image": .units(.images),
    "input_cost_per_request": .requests,
  ]
}

/// Prices that a program computed in binary floating point and printed.
enum FloatArtifact {
  /// The decimal that was meant: 15 significant digits or more that come down to 11 or fewer.
  static func snapped(_ amount: Money) -> Money? {
    var digits = amount.units.magnitude
    while digits != 0, digits % 10 == 0 { digits /= 10 }
    let count = String(digits).utf8.count
    guard count >= 15 else { return nil }
    var scale = Money.scale
    var leading = amount.units.magnitude
    while leading >= 100_000_000_000 {
      leading /= 10
      scale -= 1
    }
    guard let rounding = Rounding(mode: .halfEven, scale: scale),
      let rounded = try? rounding(amount, "rate"), rounded != amount
    else { return nil }
    let (gap, overflow) = (rounded.units - amount.units).magnitude
      .multipliedReportingOverflow(by: 1_000_000_000_000)
    return !overflow && gap < amount.units.magnitude ? rounded : nil
  }
}
