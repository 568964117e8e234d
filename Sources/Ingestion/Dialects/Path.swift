/// Where a value stands in a record: a small part of RFC 9535 JSONPath.
///
/// `usage.prompt_tokens`, `choices[0].finish_reason`, `iterations[-1]`, `headers['x.y']`. The
/// record itself is `.`.
struct Path: Hashable, Sendable, CustomStringConvertible {
  enum Step: Hashable, Sendable {
    case key(String)
    /// From 0, or -1 for the last.
    case element(Int)
  }

  var steps: [Step]

  /// Why a text is not a path.
  struct Malformed: Error, Hashable {
    var text: String
    var reason: String
  }

  init(steps: [Step]) { self.steps = steps }

  /// Reads a path.
  ///
  /// - Throws: `Malformed` with what stands in the way.
  init(_ text: String) throws(Malformed) {
    steps = []
    guard text != "." else { return }
    var rest = Substring(text)
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
        steps.append(.key(String(name)))
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
    } else {
      throw Malformed(
        text: text, reason: "`[\(inner)]` is neither an index from 0, `[-1]`, nor `['name']`")
    }
    rest = rest[rest.index(after: close)...]
  }

  /// This path with another behind it.
  func appending(_ other: Path) -> Path { Path(steps: steps + other.steps) }

  var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let name) where name.contains(".") || name.contains("["): text += "['\(name)']"
      case .key(let name): text += text.isEmpty ? name : "." + name
      case .element(let index): text += "[\(index)]"
      }
    }
    return text.isEmpty ? "." : text
  }
}
