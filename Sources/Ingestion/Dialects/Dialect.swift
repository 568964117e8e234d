import Billing

/// What a gateway writes: how to recognise a record and where each fact stands in it.
///
/// A dialect is data. The built-in ones are YAML files beside this one, in the form that users
/// write; `schemas/dialect.schema.json` describes it.
public struct Dialect: Sendable {
  /// `litellm.slp`: the gateway, a dot, the form.
  public var name: String
  /// One line for people.
  public var title: String
  /// Where the form is described.
  public var sources: [String]
  /// Detection goes through dialects in rising order; the first that fits wins.
  public var order: Int
  /// The file that it was read from, for messages.
  public var file: String
  /// Only what a record is recognised by was read: the rest is read when a record of it comes.
  var isSummary: Bool

  var gateway: Expression?
  var detection: Detection
  /// The record is an envelope: the records stand in it.
  var unwrapping: [Path]
  /// One event for each element at these paths; no path: the record is the event.
  var each: [Path]
  /// Strings at these paths hold JSON that is read as if it stood there unquoted.
  var embedded: [Path]
  /// Lists at these paths are read as objects.
  var keyed: [KeyedList]
  /// Names match whatever their case and without `_`, `-`, `.` and blanks.
  var isLoose: Bool
  /// Objects in which any field of a loose dialect may stand.
  var containers: [Path]
  var fields: [EventField: Expression]
  /// What an envelope says where the record does not.
  var defaults: [EventField: Expression]
  /// Values that later lines of the same file take over, by name.
  var carried: [CarriedValue]
  /// Counts that later lines of the same file take over.
  var carriedUsage: UsageSource?
  /// A line that meets any group of these begins anew: nothing is carried over it.
  var beginning: [[Condition]]
  /// Running totals of the file.
  var running: UsageSource?
  /// Lines of one id are snapshots of one call, of which the largest counts.
  var revises: Bool
  /// A row sums several requests.
  public var aggregates: Bool
  /// A record that meets all of any group is known to carry no usage.
  var skip: [[Condition]]
  var usage: [UsageSource]
  /// What names an error: looked up in the table of error classes, but for words of its own.
  var errors: Expression
  var routing: Routing
  var expansion: Expansion?

  /// The record is an envelope.
  public var isEnvelope: Bool { !unwrapping.isEmpty }

  /// It comes with the program; a user may have one of the same name instead.
  public var isBuiltIn: Bool { file == BuiltInDialects.fileName(name) }

  /// Its records depend on lines of the file before them.
  var isSequential: Bool { !carried.isEmpty || carriedUsage != nil || running != nil }

  /// A list of objects, each a name and a value.
  struct KeyedList: Sendable, Hashable {
    var list: Path
    var name: String
    var value: String
    /// The value is an object of one member, named after its type: OpenTelemetry's AnyValue.
    var isWrapped: Bool

    /// Steps in which names of such lists are spelt out.
    static func spelledOut(_ steps: [Path.Step], _ lists: [KeyedList]) -> [Path.Step] {
      for list in lists {
        let count = list.list.steps.count
        guard steps.starts(with: list.list.steps), count < steps.count,
          case .key(let name) = steps[count]
        else { continue }
        return list.list.steps + [.filter(name: list.name, text: name), .key(list.value)]
          + (list.isWrapped ? [.any] : []) + steps[(count + 1)...]
      }
      return steps
    }
  }

  /// A value that later lines take over.
  struct CarriedValue: Sendable {
    var name: String
    var value: Expression
    /// The first of a file is kept, else the last.
    var keepsFirst: Bool
  }

  /// What makes a record one of this dialect.
  struct Detection: Sendable {
    /// Of each, at least one.
    var all: [[Condition]] = []
    /// At least one group, all of it.
    var any: [[Condition]] = []
    var none: [Condition] = []

    /// The questions of all dialects are asked in walks of any: none knows the lists of another.
    mutating func spellOut(_ lists: [KeyedList]) {
      func spelledOut(_ condition: Condition) -> Condition {
        var condition = condition
        condition.path.steps = KeyedList.spelledOut(condition.path.steps, lists)
        return condition
      }
      all = all.map { $0.map(spelledOut) }
      any = any.map { $0.map(spelledOut) }
      none = none.map(spelledOut)
    }
  }

  /// How the attempts of one logical request show in a record.
  struct Routing: Sendable {
    /// Nothing is concluded from a record that does not meet these.
    var when: [Condition] = []
    /// E1: any of these groups, when all of it holds, says that a fallback served the request.
    var fallback: [[Condition]] = []
    /// Any of these says that a retry of the same model served it.
    var retry: [[Condition]] = []
    /// Any of these says that the first attempt served it.
    var primary: [[Condition]] = []
    /// Any of these says that a router chose the model: no fallback.
    var routed: [[Condition]] = []
    /// The model that was asked first.
    var from: [Path] = []
    /// E2: the attempts, in order, the last of which served.
    var attempts: [AttemptList] = []
    /// E4: a served model that is another than the asked one counts as a weak sign of fallback.
    var mismatch = false
  }

  /// A list of attempts inside a record; the paths are relative to an element.
  struct AttemptList: Sendable, Hashable {
    var list: Path
    var model: Path?
    var provider: Path?
    var status: Path?
    /// The last attempt stands first.
    var isNewestFirst = false
  }

  /// A list inside a record whose elements are billed apart: one event for each.
  struct Expansion: Sendable {
    var list: Path
    var kind: Path
    var model: Path
    var shape: TokenShape
    /// Kinds that are a fallback which served: explicit evidence.
    var fallbackKinds: [String]
    /// Kinds that are a declined attempt when a fallback served.
    var primaryKinds: [String]
  }
}

/// Where a field's value comes from: the first alternative that gives one.
struct Expression: Sendable {
  var alternatives: [Alternative] = []
}

/// One place where a value may stand, and how it is written there.
struct Alternative: Sendable {
  enum Source: Sendable, Hashable {
    case path(Path)
    /// The second less the first.
    case difference(from: Path, to: Path)
    case constant(String)
    /// The host of a URL, looked up in `values` by its longest suffix.
    case host(Path)
    /// The end of a URL's path, looked up in `values` by its longest suffix.
    case urlPath(Path)
    /// The part of a model id behind its last `:`.
    case suffix(Path)
    /// How many elements a list has.
    case count(Path)
    /// Parts of an amount: those that are there are added up.
    case sum([Path])
    /// A value of an earlier line of the file.
    case carried(String)
    /// An id made of a carried value and of all usage of the file up to here.
    case chained(String)

    /// The place of a value that stands in the record.
    var path: Path? {
      switch self {
      case .path(let path), .host(let path), .urlPath(let path), .suffix(let path),
        .count(let path), .difference(_, let path):
        path
      case .constant, .carried, .chained, .sum: nil
      }
    }
  }

  /// A part of a text between two marks.
  struct Slice: Sendable, Hashable {
    var after: String?
    /// `after` is the last such mark, not the first.
    var isLast = false
    var before: String?
  }

  var source: Source
  var unit = ValueUnit.none
  /// The words of the log and what they mean here; others give nothing.
  var values: [(written: String, meaning: String)] = []
  /// What a word that is not in `values` means.
  var otherwise: String?
  /// All must hold.
  var when: [Condition] = []
  /// The text identifies a credential: a short keyed hash stands in for it.
  var isSecret = false
  /// What an event says that takes its value from here.
  var warnings: EventWarnings = []
  var slice: Slice?
  /// What stands between the texts of a list that is written as one.
  var separator: String?
  /// The zone of times that are written without one.
  var zone: LogZone?
  /// Milliseconds that a time is later than what is meant.
  var less: [Path] = []
  /// The number is multiplied by this.
  var factor: ExactDecimal?
  /// The amount includes a markup of these ratios, and only the markup is meant.
  var ratios: [Path] = []
}

/// The unit in which a log writes a number.
enum ValueUnit: String, CaseIterable, Sendable {
  case none
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"
  /// A tenth of a microsecond since the year 1.
  case dotnetTicks = "dotnet_ticks"
  case dollars = "usd"
  case cents = "cent"
}

/// A yes-or-no question to a record.
struct Condition: Sendable, Hashable {
  enum Predicate: Sendable, Hashable {
    /// There, and not null.
    case present
    /// Not there, or null.
    case absent
    /// Written with exactly one of these.
    case isOneOf([String])
    /// Missing, or written with none of these.
    case isNoneOf([String])
    /// There, be it null.
    case exists
    /// Both are there and are written differently.
    case differs(from: Path)
    case hasPrefix(String)
    case hasSuffix(String)
    /// A number of at least this.
    case atLeast(Int64)
    case isObject
    case isList
    case isText
    /// Or a text that begins like one.
    case isNumber
  }

  var path: Path
  var predicate: Predicate
}

/// Where token counts stand: a shape, read below each root until one gives counts.
struct UsageSource: Sendable {
  var shape: TokenShape
  var roots: [Path]
  var when: [Condition]
  /// What an event that is read this way has to say.
  var warnings: EventWarnings
}
