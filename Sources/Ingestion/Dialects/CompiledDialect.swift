import Billing

/// A dialect with its paths replaced by slots of one selector: what a worker runs for each line.
///
/// All tables are flat arrays of plain values, so that a line costs no reference counting.
final class CompiledDialect: Sendable {
  let dialect: Dialect
  /// Position in the set, in the order of detection.
  let index: Int
  let label: Label
  let selector: Selector

  let alternatives: [CompiledAlternative]
  let conditions: [CompiledCondition]
  let valueTables: [ValueTable]
  let gateway: Range<Int>
  let fields: [CompiledField]
  let skip: [Range<Int>]
  let usage: [CompiledUsage]
  let slotLists: [Int]
  let errorTexts: [Int]
  let routing: CompiledRouting
  let expansion: CompiledExpansion?
  /// How each dialect of the set is recognised, by position, in slots of this selector.
  let detections: [CompiledDetection]

  init(
    _ dialect: Dialect, index: Int, among dialects: [Dialect], shapes: [String: TokenShape],
    wanted: Set<EventField>, labels: LabelTable
  ) {
    var compiler = DialectCompiler(labels: labels, envelopes: dialect.envelopes)
    self.dialect = dialect
    self.index = index
    label = labels.intern(dialect.name)
    gateway = compiler.compile(dialect.gateway, for: nil)
    fields = EventField.allCases.compactMap { field in
      !wanted.contains(field)
        ? nil
        : dialect.fields[field].map {
          CompiledField(field: field, alternatives: compiler.compile($0, for: field))
        }
    }
    skip = dialect.skip.map { compiler.compile($0) }
    usage = dialect.usage.compactMap { source in
      shapes[source.shape].map { compiler.compile(source, shape: $0) }
    }
    errorTexts = dialect.errorTexts.map { compiler.slot($0) }
    routing = CompiledRouting(dialect.routing, &compiler)
    expansion = dialect.expansion.flatMap { expansion in
      shapes[expansion.shape].map { compiler.compile(expansion, shape: $0) }
    }
    detections = dialects.map { compiler.compileDetection(of: $0) }
    for path in dialect.embedded { compiler.selector.embed(path, in: dialect.envelopes) }
    compiler.selector.seal()
    selector = compiler.selector
    alternatives = compiler.alternatives
    conditions = compiler.conditions
    valueTables = compiler.valueTables
    slotLists = compiler.slotLists
  }
}

struct CompiledField: Sendable {
  var field: EventField
  var alternatives: Range<Int>
}

struct CompiledAlternative: Sendable {
  enum Source: Sendable {
    case slot, difference, constant, host, urlPath, suffix
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

  /// The value stands for itself.
  var isPlain: Bool {
    source == .slot && valueTable < 0 && !isSecret && conditions.isEmpty
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
    case isObject, isList, isText
  }

  var slot: Int
  /// What the value is compared with.
  var otherSlot = 0
  var test: Test
  var bound: Int64 = 0
  var texts: [[UInt8]]
}

struct CompiledDetection: Sendable {
  var all: Range<Int>
  var any: [Range<Int>]
  var none: Range<Int>
}

struct CompiledUsage: Sendable {
  var when: Range<Int>
  var warnings: EventWarnings
  var inputIncludesCache: Bool
  var outputIncludesReasoning: Bool
  var writesDefaultTo5m: Bool
  var hasArbiter: Bool
  /// For each `TokenCount`, where its part of `slotLists` begins; one more for the end of the last.
  var counts: InlineArray<14, Int>
}

final class CompiledRouting: Sendable {
  struct Attempts: Sendable {
    var list: Int
    var selector: Selector
    var model: Int?
    var provider: Int?
    var status: Int?
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
      let inner = Selector()
      let compiled = Attempts(
        list: compiler.slot(list.list), selector: inner,
        model: list.model.map { inner.slot(for: $0) },
        provider: list.provider.map { inner.slot(for: $0) },
        status: list.status.map { inner.slot(for: $0) })
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
  var slotLists: [Int]
  var fallbackKinds: [[UInt8]]
  var primaryKinds: [[UInt8]]
}
