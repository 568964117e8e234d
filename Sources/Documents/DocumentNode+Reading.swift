import Yams

extension DocumentNode {
  /// Reads one YAML or JSON document.
  ///
  /// Anchors and aliases are refused: they let a small file stand for an endless one, and hide from
  /// the reader what a price is. Duplicate keys are refused.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, at most `DocumentLimits.bytes`.
  ///   - file: the name for messages.
  /// - Throws: `DocumentError`.
  public static func read(bytes: [UInt8], file: String) throws(DocumentError) -> DocumentNode {
    func failure(_ line: Int, _ column: Int, _ problem: String, _ remedy: String) -> DocumentError {
      DocumentError(file: file, line: line, column: column, problem: problem, remedy: remedy)
    }
    guard bytes.count <= DocumentLimits.bytes else {
      throw failure(1, 1, "the file is larger than 64 MiB", "Split it, or give the right file.")
    }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw failure(1, 1, "the file is not UTF-8", "Save it as UTF-8.")
    }
    if let element = JSONDocumentReader.read(body) {
      return DocumentNode(file: file, element: element)
    }
    let root: Node
    let parser: Parser
    do {
      parser = try Parser(yaml: text, encoding: .utf8)
      root = try parser.singleRoot() ?? Node("", Tag(.null))
    } catch let error as YamlError {
      throw documentError(error, text: text, file: file)
    } catch {
      throw failure(1, 1, "the file cannot be read as YAML", "Check its syntax.")
    }
    // Nodes hold their anchors weakly: the parser must live while they are looked for.
    defer { withExtendedLifetime(parser) {} }
    return DocumentNode(file: file, element: try element(root, file: file, depth: 0))
  }

  /// Reads one YAML or JSON document from text.
  ///
  /// - Throws: `DocumentError`.
  public static func read(text: String, file: String) throws(DocumentError) -> DocumentNode {
    try read(bytes: Array(text.utf8), file: file)
  }

  /// Recursion is bounded by `DocumentLimits.depth`.
  private static func element(_ node: Node, file: String, depth: Int) throws(DocumentError)
    -> Element
  {
    let line = node.mark?.line ?? 1
    let column = node.mark?.column ?? 1
    func failure(_ problem: String, _ remedy: String) -> DocumentError {
      DocumentError(file: file, line: line, column: column, problem: problem, remedy: remedy)
    }
    guard depth < DocumentLimits.depth || node.scalar != nil else {
      throw failure("nested deeper than \(DocumentLimits.depth) levels", "Flatten the document.")
    }
    guard node.anchor == nil else {
      throw failure("anchors and aliases are not accepted", "Write the value out where it is used.")
    }
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style != .plain && scalar.style != .any
      let value = Scalar(text: scalar.string, isQuoted: isQuoted)
      return Element(content: .scalar(value), line: line, column: column)
    case .sequence(let sequence):
      var items: [Element] = []
      for item in sequence { items.append(try element(item, file: file, depth: depth + 1)) }
      return Element(content: .sequence(items), line: line, column: column)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          throw failure("a key must be a text", "Write `key: value`.")
        }
        entries.append(
          Entry(
            key: name.string, line: name.mark?.line ?? line, column: name.mark?.column ?? column,
            value: try element(value, file: file, depth: depth + 1)))
      }
      return Element(content: .mapping(entries), line: line, column: column)
    case .alias:
      throw failure("anchors and aliases are not accepted", "Write the value out where it is used.")
    }
  }

  private static func documentError(_ error: YamlError, text: String, file: String)
    -> DocumentError
  {
    var problem = "the file cannot be read as YAML"
    var remedy = "Check indentation, quotes and brackets."
    var line = 1
    var column = 1
    switch error {
    case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _):
      (problem, line, column) = (what, mark.line, mark.column)
    case .composer(_, let what, let mark, _):
      (problem, line, column) = (what, mark.line, mark.column)
      if what.contains("another document") { remedy = "Keep one document in a file." }
    case .reader(let what, let offset, _, _):
      problem = what
      let before = text.prefix(offset ?? 0)
      line = before.count(where: \.isNewline) + 1
      column =
        (before.lastIndex(where: \.isNewline).map { before[$0...].count } ?? before.count + 1)
      remedy = "Remove the character that cannot be printed."
    case .duplicatedKeysInMapping(let keys, let context):
      problem = keys.map { "`\($0)`" }.joined(separator: ", ") + " stands twice in one mapping"
      (line, column) = (context.mark.line, context.mark.column)
      remedy = "Keep one of the two."
    default: break
    }
    // In `[…]` and `{…}` a text ends at a bracket: the parser says so in words of its own.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let near = lines.indices.filter { (line - 2...line - 1).contains($0) }
    if near.contains(where: { lines[$0].firstRange(of: #/[\[{].*\w\[/#) != nil }) {
      remedy += " A path with brackets needs quotes here: \"list[0].name\"."
    }
    return DocumentError(file: file, line: line, column: column, problem: problem, remedy: remedy)
  }
}
