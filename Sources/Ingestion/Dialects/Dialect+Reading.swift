import Billing
import Documents

extension Dialect {
  private static let keys = [
    "dialect", "title", "sources", "order", "gateway", "detect", "unwrap", "each", "embedded",
    "keyed", "keys", "containers", "fields", "defaults", "skip", "usage", "errors", "routing",
    "expand", "carry", "running", "revisions", "aggregates",
  ]

  /// The keys that tell what a record is recognised by, and what the dialect is.
  static let summaryKeys: Set<String> = [
    "dialect", "title", "order", "detect", "keyed", "unwrap", "keys", "revisions", "aggregates",
  ]

  /// Reads a dialect file.
  ///
  /// - Parameters:
  ///   - shapes: the token shapes that there are, by name.
  ///   - isSummary: the text has no more than `summaryKeys`.
  /// - Throws: `DocumentError` with the line and what to write instead.
  init(
    _ node: DocumentNode, shapes: [String: TokenShape], isSummary: Bool = false
  ) throws(DocumentError) {
    let mapping = try node.mapping(allowing: Self.keys)
    self.isSummary = isSummary
    name = try mapping.required("dialect").text()
    title = try mapping.optional("title")?.text() ?? name
    sources = try mapping.optional("sources")?.texts() ?? []
    order = Int(try mapping.optional("order")?.int(in: 0...10_000) ?? 500)
    file = node.file
    let unwrap = try mapping.optional("unwrap")?.mapping(allowing: ["at"])
    unwrapping =
      try unwrap.map { mapping throws(DocumentError) in
        try Path.fanOuts(mapping.required("at"))
      } ?? []
    let isBare = unwrap == nil && !isSummary
    let gatewayNode =
      isBare ? try mapping.required("gateway") : mapping.optional("gateway")
    gateway = try gatewayNode.map(Expression.init(constantOrExpression:))
    isLoose = try mapping.optional("keys")?.word(of: ["exact", "loose"]) == "loose"
    containers = try mapping.optional("containers").map(Path.list) ?? []
    detection = try Detection(mapping.required("detect"), isLoose: isLoose)
    each = try mapping.optional("each").map(Path.fanOuts) ?? []
    embedded = try mapping.optional("embedded").map(Path.list) ?? []
    keyed = try mapping.optional("keyed").map(KeyedList.list) ?? []
    detection.spellOut(keyed)
    let fieldsNode = isBare ? try mapping.required("fields") : mapping.optional("fields")
    fields = try fieldsNode.map(Self.fields) ?? [:]
    defaults = try mapping.optional("defaults").map(Self.fields) ?? [:]
    skip = try mapping.optional("skip").map(Condition.groups) ?? []
    usage =
      try mapping.optional("usage").map { node throws(DocumentError) in
        try UsageSource.list(node, shapes: shapes)
      } ?? []
    errors =
      try mapping.optional("errors").map { node throws(DocumentError) in
        try Expression(node, words: ErrorClass.allCases.map(\.name))
      } ?? Expression()
    routing = try mapping.optional("routing").map(Routing.init) ?? Routing()
    expansion = try mapping.optional("expand").map { node throws(DocumentError) in
      try Expansion(node, shapes: shapes)
    }
    (carried, carriedUsage, beginning) =
      try mapping.optional("carry").map { node throws(DocumentError) in
        try CarriedValue.read(node, shapes: shapes)
      } ?? ([], nil, [])
    running = try mapping.optional("running").map { node throws(DocumentError) in
      try UsageSource(node, shapes: shapes)
    }
    revises = try mapping.optional("revisions")?.word(of: ["largest"]) != nil
    aggregates = try mapping.optional("aggregates")?.bool() ?? false
  }

  private static func fields(
    _ node: DocumentNode
  ) throws(DocumentError) -> [EventField: Expression] {
    var fields: [EventField: Expression] = [:]
    for (key, value) in try node.mapping(allowing: EventField.allCases.map(\.rawValue)).all {
      guard let field = EventField(rawValue: key) else { continue }
      fields[field] = try Expression(value, words: field.words, canFanOut: field == .tags)
    }
    return fields
  }
}

extension Dialect.KeyedList {
  /// A path, a mapping, or a list of them.
  static func list(_ node: DocumentNode) throws(DocumentError) -> [Dialect.KeyedList] {
    guard case .sequence = node.content else { return [try Dialect.KeyedList(node)] }
    var lists: [Dialect.KeyedList] = []
    for item in try node.list() { lists.append(try Dialect.KeyedList(item)) }
    return lists
  }

  init(_ node: DocumentNode) throws(DocumentError) {
    if node.scalar != nil {
      self.init(list: try Path(node), name: "key", value: "value", isWrapped: true)
      return
    }
    let mapping = try node.mapping(allowing: ["at", "key", "value"])
    self.init(
      list: try Path(mapping.required("at")), name: try mapping.required("key").text(),
      value: try mapping.required("value").text(), isWrapped: false)
  }
}

extension Dialect.CarriedValue {
  /// The values by name, the counts that stand under `usage`, and where a file begins anew.
  static func read(
    _ node: DocumentNode, shapes: [String: TokenShape]
  ) throws(DocumentError) -> ([Dialect.CarriedValue], UsageSource?, [[Condition]]) {
    var values: [Dialect.CarriedValue] = []
    var usage: UsageSource?
    var beginning: [[Condition]] = []
    for (name, value) in try node.mapping(allowing: nil).all {
      if name == "usage" {
        usage = try UsageSource(value, shapes: shapes)
      } else if name == "begin" {
        beginning = try Condition.groups(value)
      } else {
        values.append(try Dialect.CarriedValue(name: name, value))
      }
    }
    return (values, usage, beginning)
  }

  /// An alternative with `keep:` beside it, or a list of alternatives of which the last is kept.
  private init(name: String, _ node: DocumentNode) throws(DocumentError) {
    self.name = name
    guard case .mapping = node.content else {
      value = try Expression(node)
      keepsFirst = false
      return
    }
    value = Expression(alternatives: [try Alternative(node, nil, extra: ["keep"])])
    let keep = try node.mapping(allowing: nil).optional("keep")
    keepsFirst = try keep?.word(of: ["first", "last"]) == "first"
  }
}

extension Path {
  init(_ node: DocumentNode, canFanOut: Bool = false) throws(DocumentError) {
    let text = try node.text()
    do {
      try self.init(text)
    } catch {
      throw node.error(
        "`\(text)` is not a path: \(error.reason)",
        "Write names joined by dots, such as `usage.prompt_tokens` or `choices[0].finish_reason`.")
    }
    if !canFanOut, steps.contains(.all) {
      throw node.error(
        "`[*]` names many values where one is wanted",
        "Write `[0]` or `[-1]`, or name the list under `each:`.")
    }
  }

  init(single node: DocumentNode) throws(DocumentError) { try self.init(node) }

  /// One path or a list of paths.
  static func list(_ node: DocumentNode) throws(DocumentError) -> [Path] {
    try list(node, canFanOut: false)
  }

  /// One path or a list of paths, which may have `[*]`.
  static func fanOuts(_ node: DocumentNode) throws(DocumentError) -> [Path] {
    try list(node, canFanOut: true)
  }

  private static func list(
    _ node: DocumentNode, canFanOut: Bool
  ) throws(DocumentError) -> [Path] {
    if node.scalar != nil { return [try Path(node, canFanOut: canFanOut)] }
    var paths: [Path] = []
    for item in try node.list() { paths.append(try Path(item, canFanOut: canFanOut)) }
    return paths
  }
}

extension Dialect.Detection {
  init(_ node: DocumentNode, isLoose: Bool) throws(DocumentError) {
    let mapping = try node.mapping(allowing: ["all", "any", "none"])
    all = try mapping.optional("all").map(Condition.clauses) ?? []
    any = try mapping.optional("any").map(Condition.groups) ?? []
    none = try mapping.optional("none").map(Condition.list) ?? []
    guard !all.isEmpty || !any.isEmpty else {
      throw node.error(
        "nothing is asked of a record", "List keys that only this dialect has under `all:`.")
    }
    if let clause = all.first(where: { $0.count > 1 && $0.contains(where: \.asksForNo) }) {
      throw node.error(
        "`\(clause[0].path)` stands in a list of which one must hold, beside what must be absent",
        "Write what must be absent under `none:`.")
    }
    let compares = (Array(all.joined()) + Array(any.joined()) + none).contains { condition in
      if case .differs = condition.predicate { return true }
      return condition.path.isRooted
    }
    if compares, !isLoose {
      throw node.error(
        "detection asks one value at a time, from the record's root",
        "Leave out `differs_from` and `$.`.")
    }
  }
}

extension Dialect.Routing {
  init(_ node: DocumentNode) throws(DocumentError) {
    let mapping = try node.mapping(allowing: [
      "when", "fallback", "retry", "primary", "routed", "from", "attempts", "mismatch",
    ])
    when = try mapping.optional("when").map(Condition.list) ?? []
    fallback = try mapping.optional("fallback").map(Condition.groups) ?? []
    retry = try mapping.optional("retry").map(Condition.groups) ?? []
    primary = try mapping.optional("primary").map(Condition.groups) ?? []
    routed = try mapping.optional("routed").map(Condition.groups) ?? []
    from = try mapping.optional("from").map(Path.list) ?? []
    mismatch = try mapping.optional("mismatch")?.bool() ?? false
    if let list = mapping.optional("attempts") {
      for item in try list.list() { attempts.append(try Dialect.AttemptList(item)) }
    }
  }
}

extension Dialect.AttemptList {
  init(_ node: DocumentNode) throws(DocumentError) {
    let mapping = try node.mapping(allowing: ["list", "model", "provider", "status", "order"])
    list = try Path(mapping.required("list"))
    model = try mapping.optional("model").map(Path.init(single:))
    provider = try mapping.optional("provider").map(Path.init(single:))
    status = try mapping.optional("status").map(Path.init(single:))
    let order = try mapping.optional("order")?.word(of: ["oldest_first", "newest_first"])
    isNewestFirst = order == "newest_first"
  }
}

extension Dialect.Expansion {
  init(_ node: DocumentNode, shapes: [String: TokenShape]) throws(DocumentError) {
    let mapping = try node.mapping(allowing: [
      "list", "kind", "model", "shape", "fallback_kinds", "primary_kinds",
    ])
    list = try Path(mapping.required("list"))
    kind = try Path(mapping.required("kind"))
    model = try Path(mapping.required("model"))
    shape = try TokenShape(mapping.required("shape"), among: shapes)
    fallbackKinds = try mapping.optional("fallback_kinds")?.texts() ?? []
    primaryKinds = try mapping.optional("primary_kinds")?.texts() ?? []
  }
}

extension UsageSource {
  static func list(
    _ node: DocumentNode, shapes: [String: TokenShape]
  ) throws(DocumentError) -> [UsageSource] {
    var sources: [UsageSource] = []
    for item in try node.list() { sources.append(try UsageSource(item, shapes: shapes)) }
    return sources
  }

  init(_ node: DocumentNode, shapes: [String: TokenShape]) throws(DocumentError) {
    let mapping = try node.mapping(allowing: ["shape", "at", "when", "warn"])
    shape = try TokenShape(mapping.required("shape"), among: shapes)
    roots = try Path.list(mapping.required("at"))
    when = try mapping.optional("when").map(Condition.list) ?? []
    warnings = try mapping.optional("warn").map(EventWarnings.init) ?? []
  }
}

extension EventWarnings {
  init(_ node: DocumentNode) throws(DocumentError) {
    let code = try node.word(of: EventWarnings.codes.map(\.code))
    self = EventWarnings.codes.first { $0.code == code }?.warning ?? []
  }
}
