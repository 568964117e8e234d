/// All places of a record whose values a dialect takes, as steps from the record: lists that are read
/// as objects are spelt out, elements that are fanned out stand behind their list.
struct ReadPlaces {
  /// Why a place is named.
  enum Use: Sendable {
    case value
    /// A text that holds JSON.
    case embedded
    /// Records of their own, which other dialects read.
    case records
  }

  private(set) var places: [(steps: [Path.Step], use: Use)] = []
  private let dialect: Dialect

  init(_ dialect: Dialect) {
    self.dialect = dialect
    addFields()
    addUsage()
    for alternative in dialect.errors.alternatives {
      for path in alternative.places { add(path) }
    }
    for path in dialect.routing.from { add(path) }
    for attempts in dialect.routing.attempts {
      for path in [attempts.model, attempts.provider, attempts.status] {
        if let path { add(attempts.list.below(path)) }
      }
    }
    for path in dialect.embedded { add(path, .embedded) }
    for path in dialect.unwrapping { add(path, .records) }
  }

  private mutating func addFields() {
    let fields = Array(dialect.fields.values) + Array(dialect.defaults.values)
    for expression in fields + [dialect.gateway].compactMap(\.self) {
      for alternative in expression.alternatives {
        for path in alternative.places { add(path) }
      }
    }
    for carried in dialect.carried {
      for alternative in carried.value.alternatives {
        for path in alternative.places { add(path, atRecord: true) }
      }
    }
  }

  private mutating func addUsage() {
    for source in dialect.usage { for path in source.places { add(path) } }
    for source in [dialect.carriedUsage, dialect.running].compactMap(\.self) {
      for path in source.places { add(path, atRecord: true) }
    }
    guard let expansion = dialect.expansion else { return }
    for path in expansion.shape.counts.values.joined() + [expansion.kind, expansion.model] {
      add(expansion.list.below(path))
    }
  }

  private mutating func add(_ path: Path, _ use: Use = .value, atRecord: Bool = false) {
    guard !dialect.each.isEmpty, !path.isRooted, !atRecord else {
      let lists = dialect.keyed.filter { dialect.each.isEmpty || $0.list.isRooted }
      places.append((Dialect.KeyedList.spelledOut(path.steps, lists), use))
      return
    }
    let lists = dialect.keyed.filter { !$0.list.isRooted }
    let inner = Dialect.KeyedList.spelledOut(path.steps, lists)
    for element in dialect.each {
      places.append((element.steps + inner, use))
      // A list stands for its elements.
      if element.steps.last != .all { places.append((element.steps + [.all] + inner, use)) }
    }
  }
}

extension Path {
  /// A path in each element of the list that this one names.
  fileprivate func below(_ other: Path) -> Path {
    Path(steps: steps + [.all] + other.steps, isRooted: isRooted)
  }
}

extension Alternative {
  /// Where its value comes from; conditions only look.
  fileprivate var places: [Path] {
    let own: [Path] =
      switch source {
      case .difference(let from, let to): [from, to]
      case .sum(let paths): paths
      default: [source.path].compactMap(\.self)
      }
    return own + less + ratios
  }
}

extension UsageSource {
  fileprivate var places: [Path] {
    roots.flatMap { root in shape.counts.values.joined().map { root.appending($0) } }
  }
}
