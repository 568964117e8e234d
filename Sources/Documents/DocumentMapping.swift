/// A mapping whose keys have been checked against those that may stand there.
public struct DocumentMapping: Sendable {
  public let node: DocumentNode
  private let entries: [DocumentNode.Entry]

  init(node: DocumentNode, entries: [DocumentNode.Entry]) {
    self.node = node
    self.entries = entries
  }

  /// The keys that are present, in the order of the file.
  public var keys: [String] { entries.map(\.key) }

  /// The values with their keys, in the order of the file; for mappings with free keys.
  public var all: [(key: String, value: DocumentNode)] {
    entries.map { ($0.key, node.child($0.key, $0.value)) }
  }

  /// The value of a key that must be there and must not be null.
  ///
  /// - Throws: `DocumentError` that names the key.
  public func required(_ key: String) throws(DocumentError) -> DocumentNode {
    guard let value = optional(key) else {
      throw node.error("`\(key)` is missing", "Add `\(key)` here.")
    }
    return value
  }

  /// The value of a key; `nil` when it is absent or null.
  public func optional(_ key: String) -> DocumentNode? {
    guard let entry = entries.first(where: { $0.key.utf8.elementsEqual(key.utf8) }) else {
      return nil
    }
    let value = node.child(key, entry.value)
    return value.isNull ? nil : value
  }

  /// The value of a key, also when it is null; `nil` when the key is absent.
  public func stated(_ key: String) -> DocumentNode? {
    entries.first { $0.key.utf8.elementsEqual(key.utf8) }.map { node.child(key, $0.value) }
  }
}

extension DocumentNode {
  /// The mapping, with every key among `keys`.
  ///
  /// - Parameter keys: what may stand here; `nil` for a mapping with free keys.
  /// - Throws: `DocumentError` when the node is not a mapping, a key is unknown or stands twice.
  public func mapping(allowing keys: [String]?) throws(DocumentError) -> DocumentMapping {
    guard case .mapping(let entries) = element.content else {
      throw error("a mapping is expected, this is \(kindName)", "Write `key: value` lines here.")
    }
    var seen: Set<[UInt8]> = []
    for entry in entries {
      let place = DocumentError(
        file: file, line: entry.line, column: entry.column, path: path, problem: "", remedy: "")
      if let keys, !keys.contains(where: { $0.utf8.elementsEqual(entry.key.utf8) }) {
        throw place.saying("`\(entry.key)` is not known here", Self.advice(entry.key, among: keys))
      }
      guard seen.insert(Array(entry.key.utf8)).inserted else {
        throw place.saying("`\(entry.key)` stands twice", "Keep one of the two.")
      }
    }
    return DocumentMapping(node: self, entries: entries)
  }

  /// `Did you mean …?`, or the list of what is allowed.
  public static func advice(_ word: String, among words: [String]) -> String {
    let ranked = words.map { ($0, EditDistance.between($0, word)) }
    if let nearest = ranked.min(by: { $0.1 < $1.1 }), nearest.1 <= max(1, word.utf8.count / 3) {
      return "Did you mean `\(nearest.0)`?"
    }
    if word.utf8.count > 3, let longer = words.first(where: { $0.hasPrefix(word + "_") }) {
      return "Did you mean `\(longer)`?"
    }
    return "Allowed: " + words.joined(separator: ", ") + "."
  }
}

extension DocumentError {
  fileprivate func saying(_ problem: String, _ remedy: String) -> DocumentError {
    var copy = self
    copy.problem = problem
    copy.remedy = remedy
    return copy
  }
}

/// Levenshtein's distance over bytes.
public enum EditDistance {
  /// The least number of inserted, removed and replaced bytes.
  ///
  /// - Complexity: O(*n* · *m*); texts above 64 bytes count as far apart.
  public static func between(_ first: String, _ second: String) -> Int {
    let a = Array(first.utf8)
    let b = Array(second.utf8)
    guard a.count <= 64, b.count <= 64 else { return Int.max }
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
