import Billing

/// A dialect with its paths replaced by slots of one selector: what a worker runs for each line.
///
/// All tables are flat arrays of plain values, so that a line costs no reference counting.
final class CompiledDialect: Sendable {
  let dialect: Dialect
  /// Position in the set, in the order of detection.
  let index: Int
  let label: Label
  let isBuiltIn: Bool
  let selector: Selector
  /// Of an element, when the record is fanned out.
  let element: Selector?

  let alternatives: [CompiledAlternative]
  let conditions: [CompiledCondition]
  let valueTables: [ValueTable]
  let slices: [Alternative.Slice]
  let factors: [Factor]
  let zones: [LogZone]
  let separators: [[UInt8]]
  /// Of alternatives that take many values.
  let fanOuts: [CompiledFanOut]
  let sums: [CompiledSum]
  let gateway: Range<Int>
  let fields: [CompiledField]
  let defaults: [CompiledField]
  let skip: [Range<Int>]
  let usage: [CompiledUsage]
  let slotLists: [Int]
  let countPlaces: [CountPlace]
  let errors: Range<Int>
  let routing: CompiledRouting
  let expansion: CompiledExpansion?
  /// Where the records of an envelope stand.
  let records: [CompiledFanOut]
  /// Where the elements stand that give an event each.
  let elements: [CompiledFanOut]
  let session: CompiledSession?
  /// The elements of a record have the id of the record.
  let idIsOfRecord: Bool
  /// What makes a record one of this dialect, when the dialect asks on its own.
  let ownDetection: CompiledDetection?

  init(
    _ dialect: Dialect, index: Int, wanted: Set<EventField>, labels: LabelTable,
    detection: DetectionTable? = nil
  ) {
    var compiler = DialectCompiler(dialect, labels: labels)
    self.dialect = dialect
    self.index = index
    label = labels.intern(dialect.name)
    isBuiltIn = dialect.isBuiltIn
    gateway = dialect.gateway.map { compiler.compile($0, for: nil) } ?? 0..<0
    fields = compiler.compile(dialect.fields, wanted)
    defaults = compiler.compile(dialect.defaults, wanted)
    skip = dialect.skip.map { compiler.compile($0) }
    usage = dialect.usage.map { compiler.compile($0) }
    errors = compiler.compile(dialect.errors, for: nil)
    routing = CompiledRouting(dialect.routing, &compiler)
    expansion = dialect.expansion.map { compiler.compile($0) }
    records = dialect.unwrapping.map { compiler.compile(fanOut: $0) }
    elements = dialect.each.map {
      compiler.compile(fanOut: Path(steps: $0.steps, isRooted: true))
    }
    idIsOfRecord =
      dialect.fields[.id].map { id in
        id.alternatives.allSatisfy { $0.source.path?.isRooted ?? false }
      } ?? false
    session = dialect.isSequential ? CompiledSession(dialect, &compiler) : nil
    ownDetection = dialect.isLoose ? CompiledDetection(dialect.detection, &compiler) : nil
    for path in dialect.embedded { compiler.embed(path) }
    for path in dialect.unwrapping { compiler.embed(path.fanOut[0]) }
    for path in dialect.containers { compiler.selector.addContainer(path) }
    if let detection { compiler.selector.ask(detection) }
    compiler.selector.seal()
    compiler.element?.seal()
    selector = compiler.selector
    element = compiler.element
    alternatives = compiler.alternatives
    conditions = compiler.conditions
    valueTables = compiler.valueTables
    slices = compiler.slices
    factors = compiler.factors
    zones = compiler.zones
    separators = compiler.separators
    fanOuts = compiler.fanOuts
    sums = compiler.sums
    slotLists = compiler.slotLists
    countPlaces = compiler.countPlaces
  }

  /// Its places find room in the slots of a worker.
  var fits: Bool {
    selector.slotCount <= SlotRegion.size && (element?.slotCount ?? 0) <= SlotRegion.size
  }
}

extension DialectCompiler {
  fileprivate mutating func compile(
    _ fields: [EventField: Expression], _ wanted: Set<EventField>
  ) -> [CompiledField] {
    var compiled: [CompiledField] = []
    for field in EventField.allCases where wanted.contains(field) {
      guard let expression = fields[field] else { continue }
      compiled.append(CompiledField(field: field, alternatives: compile(expression, for: field)))
    }
    return compiled
  }
}

/// Where several values of a record stand: the value in a slot, or, below it, elements of elements.
struct CompiledFanOut: Sendable {
  struct Step: Sendable {
    var selector: Selector
    var slot: Int
    /// The element itself is the value.
    var isWhole: Bool
  }

  var slot: Int
  /// For each `[*]`, where the next value stands in an element.
  var steps: [Step]
}

/// A count that is the sum of several values.
struct CompiledSum: Sendable {
  /// Of the count among `TokenCount`.
  var position: Int
  var places: CompiledFanOut
}

/// What lines of a dialect hand on to later lines of their file.
struct CompiledSession: Sendable {
  var values: [Range<Int>]
  var keepsFirst: [Bool]
  var beginning: [Range<Int>]
  var usage: CompiledUsage?
  var running: CompiledUsage?

  /// What is carried stands in the record: its elements come after.
  init(_ dialect: Dialect, _ compiler: inout DialectCompiler) {
    compiler.isAtRecord = true
    defer { compiler.isAtRecord = false }
    values = dialect.carried.map { compiler.compile($0.value, for: nil) }
    keepsFirst = dialect.carried.map(\.keepsFirst)
    beginning = dialect.beginning.map { compiler.compile($0) }
    usage = dialect.carriedUsage.map { compiler.compile($0) }
    running = dialect.running.map { compiler.compile($0) }
  }
}

/// A factor as a fraction of whole numbers: `0.000002` is 2 by 10⁶.
struct Factor: Sendable {
  var numerator: Int128
  var denominator: Int128

  /// `nil` for zero.
  init?(_ value: ExactDecimal) {
    guard value != .zero else { return nil }
    numerator = value.units
    denominator = ExactDecimal.unitsPerOne
    while numerator % 10 == 0, denominator % 10 == 0 {
      numerator /= 10
      denominator /= 10
    }
  }

  /// The product; `nil` when it cannot be held exactly.
  func times<Value: FixedPoint>(_ value: Value) -> Value? {
    let (product, overflow) = value.units.multipliedReportingOverflow(by: numerator)
    guard !overflow, product % denominator == 0 else { return nil }
    return Value(units: product / denominator)
  }
}

struct CompiledField: Sendable {
  var field: EventField
  var alternatives: Range<Int>
}

struct CompiledAlternative: Sendable {
  enum Source: Sendable {
    case slot, difference, constant, host, urlPath, suffix, count, sum, all, carried, chained
  }

  var source: Source
  var slot = 0
  /// The minuend of a difference.
  var secondSlot = 0
  var unit: ValueUnit
  /// -1: the words of the log stand as they are.
  var valueTable = -1
  var constant = Meaning()
  var conditions: Range<Int>
  var isSecret: Bool
  var warnings: EventWarnings
  /// Which carried value.
  var carried = -1
  /// Which of the dialect's slices and factors; -1 for none. An alternative holds plain values only.
  var slice = -1
  var factor = -1
  /// Which of the dialect's zones and separators; -1 for none.
  var zone = -1
  var separator = -1
  /// Where many values stand: part of the dialect's `fanOuts`.
  var places = 0..<0
  /// Where the milliseconds stand that a time is too late: part of `slotLists`.
  var less = 0..<0
  /// Where the ratios of a markup stand: part of `slotLists`.
  var ratios = 0..<0
  /// The name may be that of anything: a text that holds an object is not what it means.
  var isLoose = false

  /// The value stands for itself.
  var isPlain: Bool {
    source == .slot && valueTable < 0 && !isSecret && conditions.isEmpty && slice < 0
      && !isLoose
  }
}

/// What a word of the log means, in whatever type the field has.
struct Meaning: Sendable {
  var label = Label.none
  var code: UInt8?
  var truth: Bool?
}

/// The words of a log and what they mean, laid out so that a look-up touches no reference.
struct ValueTable: Sendable {
  struct Entry: Sendable {
    /// The first eight bytes of the word, zeros after its end.
    var head: UInt64
    /// Where the word stands in `bytes`.
    var offset: Int
    var length: Int
    var meaning: Meaning
  }

  private(set) var entries: [Entry] = []
  private(set) var bytes: [UInt8] = []
  var otherwise: Meaning?

  init(_ words: [(written: String, meaning: Meaning)], otherwise: Meaning?) {
    for (written, meaning) in words {
      let word = Array(written.utf8)
      var head: UInt64 = 0
      for (index, byte) in word.prefix(8).enumerated() { head |= UInt64(byte) << UInt64(8 * index) }
      entries.append(
        Entry(head: head, offset: bytes.count, length: word.count, meaning: meaning))
      bytes += word
    }
    self.otherwise = otherwise
  }

  /// The word of an entry.
  func word(_ entry: Entry) -> ArraySlice<UInt8> {
    bytes[entry.offset..<(entry.offset + entry.length)]
  }
}

/// A condition with its words in one place; which test it is is a plain value.
struct CompiledCondition: Sendable {
  enum Test: Sendable {
    case present, absent, exists, isOneOf, isNoneOf, differs, hasPrefix, hasSuffix, atLeast
    case isObject, isList, isText, isNumber
  }

  var slot: Int
  /// What the value is compared with.
  var otherSlot = 0
  var test: Test
  var bound: Int64 = 0
  var texts: [[UInt8]]
}

struct CompiledDetection: Sendable {
  /// Of each, at least one.
  var all: [[Range<Int>]]
  var any: [Range<Int>]
  var none: Range<Int>

  init(_ detection: Dialect.Detection, _ compiler: inout DialectCompiler) {
    all = detection.all.map { clause in clause.map { compiler.compile([$0]) } }
    any = detection.any.map { compiler.compile($0) }
    none = compiler.compile(detection.none)
  }
}

struct CompiledUsage: Sendable {
  var when: Range<Int>
  var warnings: EventWarnings
  var cache: TokenShape.CacheConvention
  var outputIncludesReasoning: Bool
  var includesMedia: Bool
  var writesDefaultTo5m: Bool
  var hasArbiter: Bool
  var cacheParts: TokenShape.CacheParts?
  /// Counts that are sums over lists: part of the dialect's.
  var sums = 0..<0
  /// Where counts stand, those of one kind in order: part of the `countPlaces`.
  var counts = 0..<0
}

/// Where a count may stand.
struct CountPlace: Sendable {
  /// Among all kinds of counts.
  var position: Int
  var slot: Int
}

final class CompiledRouting: Sendable {
  struct Attempts: Sendable {
    var list: Int
    var selector: Selector
    var model: Int?
    var provider: Int?
    var status: Int?
    var isNewestFirst: Bool
  }

  let when: Range<Int>
  let fallback: [Range<Int>]
  let retry: [Range<Int>]
  let primary: [Range<Int>]
  let routed: [Range<Int>]
  let from: [Int]
  let attempts: [Attempts]
  let mismatch: Bool

  init(_ routing: Dialect.Routing, _ compiler: inout DialectCompiler) {
    when = compiler.compile(routing.when)
    fallback = routing.fallback.map { compiler.compile($0) }
    retry = routing.retry.map { compiler.compile($0) }
    primary = routing.primary.map { compiler.compile($0) }
    routed = routing.routed.map { compiler.compile($0) }
    from = routing.from.map { compiler.slot($0) }
    attempts = routing.attempts.map { list in
      let inner = Selector(.object)
      let compiled = Attempts(
        list: compiler.slot(list.list), selector: inner,
        model: list.model.map { inner.slot(for: $0) },
        provider: list.provider.map { inner.slot(for: $0) },
        status: list.status.map { inner.slot(for: $0) }, isNewestFirst: list.isNewestFirst)
      inner.seal()
      return compiled
    }
    mismatch = routing.mismatch
  }
}

struct CompiledExpansion: Sendable {
  var list: Int
  var selector: Selector
  var kind: Int
  var model: Int
  var usage: CompiledUsage
  var countPlaces: [CountPlace]
  var fallbackKinds: [[UInt8]]
  var primaryKinds: [[UInt8]]
}
