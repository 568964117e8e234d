import Billing

/// The entries of a book in the making: of two with one id or name the first holds.
struct EntryList {
  private var names: [String: Int] = [:]
  private var ids: Set<String> = []
  private var collected: [PriceEntry] = []

  /// By id.
  var entries: [PriceEntry] {
    collected.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  /// Adds an entry under those of its names that no entry before it has.
  ///
  /// - Returns: `false` when nothing is left to add.
  @discardableResult
  mutating func add(_ entry: PriceEntry) -> Bool {
    var entry = entry
    let isNew = { (name: String) in
      let key = Self.key(entry.provider, name)
      guard names[key] == nil else { return false }
      names[key] = collected.count
      return true
    }
    entry.names = entry.names.filter(isNew)
    entry.aliases = entry.aliases.filter(isNew)
    if entry.names.isEmpty, let name = entry.aliases.first {
      // The name itself is another entry's; what is left of the aliases stands under the first.
      entry.names = [name]
      entry.aliases.removeFirst()
      entry.id = "\(entry.provider)/\(name)"
    }
    guard let name = entry.names.first else { return false }
    if ids.contains(entry.id) { entry.id = "\(entry.provider)/\(name)" }
    guard ids.insert(entry.id).inserted else { return false }
    collected.append(entry)
    return true
  }

  /// The entry that has a name.
  func entry(_ provider: String, _ name: String) -> PriceEntry? {
    names[Self.key(provider, name)].flatMap { collected.indices.contains($0) ? collected[$0] : nil }
  }

  private static func key(_ provider: String, _ name: String) -> String {
    provider + "\u{0}" + name.lowercased()
  }
}
