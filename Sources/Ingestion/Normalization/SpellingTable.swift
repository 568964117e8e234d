import Billing
public import Documents

/// One name for each thing, however a log spells it: data, in `Dialects/BuiltIn/provider-names.yaml`
/// and `service-tiers.yaml`.
public struct SpellingTable: Sendable {
  private let names: [[UInt8]: String]

  /// Reads the table: a mapping from the name to its spellings.
  ///
  /// - Throws: `DocumentError`.
  public init(_ node: DocumentNode) throws(DocumentError) {
    var names: [[UInt8]: String] = [:]
    for (name, spellings) in try node.mapping(allowing: nil).all {
      for spelling in try spellings.texts() { names[Array(spelling.lowercased().utf8)] = name }
    }
    self.names = names
  }

  /// The name of a spelling; an unknown spelling in lower case.
  public func canonical(_ spelling: String) -> String {
    let lower = spelling.lowercased()
    return names[Array(lower.utf8)] ?? lower
  }
}

/// One worker's memory of names, by the label of the spelling.
final class SpellingCache {
  private let names: SpellingTable
  private let labels: LabelTable
  private var known = LabelMemory<Label>()

  init(names: SpellingTable, labels: LabelTable) {
    self.names = names
    self.labels = labels
  }

  func canonical(_ spelling: Label) -> Label {
    if spelling.isNone { return .none }
    if let label = known[spelling] { return label }
    let label = labels.intern(names.canonical(labels.text(spelling)))
    known[spelling] = label
    return label
  }
}
