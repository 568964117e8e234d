import Billing
import CSimdjson

/// Finds the dialect of the record that the walker has just read, with a guess first: lines follow
/// lines of their kind.
final class DialectDetector {
  private let set: DialectSet
  private let wanted: Set<EventField>
  private let walker: RecordWalker
  private var compiled: [CompiledDialect?]
  /// The answers of the last record and the dialect that they meant.
  private var lastAnswers: [UInt64]
  private var last: Int?
  private var known: [[UInt64]: Int?] = [:]
  /// Lines of one dialect in succession.
  private var lineCount = 0
  /// Of the line that was guessed last, if it was asked for.
  private var shape: UInt64?
  /// By the shape of a line; -1 where none was met.
  private var byShape = [Int16](repeating: -1, count: 4096)
  private var inside: [Int: Int] = [:]
  private var latest: Int
  /// Dialects that ask on their own, after all others.
  private let loose: [Int]
  /// Asks the questions and takes nothing.
  private let questions = Selector()

  private static let memoryLimit = 4096
  /// After so many lines of one dialect the next is taken for one of it, unseen.
  private static let uniformity = 16

  init(set: DialectSet, wanted: Set<EventField>, walker: RecordWalker) {
    self.set = set
    self.wanted = wanted
    self.walker = walker
    compiled = Array(repeating: nil, count: set.dialects.count)
    lastAnswers = Array(repeating: 0, count: set.detection.wordCount)
    loose = set.dialects.indices.filter { set.dialects[$0].isLoose }
    latest = set.forced ?? set.dialects.firstIndex { !$0.isLoose } ?? 0
    questions.ask(set.detection)
    questions.seal()
  }

  /// The dialect to begin with.
  var initial: CompiledDialect { dialect(at: latest) }

  /// A guess at the dialect of a line.
  ///
  /// - Parameter shape: what the line looks like; asked only while lines are of several dialects.
  func guess(_ shape: () -> UInt64) -> CompiledDialect {
    guard lineCount < Self.uniformity, set.forced == nil else {
      self.shape = nil
      return dialect(at: latest)
    }
    let shape = shape()
    self.shape = shape
    let known = byShape[Self.slot(shape)]
    return dialect(at: known >= 0 ? Int(known) : latest)
  }

  /// The dialect of the last record in such an envelope.
  func guess(inside envelope: CompiledDialect) -> CompiledDialect {
    dialect(at: inside[envelope.index] ?? latest)
  }

  /// Keeps in mind what the line was that was guessed last. A loose dialect is no guess: its walk
  /// answers no questions.
  func remember(_ dialect: CompiledDialect) {
    lineCount = dialect.index == latest ? lineCount + 1 : 0
    guard !dialect.dialect.isLoose else { return }
    latest = dialect.index
    if let shape { byShape[Self.slot(shape)] = Int16(truncatingIfNeeded: dialect.index) }
  }

  func remember(_ dialect: CompiledDialect, inside envelope: CompiledDialect) {
    guard !dialect.dialect.isLoose else { return }
    inside[envelope.index] = dialect.index
  }

  /// The dialect of the record that was walked with a guess; it is walked again when the guess was
  /// wrong.
  ///
  /// - Parameters:
  ///   - walk: what became of the walk with the guess. What is wrong in a place that only the guess
  ///     looks at is no reason to refuse a record of another dialect.
  ///   - record: where it stands; `nil` for the line itself.
  func dialect(
    _ guess: CompiledDialect, _ walk: tb_status, record: RecordValue?
  ) throws(RejectionReason) -> CompiledDialect {
    if set.forced != nil {
      try RejectionReason.check(walk)
      return guess
    }
    if walk != TB_OK { try walkAgain(questions, record) }
    if let index = match() {
      if index == guess.index, walk == TB_OK { return guess }
      let found = dialect(at: index)
      try walkAgain(found.selector, record)
      return found
    }
    for index in loose {
      let found = dialect(at: index)
      try walkAgain(found.selector, record)
      if let detection = found.ownDetection, holds(detection, found) { return found }
    }
    throw .unknownFormat
  }

  private func holds(_ detection: CompiledDetection, _ dialect: CompiledDialect) -> Bool {
    Conditions(walker: walker, dialect: dialect).isRecord(detection)
  }

  private func match() -> Int? {
    if let last, walker.answersAre(lastAnswers) { return last }
    walker.copyAnswers(to: &lastAnswers)
    if let remembered = known[lastAnswers] {
      last = remembered
      return remembered
    }
    last = set.detection.firstMatch(lastAnswers)
    if known.count >= Self.memoryLimit { known.removeAll(keepingCapacity: true) }
    known[lastAnswers] = .some(last)
    return last
  }

  private func walkAgain(
    _ selector: Selector, _ record: RecordValue?
  ) throws(RejectionReason) {
    try RejectionReason.check(
      record.map { walker.walk(selector, into: $0) } ?? walker.walkAgain(selector))
  }

  private func dialect(at index: Int) -> CompiledDialect {
    if let ready = compiled[index] { return ready }
    let made = set.compile(index, wanted)
    compiled[index] = made
    return made
  }

  private static func slot(_ shape: UInt64) -> Int {
    Int(truncatingIfNeeded: (shape &* 0x9E37_79B9_7F4A_7C15) >> 52)
  }
}

extension RejectionReason {
  /// - Throws: the reason for which a walk ended early.
  static func check(_ status: tb_status) throws(RejectionReason) {
    switch status {
    case TB_OK: return
    case TB_TOO_DEEP: throw .tooDeep
    case TB_DUPLICATE_KEY: throw .duplicateKey
    case TB_TOO_MANY_DIGITS: throw .tooManyDigits
    default: throw .malformed
    }
  }
}
