import Billing

/// The finite part of a regular expression over model names: alternatives, optional parts, classes
/// of characters, and dates. Our own matching knows names only, so a pattern is spelt out.
struct NamePattern {
  /// Names without a date.
  private(set) var names: [String] = []
  /// Names that a date follows, and in which forms.
  private(set) var dated: [(base: String, format: SnapshotDate.Format)] = []
  /// Names with digits that are no date after a name: these cannot be said. `#` stands for a digit.
  private(set) var unsaid: [String] = []

  /// Stands for a digit that the pattern leaves open.
  private static let digit: Character = "\u{E000}"
  /// A pattern with more names than this is no list of names.
  private static let limit = 512

  /// - Returns: `nil` when the pattern is not finite but for digits, or not anchored at both ends.
  init?(_ pattern: String) {
    var parser = Parser(pattern)
    guard let texts = parser.whole() else { return nil }
    for text in texts where !names.contains(text) {
      guard text.contains(Self.digit) else {
        names.append(text)
        continue
      }
      let open = Self.forms.first { text.hasSuffix($0.text) }
      guard let open, !text.dropLast(open.text.count).contains(Self.digit) else {
        unsaid.append(String(text.map { $0 == Self.digit ? "#" : $0 }))
        continue
      }
      dated.append((String(text.dropLast(open.text.count)), open.format))
    }
  }

  private static let forms = SnapshotDate.Format.allCases.map { format in
    (format: format, text: String(format.name.map { $0.isLetter ? digit : $0 }))
  }

  /// Recursive descent; every function gives all texts that a part matches.
  private struct Parser {
    private var rest: Substring

    init(_ pattern: String) {
      rest = pattern.hasPrefix("(?i)") ? pattern.dropFirst(4) : pattern[...]
    }

    mutating func whole() -> [String]? {
      guard take("^"), let texts = choice(depth: 0), take("$"), rest.isEmpty else { return nil }
      return texts
    }

    private mutating func take(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func choice(depth: Int) -> [String]? {
      guard depth < 16, var texts = sequence(depth: depth) else { return nil }
      while take("|") {
        guard let more = sequence(depth: depth) else { return nil }
        texts += more
        if texts.count > NamePattern.limit { return nil }
      }
      return texts
    }

    private mutating func sequence(depth: Int) -> [String]? {
      var texts = [""]
      while let next = rest.first, next != "|", next != ")", next != "$" {
        guard var part = atom(depth: depth) else { return nil }
        if take("?") {
          part.append("")
        } else if let next = rest.first, "*+".contains(next) {
          return nil
        } else if rest.first == "{" {
          guard let count = repetition() else { return nil }
          let once = part
          part = [""]
          for _ in 0..<count { part = part.flatMap { head in once.map { head + $0 } } }
        }
        guard texts.count * part.count <= NamePattern.limit else { return nil }
        texts = texts.flatMap { head in part.map { head + $0 } }
      }
      return texts
    }

    /// `{8}`, at most ten.
    private mutating func repetition() -> Int? {
      guard let end = rest.firstIndex(of: "}"),
        let count = Int(rest.dropFirst().prefix { $0 != "}" }),
        (1...10).contains(count)
      else { return nil }
      rest = rest[rest.index(after: end)...]
      return count
    }

    private mutating func atom(depth: Int) -> [String]? {
      guard let character = rest.popFirst() else { return nil }
      switch character {
      case "(":
        if rest.hasPrefix("?") {
          guard rest.hasPrefix("?:") else { return nil }
          rest = rest.dropFirst(2)
        }
        guard let texts = choice(depth: depth + 1), take(")") else { return nil }
        return texts
      case "[": return characterClass()
      case "\\": return escape()
      case "^", "*", "+", "?", "{", "}", "]": return nil
      // An open point in these tables stands for the point of a version.
      default: return [String(character)]
      }
    }

    private mutating func escape() -> [String]? {
      guard let character = rest.popFirst() else { return nil }
      if character == "d" { return [String(NamePattern.digit)] }
      return character.isLetter || character.isNumber ? nil : [String(character)]
    }

    private mutating func characterClass() -> [String]? {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      let members = rest[..<end]
      rest = rest[rest.index(after: end)...]
      if members == "0-9" { return [String(NamePattern.digit)] }
      // A hyphen inside is a range, `^` at the start a complement: neither is a short list.
      guard !members.isEmpty, members.first != "^", !members.contains("\\"),
        !members.dropFirst().dropLast().contains("-")
      else { return nil }
      return members.map(String.init)
    }
  }
}
