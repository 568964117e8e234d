import Billing

/// What a record owes to other lines of its file, to its envelope, and to its fellows in a list.
extension EventBuilder {
  /// Takes what the record hands on to later lines.
  ///
  /// - Returns: whether it can carry usage: not when its running totals are those of the line before.
  func advance(_ compiled: CompiledSession) throws(RejectionReason) -> Bool {
    var state = session[dialect.index]
    if holdsAny(compiled.beginning) { state = SessionState() }
    state.clearAdded()
    for (position, value) in compiled.values.enumerated() {
      guard let text = try handedOn(value) else { continue }
      state.set(
        position, text, keepsFirst: compiled.keepsFirst[position], of: compiled.values.count)
    }
    if let usage = compiled.usage, holdsAll(usage.when) {
      let counts = try counts(of: usage, at: dialect.countPlaces)
      if counts[.input] != nil || counts[.output] != nil { state.usage = counts }
    }
    var hasUsage = true
    if let running = compiled.running, holdsAll(running.when) {
      let totals = try counts(of: running, at: dialect.countPlaces)
      var own = WrittenCounts()
      if let usage = dialect.usage.first, holdsAll(usage.when) {
        own = try counts(of: usage, at: dialect.countPlaces)
      }
      if totals[.input] != nil || totals[.output] != nil {
        hasUsage = state.advance(to: totals, own: own)
      } else if own[.input] != nil || own[.output] != nil {
        state.advance(by: own)
      }
    }
    session[dialect.index] = state
    return hasUsage
  }

  private func handedOn(_ range: Range<Int>) throws(RejectionReason) -> [UInt8]? {
    try first(of: range) { (alternative, value) throws(RejectionReason) -> [UInt8]? in
      if alternative.source == .constant {
        return Array(labels.table.text(alternative.constant.label).utf8)
      }
      if alternative.valueTable >= 0 {
        return meaning(alternative, value).map { Array(labels.table.text($0.label).utf8) }
      }
      guard value.isText, !value.isBlank else { return nil }
      return try walker.withText(of: value) { $0.bytes(atMost: LabelCache.lengthLimit) }
    }
  }

  /// Completes the events of records by what their envelope, the present dialect, says.
  ///
  /// - Parameter isBody: they are bodies of a vendor's interface, as relays copy them.
  func complete(eventsFrom first: Int, isBody: Bool) throws(RejectionReason) {
    guard !dialect.fields.isEmpty || !dialect.defaults.isEmpty || !dialect.gateway.isEmpty
    else { return }
    for position in first..<batch.events.count {
      var event = batch.events[position]
      let gateway = try label(in: dialect.gateway)
      if !gateway.isNone {
        event.gateway = gateway
        if isBody {
          event.dialect = dialect.label
          // Whose model a relay passed on, the body that it copies does not know. Who writes an
          // envelope of his own does.
          if dialect.isBuiltIn { event.provider = .none }
        }
      }
      try setFields(dialect.fields, &event)
      for field in dialect.defaults where !event.has(field.field) {
        try setFields([field], &event)
      }
      if event.errorClass == nil || event.errorClass == .other { try setOutcome(&event) }
      try setRoute(&event)
      batch.events[position] = event
      if tally != nil { commitTally(1) }
    }
  }

  /// Gives the last events the time that stands outside their record, where the record has none.
  func setMissingTime(_ time: Timestamp, ofLast count: Int) {
    for position in batch.events.indices.suffix(count)
    where !batch.events[position].known.contains(.time) {
      batch.events[position].time = time
      batch.events[position].known.insert(.time)
      batch.events[position].warnings.insert(.timeApproximate)
    }
  }

  /// Tells apart the events of one record that all have its id: the second has `#1` at its end.
  func numberIDs(from first: Int) {
    var met: [[UInt8]: Int] = [:]
    for position in first..<batch.events.count where !batch.events[position].id.isNone {
      let id = Array(batch.bytes(batch.events[position].id))
      let number = met[id, default: 0]
      met[id] = number + 1
      if number > 0 {
        batch.events[position].id = batch.append(text: (id + Array("#\(number)".utf8)).span)
      }
    }
  }
}

extension UsageEvent {
  /// The event has a value for this field.
  func has(_ field: EventField) -> Bool {
    switch field {
    case .id: !id.isNone
    case .traceID: !traceID.isNone
    case .sessionID: !sessionID.isNone
    case .provider: !provider.isNone
    case .region: !region.isNone
    case .requestModel: !requestModel.isNone
    case .responseModel: !responseModel.isNone
    case .variant: !variant.isNone
    case .requests: requests > 1
    case .serviceTier: !serviceTier.isNone
    case .finishReason: !finishReason.isNone
    case .reportedCurrency: !reportedCurrency.isNone
    case .speed, .inferenceGeo: !modifiers.isNone
    case .key: !key.isNone
    case .team: !team.isNone
    case .user: !user.isNone
    case .project: !project.isNone
    case .environment: !environment.isNone
    case .tags: !tags.isNone
    case .webSearches, .images, .audioSeconds, .characters, .pages, .searchUnits, .videoSeconds,
      .mapSearches, .fileSearches, .sessions, .storageTokenHours:
      Meter.allCases.contains { $0.name == field.rawValue && units[$0] != nil }
    default: field.flag.map { known.contains($0) } ?? false
    }
  }
}

extension EventField {
  /// Of the fields whose presence is a flag.
  fileprivate var flag: UsageEvent.Known? {
    switch self {
    case .time: .time
    case .operation: .operation
    case .status: .status
    case .httpStatus: .httpStatus
    case .attempt: .attempt
    case .gatewayCacheHit: .gatewayCacheHit
    case .byok: .byok
    case .stream: .stream
    case .requestBytes: .requestBytes
    case .responseBytes: .responseBytes
    case .latency: .latency
    case .firstToken: .firstToken
    case .gatewayOverhead: .gatewayOverhead
    case .reportedCost: .reportedCost
    case .reportedUpstreamCost: .reportedUpstreamCost
    case .reportedMarkup: .reportedMarkup
    case .reportedFee: .reportedFee
    case .reportedDiscount: .reportedDiscount
    default: nil
    }
  }
}
