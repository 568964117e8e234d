/// The texts of labels, as a reader that resolves many of them keeps them.
public struct LabelTexts: Sendable {
  private let table: LabelTable
  private var texts: [String] = []

  public init(_ table: LabelTable) { self.table = table }

  /// The text of a label.
  public mutating func callAsFunction(_ label: Label) -> String {
    // A copy of all of them would be made for each label that is new.
    if Int(label.index) >= texts.count { texts += table.texts(from: texts.count) }
    return texts[Int(label.index)]
  }
}

extension UsageEvent {
  /// Writes the public form: one JSON object, keys in the order of the schema, absent when unknown.
  ///
  /// - Parameter charge: adds the `charge` that `tollbook price` puts behind the event.
  public func write(
    to json: inout JSONText, batch: EventBatch, texts: inout LabelTexts,
    charge: ((inout JSONText) -> Void)? = nil
  ) {
    json.beginObject()
    writeIdentity(to: &json, batch, &texts)
    writeOutcome(to: &json, &texts)
    writeUsage(to: &json)
    writeAmounts(to: &json, &texts)
    writeOwners(to: &json, &texts)
    charge?(&json)
    json.endObject()
  }

  private func writeIdentity(
    to json: inout JSONText, _ batch: EventBatch, _ texts: inout LabelTexts
  ) {
    json.identifier("id", id, batch)
    json.identifier("trace_id", traceID, batch)
    json.identifier("session_id", sessionID, batch)
    if known.contains(.time) {
      var text: [UInt8] = []
      time.append(to: &text, alwaysMicroseconds: true)
      json.key("time")
      json.string(utf8: text[...])
    }
    json.label("gateway", gateway, &texts)
    json.label("dialect", dialect, &texts)
    json.label("provider", provider, &texts)
    json.label("region", region, &texts)
    json.label("request_model", requestModel, &texts)
    json.label("response_model", responseModel, &texts)
    json.label("variant", variant, &texts)
    if known.contains(.operation) { json.word("operation", operation) }
  }

  private func writeOutcome(to json: inout JSONText, _ texts: inout LabelTexts) {
    if known.contains(.status) { json.word("status", status) }
    if let errorClass { json.word("error_class", errorClass) }
    if known.contains(.httpStatus) { json.integer("http_status", httpStatus) }
    if let route { json.word("route", route) }
    if let routeEvidence { json.word("route_evidence", routeEvidence) }
    json.label("route_from", routeFrom, &texts)
    if let routeReason { json.word("route_reason", routeReason) }
    if known.contains(.routed) { json.bool("routed", routed) }
    if known.contains(.attempt) { json.integer("attempt", attempt) }
    if requests > 1 { json.integer("requests", requests) }
    if known.contains(.gatewayCacheHit) { json.bool("gateway_cache_hit", gatewayCacheHit) }
    if known.contains(.byok) { json.bool("byok", byok) }
    json.label("service_tier", serviceTier, &texts)
    if !modifiers.isNone {
      json.key("modifiers")
      json.beginObject()
      for pair in LabelList.parts(of: texts(modifiers)) {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        json.key(String(parts[0]))
        json.string(parts.count > 1 ? String(parts[1]) : "")
      }
      json.endObject()
    }
    if known.contains(.stream) { json.bool("stream", stream) }
    json.label("finish_reason", finishReason, &texts)
  }

  private func writeUsage(to json: inout JSONText) {
    if tokens.isKnown(.input) { json.integer("input_tokens", tokens.inputTotal) }
    json.count("cache_read_tokens", tokens, .cacheRead)
    json.count("cache_write_5m_tokens", tokens, .cacheWrite5m)
    json.count("cache_write_1h_tokens", tokens, .cacheWrite1h)
    json.count("cache_write_tokens", tokens, .cacheWrite)
    json.count("input_audio_tokens", tokens, .inputAudio)
    json.count("input_image_tokens", tokens, .inputImage)
    json.count("input_video_tokens", tokens, .inputVideo)
    if tokens.isKnown(.output) { json.integer("output_tokens", tokens.outputTotal) }
    json.count("reasoning_tokens", tokens, .reasoning)
    json.count("output_audio_tokens", tokens, .outputAudio)
    json.count("output_image_tokens", tokens, .outputImage)
    for entry in units.entries {
      json.key(entry.meter.name)
      json.decimal(entry.quantity)
    }
    if known.contains(.requestBytes) { json.integer("request_bytes", requestBytes) }
    if known.contains(.responseBytes) { json.integer("response_bytes", responseBytes) }
  }

  private func writeAmounts(to json: inout JSONText, _ texts: inout LabelTexts) {
    if known.contains(.latency) { json.decimal("latency_ms", latency) }
    if known.contains(.firstToken) { json.decimal("first_token_ms", firstToken) }
    if known.contains(.gatewayOverhead) { json.decimal("gateway_overhead_ms", gatewayOverhead) }
    if known.contains(.reportedCost) { json.decimal("reported_cost", reportedCost) }
    if known.contains(.reportedUpstreamCost) {
      json.decimal("reported_upstream_cost", reportedUpstreamCost)
    }
    if known.contains(.reportedMarkup) { json.decimal("reported_markup", reportedMarkup) }
    if known.contains(.reportedFee) { json.decimal("reported_fee", reportedFee) }
    if known.contains(.reportedDiscount) { json.decimal("reported_discount", reportedDiscount) }
    json.label("reported_currency", reportedCurrency, &texts)
  }

  private func writeOwners(to json: inout JSONText, _ texts: inout LabelTexts) {
    json.label("key", key, &texts)
    json.label("team", team, &texts)
    json.label("user", user, &texts)
    json.label("project", project, &texts)
    json.label("environment", environment, &texts)
    json.list("tags", LabelList.parts(of: texts(tags)))
    json.list("warnings", EventWarnings.codes.filter { warnings.contains($0.warning) }.map(\.code))
  }
}

extension JSONText {
  fileprivate mutating func identifier(
    _ name: String, _ range: TextRange, _ batch: EventBatch
  ) {
    guard !range.isNone else { return }
    key(name)
    string(utf8: batch.bytes(range))
  }

  fileprivate mutating func label(_ name: String, _ label: Label, _ texts: inout LabelTexts) {
    guard !label.isNone else { return }
    key(name)
    string(texts(label))
  }

  fileprivate mutating func word(_ name: String, _ word: some Word) {
    key(name)
    string(word.name)
  }

  fileprivate mutating func integer(_ name: String, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  fileprivate mutating func bool(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  fileprivate mutating func decimal(_ name: String, _ value: some FixedPoint) {
    key(name)
    decimal(value)
  }

  fileprivate mutating func count(
    _ name: String, _ tokens: TokenUsage, _ bucket: TokenBucket
  ) {
    guard tokens.isKnown(bucket) else { return }
    key(name)
    integer(tokens[bucket])
  }

  fileprivate mutating func list(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    key(name)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }
}
