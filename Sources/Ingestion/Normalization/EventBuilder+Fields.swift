import Billing
import CSimdjson

extension EventBuilder {
  func setFields(_ fields: [CompiledField], _ event: inout UsageEvent) throws(RejectionReason) {
    if tally != nil { return try setTalliedFields(fields, &event) }
    for field in fields { try setField(field, &event) }
  }

  @inline(__always)
  func setField(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    let range = field.alternatives
    switch field.field {
    case .id: event.id = try text(in: range) ?? event.id
    case .traceID: event.traceID = try text(in: range) ?? event.traceID
    case .sessionID: event.sessionID = try text(in: range) ?? event.sessionID
    case .time: try setTime(range, &event)
    case .operation, .status: try setWord(field, &event)
    case .httpStatus, .attempt, .requests, .requestBytes, .responseBytes:
      try setNumber(field, &event)
    case .gatewayCacheHit, .byok, .stream: try setTruth(field, &event)
    case .webSearches, .images, .audioSeconds, .characters, .pages, .searchUnits, .videoSeconds,
      .mapSearches, .fileSearches, .sessions, .storageTokenHours:
      try setUnits(field, &event)
    case .latency, .firstToken, .gatewayOverhead: try setDuration(field, &event)
    case .reportedCost, .reportedUpstreamCost, .reportedMarkup, .reportedFee, .reportedDiscount:
      try setMoney(field, &event)
    case .speed, .inferenceGeo: try setModifier(field, &event)
    case .tags: event.tags = try tags(range) ?? event.tags
    default: try setLabel(field, &event)
    }
  }

  private func setLabel(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    let label = try label(in: field.alternatives)
    if label.isNone { return }
    switch field.field {
    case .provider: event.provider = providers.canonical(label)
    case .region: event.region = label
    case .requestModel: event.requestModel = label
    case .responseModel: event.responseModel = label
    case .variant: event.variant = label
    case .serviceTier: event.serviceTier = serviceTiers.canonical(label)
    case .finishReason: event.finishReason = label
    case .reportedCurrency: event.reportedCurrency = label
    case .key: event.key = label
    case .team: event.team = label
    case .user: event.user = label
    case .project: event.project = label
    case .environment: event.environment = label
    default: break
    }
  }

  private func setWord(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    let code = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> UInt8? in
      if alternative.source == .constant { return alternative.constant.code }
      if alternative.source == .urlPath { return try pathMeaning(alternative, value)?.code }
      return alternative.valueTable >= 0 ? meaning(alternative, value)?.code : nil
    }
    guard let code else { return }
    if field.field == .operation {
      event.operation = Operation(rawValue: code) ?? .other
      event.known.insert(.operation)
    } else {
      event.status = Status(rawValue: code) ?? .ok
      event.known.insert(.status)
    }
  }

  private func setNumber(
    _ field: CompiledField, _ event: inout UsageEvent
  ) throws(RejectionReason) {
    let number = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> Int64? in
      alternative.source == .count ? walker.count(of: value) : value.wholeNumber()
    }
    guard let number, number >= 0 else { return }
    switch field.field {
    case .httpStatus where (100...999).contains(number):
      event.httpStatus = Int32(number)
      event.known.insert(.httpStatus)
    case .attempt where number <= 1000:
      event.attempt = Int32(number)
      event.known.insert(.attempt)
    case .requests where number <= Int64(Int32.max): event.requests = Int32(max(number, 1))
    case .requestBytes where number <= TokenUsage.countLimit:
      event.requestBytes = number
      event.known.insert(.requestBytes)
    case .responseBytes where number <= TokenUsage.countLimit:
      event.responseBytes = number
      event.known.insert(.responseBytes)
    default: break
    }
  }

  private func setTruth(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    let truth = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> Bool? in
      if alternative.source == .constant { return alternative.constant.truth }
      return alternative.valueTable >= 0 ? meaning(alternative, value)?.truth : value.truth
    }
    guard let truth else { return }
    switch field.field {
    case .gatewayCacheHit:
      event.gatewayCacheHit = truth
      event.known.insert(.gatewayCacheHit)
    case .byok:
      event.byok = truth
      event.known.insert(.byok)
    default:
      event.stream = truth
      event.known.insert(.stream)
    }
  }

  /// Quantities other than tokens. Zero says nothing that an absent key does not.
  private func setUnits(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    let quantity = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> ExactDecimal? in
      if alternative.source == .count {
        return walker.count(of: value).map { ExactDecimal($0) }
      }
      guard !value.isBlank, let number: ExactDecimal = value.fixedPoint() else { return nil }
      return alternative.factor < 0 ? number : dialect.factors[alternative.factor].times(number)
    }
    guard let quantity, quantity > .zero,
      let meter = Meter.allCases.first(where: { $0.name == field.field.rawValue })
    else { return }
    event.units[meter] = quantity
  }

  private func setModifier(
    _ field: CompiledField, _ event: inout UsageEvent
  ) throws(RejectionReason) {
    let value = try label(in: field.alternatives)
    guard !value.isNone else { return }
    let known = labels.table.text(event.modifiers)
    let pairs = LabelList.parts(of: known) + ["\(field.field.rawValue)=\(labels.table.text(value))"]
    let joined = pairs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .joined(separator: "\u{1F}")
    event.modifiers = labels.table.intern(joined)
  }

  /// An identifier: text or a number, kept as it is written.
  private func text(in range: Range<Int>) throws(RejectionReason) -> TextRange? {
    for index in range {
      guard dialect.alternatives[index].isPlain else {
        if let text = try anyText(index) { return text }
        continue
      }
      let value = walker[dialect.alternatives[index].slot]
      guard value.isText || value.kind == TB_NUMBER, !value.isBlank else { continue }
      return try walker.withText(of: value) { append(identifier: $0) }
    }
    return nil
  }

  /// Keeps an identifier as it is written, unless it is a credential.
  private func append(identifier: Span<UInt8>) -> TextRange {
    guard Credential.mayBegin(identifier),
      Credential.stands(in: identifier.bytes(atMost: LabelCache.lengthLimit))
    else { return batch.append(text: identifier) }
    return batch.append(text: Array(CredentialName.of(identifier).utf8).span)
  }

  private func anyText(_ index: Int) throws(RejectionReason) -> TextRange? {
    try first(of: index..<index + 1) { (alternative, value) throws(RejectionReason) -> TextRange? in
      switch alternative.source {
      case .chained:
        return session[dialect.index].chainedID(alternative).map { append(identifier: $0.span) }
      case .slot, .carried:
        guard value.isText || value.kind == TB_NUMBER, !value.isBlank else { return nil }
        return try walker.withText(of: value) { append(identifier: $0) }
      default: return nil
      }
    }
  }

  /// Texts: a list of them, a text that holds several, or one.
  private func tags(_ range: Range<Int>) throws(RejectionReason) -> Label? {
    try first(of: range) { (alternative, value) throws(RejectionReason) -> Label? in
      if alternative.source == .constant { return alternative.constant.label }
      var values = value.kind == TB_ARRAY ? walker.elements(of: value, limit: 64) : [value]
      if alternative.source == .all {
        values = walker.values(at: dialect.fanOuts[alternative.places.lowerBound])
      }
      var joined: [UInt8] = []
      for value in values.prefix(64) where value.isText || value.kind == TB_NUMBER {
        // A list that is written as a text is not one tag.
        if value.isBlank || value.beginsLikeJSON { continue }
        try walker.withText(of: value) { text in
          append(text.bytes(atMost: LabelCache.lengthLimit), alternative, to: &joined)
        }
      }
      return joined.isEmpty ? nil : labels.label(joined.span)
    }
  }

  private func append(
    _ text: [UInt8], _ alternative: CompiledAlternative, to joined: inout [UInt8]
  ) {
    func add(_ tag: ArraySlice<UInt8>) {
      if !joined.isEmpty { joined.append(LabelList.separator) }
      let name = Array(tag)
      joined += Credential.stands(in: name) ? Array(CredentialName.of(name.span).utf8) : name
    }
    guard alternative.separator >= 0 else { return add(text[...]) }
    let blank = UInt8(ascii: " ")
    for part in text.split(separator: dialect.separators[Int(alternative.separator)]) {
      let tag = part.drop { $0 == blank }.reversed().drop { $0 == blank }
      if !tag.isEmpty { add(ArraySlice(tag.reversed())) }
    }
  }
}
