import Billing
import Documents

/// What is wrong in a dialect file although each of its parts can be read: keys that exclude one
/// another, lists that say nothing, names that nothing answers.
///
/// Whatever the engine would pass over in silence is an error here, with its line: else a slip of the
/// pen shows as a figure that is missing months later.
struct DialectLint {
  let root: DocumentNode
  let dialect: Dialect

  func check() throws(DocumentError) {
    try checkName()
    try checkLists(root)
    try checkCombinations()
    for key in ["fields", "defaults"] {
      guard let fields = try value(key) else { continue }
      for (name, node) in try fields.mapping(allowing: nil).all {
        guard let field = EventField(rawValue: name) else { continue }
        try AlternativeLint(field: field).check(node)
      }
    }
    if let errors = try value("errors") { try AlternativeLint.errors.check(errors) }
    if let gateway = try value("gateway") { try checkGateway(gateway) }
    try checkCarry()
    try checkNodes(root, key: "", mayLeaveElement: true)
  }

  private func value(_ key: String) throws(DocumentError) -> DocumentNode? {
    try root.mapping(allowing: nil).optional(key)
  }

  /// Names stand in tables, ledgers and shell commands.
  private func checkName() throws(DocumentError) {
    guard let node = try value("dialect") else { return }
    let parts = dialect.name.utf8.split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isName = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { byte in
          (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
            || byte == 0x2D
        }
    }
    guard !isName || dialect.name.utf8.count > 64 else { return }
    throw node.error(
      "`\(dialect.name)` is no name for a dialect",
      "Write small letters, digits, `_`, `-` and dots, such as `acme.log`.")
  }

  private func checkGateway(_ node: DocumentNode) throws(DocumentError) {
    if let scalar = node.scalar {
      guard scalar.text.isEmpty else { return }
      throw node.error("the gateway has no name", "Write `gateway: acme`.")
    }
    try AlternativeLint(field: nil).check(node)
  }

  // MARK: Lists

  /// An empty list is a question that was not finished; an item that stands twice hides a slip.
  private func checkLists(_ node: DocumentNode) throws(DocumentError) {
    switch node.content {
    case .scalar: return
    case .mapping:
      for (_, value) in try node.mapping(allowing: nil).all { try checkLists(value) }
    case .sequence:
      let items = try node.list()
      guard !items.isEmpty else {
        throw node.error("an empty list says nothing", "Leave the key out, or list something.")
      }
      var seen: Set<[UInt8]> = []
      for item in items {
        if let scalar = item.scalar, !seen.insert(Array(scalar.text.utf8)).inserted {
          throw item.error("`\(scalar.text)` stands twice in this list", "Keep one of the two.")
        }
        try checkLists(item)
      }
    }
  }

  // MARK: Keys of the file

  /// A key that cannot stand beside another, or not without it.
  private struct Clash: Sendable {
    var key: String
    var isWrong: @Sendable (Dialect) -> Bool
    var problem: String
    var remedy: String
  }

  private static let clashes = [
    Clash(
      key: "each", isWrong: { $0.isEnvelope },
      problem: "`each` and `unwrap` exclude one another",
      remedy: "Keep `unwrap`, and write `each` in the dialect of the records inside."),
    Clash(
      key: "each", isWrong: { $0.isLoose }, problem: "`keys: loose` and `each` exclude one another",
      remedy: "Leave out `keys: loose` and write the names as the log does."),
    Clash(
      key: "containers", isWrong: { !$0.isLoose },
      problem: "`containers` is read with `keys: loose` only",
      remedy: "Add `keys: loose`, or write whole paths."),
    Clash(
      key: "defaults", isWrong: { !$0.isEnvelope },
      problem: "`defaults` is what an envelope says where its record does not",
      remedy: "Write these under `fields`, or add `unwrap`."),
    Clash(
      key: "carry", isWrong: { $0.isEnvelope }, problem: "an envelope carries nothing",
      remedy: "Write `carry` in the dialect of the records inside."),
    Clash(
      key: "running", isWrong: { $0.isEnvelope }, problem: "an envelope has no running totals",
      remedy: "Write `running` in the dialect of the records inside."),
    Clash(
      key: "revisions", isWrong: { $0.isEnvelope }, problem: "an envelope has no revisions",
      remedy: "Write `revisions` in the dialect of the records inside."),
    Clash(
      key: "aggregates", isWrong: { $0.isEnvelope && $0.aggregates },
      problem: "an envelope is no aggregate",
      remedy: "Write `aggregates` in the dialect of the records inside."),
    Clash(
      key: "expand", isWrong: { $0.isEnvelope }, problem: "an envelope expands nothing",
      remedy: "Write `expand` in the dialect of the records inside."),
  ]

  private func checkCombinations() throws(DocumentError) {
    let mapping = try root.mapping(allowing: nil)
    for clash in Self.clashes where clash.isWrong(dialect) {
      guard let node = mapping.optional(clash.key) else { continue }
      throw node.error(clash.problem, clash.remedy)
    }
  }

  // MARK: What is carried

  private func checkCarry() throws(DocumentError) {
    guard let carry = try value("carry") else { return }
    let all = try carry.mapping(allowing: nil).all
    guard !all.isEmpty else {
      throw carry.error("nothing is carried", "Write `carry: {model: {path: …, when: …}}`.")
    }
    for (name, node) in all where !Self.reservedNames.contains(name) {
      try AlternativeLint(field: nil, isCarried: true).check(node)
    }
  }

  /// Keys of `carry` that are no values.
  static let reservedNames = ["usage", "begin"]

  private func checkCarried(_ node: DocumentNode) throws(DocumentError) {
    let name = try node.text()
    let known = dialect.carried.map(\.name)
    guard !known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return }
    let remedy = "Write `carry: {\(name): …}` where it is set."
    let advice = known.isEmpty ? "" : DocumentNode.advice(name, among: known) + " "
    throw node.error("`\(name)` is carried by no line", advice + remedy)
  }

  // MARK: Every node

  /// Keys whose text is no path.
  private static let textKeys: Set<String> = [
    "constant", "otherwise", "equals", "in", "not", "not_in", "prefix", "after", "after_last",
    "before", "title", "sources", "dialect", "values", "carried", "chained", "split", "zone",
  ]
  /// Keys below which paths start at an element of a list, whatever stands around it.
  private static let innerKeys: Set<String> = ["attempts", "expand", "shape", "keyed"]
  private static let conditionKeys: Set<String> = [
    "when", "skip", "all", "any", "none", "fallback", "retry", "primary", "routed", "begin",
  ]

  private func checkNodes(
    _ node: DocumentNode, key: String, mayLeaveElement: Bool
  ) throws(DocumentError) {
    if Self.textKeys.contains(key) {
      if key == "carried" || key == "chained" { try checkCarried(node) }
      return
    }
    switch node.content {
    case .scalar(let scalar):
      if scalar.text.hasPrefix("$") { try checkRoot(node, scalar.text, key, mayLeaveElement) }
    case .sequence:
      for item in try node.list() {
        try checkNodes(item, key: key, mayLeaveElement: mayLeaveElement)
      }
    case .mapping:
      if Self.conditionKeys.contains(key) { try checkCondition(node) }
      if key == "shape" { try checkShape(node) }
      for (name, value) in try node.mapping(allowing: nil).all {
        // The list of attempts stands where all else does; only what is inside does not.
        let isInner = Self.innerKeys.contains(key) && !["list", "at"].contains(name)
        try checkNodes(value, key: name, mayLeaveElement: mayLeaveElement && !isInner)
      }
    }
  }

  private func checkRoot(
    _ node: DocumentNode, _ text: String, _ key: String, _ mayLeaveElement: Bool
  ) throws(DocumentError) {
    guard text.hasPrefix("$.") else { return }
    if dialect.each.isEmpty {
      throw node.error(
        "`$.` leads out of an element, and there is no `each`",
        "Leave out `$.`: all paths start at the record.")
    }
    guard mayLeaveElement else {
      throw node.error(
        "this path starts at an element of a list, and cannot leave it",
        "Leave out `$.`, and write a path below the element.")
    }
  }

  private func checkCondition(_ node: DocumentNode) throws(DocumentError) {
    let asked = try node.mapping(allowing: nil).keys.filter { !["path"].contains($0) }
    guard asked.count > 1, asked.allSatisfy(Condition.questions.contains) else { return }
    throw node.error(
      "one condition asks `\(asked[0])` and `\(asked[1])`",
      "Write two conditions, a list item each.")
  }

  private func checkShape(_ node: DocumentNode) throws(DocumentError) {
    let keys = try node.mapping(allowing: nil).keys
    guard !keys.contains("input"), !keys.contains("output") else { return }
    throw node.error(
      "the shape tells neither `input` nor `output`",
      "Add `input: PATH` and `output: PATH`, below the usage object.")
  }
}
