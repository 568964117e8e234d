import Billing

/// Reads usage events back from their public form. What the form does not allow is refused, and so
/// are parts that contradict each other.
struct UsageEventReader {
  let labels: LabelTable
  private(set) var batch = EventBatch()

  init(labels: LabelTable) { self.labels = labels }

  /// The event of a line; it alone stands in `batch` then.
  mutating func event(_ line: [UInt8]) throws(EventLineError) -> UsageEvent {
    let object = try EventObject(line)
    batch = EventBatch()
    var event = UsageEvent()
    try readIdentity(&event, object)
    try readOutcome(&event, object)
    try readRoute(&event, object)
    try readUsage(&event, object)
    try readAmounts(&event, object)
    try readOwners(&event, object)
    batch.events = [event]
    return event
  }

  private mutating func readIdentity(
    _ event: inout UsageEvent, _ object: EventObject
  ) throws(EventLineError) {
    event.id = try identifier("id", object)
    event.traceID = try identifier("trace_id", object)
    event.sessionID = try identifier("session_id", object)
    if let time = try object.time("time") { event.set(.time, \.time, time) }
    event.gateway = try label("gateway", object)
    event.dialect = try label("dialect", object)
    event.provider = try label("provider", object)
    event.region = try label("region", object)
    event.requestModel = try label("request_model", object)
    event.responseModel = try label("response_model", object)
    event.variant = try label("variant", object)
    if let operation = try object.word("operation", of: Operation.self) {
      event.set(.operation, \.operation, operation)
    }
  }

  private func readOutcome(
    _ event: inout UsageEvent, _ object: EventObject
  ) throws(EventLineError) {
    if let status = try object.word("status", of: Status.self) {
      event.set(.status, \.status, status)
    }
    event.errorClass = try object.word("error_class", of: ErrorClass.self)
    if let status = try object.integer("http_status", in: 100...599) {
      event.set(.httpStatus, \.httpStatus, Int32(status))
    }
    event.finishReason = try label("finish_reason", object)
    if let hit = try object.bool("gateway_cache_hit") {
      event.set(.gatewayCacheHit, \.gatewayCacheHit, hit)
    }
    if let byok = try object.bool("byok") { event.set(.byok, \.byok, byok) }
    if let stream = try object.bool("stream") { event.set(.stream, \.stream, stream) }
    event.serviceTier = try label("service_tier", object)
    let modifiers = try object.pairs("modifiers").map { "\($0.key)=\($0.value)" }
    event.modifiers = joined(modifiers)
  }

  private func readRoute(_ event: inout UsageEvent, _ object: EventObject) throws(EventLineError) {
    event.route = try object.word("route", of: Route.self)
    event.routeEvidence = try object.word("route_evidence", of: RouteEvidence.self)
    event.routeFrom = try label("route_from", object)
    event.routeReason = try object.word("route_reason", of: ErrorClass.self)
    let hasDetails =
      event.routeEvidence != nil || event.routeReason != nil || !event.routeFrom.isNone
    if event.route == nil, hasDetails {
      throw EventLineError(problem: "what belongs to `route` stands without it")
    }
    if let routed = try object.bool("routed") { event.set(.routed, \.routed, routed) }
    if let attempt = try object.integer("attempt", in: 0...Int64(Int32.max)) {
      event.set(.attempt, \.attempt, Int32(attempt))
    }
    if let requests = try object.integer("requests", in: 1...Int64(Int32.max)) {
      event.requests = Int32(requests)
    }
  }

  private func readUsage(_ event: inout UsageEvent, _ object: EventObject) throws(EventLineError) {
    try readTokens(
      &event, object, total: "input_tokens", rest: .input,
      parts: [
        ("cache_read_tokens", .cacheRead), ("cache_write_5m_tokens", .cacheWrite5m),
        ("cache_write_1h_tokens", .cacheWrite1h), ("cache_write_tokens", .cacheWrite),
        ("input_audio_tokens", .inputAudio), ("input_image_tokens", .inputImage),
        ("input_video_tokens", .inputVideo),
      ])
    try readTokens(
      &event, object, total: "output_tokens", rest: .output,
      parts: [
        ("reasoning_tokens", .reasoning), ("output_audio_tokens", .outputAudio),
        ("output_image_tokens", .outputImage),
      ])
    for meter in Meter.allCases {
      guard let quantity = try object.decimal(meter.name, as: ExactDecimal.self) else { continue }
      guard quantity >= .zero else {
        throw EventLineError(problem: "`\(meter.name)` is below zero")
      }
      event.units[meter] = quantity
    }
    if let bytes = try object.integer("request_bytes", in: 0...Int64.max) {
      event.set(.requestBytes, \.requestBytes, bytes)
    }
    if let bytes = try object.integer("response_bytes", in: 0...Int64.max) {
      event.set(.responseBytes, \.responseBytes, bytes)
    }
  }

  /// A total with its parts; what is in no part is the rest.
  private func readTokens(
    _ event: inout UsageEvent, _ object: EventObject, total: String, rest: TokenBucket,
    parts: [(key: String, bucket: TokenBucket)]
  ) throws(EventLineError) {
    let range = 0...TokenUsage.countLimit
    var sum: Int64 = 0
    for (key, bucket) in parts {
      guard let count = try object.integer(key, in: range) else { continue }
      event.tokens.set(bucket, count)
      sum += count
    }
    guard let total = try object.integer(total, in: range).map({ (count: $0, key: total) }) else {
      if sum > 0 { throw EventLineError(problem: "parts of `\(total)` stand without it") }
      return
    }
    guard sum <= total.count else {
      throw EventLineError(problem: "the parts of `\(total.key)` are more than it")
    }
    event.tokens.set(rest, total.count - sum)
  }

  private func readAmounts(
    _ event: inout UsageEvent, _ object: EventObject
  ) throws(EventLineError) {
    let durations: [(String, UsageEvent.Known, WritableKeyPath<UsageEvent, ExactDecimal>)] = [
      ("latency_ms", .latency, \.latency), ("first_token_ms", .firstToken, \.firstToken),
      ("gateway_overhead_ms", .gatewayOverhead, \.gatewayOverhead),
    ]
    for (key, known, path) in durations {
      if let value = try object.decimal(key, as: ExactDecimal.self) {
        event.set(known, path, value)
      }
    }
    let amounts: [(String, UsageEvent.Known, WritableKeyPath<UsageEvent, Money>)] = [
      ("reported_cost", .reportedCost, \.reportedCost),
      ("reported_upstream_cost", .reportedUpstreamCost, \.reportedUpstreamCost),
      ("reported_markup", .reportedMarkup, \.reportedMarkup),
      ("reported_fee", .reportedFee, \.reportedFee),
      ("reported_discount", .reportedDiscount, \.reportedDiscount),
    ]
    for (key, known, path) in amounts {
      if let value = try object.decimal(key, as: Money.self) { event.set(known, path, value) }
    }
    event.reportedCurrency = try label("reported_currency", object)
  }

  private func readOwners(
    _ event: inout UsageEvent, _ object: EventObject
  ) throws(EventLineError) {
    event.key = try label("key", object)
    event.team = try label("team", object)
    event.user = try label("user", object)
    event.project = try label("project", object)
    event.environment = try label("environment", object)
    event.tags = joined(try object.texts("tags"))
    for code in try object.texts("warnings") {
      guard let known = EventWarnings.codes.first(where: { $0.code == code }) else {
        throw EventLineError(problem: "`warnings` holds a code that is not known")
      }
      event.warnings.insert(known.warning)
    }
  }

  private func label(_ key: String, _ object: EventObject) throws(EventLineError) -> Label {
    try object.text(key).map(labels.intern) ?? .none
  }

  private func joined(_ texts: [String]) -> Label {
    labels.intern(Array(texts.map { Array($0.utf8) }.joined(separator: [LabelList.separator])))
  }

  private mutating func identifier(
    _ key: String, _ object: EventObject
  ) throws(EventLineError) -> TextRange {
    guard let text = try object.text(key) else { return .none }
    let range = TextRange(offset: UInt32(batch.text.count), count: UInt32(text.utf8.count))
    batch.text.append(contentsOf: text.utf8)
    return range
  }
}

extension UsageEvent {
  /// Sets a value that the event gives.
  fileprivate mutating func set<Value>(
    _ known: Known, _ path: WritableKeyPath<UsageEvent, Value>, _ value: Value
  ) {
    self[keyPath: path] = value
    self.known.insert(known)
  }
}
