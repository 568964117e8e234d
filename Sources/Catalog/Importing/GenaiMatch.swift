import Billing
import Documents

/// The tree of conditions by which genai-prices finds a model.
indirect enum GenaiMatch {
  case equals(String), startsWith(String), endsWith(String), contains(String)
  case pattern(Regex<AnyRegexOutput>, text: String)
  case any([GenaiMatch]), all([GenaiMatch])

  /// - Throws: `DocumentError` when the tree is not of the known form.
  init(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: nil)
    guard let (key, value) = map.all.first, map.keys.count == 1 else {
      throw node.error("one condition is expected", "Check the table.")
    }
    switch key {
    case "equals": self = .equals(try value.text().lowercased())
    case "starts_with": self = .startsWith(try value.text().lowercased())
    case "ends_with": self = .endsWith(try value.text().lowercased())
    case "contains": self = .contains(try value.text().lowercased())
    case "regex":
      let text = try value.text()
      guard let regex = try? Regex(text) else {
        throw value.error("`\(text)` is not a regular expression", "Check the table.")
      }
      self = .pattern(regex, text: text)
    case "or_", "or", "and_", "and":
      var parts: [GenaiMatch] = []
      for part in try value.list() { parts.append(try GenaiMatch(part)) }
      self = key.hasPrefix("or") ? .any(parts) : .all(parts)
    default: throw value.error("the condition `\(key)` is not known", "Add it to the importer.")
    }
  }

  /// - Parameter name: in lower case.
  func matches(_ name: String) -> Bool {
    switch self {
    case .equals(let text): name == text
    case .startsWith(let text): name.hasPrefix(text)
    case .endsWith(let text): name.hasSuffix(text)
    case .contains(let text): name.contains(text)
    case .pattern(let regex, _): name.firstMatch(of: regex) != nil
    case .any(let parts): parts.contains { $0.matches(name) }
    case .all(let parts): parts.allSatisfy { $0.matches(name) }
    }
  }

  /// The beginnings of names that are spelt out.
  var beginnings: [String] {
    switch self {
    case .equals(let text), .startsWith(let text), .contains(let text): [text]
    case .any(let parts), .all(let parts): parts.flatMap(\.beginnings)
    case .endsWith, .pattern: []
    }
  }

  /// The names that are spelt out.
  var names: [String] {
    switch self {
    case .equals(let text): [text]
    case .any(let parts): parts.flatMap(\.names)
    default: []
    }
  }

  /// The parts that are no whole names.
  var open: [GenaiMatch] {
    switch self {
    case .equals: []
    case .any(let parts), .all(let parts): parts.flatMap(\.open)
    case .startsWith, .endsWith, .contains, .pattern: [self]
    }
  }

  /// Names that may meet the condition: its texts, and what its patterns enumerate.
  var candidates: [String] {
    switch self {
    case .equals(let text), .startsWith(let text), .contains(let text), .endsWith(let text): [text]
    case .any(let parts), .all(let parts): parts.flatMap(\.candidates)
    case .pattern(_, let text): (NamePattern(text)?.names ?? []).map { $0.lowercased() }
    }
  }
}
