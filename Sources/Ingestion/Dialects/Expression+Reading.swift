import Billing
import Documents

extension Expression {
  /// A path, a mapping, or a list of them.
  ///
  /// - Parameters:
  ///   - words: what a constant and the meaning of a word may be; `nil` for any text.
  ///   - canFanOut: a path may name many values.
  init(
    _ node: DocumentNode, words: [String]? = nil, canFanOut: Bool = false
  ) throws(DocumentError) {
    guard case .sequence = node.content else {
      alternatives = [try Alternative(node, words, canFanOut: canFanOut)]
      return
    }
    for item in try node.list() {
      alternatives.append(try Alternative(item, words, canFanOut: canFanOut))
    }
  }

  /// A bare word is a constant here: `gateway: litellm`.
  init(constantOrExpression node: DocumentNode) throws(DocumentError) {
    if node.scalar != nil {
      self.init(alternatives: [Alternative(source: .constant(try node.text()))])
    } else {
      try self.init(node)
    }
  }
}

extension Alternative {
  private static let keys = [
    "path", "from", "to", "constant", "host", "url_path", "suffix", "count", "sum", "carried",
    "chained", "unit", "zone", "split", "factor", "after", "after_last", "before", "markup_ratio",
    "less", "values",
    "otherwise",
    "when", "secret", "warn",
  ]

  /// - Parameters:
  ///   - words: what a constant and the meaning of a word may be; `nil` for any text.
  ///   - extra: keys that the caller reads.
  init(
    _ node: DocumentNode, _ words: [String]?, extra: [String] = [], canFanOut: Bool = false
  ) throws(DocumentError) {
    func meaning(_ node: DocumentNode) throws(DocumentError) -> String {
      // The empty text means that nothing is said.
      if let words, node.scalar?.text != "" { try node.word(of: words) } else { try node.text() }
    }
    if node.scalar != nil {
      source = .path(try Path(node, canFanOut: canFanOut))
      return
    }
    let mapping = try node.mapping(allowing: Self.keys + extra)
    source = try Self.source(mapping, node, canFanOut: canFanOut)
    if let constant = mapping.optional("constant") { _ = try meaning(constant) }
    if let unit = mapping.optional("unit") {
      self.unit = try Self.unit(unit)
    }
    if let values = mapping.optional("values") {
      for (key, value) in try values.mapping(allowing: nil).all {
        self.values.append((key, try meaning(value)))
      }
    }
    otherwise = try mapping.optional("otherwise").map(meaning)
    when = try mapping.optional("when").map(Condition.list) ?? []
    isSecret = try mapping.optional("secret")?.bool() ?? false
    warnings = try mapping.optional("warn").map(EventWarnings.init) ?? []
    slice = try Self.slice(mapping)
    separator = try mapping.optional("split")?.text()
    if let node = mapping.optional("zone") {
      let name = try node.text()
      zone = LogZone(name)
      if zone == nil {
        throw node.error(
          "`\(name)` is no time zone",
          "Write an offset such as `+02:00`, or a name such as `Europe/Berlin`.")
      }
    }
    factor = try mapping.optional("factor")?.decimal()
    less = try mapping.optional("less").map(Path.list) ?? []
    ratios = try mapping.optional("markup_ratio").map(Path.list) ?? []
  }

  private static func unit(_ node: DocumentNode) throws(DocumentError) -> ValueUnit {
    do throws(DocumentError) {
      let word = try node.word(of: ValueUnit.allCases.map(\.rawValue))
      return ValueUnit(rawValue: word) ?? .none
    } catch {
      var error = error
      error.remedy +=
        " Write `factor:` for any other, such as `factor: \"0.000001\"` for millionths of a dollar."
      throw error
    }
  }

  private static func slice(_ mapping: DocumentMapping) throws(DocumentError) -> Slice? {
    let last = try mapping.optional("after_last")?.text()
    var after = last
    if after == nil { after = try mapping.optional("after")?.text() }
    let before = try mapping.optional("before")?.text()
    return after == nil && before == nil
      ? nil : Slice(after: after, isLast: last != nil, before: before)
  }

  private static func source(
    _ mapping: DocumentMapping, _ node: DocumentNode, canFanOut: Bool
  ) throws(DocumentError) -> Source {
    if let path = mapping.optional("path") { return .path(try Path(path, canFanOut: canFanOut)) }
    if let constant = mapping.optional("constant") { return .constant(try constant.text()) }
    if let host = mapping.optional("host") { return .host(try Path(host)) }
    if let path = mapping.optional("url_path") { return .urlPath(try Path(path)) }
    if let suffix = mapping.optional("suffix") { return .suffix(try Path(suffix)) }
    if let list = mapping.optional("count") { return .count(try Path(list)) }
    if let parts = mapping.optional("sum") { return .sum(try Path.fanOuts(parts)) }
    if let name = mapping.optional("carried") { return .carried(try name.text()) }
    if let name = mapping.optional("chained") { return .chained(try name.text()) }
    guard let from = mapping.optional("from"), let to = mapping.optional("to") else {
      throw node.error(
        "the value's place is missing",
        "Write `path:`, or `from:` and `to:` for a difference, or `constant:`.")
    }
    return .difference(from: try Path(from), to: try Path(to))
  }
}

extension Condition {
  /// It holds where something is missing.
  var asksForNo: Bool {
    switch predicate {
    case .absent, .isNoneOf: true
    default: false
    }
  }

  /// Keys that ask something of the value at the path.
  static let questions = [
    "equals", "in", "not", "not_in", "or_null", "differs_from", "prefix", "suffix", "at_least",
    "kind", "absent",
  ]

  /// One condition or a list of them.
  static func list(_ node: DocumentNode) throws(DocumentError) -> [Condition] {
    guard case .sequence = node.content else { return [try Condition(node)] }
    var conditions: [Condition] = []
    for item in try node.list() { conditions.append(try Condition(item)) }
    return conditions
  }

  /// A list whose items are conditions or lists of them: all of the items, any of an inner list.
  static func clauses(_ node: DocumentNode) throws(DocumentError) -> [[Condition]] {
    try groups(node)
  }

  /// A list whose items are conditions or lists of them: any of the items, all of an inner list.
  static func groups(_ node: DocumentNode) throws(DocumentError) -> [[Condition]] {
    guard case .sequence = node.content else { return [[try Condition(node)]] }
    var groups: [[Condition]] = []
    for item in try node.list() { groups.append(try list(item)) }
    return groups
  }

  /// A bare path asks whether the record has it.
  init(_ node: DocumentNode) throws(DocumentError) {
    if node.scalar != nil {
      self.init(path: try Path(node), predicate: .present)
      return
    }
    let mapping = try node.mapping(allowing: ["path"] + Self.questions)
    self.init(
      path: try Path(mapping.required("path")), predicate: try Self.predicate(mapping))
  }

  private static func predicate(_ mapping: DocumentMapping) throws(DocumentError) -> Predicate {
    if let value = mapping.stated("equals") { return .isOneOf([try word(value, or: "in")]) }
    if let values = mapping.optional("in") { return .isOneOf(try values.texts()) }
    if let value = mapping.optional("not") { return .isNoneOf([try word(value, or: "not_in")]) }
    if let values = mapping.optional("not_in") { return .isNoneOf(try values.texts()) }
    if let value = mapping.optional("or_null"), try value.bool() { return .exists }
    if let path = mapping.optional("differs_from") { return .differs(from: try Path(path)) }
    if let value = mapping.optional("prefix") { return .hasPrefix(try value.text()) }
    if let value = mapping.optional("suffix") { return .hasSuffix(try value.text()) }
    if let value = mapping.optional("at_least") { return .atLeast(try value.int()) }
    if let value = mapping.optional("absent"), try value.bool() { return .absent }
    if let kind = mapping.optional("kind") {
      switch try kind.word(of: ["object", "list", "text", "number"]) {
      case "object": return .isObject
      case "list": return .isList
      case "number": return .isNumber
      default: return .isText
      }
    }
    return .present
  }
  /// What a value is compared with.
  ///
  /// - Parameter several: the key for more than one.
  private static func word(
    _ node: DocumentNode, or several: String
  ) throws(DocumentError) -> String {
    if node.isNull {
      throw node.error(
        "null is written in no text", "Write `absent: true` for what is null or not there.")
    }
    if case .sequence = node.content {
      throw node.error("a text is expected, this is a list", "Write `\(several): […]` for several.")
    }
    return try node.text()
  }
}
