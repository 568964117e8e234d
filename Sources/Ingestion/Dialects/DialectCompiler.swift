import Billing

/// Turns the paths of a dialect into slots and its lists into ranges of flat tables.
struct DialectCompiler {
  let labels: LabelTable
  /// Objects in which a whole record of this dialect may stand.
  var envelopes: [Path]
  let selector = Selector()
  var alternatives: [CompiledAlternative] = []
  var conditions: [CompiledCondition] = []
  var valueTables: [ValueTable] = []
  var slotLists: [Int] = []

  init(labels: LabelTable, envelopes: [Path]) {
    self.labels = labels
    self.envelopes = envelopes
  }

  func slot(_ path: Path) -> Int { selector.slot(for: path, in: envelopes) }

  mutating func compile(_ expression: Expression, for field: EventField?) -> Range<Int> {
    let compiled = expression.alternatives.map { compile($0, for: field) }
    let start = alternatives.count
    alternatives += compiled
    return start..<alternatives.count
  }

  private mutating func compile(
    _ alternative: Alternative, for field: EventField?
  ) -> CompiledAlternative {
    var compiled = CompiledAlternative(
      source: .slot, unit: alternative.unit, conditions: compile(alternative.when),
      isSecret: alternative.isSecret, warnings: alternative.warnings)
    switch alternative.source {
    case .path(let path): compiled.slot = slot(path)
    case .difference(let from, let to):
      compiled.source = .difference
      compiled.slot = slot(from)
      compiled.secondSlot = slot(to)
    case .constant(let text):
      compiled.source = .constant
      compiled.constant = meaning(text, for: field)
    case .host(let path):
      compiled.source = .host
      compiled.slot = slot(path)
    case .urlPath(let path):
      compiled.source = .urlPath
      compiled.slot = slot(path)
    case .suffix(let path):
      compiled.source = .suffix
      compiled.slot = slot(path)
    }
    if !alternative.values.isEmpty || alternative.otherwise != nil {
      compiled.valueTable = valueTables.count
      valueTables.append(
        ValueTable(
          alternative.values.map { ($0.written, meaning($0.meaning, for: field)) },
          otherwise: alternative.otherwise.map { meaning($0, for: field) }))
    }
    return compiled
  }

  private func meaning(_ text: String, for field: EventField?) -> Meaning {
    let code: UInt8? =
      switch field {
      case .operation: Operation(name: text)?.rawValue
      case .status: Status(name: text)?.rawValue
      default: nil
      }
    let truth: Bool? = text == "true" ? true : text == "false" ? false : nil
    return Meaning(label: labels.intern(text), code: code, truth: truth)
  }

  mutating func compile(_ list: [Condition]) -> Range<Int> {
    let start = conditions.count
    for condition in list {
      conditions.append(compile(condition))
    }
    return start..<conditions.count
  }

  private func compile(_ condition: Condition) -> CompiledCondition {
    var compiled = CompiledCondition(slot: slot(condition.path), test: .present, texts: [])
    switch condition.predicate {
    case .present: compiled.test = .present
    case .absent: compiled.test = .absent
    case .exists: compiled.test = .exists
    case .isOneOf(let words):
      compiled.test = .isOneOf
      compiled.texts = words.map { Array($0.utf8) }
    case .isNoneOf(let words):
      compiled.test = .isNoneOf
      compiled.texts = words.map { Array($0.utf8) }
    case .differs(let path):
      compiled.test = .differs
      compiled.otherSlot = slot(path)
    case .hasPrefix(let text):
      compiled.test = .hasPrefix
      compiled.texts = [Array(text.utf8)]
    case .hasSuffix(let text):
      compiled.test = .hasSuffix
      compiled.texts = [Array(text.utf8)]
    case .atLeast(let bound):
      compiled.test = .atLeast
      compiled.bound = bound
    case .isObject: compiled.test = .isObject
    case .isList: compiled.test = .isList
    case .isText: compiled.test = .isText
    }
    return compiled
  }

  /// How another dialect of the set is recognised, in slots of this selector.
  mutating func compileDetection(of dialect: Dialect) -> CompiledDetection {
    let own = envelopes
    envelopes = dialect.envelopes
    defer { envelopes = own }
    let detection = dialect.detection
    return CompiledDetection(
      all: compile(detection.all), any: detection.any.map { compile($0) },
      none: compile(detection.none))
  }

  /// A count that the first root lacks is taken from the next: LiteLLM, for one, writes totals at
  /// the top and details below.
  mutating func compile(_ source: UsageSource, shape: TokenShape) -> CompiledUsage {
    var compiled = CompiledUsage(
      when: compile(source.when), warnings: source.warnings,
      inputIncludesCache: shape.inputIncludesCache,
      outputIncludesReasoning: shape.outputIncludesReasoning,
      writesDefaultTo5m: shape.writesDefaultTo5m, hasArbiter: shape.hasArbiter,
      counts: InlineArray(repeating: slotLists.count))
    for (position, count) in TokenCount.allCases.enumerated() {
      compiled.counts[position] = slotLists.count
      for root in source.roots {
        for path in shape.counts[count] ?? [] { slotLists.append(slot(root.appending(path))) }
      }
    }
    compiled.counts[TokenCount.allCases.count] = slotLists.count
    return compiled
  }

  mutating func compile(_ expansion: Dialect.Expansion, shape: TokenShape) -> CompiledExpansion {
    var inner = DialectCompiler(labels: labels, envelopes: [])
    let usage = inner.compile(
      UsageSource(shape: shape.name, roots: [Path(steps: [])], when: [], warnings: []), shape: shape
    )
    let kind = inner.slot(expansion.kind)
    let model = inner.slot(expansion.model)
    inner.selector.seal()
    return CompiledExpansion(
      list: slot(expansion.list), selector: inner.selector, kind: kind, model: model,
      usage: usage, slotLists: inner.slotLists,
      fallbackKinds: expansion.fallbackKinds.map { Array($0.utf8) },
      primaryKinds: expansion.primaryKinds.map { Array($0.utf8) })
  }
}
