import Billing
import CSimdjson

/// The events of a record that lists calls which are billed apart.
extension EventBuilder {
  /// The events of a record: itself, or one for each entry of the list that its dialect expands.
  func expand(
    _ event: UsageEvent, _ list: RecordValue, _ expansion: CompiledExpansion
  ) throws(RejectionReason) -> [UsageEvent] {
    var events: [UsageEvent] = []
    for element in walker.elements(of: list) where element.kind == TB_OBJECT {
      guard walker.walk(expansion.selector, into: element) == TB_OK else {
        throw .malformed
      }
      var entry = try entry(of: event, expansion)
      if entry.responseModel == event.responseModel { entry.tokens.takeLifetimes(of: event.tokens) }
      events.append(entry)
    }
    guard events.count > 1 || events.first?.route == .fallback else { return [event] }
    return identify(resolveFallback(events), as: event)
  }

  /// The entry that served has the record's id, cost and units; the others have numbers behind the id.
  private func identify(_ events: [UsageEvent], as event: UsageEvent) -> [UsageEvent] {
    let main =
      events.firstIndex { $0.route == .fallback && $0.routeEvidence == .explicit }
      ?? events.firstIndex { $0.route == .primary } ?? 0
    var number = 0
    return events.enumerated().map { position, entry in
      var entry = entry
      if entry.route == .primary { entry.route = event.route }
      guard position != main else { return entry }
      number += 1
      if !event.id.isNone {
        let id = Array(batch.bytes(event.id)) + Array("#\(number)".utf8)
        entry.id = batch.append(text: id.span)
      }
      entry.units = MeteredUnits()
      entry.known.subtract([
        .reportedCost, .reportedUpstreamCost, .reportedMarkup, .reportedFee, .reportedDiscount,
      ])
      (entry.reportedCost, entry.reportedUpstreamCost) = (.zero, .zero)
      return entry
    }
  }

  private func entry(
    of event: UsageEvent, _ expansion: CompiledExpansion
  ) throws(RejectionReason) -> UsageEvent {
    var entry = event
    let model = walker[expansion.model]
    if model.isText, !model.isBlank { entry.responseModel = try label(of: model) }
    entry.tokens = TokenUsage()
    try setTokens(
      &entry, try counts(of: expansion.usage, at: expansion.countPlaces), expansion.usage)
    let kind = walker[expansion.kind]
    if expansion.fallbackKinds.contains(where: { kind.isWritten($0) }) {
      entry.route = .fallback
      entry.routeEvidence = .explicit
    } else if expansion.primaryKinds.contains(where: { kind.isWritten($0) }) {
      entry.route = .primary
    }
    return entry
  }

  /// When an entry is a fallback that served, the main entries before it were declined.
  private func resolveFallback(_ events: [UsageEvent]) -> [UsageEvent] {
    let hasFallback = events.contains { $0.route == .fallback && $0.routeEvidence == .explicit }
    let declined = events.first { $0.route == .primary }
    return events.map { event in
      var event = event
      if event.route == .primary {
        if hasFallback {
          event.route = nil
          event.status = .blocked
          event.errorClass = .contentPolicy
          event.known.insert(.status)
        }
      } else if event.route == .fallback, event.routeEvidence == .explicit, let declined {
        event.routeFrom = declined.responseModel
      }
      return event
    }
  }
}

extension TokenUsage {
  /// An entry may write its cache tokens without their lifetimes, which only the whole record tells:
  /// they are taken over where they leave no choice.
  fileprivate mutating func takeLifetimes(of whole: TokenUsage) {
    let written = self[.cacheWrite5m]
    guard written > 0, !isKnown(.cacheWrite1h), whole[.cacheWrite1h] > 0 else { return }
    if whole[.cacheWrite5m] == 0 {
      set(.cacheWrite5m, 0)
      set(.cacheWrite1h, written)
    } else if written == whole[.cacheWrite5m] + whole[.cacheWrite1h] {
      set(.cacheWrite5m, whole[.cacheWrite5m])
      set(.cacheWrite1h, whole[.cacheWrite1h])
    }
  }
}
