import Alerting
import Billing
import Catalog
public import Documents
import Foundation
import Ingestion
import Insights

extension Configuration {
  private static let keys = [
    "ledger", "source", "price_books", "terms", "fx", "dialects", "timezone", "budgets",
    "stale_after",
    "coverage_floor", "models", "fallback", "idle", "markup", "limits",
  ]

  /// Reads a configuration. An empty document says nothing.
  ///
  /// - Throws: `DocumentError` with the line and how to write it; `Failure` when a file that it names
  ///   cannot be read.
  public init(reading root: DocumentNode) throws {
    self.init()
    if root.isNull { return }
    let map = try root.mapping(allowing: Self.keys)
    ledger = try map.optional("ledger").map(Self.path)
    if let node = map.optional("source") { source = try Self.source(node) }
    priceBooks = try map.optional("price_books").map(Self.paths) ?? []
    dialects = try map.optional("dialects").map(Self.paths) ?? []
    for node in try map.optional("terms")?.list() ?? [] { try add(try Self.terms(node), node) }
    if let node = map.optional("fx") { exchange = try ExchangeSource(reading: node) }
    if let node = map.optional("timezone") { calendar = try node.calendar() }
    try readBudgets(map)
    for node in try map.optional("models")?.list() ?? [] {
      models.append(try ConfiguredModel(reading: node))
    }
    try map.optional("fallback").map { try fallback.read($0) }
    try map.optional("idle").map { try idle.read($0) }
    try map.optional("markup").map { try markup.read($0) }
    try map.optional("limits").map { try limits.read($0) }
  }

  private mutating func readBudgets(_ map: DocumentMapping) throws(DocumentError) {
    for node in try map.optional("budgets")?.list() ?? [] {
      let budget = try Budget(reading: node, in: calendar)
      guard !budgets.contains(where: { TextOrder.isSame($0.name, budget.name) }) else {
        throw node.error("the name `\(budget.name)` stands twice", "Give each budget its own name.")
      }
      budgets.append(budget)
    }
    if let node = map.optional("stale_after") { check.staleAfterSeconds = try node.duration() }
    if let node = map.optional("coverage_floor") { check.coverageFloor = try node.fraction() }
  }

  /// Terms stand in the configuration itself, or are named there: built-in ones, or a file.
  private static func terms(_ node: DocumentNode) throws -> [GatewayTerms] {
    guard node.scalar != nil else { return try TermsFiles.terms(reading: node) }
    return try TermsFiles.terms(try node.text(), path: try path(node))
  }

  /// Terms of one's own take the place of built-in ones for the same gateway.
  private mutating func add(_ new: [GatewayTerms], _ node: DocumentNode) throws(DocumentError) {
    for item in new {
      if let old = terms.firstIndex(where: { TextOrder.isSame($0.gateway, item.gateway) }) {
        guard !terms[old].preset.isEmpty, item.preset.isEmpty else {
          throw node.error(
            "there are terms of the gateway `\(item.gateway)` already",
            "Keep one of the two; your own may follow built-in ones.")
        }
        terms.remove(at: old)
      }
      terms.append(item)
    }
  }

  /// The name can be that of where logs come from.
  public static func isSource(_ name: String) -> Bool {
    let others: Set<UInt8> = Set("._-/:@".utf8)
    return (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || others.contains(byte)
      }
  }

  private static func source(_ node: DocumentNode) throws(DocumentError) -> String {
    let name = try node.text()
    guard isSource(name) else {
      throw node.error(
        "`\(name)` cannot name a source", "Write 1 to 64 letters, digits and `. _ - / : @`.")
    }
    return name
  }

  private static func paths(_ node: DocumentNode) throws(DocumentError) -> [String] {
    var paths: [String] = []
    for item in try node.list() { paths.append(try path(item)) }
    return paths
  }

  /// A path of the file, as the program opens it.
  static func path(_ node: DocumentNode) throws(DocumentError) -> String {
    let path = try node.text()
    guard !path.hasPrefix("/") else { return path }
    guard let slash = node.file.lastIndex(of: "/") else { return path }
    return String(node.file[...slash]) + path
  }
}

extension InputLimits {
  fileprivate mutating func read(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: ["line_bytes", "depth", "expansion"])
    if let node = map.optional("line_bytes") { lineBytes = Int(try node.int(in: 1024...(1 << 30))) }
    if let node = map.optional("depth") { depth = Int(try node.int(in: 8...1024)) }
    if let node = map.optional("expansion") { expansion = Int(try node.int(in: 1...1_000_000)) }
  }
}
