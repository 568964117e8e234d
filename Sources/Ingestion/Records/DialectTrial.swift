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
    /// All dialects of the user and the built-in ones.
    public var all: DialectSet
    /// Those without the dialect.
    public var others: DialectSet
    /// The name of the dialect.
    public var name: String

    public init(alone: DialectSet, all: DialectSet, others: DialectSet, name: String) {
      self.alone = alone
      self.all = all
      self.others = others
      self.name = name
    }
  }

  /// Which dialects recognise the lines of a log.
  public struct Recognition: Sendable, Hashable {
    /// Records of lines that are objects.
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
  /// Events in which a field has a value, of those that the dialect names.
  public private(set) var filled: [EventField: Int64] = [:]
  private let reader: BlockReader
  private let opener: LineOpener
  private let block = Block()
  private let finders: (all: RecordFinder, others: RecordFinder)
  private let question: RecordQuestion
  private let sets: Sets
  private let survey: MemberSurvey
  private var session = SessionMemory()

  /// - Parameter labels: the table that the sets were compiled for.
  /// - Throws: `DocumentError` when the dialect asks more than can be asked.
  public init(
    _ sets: Sets, labels: LabelTable, limits: InputLimits
  ) throws(DocumentError) {
    self.sets = sets
    reader = BlockReader(
      set: sets.alone, wanted: EventField.all, labels: labels, limits: limits,
      key: StoreKey(low: 0, high: 0), countsAggregates: true)
    opener = LineOpener(depth: limits.depth)
    let index = sets.all.dialects.firstIndex { $0.name == sets.name } ?? 0
    let compiled = sets.all.compile(index, EventField.all)
    finders = (RecordFinder(sets.all, opener.walker), RecordFinder(sets.others, opener.walker))
    question = try RecordQuestion(compiled, opener.walker)
    survey = MemberSurvey(compiled.dialect, opener)
    fields = Set(compiled.dialect.fields.keys).union(compiled.dialect.defaults.keys)
    readsUsage = !compiled.dialect.usage.isEmpty || compiled.dialect.running != nil
  }

  /// Members that look like usage and that the dialect reads nowhere, with the number of their lines.
  public var unread: [UnreadMember] { survey.unread }

  /// A new input begins.
  public func begin() { session = SessionMemory() }

  /// The events of the next block; `nil` when the input is over.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  public func next(from input: LogInput) throws(InputError) -> BlockOutcome? {
    guard try input.fill(block) else { return nil }
    let (outcome, memory) = reader.read(block) { self.session }
    if let memory { session = memory }
    for event in outcome.batch.events {
      for field in fields where event.has(field) { filled[field, default: 0] += 1 }
    }
    for offset in opener.lineStarts(of: block) {
      guard let line = opener.open(lineAt: offset, of: block) else { continue }
      survey.beginLine()
      for record in opener.records(of: line) where record.kind == TB_OBJECT {
        // What a record of another dialect holds is the business of that one.
        if recognise(record) { survey.look(at: record) }
      }
      survey.endLine()
    }
    return outcome
  }

  /// - Returns: whether no other dialect reads the record.
  private func recognise(_ record: RecordValue) -> Bool {
    recognition.records += 1
    let first = finders.all.dialect(of: record)
    let isOwn = question.holds(record)
    if first == sets.name {
      recognition.own += 1
      // Of a built-in dialect the others are all.
      if let other = finders.others.dialect(of: record), other != sets.name {
        recognition.taken[other, default: 0] += 1
      }
    } else if let first {
      recognition.others[first, default: 0] += 1
      if isOwn { recognition.claimed[first, default: 0] += 1 }
    } else {
      recognition.unknown += 1
    }
    return first == nil || first == sets.name
  }
}

/// Tells which dialect of a set a record is.
final class RecordFinder {
  private let set: DialectSet
  private let detector: DialectDetector
  private let walker: RecordWalker

  init(_ set: DialectSet, _ walker: RecordWalker) {
    self.set = set
    self.walker = walker
    detector = DialectDetector(set: set, wanted: [], walker: walker)
  }

  /// The name of the dialect that would read the record; `nil` when none would.
  func dialect(of record: RecordValue) -> String? {
    let guess = detector.initial
    guard walker.walk(guess.selector, into: record) == TB_OK,
      let found = try? detector.dialect(guess, record: record)
    else { return nil }
    return set.dialects[found.index].name
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
    for (bit, question) in table.questions.enumerated() { selector.add(question, bit: bit) }
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
