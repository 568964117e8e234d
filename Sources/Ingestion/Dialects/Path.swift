/// Where a value stands in a record: a small part of RFC 9535 JSONPath.
///
/// `usage.prompt_tokens`, `choices[0].finish_reason`, `iterations[-1]`, `headers['x.y']`,
/// `details[?modality=='AUDIO'].tokens`, `value.*`. The record itself is `.`; where a record is
/// fanned out, paths start at an element and `$.` at the record.
struct Path: Hashable, Sendable, CustomStringConvertible {
  enum Step: Hashable, Sendable {
    case key(String)
    /// From 0, or -1 for the last.
    case element(Int)
    /// The first object of a list whose member `name` is this text.
    case filter(name: String, text: String)
    /// The first member of an object, whatever its name.
    case any
    /// All elements of a list, or all members of an object: only to fan out.
    case all
  }

  var steps: [Step]
  /// It starts at the record, not at an element of it.
  var isRooted = false

  /// Why a text is not a path.
  struct Malformed: Error, Hashable {
    var text: String
    var reason: String
  }

  init(steps: [Step], isRooted: Bool = false) {
    self.steps = steps
    self.isRooted = isRooted
  }

  /// Reads a path.
  ///
  /// - Throws: `Malformed` with what stands in the way.
  init(_ text: String) throws(Malformed) {
    steps = []
    guard text != ".", text != "$" else { return }
    isRooted = text.hasPrefix("$.")
    var rest = Substring(text).dropFirst(isRooted ? 2 : 0)
    var wantsKey = true
    while let first = rest.utf8.first {
      if first == UInt8(ascii: "[") {
        try readBracket(&rest, text)
        wantsKey = false
      } else if first == UInt8(ascii: ".") && !wantsKey {
        rest.removeFirst()
        wantsKey = true
      } else if wantsKey {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty else { throw Malformed(text: text, reason: "a name is empty") }
        steps.append(name == "*" ? .any : .key(String(name)))
        rest = rest.dropFirst(name.count)
        wantsKey = false
      } else {
        throw Malformed(text: text, reason: "a `.` is missing before `\(rest)`")
      }
    }
    guard !steps.isEmpty, !wantsKey else {
      throw Malformed(text: text, reason: "the path ends too early")
    }
  }

  private mutating func readBracket(_ rest: inout Substring, _ text: String) throws(Malformed) {
    guard let close = rest.firstIndex(of: "]") else {
      throw Malformed(text: text, reason: "`[` is not closed")
    }
    let inner = rest[rest.index(after: rest.startIndex)..<close]
    if inner.count >= 2, inner.first == "'", inner.last == "'" {
      steps.append(.key(String(inner.dropFirst().dropLast())))
    } else if let index = Int(inner), index >= -1 {
      steps.append(.element(index))
    } else if inner == "*" {
      steps.append(.all)
    } else if let filter = Self.filter(inner) {
      steps.append(filter)
    } else if let quoted = Self.quoted(inner) {
      throw Malformed(
        text: text, reason: "the text in `[\(inner)]` needs quotes; write `[\(quoted)]`")
    } else {
      throw Malformed(
        text: text,
        reason: "`[\(inner)]` is none of `[0]`, `[-1]`, `['name']`, `[?name=='text']`, `[*]`")
    }
    rest = rest[rest.index(after: close)...]
  }

  /// `?name=='text'`.
  private static func filter(_ inner: Substring) -> Step? {
    guard inner.first == "?", inner.last == "'", let equals = inner.firstRange(of: "=='") else {
      return nil
    }
    let name = inner[inner.index(after: inner.startIndex)..<equals.lowerBound]
    let text = inner[equals.upperBound...].dropLast()
    return name.isEmpty || text.contains("'")
      ? nil : .filter(name: String(name), text: String(text))
  }

  /// What was meant by `?name==text`; `nil` for anything else.
  private static func quoted(_ inner: Substring) -> String? {
    guard inner.first == "?", let equals = inner.firstRange(of: "==") else { return nil }
    let marks: Set<Character> = ["'", "\"", " "]
    let name = inner[inner.index(after: inner.startIndex)..<equals.lowerBound]
      .filter { !marks.contains($0) }
    let text = inner[equals.upperBound...].filter { !marks.contains($0) }
    return name.isEmpty || text.isEmpty ? nil : "?\(name)=='\(text)'"
  }

  /// This path with another behind it.
  func appending(_ other: Path) -> Path {
    Path(steps: steps + other.steps, isRooted: isRooted || other.isRooted)
  }

  /// The pieces between the `[*]`.
  var fanOut: [Path] {
    steps.split(separator: .all, omittingEmptySubsequences: false).map { Path(steps: Array($0)) }
  }

  var description: String {
    var text = isRooted ? "$" : ""
    for step in steps {
      switch step {
      case .key(let name) where name.contains(".") || name.contains("["): text += "['\(name)']"
      case .key(let name): text += text.isEmpty ? name : "." + name
      case .element(let index): text += "[\(index)]"
      case .filter(let name, let value): text += "[?\(name)=='\(value)']"
      case .any: text += text.isEmpty ? "*" : ".*"
      case .all: text += "[*]"
      }
    }
    return text.isEmpty ? "." : text
  }
}
