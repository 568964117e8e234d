import Billing
import Ingestion

/// Reads usage events back from their public form. What the form does not allow is refused, and so
/// are parts that contradict each other.
struct UsageEventReader {
  /// The identifiers of the last event that was read.
  private(set) var batch = EventBatch()
  private var object = EventObject()
  private let labels: LabelCache
  /// Bytes of labels that are too long to be remembered.
  private var longBytes = 0

  init(labels: LabelTable) { self.labels = LabelCache(table: labels) }

  /// Bytes of the labels that lines have brought: a bound for those who read without end.
  var labelBytes: Int { labels.byteCount + longBytes }

  /// The event of a line.
  mutating func event(_ line: [UInt8]) throws(EventLineError) -> UsageEvent {
    try event(line, line.indices)
  }

  /// The event of a line that stands in a text.
  mutating func event(_ text: [UInt8], _ line: Range<Int>) throws(EventLineError) -> UsageEvent {
    try object.read(text, line)
    batch.text.removeAll(keepingCapacity: true)
    var event = UsageEvent()
    try readIdentity(&event)
    try readOutcome(&event)
    try readRoute(&event)
    try readUsage(&event)
    try readAmounts(&event)
    try readOwners(&event)
    return event
  }

  private mutating func readIdentity(_ event: inout UsageEvent) throws(EventLineError) {
    event.id = try identifier(.id)
    event.traceID = try identifier(.traceID)
    event.sessionID = try identifier(.sessionID)
    if let time = try object.time(.time) { event.set(.time, \.time, time) }
    event.gateway = try label(.gateway)
    event.dialect = try label(.dialect)
    event.provider = try label(.provider)
    event.region = try label(.region)
    event.requestModel = try label(.requestModel)
    event.responseModel = try label(.responseModel)
    event.variant = try label(.variant)
    if let operation = try object.word(.operation, of: Operation.self) {
      event.set(.operation, \.operation, operation)
    }
  }

  private mutating func readOutcome(_ event: inout UsageEvent) throws(EventLineError) {
    if let status = try object.word(.status, of: Status.self) {
      event.set(.status, \.status, status)
    }
    event.errorClass = try object.word(.errorClass, of: ErrorClass.self)
    if let status = try object.integer(.httpStatus, in: 100...599) {
      event.set(.httpStatus, \.httpStatus, Int32(status))
    }
    event.finishReason = try label(.finishReason)
    if let hit = try object.bool(.gatewayCacheHit) {
      event.set(.gatewayCacheHit, \.gatewayCacheHit, hit)
    }
    if let byok = try object.bool(.byok) { event.set(.byok, \.byok, byok) }
    if let stream = try object.bool(.stream) { event.set(.stream, \.stream, stream) }
    event.serviceTier = try label(.serviceTier)
    let modifiers = try object.pairs(.modifiers)
    event.modifiers = joined(modifiers.map { $0.key + [UInt8(ascii: "=")] + $0.value })
  }

  private mutating func readRoute(_ event: inout UsageEvent) throws(EventLineError) {
    event.route = try object.word(.route, of: Route.self)
    event.routeEvidence = try object.word(.routeEvidence, of: RouteEvidence.self)
    event.routeFrom = try label(.routeFrom)
    event.routeReason = try object.word(.routeReason, of: ErrorClass.self)
    let hasDetails =
      event.routeEvidence != nil || event.routeReason != nil || !event.routeFrom.isNone
    if event.route == nil, hasDetails {
      throw EventLineError(problem: "what belongs to `route` stands without it")
    }
    if let routed = try object.bool(.routed) { event.set(.routed, \.routed, routed) }
    if let attempt = try object.integer(.attempt, in: 0...Int64(Int32.max)) {
      event.set(.attempt, \.attempt, Int32(attempt))
    }
    if let requests = try object.integer(.requests, in: 1...Int64(Int32.max)) {
      event.requests = Int32(requests)
    }
  }

  private static let inputParts: [(key: EventKey, bucket: TokenBucket)] = [
    (.cacheRead, .cacheRead), (.cacheWrite5m, .cacheWrite5m), (.cacheWrite1h, .cacheWrite1h),
    (.cacheWrite, .cacheWrite), (.inputAudio, .inputAudio), (.inputImage, .inputImage),
    (.inputVideo, .inputVideo),
  ]
  private static let outputParts: [(key: EventKey, bucket: TokenBucket)] = [
    (.reasoning, .reasoning), (.outputAudio, .outputAudio), (.outputImage, .outputImage),
  ]

  private mutating func readUsage(_ event: inout UsageEvent) throws(EventLineError) {
    try readTokens(&event, total: .inputTokens, rest: .input, parts: Self.inputParts)
    try readTokens(&event, total: .outputTokens, rest: .output, parts: Self.outputParts)
    for meter in Meter.allCases {
      if let quantity = try object.quantity(meter) { event.units[meter] = quantity }
    }
    if let bytes = try object.integer(.requestBytes, in: 0...Int64.max) {
      event.set(.requestBytes, \.requestBytes, bytes)
    }
    if let bytes = try object.integer(.responseBytes, in: 0...Int64.max) {
      event.set(.responseBytes, \.responseBytes, bytes)
    }
  }

  /// A total with its parts; what is in no part is the rest.
  private func readTokens(
    _ event: inout UsageEvent, total: EventKey, rest: TokenBucket,
    parts: [(key: EventKey, bucket: TokenBucket)]
  ) throws(EventLineError) {
    let range = 0...TokenUsage.countLimit
    var sum: Int64 = 0
    for (key, bucket) in parts {
      guard let count = try object.integer(key, in: range) else { continue }
      event.tokens.set(bucket, count)
      sum += count
    }
    guard let count = try object.integer(total, in: range) else {
      if sum > 0 { throw EventLineError(problem: "parts of `\(total.name)` stand without it") }
      return
    }
    guard sum <= count else {
      throw EventLineError(problem: "the parts of `\(total.name)` are more than it")
    }
    event.tokens.set(rest, count - sum)
  }

  private mutating func readAmounts(_ event: inout UsageEvent) throws(EventLineError) {
    try read(.latency, .latency, \.latency, &event)
    try read(.firstToken, .firstToken, \.firstToken, &event)
    try read(.gatewayOverhead, .gatewayOverhead, \.gatewayOverhead, &event)
    try read(.reportedCost, .reportedCost, \.reportedCost, &event)
    try read(.reportedUpstreamCost, .reportedUpstreamCost, \.reportedUpstreamCost, &event)
    try read(.reportedMarkup, .reportedMarkup, \.reportedMarkup, &event)
    try read(.reportedFee, .reportedFee, \.reportedFee, &event)
    try read(.reportedDiscount, .reportedDiscount, \.reportedDiscount, &event)
    event.reportedCurrency = try label(.reportedCurrency)
  }

  /// Inlined, so that a path is an access and no object.
  @inline(__always)
  private func read<Value: FixedPoint>(
    _ key: EventKey, _ known: UsageEvent.Known, _ path: WritableKeyPath<UsageEvent, Value>,
    _ event: inout UsageEvent
  ) throws(EventLineError) {
    if let value = try object.decimal(key, as: Value.self) { event.set(known, path, value) }
  }

  private mutating func readOwners(_ event: inout UsageEvent) throws(EventLineError) {
    event.key = try label(.key)
    event.team = try label(.team)
    event.user = try label(.user)
    event.project = try label(.project)
    event.environment = try label(.environment)
    event.tags = joined(try object.texts(.tags))
    for code in try object.texts(.warnings) {
      guard let known = EventWarnings.codes.first(where: { $0.code.utf8.elementsEqual(code) })
      else {
        throw EventLineError(problem: "`warnings` holds a code that is not known")
      }
      event.warnings.insert(known.warning)
    }
  }

  private mutating func label(_ key: EventKey) throws(EventLineError) -> Label {
    guard let text = try object.text(key) else { return .none }
    return label(text)
  }

  private mutating func label(_ text: ArraySlice<UInt8>) -> Label {
    guard text.count > LabelCache.lengthLimit else { return labels.label(text.span) }
    longBytes += text.count
    return labels.table.intern(Array(text))
  }

  private mutating func joined(_ texts: [ArraySlice<UInt8>]) -> Label {
    texts.isEmpty ? .none : label(Array(texts.joined(separator: [LabelList.separator]))[...])
  }

  private mutating func identifier(_ key: EventKey) throws(EventLineError) -> TextRange {
    guard let text = try object.text(key) else { return .none }
    let range = TextRange(offset: UInt32(batch.text.count), count: UInt32(text.count))
    batch.text.append(contentsOf: text)
    return range
  }
}

extension UsageEvent {
  /// Sets a value that the event gives.
  @inline(__always)
  fileprivate mutating func set<Value>(
    _ known: Known, _ path: WritableKeyPath<UsageEvent, Value>, _ value: Value
  ) {
    self[keyPath: path] = value
    self.known.insert(known)
  }
}
