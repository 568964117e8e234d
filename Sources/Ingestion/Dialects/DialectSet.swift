public import Billing
public import Documents

/// The dialects of a run, in the order of detection.
public struct DialectSet: Sendable {
  /// Why a set could not be made.
  public enum Failure: Error, Sendable {
    case document(DocumentError)
    /// No dialect has this name; the names there are.
    case unknownName(String, known: [String])
  }

  public let dialects: [Dialect]
  /// How each dialect is recognised.
  let detection: DetectionTable
  private let shapes: [String: TokenShape]
  private let labels: LabelTable
  let errorClasses: ErrorClassTable
  let providers: SpellingTable
  let serviceTiers: SpellingTable
  /// Only this one is tried, when the user named it.
  public let forced: Int?

  /// - Parameters:
  ///   - user: dialects of the user, each a document; they come before the built-in ones, and one
  ///     of the same name replaces the built-in.
  ///   - only: the name of the one dialect to read with; no detection then.
  ///   - labels: the table of the run.
  ///   - isWanted: which of the built-in ones are in the set.
  /// - Throws: `Failure`.
  public init(
    user: [DocumentNode] = [], only: String? = nil, labels: LabelTable,
    builtIn isWanted: (Dialect) -> Bool = { _ in true }
  ) throws(Failure) {
    do throws(DocumentError) {
      shapes = try TokenShape.all(BuiltInDialects.document(named: "token-shapes"))
      errorClasses = try ErrorClassTable(BuiltInDialects.document(named: "error-classes"))
      providers = try SpellingTable(BuiltInDialects.document(named: "provider-names"))
      serviceTiers = try SpellingTable(BuiltInDialects.document(named: "service-tiers"))
      var own: [Dialect] = []
      for node in user {
        let dialect = try Dialect(node, shapes: shapes)
        try DialectLint(root: node, dialect: dialect).check()
        try Self.refuse(dialect, node, ifAmong: own)
        guard CompiledDialect(dialect, index: 0, wanted: EventField.all, labels: labels).fits else {
          throw node.error(
            "it names more places of a record than can be held",
            "Leave out alternatives that your log does not have.")
        }
        own.append(dialect)
      }
      var builtIn: [Dialect] = []
      for name in BuiltInDialects.names {
        let node = try BuiltInDialects.summary(named: name)
        builtIn.append(try Dialect(node, shapes: shapes, isSummary: true))
      }
      let replaced = Set(own.map { Array($0.name.utf8) })
      builtIn.removeAll { replaced.contains(Array($0.name.utf8)) || !isWanted($0) }
      builtIn.sort { $0.order < $1.order }
      let all = own + builtIn
      dialects = all
      self.labels = labels
      detection = try DetectionTable(all)
    } catch {
      throw .document(error)
    }
    guard let only else {
      forced = nil
      return
    }
    forced = dialects.firstIndex { Array($0.name.utf8) == Array(only.utf8) }
    if forced == nil { throw .unknownName(only, known: dialects.map(\.name)) }
  }
}

extension DialectSet {
  /// Of two dialects of one name, one would never be asked.
  private static func refuse(
    _ dialect: Dialect, _ node: DocumentNode, ifAmong others: [Dialect]
  ) throws(DocumentError) {
    let name = Array(dialect.name.utf8)
    guard let other = others.first(where: { Array($0.name.utf8) == name }) else { return }
    throw try node.mapping(allowing: nil).required("dialect").error(
      "the dialect `\(dialect.name)` is in \(other.file) already",
      "Give one of the two another name.")
  }

  /// The names of the dialects, those first that tell more of a call which several of them log: in
  /// rising `order`, then by name.
  public var preferredNames: [String] {
    dialects.sorted { left, right in
      left.order == right.order
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : left.order < right.order
    }
    .map(\.name)
  }

  /// For each dialect of the user the names of members that it reads of a record, as they would stand
  /// above the columns of a table.
  public var columns: [Set<[UInt8]>] {
    dialects.filter { !$0.isBuiltIn }.map { dialect in
      let asked = (dialect.detection.all + dialect.detection.any).joined().map(\.path.steps)
      let names = (asked + ReadPlaces(dialect).places.map(\.steps)).compactMap { steps in
        if case .key(let name) = steps.first { Array(name.utf8) } else { [UInt8]?.none }
      }
      return Set(names)
    }
  }

  /// The names of the dialects whose lines of one id are snapshots of one call.
  public var revisingNames: [String] { dialects.filter(\.revises).map(\.name) }

  /// A dialect ready to run. Each worker has its own: two threads that count references to one
  /// object wait for each other.
  ///
  /// - Parameter wanted: the fields that events are to have.
  func compile(_ index: Int, _ wanted: Set<EventField>) -> CompiledDialect {
    CompiledDialect(
      complete(dialects[index]), index: index, wanted: wanted, labels: labels,
      detection: forced == nil && !dialects[index].isLoose ? detection : nil)
  }
}

extension DialectSet {
  /// All of a dialect. Tests read every built-in one, so that none fails here.
  private func complete(_ dialect: Dialect) -> Dialect {
    guard dialect.isSummary, let node = try? BuiltInDialects.document(named: dialect.name),
      let whole = try? Dialect(node, shapes: shapes)
    else { return dialect }
    return whole
  }
}

/// The dialect files that are embedded in the binary.
public enum BuiltInDialects {
  /// The names of the dialects, sorted.
  public static let names: [String] = files.keys.filter { !tableNames.contains($0) }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }

  /// What dialects share.
  public static let tableNames = [
    "error-classes", "provider-names", "service-tiers", "token-shapes",
  ]

  /// The text of a file, as a user could start from it; `nil` when there is none of this name.
  public static func text(named name: String) -> String? { files[name] }

  static func document(named name: String) throws(DocumentError) -> DocumentNode {
    try DocumentNode.read(text: files[name] ?? "", file: fileName(name))
  }

  /// What a dialect is recognised by. Reading the rest of all of them would take longer than a small
  /// log does.
  static func summary(named name: String) throws(DocumentError) -> DocumentNode {
    var text = ""
    var isWanted = false
    for line in (files[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.utf8.first, (97...122).contains(first) {
        isWanted = Dialect.summaryKeys.contains(String(line.prefix { $0 != ":" }))
      }
      if isWanted { text += line + "\n" }
    }
    return try DocumentNode.read(text: text, file: fileName(name))
  }

  /// What a message calls the file of a dialect.
  static func fileName(_ name: String) -> String { "built-in dialect \(name)" }

  private static let files: [String: String] = {
    var files: [String: String] = [:]
    var index = 0
    while let file = embeddedFile(at: index) {
      files[file.name] = file.text
      index += 1
    }
    return files
  }()
}
