import Billing
import CSimdjson

/// Makes usage events of the record that the walker has just read: the state of one worker.
///
/// Fields are copied by the dialect's list, so what no dialect names (prompts, answers, error texts)
/// never leaves the record.
final class EventBuilder {
  let walker: RecordWalker
  let labels: LabelCache
  let modelNames: ModelNameCache
  let errorClasses: ErrorClassTable
  let providers: SpellingCache
  let serviceTiers: SpellingCache
  var dialect: CompiledDialect
  var batch = EventBatch()

  init(walker: RecordWalker, labels: LabelTable, set: DialectSet, dialect: CompiledDialect) {
    self.walker = walker
    self.labels = LabelCache(table: labels)
    modelNames = ModelNameCache(labels: labels)
    errorClasses = set.errorClasses
    providers = SpellingCache(names: set.providers, labels: labels)
    serviceTiers = SpellingCache(names: set.serviceTiers, labels: labels)
    self.dialect = dialect
  }

  /// Looks at what is read; nobody does in a run.
  var tally: FieldTally?

  /// What lines of this file have handed on; set for each block.
  var session = SessionMemory()

  /// The record, or its present element, is known to carry no usage.
  var isSkippable: Bool { holdsAny(dialect.skip) }

  /// Appends the event of the record, or of its present element, to the batch.
  ///
  /// - Returns: how many events there are: an entry of a list may be billed apart.
  /// - Throws: the reason for which the record is refused; the batch is as before.
  func appendEvents() throws(RejectionReason) -> Int {
    let textCount = batch.text.count
    let tally = tally
    do throws(RejectionReason) {
      var event = UsageEvent()
      event.dialect = dialect.label
      event.gateway = try label(in: dialect.gateway)
      try setFields(dialect.fields, &event)
      tally?.isAtUsage = true
      try setUsage(&event)
      tally?.isAtUsage = false
      try setOutcome(&event)
      if let tally { try tallyErrors(event, tally) }
      guard isUseful(event) else { throw RejectionReason.incomplete }
      try setRoute(&event)
      guard let expansion = dialect.expansion, walker[expansion.list].kind == TB_ARRAY else {
        batch.events.append(event)
        if tally != nil { commitTally(1) }
        return 1
      }
      let expanded = try expand(event, walker[expansion.list], expansion)
      batch.events.append(contentsOf: expanded)
      if tally != nil { commitTally(expanded.count) }
      return expanded.count
    } catch {
      if let tally { self.tally(error, tally) }
      batch.text.removeLast(batch.text.count - textCount)
      throw error
    }
  }

  private func isUseful(_ event: UsageEvent) -> Bool {
    !event.requestModel.isNone || !event.responseModel.isNone || !event.tokens.isUnknown
      || event.known.contains(.reportedCost) || event.errorClass != nil || !event.units.isEmpty
  }

  // MARK: Reading alternatives

  /// The first alternative that gives a value.
  @inline(__always)
  func first<Value>(
    of range: Range<Int>,
    _ read: (CompiledAlternative, RecordValue) throws(RejectionReason) -> Value?
  ) throws(RejectionReason) -> Value? {
    for index in range {
      // Most fields are absent from most records: that is seen before anything is copied.
      if dialect.alternatives[index].source == .slot,
        !walker[dialect.alternatives[index].slot].isPresent
      {
        continue
      }
      let alternative = dialect.alternatives[index]
      if !alternative.conditions.isEmpty, !holdsAll(alternative.conditions) { continue }
      if alternative.source == .carried {
        guard let text = session[dialect.index].text(alternative) else { continue }
        if let result = try RecordValue.with(
          text: text,
          { value throws(RejectionReason) in
            try read(alternative, value)
          })
        {
          return result
        }
        continue
      }
      var value = walker[alternative.slot]
      if alternative.slice >= 0 {
        guard let part = value.slice(dialect.slices[alternative.slice]) else { continue }
        value = part
      }
      if let result = try read(alternative, value) { return result }
    }
    return nil
  }

  /// What the word of the log means, by the alternative's table.
  func meaning(_ alternative: CompiledAlternative, _ value: RecordValue) -> Meaning? {
    guard value.isPresent, !value.isBlank || value.isText else { return nil }
    let head = value.head
    let length = value.length
    let table = dialect.valueTables[alternative.valueTable]
    for entry in table.entries where entry.head == head && entry.length == length {
      if length <= 8 || value.isWritten(table.word(entry)) { return entry.meaning }
    }
    return table.otherwise
  }

  /// A text of few values.
  func label(in range: Range<Int>) throws(RejectionReason) -> Label {
    for index in range {
      // Nearly all fields are a value as it stands: they are read without further ado.
      guard dialect.alternatives[index].isPlain else {
        return try anyLabel(in: index..<range.upperBound)
      }
      let value = walker[dialect.alternatives[index].slot]
      if value.isText || value.kind == TB_NUMBER, !value.isBlank { return try label(of: value) }
    }
    return .none
  }

  /// A text of few values, however it is written.
  private func anyLabel(in range: Range<Int>) throws(RejectionReason) -> Label {
    try first(of: range) { (alternative, value) throws(RejectionReason) -> Label? in
      switch alternative.source {
      case .constant: return alternative.constant.label
      case .host: return try hostMeaning(alternative, value)?.label
      case .urlPath: return try pathMeaning(alternative, value)?.label
      default: break
      }
      if alternative.valueTable >= 0 { return meaning(alternative, value)?.label }
      guard value.isText || value.kind == TB_NUMBER, !value.isBlank else { return nil }
      if alternative.isLoose, value.isText, value.beginsLikeJSON { return nil }
      if alternative.source == .suffix { return try suffix(of: value) }
      return alternative.isSecret ? try secretLabel(value) : try label(of: value)
    } ?? .none
  }

  /// The label of a text of the record, cut when it is too long.
  func label(of value: RecordValue) throws(RejectionReason) -> Label {
    try walker.withText(of: value) { labels.label($0) }
  }

  /// What stands behind the last `:` of a model id.
  private func suffix(of value: RecordValue) throws(RejectionReason) -> Label? {
    try walker.withText(of: value) { text in
      guard let colon = text.indices.last(where: { text[$0] == UInt8(ascii: ":") }) else {
        return nil
      }
      return labels.label(text.extracting((colon + 1)...))
    }
  }

  /// A short keyed hash in place of a credential's text.
  private func secretLabel(_ value: RecordValue) throws(RejectionReason) -> Label {
    let hash = try walker.withText(of: value) { CredentialName.of($0) }
    return labels.table.intern(hash)
  }

  /// The meaning of the longest suffix of a URL's host.
  private func hostMeaning(
    _ alternative: CompiledAlternative, _ value: RecordValue
  ) throws(RejectionReason) -> Meaning? {
    guard value.isText, alternative.valueTable >= 0 else { return nil }
    let host = try walker.withText(of: value) { URLParts.host(of: $0) }
    let table = dialect.valueTables[alternative.valueTable]
    let best = table.entries.filter { URLParts.host(host, isIn: Array(table.word($0))) }
      .max { $0.length < $1.length }
    return best?.meaning ?? table.otherwise ?? Meaning(label: labels.label(host.span))
  }

  /// The meaning of the longest suffix of a URL's path.
  func pathMeaning(
    _ alternative: CompiledAlternative, _ value: RecordValue
  ) throws(RejectionReason) -> Meaning? {
    guard value.isText, alternative.valueTable >= 0 else { return nil }
    let path = try walker.withText(of: value) { URLParts.path(of: $0) }
    let table = dialect.valueTables[alternative.valueTable]
    let best = table.entries.filter { URLParts.path(path, endsWith: Array(table.word($0))) }
      .max { $0.length < $1.length }
    return best?.meaning ?? table.otherwise
  }

  // MARK: Conditions

  func holdsAny(_ groups: [Range<Int>]) -> Bool {
    groups.isEmpty ? false : Conditions(walker: walker, dialect: dialect).holdsAny(groups)
  }

  func holdsAll(_ range: Range<Int>) -> Bool {
    range.isEmpty ? true : Conditions(walker: walker, dialect: dialect).holdsAll(range)
  }
}
