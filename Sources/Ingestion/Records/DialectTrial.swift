public import Billing
import CSimdjson
public import Documents

/// Reads one input with one dialect alone, and looks at what the dialect leaves: lines of other
/// dialects, and members that look like usage.
public final class DialectTrial {
  /// The sets that a dialect is tried in.
  public struct Sets: Sendable {
    /// Reads with the dialect alone; for an envelope with all, for its records are of other dialects.
    public var alone: DialectSet
    /// Reads with the dialect and all envelopes, where its records stand in some.
    public var enveloped: DialectSet
    /// All dialects of the user and the built-in ones.
    public var all: DialectSet
    /// Those without the dialect.
    public var others: DialectSet
    /// The name of the dialect.
    public var name: String

    public init(
      alone: DialectSet, enveloped: DialectSet, all: DialectSet, others: DialectSet, name: String
    ) {
      self.alone = alone
      self.enveloped = enveloped
      self.all = all
      self.others = others
      self.name = name
    }
  }

  /// Which dialects recognise the lines of a log.
  public struct Recognition: Sendable, Hashable {
    /// Records of lines, and those that stand in envelopes in place of these.
    public var records: Int64 = 0
    /// Those that the dialect's `detect` recognises, and no dialect before it does.
    public var own: Int64 = 0
    /// Records that the dialect would be asked about, were it not for these before it.
    public var claimed: [String: Int64] = [:]
    /// Of its own ones, what would read them without it.
    public var taken: [String: Int64] = [:]
    /// Records of other dialects.
    public var others: [String: Int64] = [:]
    /// Records that no dialect knows.
    public var unknown: Int64 = 0

    public init() {}
  }

  public private(set) var recognition = Recognition()
  /// The fields that the dialect names.
  public let fields: Set<EventField>
  /// The dialect names places of token counts.
  public let readsUsage: Bool
  private let tally: FieldTally
  private let readers: (alone: BlockReader, enveloped: BlockReader)
  private let opener: LineOpener
  private let block = Block()
  private let finders: (all: RecordFinder, others: RecordFinder)
  private let question: RecordQuestion
  private let sets: Sets
  private let survey: MemberSurvey
  /// By dialects of the two sets that are read with.
  private var sessions = (alone: SessionMemory(), enveloped: SessionMemory())
  /// Some record of the block stands in an envelope.
  private var hasEnveloped = false

  /// - Parameter labels: the table that the sets were compiled for.
  /// - Throws: `DocumentError` when the dialect asks more than can be asked.
  public init(
    _ sets: Sets, labels: LabelTable, limits: InputLimits
  ) throws(DocumentError) {
    self.sets = sets
    func reader(_ set: DialectSet) -> BlockReader {
      BlockReader(
        set: set, wanted: EventField.all, labels: labels, limits: limits,
        key: StoreKey(low: 0, high: 0), countsAggregates: true)
    }
    readers = (reader(sets.alone), reader(sets.enveloped))
    tally = FieldTally(dialect: sets.name)
    readers.alone.observe(tally)
    readers.enveloped.observe(tally)
    opener = LineOpener(limits: limits)
    let index = sets.all.dialects.firstIndex { $0.name == sets.name } ?? 0
    let compiled = sets.all.compile(index, EventField.all)
    finders = (RecordFinder(sets.all, opener.walker), RecordFinder(sets.others, opener.walker))
    question = try RecordQuestion(compiled, opener.walker)
    survey = MemberSurvey(compiled.dialect, opener)
    dialect = compiled.dialect
    fields = Set(compiled.dialect.fields.keys).union(compiled.dialect.defaults.keys)
    readsUsage = !compiled.dialect.usage.isEmpty || compiled.dialect.running != nil
  }

  /// What the dialect is.
  public let dialect: Dialect

  /// An event of the last block is of the dialect, or stands in it as its envelope.
  public func isOwn(_ position: Int) -> Bool { tally.positions.contains(position) }

  /// Records of other dialects that sum requests, by the names of these.
  public var sums: [String: Int64] {
    recognition.others.filter { name, _ in
      sets.all.dialects.contains { $0.aggregates && $0.name.utf8.elementsEqual(name.utf8) }
    }
  }

  /// Events that the dialect read, or completed as their envelope.
  public var events: Int64 { tally.events }

  /// Events in which a field has a value that the dialect itself has read.
  public var filled: [EventField: Int64] { tally.filled }

  /// Records that were refused for a field of the dialect.
  public var refused: [RefusedField: Int64] { tally.refusals }

  /// What was met where the dialect says what words mean.
  public var words: [WordTable] { Array(tally.tables.values) }

  /// Members that look like usage and that the dialect reads nowhere, with the number of their lines.
  public var unread: [UnreadMember] { survey.unread }

  /// A new input begins.
  public func begin() { sessions = (SessionMemory(), SessionMemory()) }

  /// The events of the next block, with the names of the dialects that read its lines; `nil` when
  /// the input is over.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  public func next(
    from input: LogInput
  ) throws(InputError) -> (outcome: BlockOutcome, dialects: [String])? {
    guard try input.fill(block) else { return nil }
    hasEnveloped = false
    tally.beginBlock()
    for offset in opener.lineStarts(of: block) {
      guard let line = opener.open(lineAt: offset, of: block) else { continue }
      survey.beginLine()
      for record in opener.records(of: line) { look(at: record, level: 0) }
      survey.endLine()
    }
    let outcome = read()
    return (outcome, (hasEnveloped ? sets.enveloped : sets.alone).dialects.map(\.name))
  }

  private func read() -> BlockOutcome {
    if hasEnveloped {
      let (outcome, memory) = readers.enveloped.read(block) { self.sessions.enveloped }
      if let memory { sessions.enveloped = memory }
      return outcome
    }
    let (outcome, memory) = readers.alone.read(block) { self.sessions.alone }
    if let memory { sessions.alone = memory }
    return outcome
  }

  /// Looks at a record, or at the records that stand in it.
  private func look(at record: RecordValue, level: Int) {
    guard record.kind == TB_OBJECT else { return }
    let found = finders.all.dialect(of: record)
    if let found, found.dialect.isEnvelope, found.dialect.name != sets.name,
      level < RecordWalker.levelLimit
    {
      let inner = finders.all.records(in: found, opener)
      if inner.contains(where: question.holds) { hasEnveloped = true }
      for record in inner { look(at: record, level: level + 1) }
      if !inner.isEmpty { return }
    }
    // What a record of another dialect holds is the business of that one.
    if recognise(record, as: found?.dialect.name) { survey.look(at: record) }
  }

  /// - Returns: whether no other dialect reads the record.
  private func recognise(_ record: RecordValue, as first: String?) -> Bool {
    recognition.records += 1
    if first == sets.name {
      recognition.own += 1
      // Of a built-in dialect the others are all.
      if let other = finders.others.dialect(of: record)?.dialect.name, other != sets.name {
        recognition.taken[other, default: 0] += 1
      }
    } else if let first {
      recognition.others[first, default: 0] += 1
      if question.holds(record) { recognition.claimed[first, default: 0] += 1 }
    } else {
      recognition.unknown += 1
    }
    return first == nil || first == sets.name
  }
}

/// Tells which dialect of a set a record is.
final class RecordFinder {
  private let detector: DialectDetector
  private let walker: RecordWalker

  init(_ set: DialectSet, _ walker: RecordWalker) {
    self.walker = walker
    detector = DialectDetector(set: set, wanted: [], walker: walker)
  }

  /// The dialect that would read the record; `nil` when none would.
  func dialect(of record: RecordValue) -> CompiledDialect? {
    let guess = detector.initial
    return try? detector.dialect(guess, walker.walk(guess.selector, into: record), record: record)
  }

  /// The records in an envelope that was found last.
  func records(in envelope: CompiledDialect, _ opener: LineOpener) -> [RecordValue] {
    for place in envelope.records {
      let values = walker.values(at: place).flatMap { value in
        value.kind == TB_ARRAY ? walker.elements(of: value, limit: 1000) : [value]
      }
      let records = values.compactMap { $0.isText ? opener.json(in: $0) : $0 }
        .filter { $0.kind == TB_OBJECT }
      if !records.isEmpty { return records }
    }
    return []
  }
}

/// Asks a record whether one dialect recognises it, whatever dialects stand before.
final class RecordQuestion {
  private let walker: RecordWalker
  private let compiled: CompiledDialect
  private let table: DetectionTable
  private let selector: Selector
  private var answers: [UInt64]

  /// - Throws: `DocumentError` when the dialect asks more than can be asked.
  init(_ compiled: CompiledDialect, _ walker: RecordWalker) throws(DocumentError) {
    self.walker = walker
    self.compiled = compiled
    table = try DetectionTable([compiled.dialect])
    answers = Array(repeating: 0, count: table.wordCount)
    let keyed = compiled.dialect.keyed.filter { compiled.element == nil || $0.list.isRooted }
    selector = Selector(.record, keyed: keyed)
    for path in compiled.dialect.embedded where compiled.element == nil || path.isRooted {
      selector.embed(path)
    }
    selector.ask(table)
    selector.seal()
  }

  func holds(_ record: RecordValue) -> Bool {
    if let detection = compiled.ownDetection {
      return walker.walk(compiled.selector, into: record) == TB_OK
        && Conditions(walker: walker, dialect: compiled).isRecord(detection)
    }
    guard walker.walk(selector, into: record) == TB_OK else { return false }
    walker.copyAnswers(to: &answers)
    return table.firstMatch(answers) != nil
  }
}
