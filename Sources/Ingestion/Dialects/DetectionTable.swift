import CSimdjson
import Documents

/// How the dialects of a set are recognised: questions that a walk answers with a bit each, and for
/// each dialect the bits that must and must not be set.
///
/// The questions are the same for all dialects of a set, so that what a record is does not depend on
/// which dialect it is walked with first.
struct DetectionTable: Sendable {
  /// One question to the value at a path.
  struct Question: Hashable, Sendable {
    var path: Path
    var test: Test
  }

  enum Test: Hashable, Sendable {
    case exists, isPresent, isObject, isList, isText, isNumber
    case isWritten(String)
    case hasPrefix(String)
    case hasSuffix(String)
    case isAtLeast(Int64)
  }

  /// Conditions that must all hold: any bit of each of `anyOf`, and none of `noneOf`.
  private struct Group: Sendable {
    var anyOf: [[Int]] = []
    var noneOf: [Int] = []

    func holds(_ bits: [UInt64]) -> Bool {
      noneOf.allSatisfy { !bits.isSet($0) }
        && anyOf.allSatisfy { $0.contains { bits.isSet($0) } }
    }
  }

  private struct Rule: Sendable {
    var all = Group()
    var any: [Group] = []

    func holds(_ bits: [UInt64]) -> Bool {
      all.holds(bits) && (any.isEmpty || any.contains { $0.holds(bits) })
    }
  }

  private(set) var questions: [Question] = []
  private var numbers: [Question: Int] = [:]
  /// By dialect; `nil` for one that asks otherwise.
  private var rules: [Rule?] = []

  /// - Throws: `DocumentError` when the dialects ask more than can be asked.
  init(_ dialects: [Dialect]) throws(DocumentError) {
    for dialect in dialects {
      guard !dialect.isLoose else {
        rules.append(nil)
        continue
      }
      var rule = Rule()
      for clause in dialect.detection.all { add(anyOf: clause, to: &rule.all) }
      for condition in dialect.detection.none { add(condition, isWanted: false, to: &rule.all) }
      for group in dialect.detection.any {
        var alternative = Group()
        for condition in group { add(condition, isWanted: true, to: &alternative) }
        rule.any.append(alternative)
      }
      rules.append(rule)
      guard questions.count <= Int(TB_TEST_LIMIT) else {
        throw DocumentError(
          file: dialect.file, line: 1, column: 1, path: "detect",
          problem: "the dialects together ask more than \(TB_TEST_LIMIT) questions",
          remedy: "Ask for fewer words, or read with fewer dialects.")
      }
    }
  }

  /// Words of 64 bits that hold all answers.
  var wordCount: Int { (questions.count + 63) / 64 }

  /// The first dialect whose conditions the answers meet.
  func firstMatch(_ bits: [UInt64]) -> Int? {
    rules.firstIndex { $0?.holds(bits) ?? false }
  }

  private mutating func add(_ condition: Condition, isWanted: Bool, to group: inout Group) {
    let isNegative: Bool
    let tests: [Test]
    (isNegative, tests) = Self.tests(condition.predicate)
    let bits = tests.map { number(Question(path: condition.path, test: $0)) }
    if isNegative == isWanted { group.noneOf += bits } else { group.anyOf.append(bits) }
  }

  /// A list of which one must hold; alone, a condition may ask for what is missing.
  private mutating func add(anyOf clause: [Condition], to group: inout Group) {
    if clause.count == 1 { return add(clause[0], isWanted: true, to: &group) }
    var bits: [Int] = []
    for condition in clause {
      bits += Self.tests(condition.predicate).1
        .map { number(Question(path: condition.path, test: $0)) }
    }
    group.anyOf.append(bits)
  }

  private mutating func number(_ question: Question) -> Int {
    if let known = numbers[question] { return known }
    numbers[question] = questions.count
    questions.append(question)
    return questions.count - 1
  }

  /// The questions of which a yes to any decides, and whether the condition holds when it is no.
  private static func tests(_ predicate: Condition.Predicate) -> (isNegative: Bool, [Test]) {
    switch predicate {
    case .present: (false, [.isPresent])
    case .absent: (true, [.isPresent])
    case .exists: (false, [.exists])
    case .isOneOf(let words): (false, words.map { .isWritten($0) })
    case .isNoneOf(let words): (true, words.map { .isWritten($0) })
    case .hasPrefix(let text): (false, [.hasPrefix(text)])
    case .hasSuffix(let text): (false, [.hasSuffix(text)])
    case .atLeast(let bound): (false, [.isAtLeast(bound)])
    case .isObject: (false, [.isObject])
    case .isList: (false, [.isList])
    case .isText: (false, [.isText])
    case .isNumber: (false, [.isNumber])
    // `Dialect.Detection` refuses it.
    case .differs: (false, [])
    }
  }
}

extension [UInt64] {
  fileprivate func isSet(_ bit: Int) -> Bool { self[bit / 64] >> UInt64(bit % 64) & 1 == 1 }
}
