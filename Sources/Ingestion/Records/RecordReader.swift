import Billing
import CSimdjson

/// Makes events of one record: finds its dialect, opens envelopes, fans lists out. The state of one
/// worker.
final class RecordReader {
  /// What became of the records of a line.
  struct Result {
    var events = 0
    /// The dialect of the last record that was read.
    var dialect = 0
    /// That record was the body of a request, in a form that comes with the program and says nothing
    /// of gateways.
    var isBody = false
    /// Why records of the line were refused; the others count.
    var refusals: [RejectionReason] = []
  }

  let builder: EventBuilder
  let walker: RecordWalker
  /// Gives what lines before the block have handed on; asked once a block, if at all.
  private var sessionBefore: () -> SessionMemory = { SessionMemory() }
  /// The block has records that depend on lines before it.
  private(set) var usesSession = false
  private let detector: DialectDetector
  private let countsAggregates: Bool
  private let list: ListSelectors

  init(
    set: DialectSet, wanted: Set<EventField>, labels: LabelTable, limits: InputLimits,
    countsAggregates: Bool
  ) {
    walker = RecordWalker(limits: limits)
    detector = DialectDetector(set: set, wanted: wanted, walker: walker)
    builder = EventBuilder(walker: walker, labels: labels, set: set, dialect: detector.initial)
    self.countsAggregates = countsAggregates
    list = ListSelectors()
  }

  /// A new block begins.
  ///
  /// - Parameter session: gives what lines before it have handed on.
  func beginBlock(_ session: @escaping () -> SessionMemory) {
    usesSession = false
    sessionBefore = session
  }

  /// The block is read: whoever gives the session may own this reader, and is not to be held.
  func endBlock() { sessionBefore = { SessionMemory() } }

  /// Appends the events of one line to the builder's batch.
  ///
  /// - Parameters:
  ///   - start: where its JSON begins, in the text that was indexed.
  ///   - isList: it begins with a bracket.
  /// - Throws: the reason for which the whole line is refused; the batch is as before then.
  func read(from start: Int, to end: Int, isList: Bool) throws(RejectionReason) -> Result {
    let count = builder.batch.events.count
    do throws(RejectionReason) {
      return try readLine(from: start, to: end, isList: isList)
    } catch {
      // An element may have given events before another showed that the line is none.
      builder.batch.events.removeLast(builder.batch.events.count - count)
      throw error
    }
  }

  private func readLine(
    from start: Int, to end: Int, isList: Bool
  ) throws(RejectionReason) -> Result {
    var result = Result()
    walker.level = 0
    if isList {
      try RejectionReason.check(walker.walk(list.root, from: start, to: end))
      for record in walker.elements(of: walker[list.slot]) {
        try attempt(&result) { result throws(RejectionReason) in
          try readRecord(record, level: 1, &result)
        }
      }
    } else {
      let guess = detector.guess { walker.shape(from: start, to: end) }
      let walk = walker.walk(guess.selector, from: start, to: end)
      let dialect = try detector.dialect(guess, walk, record: nil)
      detector.remember(dialect)
      builder.dialect = dialect
      try readDetected(dialect, level: 0, &result)
    }
    if result.events == 0, let first = result.refusals.first { throw first }
    return result
  }

  /// Reads one of several records: its refusal is not that of the others.
  private func attempt(
    _ result: inout Result, _ read: (inout Result) throws(RejectionReason) -> Void
  ) throws(RejectionReason) {
    do throws(RejectionReason) { try read(&result) } catch { result.refusals.append(error) }
  }

  /// A record that stands in another.
  private func readRecord(
    _ record: RecordValue, level: Int, _ result: inout Result
  ) throws(RejectionReason) {
    guard level <= RecordWalker.levelLimit else { throw .unknownFormat }
    let outer = walker.level
    let envelope = builder.dialect
    walker.level = level
    defer {
      walker.level = outer
      builder.dialect = envelope
    }
    var record = record
    if record.isText {
      try RejectionReason.check(walker.walk(list.text, into: record))
      record = walker[list.slot]
    }
    guard record.kind == TB_OBJECT else { throw .unknownFormat }
    let guess = detector.guess(inside: envelope)
    let walk = walker.walk(guess.selector, into: record)
    let dialect = try detector.dialect(guess, walk, record: record)
    detector.remember(dialect, inside: envelope)
    builder.dialect = dialect
    try readDetected(dialect, level: level, &result)
  }

  /// The record whose values the walker holds.
  private func readDetected(
    _ dialect: CompiledDialect, level: Int, _ result: inout Result
  ) throws(RejectionReason) {
    result.dialect = dialect.index
    if dialect.dialect.isEnvelope { return try unwrap(dialect, level: level, &result) }
    if level > 0 { result.isBody = dialect.isBuiltIn && !dialect.dialect.revises }
    if dialect.dialect.aggregates, !countsAggregates { throw .aggregate }
    if let element = dialect.element { walker.clear(element) }
    if let session = dialect.session {
      if !usesSession { builder.session = sessionBefore() }
      usesSession = true
      guard try builder.advance(session) else { return }
    }
    guard dialect.element != nil else {
      if !builder.isSkippable { result.events += try builder.appendEvents() }
      return
    }
    try fanOut(dialect, &result)
  }

  // MARK: Envelopes

  private func unwrap(
    _ envelope: CompiledDialect, level: Int, _ result: inout Result
  ) throws(RejectionReason) {
    if builder.isSkippable { return }
    let records = records(of: envelope)
    guard !records.isEmpty else { return try readBare(envelope, .unknownFormat, &result) }
    for record in records {
      let first = builder.batch.events.count
      let before = result
      do throws(RejectionReason) {
        try readRecord(record, level: level + 1, &result)
        try builder.complete(eventsFrom: first, isBody: result.isBody)
      } catch {
        builder.batch.events.removeLast(builder.batch.events.count - first)
        result.events = before.events
        if error == .unknownFormat, records.count == 1 {
          return try readBare(envelope, error, &result)
        }
        result.refusals.append(error)
      }
    }
    if result.events == 0, let first = result.refusals.first { throw first }
  }

  /// What an envelope says by itself, where no known record stands in it.
  private func readBare(
    _ envelope: CompiledDialect, _ reason: RejectionReason, _ result: inout Result
  ) throws(RejectionReason) {
    guard !envelope.fields.isEmpty else {
      if holdsEmptyList(envelope) { return }
      throw reason
    }
    builder.dialect = envelope
    result.dialect = envelope.index
    result.isBody = false
    do throws(RejectionReason) {
      result.events += try builder.appendEvents()
    } catch {
      if error == .incomplete, holdsEmptyList(envelope) { return }
      throw error == .incomplete ? reason : error
    }
  }

  /// Where its records could stand there is a list of none, which is no error.
  private func holdsEmptyList(_ envelope: CompiledDialect) -> Bool {
    envelope.records.contains { walker[$0.slot].kind == TB_ARRAY }
      && records(of: envelope).isEmpty
  }

  /// The first place that holds any.
  private func records(of envelope: CompiledDialect) -> [RecordValue] {
    for place in envelope.records {
      var records: [RecordValue] = []
      for value in walker.values(at: place) {
        switch value.kind {
        case TB_OBJECT: records.append(value)
        case TB_ARRAY: records += walker.elements(of: value)
        default: break
        }
      }
      if !records.isEmpty { return records }
    }
    return []
  }

  // MARK: Fan-out

  private func fanOut(_ dialect: CompiledDialect, _ result: inout Result) throws(RejectionReason) {
    guard let element = dialect.element else { return }
    let first = builder.batch.events.count
    for place in dialect.elements {
      for value in walker.values(at: place) {
        guard value.kind == TB_ARRAY else {
          try readElement(value, element, &result)
          continue
        }
        // A list stands for its elements.
        for inner in walker.elements(of: value) { try readElement(inner, element, &result) }
      }
    }
    if dialect.idIsOfRecord { builder.numberIDs(from: first) }
    if result.events == 0, let first = result.refusals.first { throw first }
  }

  private func readElement(
    _ value: RecordValue, _ element: Selector, _ result: inout Result
  ) throws(RejectionReason) {
    guard value.kind == TB_OBJECT else { return }
    try RejectionReason.check(walker.walk(element, into: value))
    if builder.isSkippable { return }
    try attempt(&result) { result throws(RejectionReason) in
      result.events += try builder.appendEvents()
    }
  }
}

extension RecordWalker {
  /// The values at a place, where each `[*]` stands for all elements or members.
  func values(at place: CompiledFanOut) -> [RecordValue] {
    var values = [self[place.slot]]
    for step in place.steps {
      var next: [RecordValue] = []
      for value in values {
        let children =
          value.kind == TB_ARRAY
          ? elements(of: value) : members(of: value).map(\.value)
        for child in children where child.isPresent {
          if step.isWhole {
            next.append(child)
            continue
          }
          guard child.kind == TB_OBJECT || child.kind == TB_ARRAY,
            walk(step.selector, into: child) == TB_OK
          else { continue }
          let found = self[step.slot]
          if found.isPresent { next.append(found) }
        }
      }
      values = next
    }
    return values.filter(\.isPresent)
  }
}

/// Takes the root of a line that is a list, or of a text that holds JSON.
struct ListSelectors {
  let root = Selector()
  let text = Selector()
  let slot: Int

  init() {
    let path = Path(steps: [])
    slot = root.slot(for: path)
    _ = text.slot(for: path)
    text.embed(path)
    root.seal()
    text.seal()
  }
}
