import Billing

/// Reading with an eye on each field, for `check`.
extension EventBuilder {
  /// Sets fields one by one, and notes of each whether the record has it.
  func setFields(
    _ fields: [CompiledField], _ event: inout UsageEvent, _ tally: FieldTally
  ) throws(RejectionReason) {
    guard isTallied(tally) else {
      for field in fields { try setField(field, &event) }
      return
    }
    for field in fields {
      var alone = UsageEvent()
      alone.requests = 0
      do throws(RejectionReason) { try setField(field, &alone) } catch {
        tally.refuse(error, field.field.rawValue)
        throw error
      }
      let isFilled = field.field == .requests ? alone.requests > 0 : alone.has(field.field)
      if isFilled { tally.fill(field.field) }
      try tallyWords(of: field, isFilled: isFilled, tally)
      try setField(field, &event)
    }
  }

  /// Events of the present dialect count.
  func commitTally(_ count: Int) {
    if let tally, isTallied(tally) { tally.commit(count) }
  }

  private func isTallied(_ tally: FieldTally) -> Bool {
    tally.dialect.utf8.elementsEqual(dialect.dialect.name.utf8)
  }

  private func tallyWords(
    of field: CompiledField, isFilled: Bool, _ tally: FieldTally
  ) throws(RejectionReason) {
    let expression = dialect.dialect.fields[field.field] ?? dialect.dialect.defaults[field.field]
    guard let expression, expression.alternatives.count == field.alternatives.count else { return }
    for (alternative, index) in zip(expression.alternatives, field.alternatives)
    where dialect.alternatives[index].valueTable >= 0 {
      guard let path = alternative.source.path, let word = try word(at: index) else { continue }
      tally.meet(
        WordTable.Place(field: field.field.rawValue, path: path.description),
        isKnown: word.isKnown, unmatched: isFilled || word.isKnown ? nil : word.text)
    }
  }

  /// The word that stands where an alternative looks; `nil` when there is none.
  private func word(at index: Int) throws(RejectionReason) -> (text: String, isKnown: Bool)? {
    try first(of: index..<index + 1) {
      (alternative, value) throws(RejectionReason) -> (text: String, isKnown: Bool)? in
      guard alternative.source == .slot, !value.isBlank else { return nil }
      let bytes = try walker.withText(of: value) { $0.bytes(atMost: 64) }
      let isKnown =
        alternative.valueTable >= 0
        && dialect.valueTables[alternative.valueTable].holds(Array(bytes))
      return (String(decoding: bytes, as: UTF8.self), isKnown)
    }
  }

  /// Notes what names the error of an event that has one.
  func tallyErrors(_ event: UsageEvent, _ tally: FieldTally) throws(RejectionReason) {
    guard let found = event.errorClass, isTallied(tally) else { return }
    for (alternative, index) in zip(dialect.dialect.errors.alternatives, dialect.errors) {
      guard let path = alternative.source.path, let word = try word(at: index) else { continue }
      tally.meet(
        WordTable.Place(field: "errors", path: path.description), isKnown: true,
        unmatched: found == .other && !word.isKnown ? word.text : nil)
    }
  }

  /// A record was refused: when that was for a count, it is told which.
  func tally(_ reason: RejectionReason, _ tally: FieldTally) {
    defer { tally.discard() }
    guard tally.isAtUsage, isTallied(tally) else { return }
    for usage in dialect.usage where holdsAll(usage.when) {
      for index in usage.counts {
        let place = dialect.countPlaces[index]
        let isRead = (try? walker[place.slot].count()) != nil || !walker[place.slot].isPresent
        if reason == .invalidNumber, !isRead {
          return tally.refuse(reason, "usage.\(TokenCount.allCases[place.position].rawValue)")
        }
      }
      guard let counts = try? counts(of: usage, at: dialect.countPlaces),
        counts[.input] != nil || counts[.output] != nil
      else { continue }
      let total = TokenNormalizer(written: counts, usage: usage).contradictingTotal
      return tally.refuse(reason, reason == .contradiction ? "usage.\(total.rawValue)" : "usage")
    }
    tally.refuse(reason, "usage")
  }
}

extension ValueTable {
  fileprivate func holds(_ text: [UInt8]) -> Bool {
    entries.contains { word($0).elementsEqual(text) }
  }
}

extension TokenNormalizer {
  /// Of counts that contradict each other, the total that is less than its parts.
  fileprivate var contradictingTotal: TokenCount {
    var input = self
    input.written.remove([.output, .total, .reasoning, .outputAudio, .outputImage])
    return (try? input.buckets()) == nil ? .input : .output
  }
}
