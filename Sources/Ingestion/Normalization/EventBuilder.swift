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

  /// The record is known to carry no usage.
  var isSkippable: Bool { holdsAny(dialect.skip) }

  /// Appends the events of the record to the batch.
  ///
  /// - Returns: how many there are; 0 when the record carries neither a model nor usage nor a cost.
  /// - Throws: the reason for which the whole record is refused; the batch is as before.
  func appendEvents() throws(RejectionReason) -> Int {
    let textCount = batch.text.count
    do throws(RejectionReason) {
      var event = UsageEvent()
      event.dialect = dialect.label
      try setGateway(&event)
      try setFields(&event)
      try setUsage(&event)
      try setOutcome(&event)
      guard isUseful(event) else { throw RejectionReason.incomplete }
      // The lists go last: walking into them takes the slots of the record.
      let entries = dialect.expansion.map { walker[$0.list] }
      try setRoute(&event)
      guard let entries, entries.kind == TB_ARRAY, let expansion = dialect.expansion else {
        batch.events.append(event)
        return 1
      }
      let expanded = try expand(event, entries, expansion)
      batch.events.append(contentsOf: expanded)
      return expanded.count
    } catch {
      batch.text.removeLast(batch.text.count - textCount)
      throw error
    }
  }

  private func isUseful(_ event: UsageEvent) -> Bool {
    !event.requestModel.isNone || !event.responseModel.isNone || !event.tokens.isUnknown
      || event.known.contains(.reportedCost) || event.errorClass != nil
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
      if let value = try read(alternative, walker[alternative.slot]) { return value }
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
    for group in groups where holdsAll(group) { return true }
    return false
  }

  func holdsAll(_ range: Range<Int>) -> Bool {
    for index in range where !holds(index) { return false }
    return true
  }

  private func holds(_ index: Int) -> Bool {
    let value = walker[dialect.conditions[index].slot]
    switch dialect.conditions[index].test {
    case .present: return value.isPresent
    case .absent: return !value.isPresent
    case .exists: return value.exists
    case .isObject: return value.kind == TB_OBJECT
    case .isList: return value.kind == TB_ARRAY
    case .isText: return value.isText
    case .atLeast:
      return value.wholeNumber().map { $0 >= dialect.conditions[index].bound } ?? false
    case .isOneOf:
      return value.isPresent && dialect.conditions[index].texts.contains { value.isWritten($0) }
    case .isNoneOf: return !dialect.conditions[index].texts.contains { value.isWritten($0) }
    case .differs:
      let other = walker[dialect.conditions[index].otherSlot]
      return value.isPresent && other.isPresent && !value.isWrittenLike(other)
    case .hasPrefix: return value.isText && value.starts(with: dialect.conditions[index].texts[0])
    case .hasSuffix: return value.isText && value.ends(with: dialect.conditions[index].texts[0])
    }
  }

  /// The record is one of the dialect at a position of the set.
  func isRecord(ofDialectAt position: Int) -> Bool {
    let detection = dialect.detections[position]
    return holdsAll(detection.all) && (detection.any.isEmpty || holdsAny(detection.any))
      && !detection.none.contains(where: { holds($0) })
  }
}
