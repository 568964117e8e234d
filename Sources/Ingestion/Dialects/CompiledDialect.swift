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
    labels: LabelTable
  ) {
    var compiler = DialectCompiler(labels: labels, envelopes: dialect.envelopes)
    self.dialect = dialect
    self.index = index
    label = labels.intern(dialect.name)
    gateway = compiler.compile(dialect.gateway, for: nil)
    fields = EventField.allCases.compactMap { field in
      dialect.fields[field].map {
        CompiledField(field: field, alternatives: compiler.compile($0, for: field))
      }
    }
    skip = dialect.skip.map { compiler.compile($0) }
    usage = dialect.usage.compactMap { source in
      shapes[source.shape].map { compiler.compile(source, shape: $0) }
    }
    errorTexts = dialect.errorTexts.map { compiler.slot($0) }
    routing = compiler.compile(dialect.routing)
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
}

/// What a word of the log means, in whatever type the field has.
struct Meaning: Sendable {
  var label = Label.none
  var code: UInt8?
  var truth: Bool?
}

struct ValueTable: Sendable {
  var entries: [(written: [UInt8], meaning: Meaning)]
  var otherwise: Meaning?
}

struct CompiledCondition: Sendable {
  var slot: Int
  /// What the value is compared with.
  var otherSlot = 0
  var predicate: Condition.Predicate
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
  /// For each `TokenCount`, a range of `slotLists`.
  var counts: [Range<Int>]
}

struct CompiledRouting: Sendable {
  struct Attempts: Sendable {
    var list: Int
    var selector: Selector
    var model: Int?
    var provider: Int?
    var status: Int?
  }

  var when: Range<Int>
  var fallback: [Range<Int>]
  var retry: [Range<Int>]
  var primary: [Range<Int>]
  var routed: [Range<Int>]
  var from: [Int]
  var attempts: [Attempts]
  var mismatch: Bool
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
