import Billing
import Documents

/// Which ways of writing a value suit which field: what does not suit would have no effect.
struct AlternativeLint {
  /// What a field holds.
  private enum Kind {
    /// Text that is kept as it is.
    case identifier
    /// Text of few values.
    case label
    /// One word of a closed set.
    case word
    case truth, list, time, duration, money
    /// A whole number of the record.
    case number
    /// A quantity that is billed.
    case quantity
    /// A text for later lines.
    case carried
    /// What names an error.
    case error
  }

  private let kind: Kind
  private let name: String

  /// - Parameters:
  ///   - field: `nil` for the gateway.
  ///   - isCarried: a value for later lines.
  init(field: EventField?, isCarried: Bool = false) {
    kind = isCarried ? .carried : field.map(Self.kind) ?? .label
    name = field?.rawValue ?? (isCarried ? "a carried value" : "gateway")
  }

  /// For the places of errors.
  static let errors = AlternativeLint(kind: .error, name: "errors")

  private init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  private static func kind(_ field: EventField) -> Kind {
    switch field {
    case .id, .traceID, .sessionID: .identifier
    case .time: .time
    case .operation, .status: .word
    case .gatewayCacheHit, .byok, .stream: .truth
    case .httpStatus, .attempt, .requests, .requestBytes, .responseBytes: .number
    case .webSearches, .images, .audioSeconds, .characters, .pages, .searchUnits, .videoSeconds,
      .mapSearches, .fileSearches, .sessions, .storageTokenHours:
      .quantity
    case .latency, .firstToken, .gatewayOverhead: .duration
    case .reportedCost, .reportedUpstreamCost, .reportedMarkup, .reportedFee, .reportedDiscount:
      .money
    case .tags: .list
    default: .label
    }
  }

  /// An alternative or a list of them.
  func check(_ node: DocumentNode) throws(DocumentError) {
    guard case .sequence = node.content else { return try checkOne(node) }
    for item in try node.list() { try checkOne(item) }
  }

  private func checkOne(_ node: DocumentNode) throws(DocumentError) {
    guard node.scalar == nil else {
      return try checkMeaning(of: node, source: "path", hasValues: false)
    }
    let mapping = try node.mapping(allowing: nil)
    let sources = mapping.keys.filter(Self.sources.contains)
    guard sources.count == 1, let source = sources.first else {
      guard let second = sources.dropFirst().first else { return try checkHalf(mapping) }
      throw node.error(
        "`\(sources[0])` and `\(second)` both give the value",
        "Write two items of a list: the first that gives a value counts.")
    }
    try checkHalf(mapping)
    guard allowedSources.contains(source) else {
      throw node.error(
        "`\(source)` gives no value for \(shownName)",
        "Write one of: \(allowedSources.joined(separator: ", ")).")
    }
    let hasValues = mapping.optional("values") != nil
    try checkMeaning(of: node, source: source, hasValues: hasValues)
    try checkModifiers(mapping, source: source)
    try checkText(mapping, source: source)
    try checkAmount(mapping, source: source)
  }

  private var shownName: String { kind == .carried ? name : "`\(name)`" }

  // MARK: Sources

  private static let sources = [
    "path", "constant", "host", "url_path", "suffix", "count", "sum", "carried", "chained", "from",
  ]

  private var allowedSources: [String] {
    switch kind {
    case .identifier:
      name == EventField.id.rawValue ? ["path", "carried", "chained"] : ["path", "carried"]
    case .label: ["path", "constant", "host", "url_path", "suffix", "carried"]
    case .word: ["path", "constant", "url_path", "carried"]
    case .truth: ["path", "constant", "carried"]
    case .list: ["path", "constant"]
    case .carried: ["path", "constant"]
    case .time: ["path", "carried"]
    case .money: ["path", "sum", "carried"]
    case .error: ["path"]
    case .duration: ["path", "from", "carried"]
    case .number, .quantity: ["path", "count", "carried"]
    }
  }

  private func checkHalf(_ mapping: DocumentMapping) throws(DocumentError) {
    guard let to = mapping.optional("to"), mapping.optional("from") == nil else { return }
    throw to.error("`to` has no `from`", "Write `{from: PATH, to: PATH}` for a difference.")
  }

  /// Words of the log mean something only where the dialect says what.
  private func checkMeaning(
    of node: DocumentNode, source: String, hasValues: Bool
  ) throws(DocumentError) {
    guard !hasValues, source == "url_path" || kind == .word && source != "constant" else { return }
    if node.scalar == nil, try node.mapping(allowing: nil).optional("otherwise") != nil,
      source != "url_path"
    {
      return
    }
    let example = kind == .word && name == EventField.status.rawValue ? "success: ok" : "…: …"
    throw node.error(
      "nothing says what the words of the log mean for \(shownName)",
      "Write `{\(source): …, values: {\(example)}}`.")
  }

  // MARK: What changes a value

  private func checkModifiers(
    _ mapping: DocumentMapping, source: String
  ) throws(DocumentError) {
    let takesWords = [.label, .word, .truth, .carried, .error].contains(kind)
    for key in ["values", "otherwise"] where !takesWords || source == "constant" {
      guard let node = mapping.optional(key) else { continue }
      throw node.error(
        "`\(key)` has no effect on \(shownName)", "Leave it out: the value counts as it is written."
      )
    }
    if let secret = mapping.optional("secret"), try secret.bool(),
      kind != .label || source != "path"
    {
      throw secret.error(
        "`secret` has no effect on \(shownName)",
        "Only names such as `key` and `user` are hashed; leave the path out if it shows a secret.")
    }
    if let values = mapping.optional("values"), try values.mapping(allowing: nil).keys.isEmpty {
      throw values.error("no word is given a meaning", "Write `{word: meaning}`, or leave it out.")
    }
    if kind == .error, let warn = mapping.optional("warn") {
      throw warn.error("`warn` has no effect on \(shownName)", "Leave it out.")
    }
    if let zone = mapping.optional("zone"), kind != .time {
      throw zone.error("`zone` is for `time` only", "Leave it out.")
    }
    if let split = mapping.optional("split") {
      guard kind == .list, source == "path" else {
        throw split.error("`split` is for `tags` only", "Write `after:` or `before:` for a part.")
      }
      guard try !split.text().isEmpty else {
        throw split.error("the mark is empty", "Write what stands between, such as `\",\"`.")
      }
    }
    if let less = mapping.optional("less"), kind != .time {
      throw less.error(
        "`less` is for `time` only", "For a duration write `{from: PATH, to: PATH}`.")
    }
  }

  private func checkText(_ mapping: DocumentMapping, source: String) throws(DocumentError) {
    if let last = mapping.optional("after_last"), mapping.optional("after") != nil {
      throw last.error("`after` and `after_last` exclude one another", "Keep one of the two.")
    }
    for key in ["after", "after_last", "before"] {
      guard let node = mapping.optional(key) else { continue }
      guard try !node.text().isEmpty else {
        throw node.error("the mark is empty", "Write the text that stands there, such as `\"/\"`.")
      }
      guard source == "path", kind != .list, kind != .truth else {
        throw node.error("`\(key)` cuts a text at a `path` only", "Leave it out.")
      }
    }
  }

  private func checkAmount(_ mapping: DocumentMapping, source: String) throws(DocumentError) {
    if let unit = mapping.optional("unit"), try unit.text() != "none" {
      guard try allowedUnits.contains(unit.text()) else {
        throw unit.error(
          "`\(try unit.text())` is no unit of \(shownName)",
          allowedUnits.isEmpty
            ? "Leave it out, or write `factor:` for a quantity."
            : "Write one of: \(allowedUnits.joined(separator: ", ")).")
      }
      if kind == .money, mapping.optional("factor") != nil {
        throw unit.error(
          "`unit` and `factor` exclude one another", "Let `factor` turn the number into dollars.")
      }
    }
    if let factor = mapping.optional("factor") {
      guard try factor.decimal() != .zero else {
        throw factor.error(
          "a factor of 0 leaves nothing", "Write what one unit of the log is worth.")
      }
      guard [.money, .duration, .quantity].contains(kind),
        ["path", "sum", "carried"].contains(source)
      else {
        throw factor.error("`factor` has no effect on \(shownName)", "Leave it out.")
      }
    }
    guard let ratio = mapping.optional("markup_ratio") else { return }
    let fields: [EventField] = [.reportedMarkup, .reportedDiscount]
    guard fields.contains(where: { $0.rawValue == name }), source == "path" else {
      throw ratio.error(
        "`markup_ratio` is for `reported_markup` and `reported_discount`, beside `path`",
        "Write `reported_markup: {path: COST, markup_ratio: RATIO}`.")
    }
  }

  private var allowedUnits: [String] {
    switch kind {
    case .time, .duration: ["s", "ms", "us", "ns", "dotnet_ticks"]
    case .money: ["usd", "cent"]
    default: []
    }
  }
}
