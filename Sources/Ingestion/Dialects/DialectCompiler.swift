import Billing

/// Turns the paths of a dialect into slots and its lists into ranges of flat tables.
struct DialectCompiler {
  let labels: LabelTable
  /// Of the record.
  let selector: Selector
  /// Of an element of it, when it is fanned out.
  let element: Selector?
  let isLoose: Bool
  /// The names of carried values, in order.
  let carriedNames: [String]
  /// Paths start at the record, also where it is fanned out.
  var isAtRecord = false
  var alternatives: [CompiledAlternative] = []
  var conditions: [CompiledCondition] = []
  var valueTables: [ValueTable] = []
  var slotLists: [Int] = []
  var countPlaces: [CountPlace] = []
  var slices: [Alternative.Slice] = []
  var factors: [Factor] = []
  var zones: [LogZone] = []
  var separators: [[UInt8]] = []
  var fanOuts: [CompiledFanOut] = []
  var sums: [CompiledSum] = []

  init(_ dialect: Dialect, labels: LabelTable) {
    self.labels = labels
    let rooted = dialect.keyed.filter { dialect.each.isEmpty || $0.list.isRooted }
    selector = Selector(.record, keyed: rooted, isLoose: dialect.isLoose)
    element =
      dialect.each.isEmpty
      ? nil : Selector(.element, keyed: dialect.keyed.filter { !$0.list.isRooted })
    isLoose = dialect.isLoose
    carriedNames = dialect.carried.map(\.name)
  }

  /// For an object in a list of the record.
  private init(labels: LabelTable) {
    self.labels = labels
    selector = Selector(.object)
    element = nil
    isLoose = false
    carriedNames = []
  }

  func slot(_ path: Path) -> Int {
    if let element, !path.isRooted, !isAtRecord { return element.slot(for: path) }
    return selector.slot(for: path)
  }

  func embed(_ path: Path) {
    if let element, !path.isRooted { return element.embed(path) }
    selector.embed(path)
  }

  mutating func compile(_ expression: Expression, for field: EventField?) -> Range<Int> {
    let compiled = expression.alternatives.map { compile($0, for: field) }
    let start = alternatives.count
    alternatives += compiled
    return start..<alternatives.count
  }

  mutating func compile(
    _ alternative: Alternative, for field: EventField? = nil
  ) -> CompiledAlternative {
    var compiled = CompiledAlternative(
      source: .slot, unit: alternative.unit, conditions: compile(alternative.when),
      isSecret: alternative.isSecret, warnings: alternative.warnings)
    compiled.isLoose = isLoose
    if let slice = alternative.slice {
      compiled.slice = slices.count
      slices.append(slice)
    }
    if let factor = alternative.factor.flatMap(Factor.init) {
      compiled.factor = factors.count
      factors.append(factor)
    }
    compiled.ratios = slotLists.count..<(slotLists.count + alternative.ratios.count)
    slotLists += alternative.ratios.map { slot($0) }
    compiled.less = slotLists.count..<(slotLists.count + alternative.less.count)
    slotLists += alternative.less.map { slot($0) }
    if let zone = alternative.zone {
      compiled.zone = zones.count
      zones.append(zone)
    }
    if let separator = alternative.separator {
      compiled.separator = separators.count
      separators.append(Array(separator.utf8))
    }
    switch alternative.source {
    case .path(let path) where path.steps.contains(.all):
      compiled.source = .all
      compiled.places = places([path])
    case .sum(let paths):
      compiled.source = .sum
      compiled.places = places(paths)
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
    case .count(let path):
      compiled.source = .count
      compiled.slot = slot(path)
    case .carried(let name):
      compiled.source = .carried
      compiled.carried = carriedNames.firstIndex(of: name) ?? -1
    case .chained(let name):
      compiled.source = .chained
      compiled.carried = carriedNames.firstIndex(of: name) ?? -1
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

  private mutating func places(_ paths: [Path]) -> Range<Int> {
    let start = fanOuts.count
    for path in paths { fanOuts.append(compile(fanOut: path)) }
    return start..<fanOuts.count
  }

  private func meaning(_ text: String, for field: EventField?) -> Meaning {
    let code: UInt8? =
      switch field {
      case .operation: Operation(name: text)?.rawValue
      case .status: Status(name: text)?.rawValue
      // Of no field are the words for errors.
      case nil: ErrorClass(name: text)?.rawValue
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
    case .isNumber: compiled.test = .isNumber
    }
    return compiled
  }

  /// A count that the first root lacks is taken from the next: LiteLLM, for one, writes totals at
  /// the top and details below.
  mutating func compile(_ source: UsageSource) -> CompiledUsage {
    let shape = source.shape
    var compiled = CompiledUsage(
      when: compile(source.when), warnings: source.warnings, cache: shape.cache,
      outputIncludesReasoning: shape.outputIncludesReasoning,
      includesMedia: shape.includesMedia, writesDefaultTo5m: shape.writesDefaultTo5m,
      hasArbiter: shape.hasArbiter)
    compiled.cacheParts = shape.cacheParts
    let firstSum = sums.count
    let firstPlace = countPlaces.count
    for (position, count) in TokenCount.allCases.enumerated() {
      for root in source.roots {
        for path in shape.counts[count] ?? [] {
          let path = root.appending(path)
          if path.steps.contains(.all) {
            sums.append(CompiledSum(position: position, places: compile(fanOut: path)))
          } else {
            countPlaces.append(CountPlace(position: position, slot: slot(path)))
          }
        }
      }
    }
    compiled.counts = firstPlace..<countPlaces.count
    compiled.sums = firstSum..<sums.count
    return compiled
  }

  mutating func compile(_ expansion: Dialect.Expansion) -> CompiledExpansion {
    var inner = DialectCompiler(labels: labels)
    let usage = inner.compile(
      UsageSource(
        shape: expansion.shape, roots: [Path(steps: [])], when: [], warnings: []))
    let kind = inner.slot(expansion.kind)
    let model = inner.slot(expansion.model)
    inner.selector.seal()
    return CompiledExpansion(
      list: slot(expansion.list), selector: inner.selector, kind: kind, model: model,
      usage: usage, countPlaces: inner.countPlaces,
      fallbackKinds: expansion.fallbackKinds.map { Array($0.utf8) },
      primaryKinds: expansion.primaryKinds.map { Array($0.utf8) })
  }

  /// Places in the record between which its records or elements are fanned out.
  func compile(fanOut path: Path) -> CompiledFanOut {
    let pieces = path.fanOut
    let inner = pieces.dropFirst().map { piece in
      let selector = Selector(.object)
      let slot = selector.slot(for: piece)
      selector.seal()
      return CompiledFanOut.Step(selector: selector, slot: slot, isWhole: piece.steps.isEmpty)
    }
    let start = Path(steps: pieces[0].steps, isRooted: path.isRooted)
    return CompiledFanOut(slot: slot(start), steps: inner)
  }
}
