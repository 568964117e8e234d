import Billing
import Documents

extension Dialect {
  /// Reads a dialect file.
  ///
  /// - Parameter shapes: the token shapes that there are.
  /// - Throws: `DocumentError` with the line and what to write instead.
  init(_ node: DocumentNode, shapes: [String]) throws(DocumentError) {
    let mapping = try node.mapping(allowing: [
      "dialect", "title", "sources", "order", "gateway", "detect", "envelopes", "embedded",
      "fields", "skip", "usage",
      "errors", "routing", "expand",
    ])
    name = try mapping.required("dialect").text()
    title = try mapping.optional("title")?.text() ?? name
    sources = try mapping.optional("sources")?.texts() ?? []
    order = Int(try mapping.optional("order")?.int(in: 0...10_000) ?? 500)
    file = node.file
    gateway = try Expression(constantOrExpression: mapping.required("gateway"))
    detection = try Detection(mapping.required("detect"))
    envelopes = try mapping.optional("envelopes").map(Path.list) ?? []
    embedded = try mapping.optional("embedded").map(Path.list) ?? []
    fields = [:]
    for (key, value) in try mapping.required("fields").mapping(
      allowing: EventField.allCases.map(\.rawValue)
    ).all {
      guard let field = EventField(rawValue: key) else { continue }
      fields[field] = try Expression(value, words: field.words)
    }
    skip = try mapping.optional("skip").map(Condition.groups) ?? []
    usage = []
    if let list = mapping.optional("usage") {
      for item in try list.list() { usage.append(try UsageSource(item, shapes: shapes)) }
    }
    errorTexts = try mapping.optional("errors").map(Path.list) ?? []
    routing = try mapping.optional("routing").map(Routing.init) ?? Routing()
    expansion = try mapping.optional("expand").map { node throws(DocumentError) in
      try Expansion(node, shapes: shapes)
    }
  }
}

extension Path {
  init(_ node: DocumentNode) throws(DocumentError) {
    let text = try node.text()
    do {
      try self.init(text)
    } catch {
      throw node.error(
        "`\(text)` is not a path: \(error.reason)",
        "Write names joined by dots, such as `usage.prompt_tokens` or `choices[0].finish_reason`.")
    }
  }

  /// One path or a list of paths.
  static func list(_ node: DocumentNode) throws(DocumentError) -> [Path] {
    if node.scalar != nil { return [try Path(node)] }
    var paths: [Path] = []
    for item in try node.list() { paths.append(try Path(item)) }
    return paths
  }
}

extension Dialect.Detection {
  init(_ node: DocumentNode) throws(DocumentError) {
    let mapping = try node.mapping(allowing: ["all", "any", "none"])
    all = try mapping.optional("all").map(Condition.list) ?? []
    any = try mapping.optional("any").map(Condition.groups) ?? []
    none = try mapping.optional("none").map(Condition.list) ?? []
    guard !all.isEmpty || !any.isEmpty else {
      throw node.error(
        "nothing is asked of a record", "List keys that only this dialect has under `all:`.")
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
    let mapping = try node.mapping(allowing: ["list", "model", "provider", "status"])
    list = try Path(mapping.required("list"))
    model = try mapping.optional("model").map(Path.init)
    provider = try mapping.optional("provider").map(Path.init)
    status = try mapping.optional("status").map(Path.init)
  }
}

extension Dialect.Expansion {
  init(_ node: DocumentNode, shapes: [String]) throws(DocumentError) {
    let mapping = try node.mapping(allowing: [
      "list", "kind", "model", "shape", "fallback_kinds", "primary_kinds",
    ])
    list = try Path(mapping.required("list"))
    kind = try Path(mapping.required("kind"))
    model = try Path(mapping.required("model"))
    shape = try mapping.required("shape").word(of: shapes)
    fallbackKinds = try mapping.optional("fallback_kinds")?.texts() ?? []
    primaryKinds = try mapping.optional("primary_kinds")?.texts() ?? []
  }
}

extension UsageSource {
  init(_ node: DocumentNode, shapes: [String]) throws(DocumentError) {
    let mapping = try node.mapping(allowing: ["shape", "at", "when", "warn"])
    shape = try mapping.required("shape").word(of: shapes)
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
