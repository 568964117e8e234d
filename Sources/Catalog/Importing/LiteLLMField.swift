import Billing

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
    if name.hasSuffix("_tokens"), let above = name.ranges(of: "_above_").last {
      guard let tokens = Self.count(name[above.upperBound...].dropLast("_tokens".count)) else {
        return nil
      }
      threshold = tokens
      name = name[..<above.lowerBound]
    }
    guard let quantity = Self.quantities[String(name)] else { return nil }
    self.quantity = quantity
  }

  /// `272k`, `1m` or plain digits.
  private static func count(_ text: Substring) -> Int64? {
    let factors: [Character: Int64] = ["k": 1000, "m": 1_000_000]
    guard let last = text.last, let factor = factors[last] else { return Int64(text) }
    guard let value = Int64(text.dropLast()), value <= 1_000_000_000 else { return nil }
    return value * factor
  }

  /// The field that holds a standard price of a quantity.
  static func name(of quantity: PricedQuantity) -> String {
    quantities.first { $0.value == quantity }?.key ?? quantity.name
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
      value.addTier(atLeast ? .atLeast : .above, threshold, amount)
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
    "google_maps_grounding_cost_per_query": .units(.mapSearches),
    "code_interpreter_cost_per_session": .units(.sessions),
    "output_cost_per_video_per_second": .units(.videoSeconds),
  ]
}
