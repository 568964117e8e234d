/// Prices of models, found by provider and name.
///
/// Names are compared in lower case, byte for byte: never by a part, a pattern or a size in them.
public protocol PriceBook: Sendable {
  /// The id of the book with the hash of its content: what a priced row refers to.
  var id: String { get }

  /// The entry of a name at a provider, and whether the name is one of its aliases.
  func entry(provider: String, name: String) -> (entry: PriceEntry, isAlias: Bool)?

  /// The providers that have an entry with a name, in the order of their text.
  func providers(of name: String) -> [String]

  /// The entries of some providers, of all for `nil`, in the order of their ids.
  func entries(of providers: Set<String>?) -> [PriceEntry]
}

extension PriceBook {
  /// All entries, in the order of their ids.
  public var entries: [PriceEntry] { entries(of: nil) }
}

/// A price book in memory.
public struct PriceTable: PriceBook {
  private struct Key: Hashable {
    var provider: [UInt8]
    var name: [UInt8]
  }

  public let id: String
  private let all: [PriceEntry]
  private let places: [Key: (index: Int, isAlias: Bool)]
  private let owners: [[UInt8]: [String]]

  /// - Parameter entries: no two with one id, and no name twice at a provider; of two the first holds.
  public init(id: String, entries: [PriceEntry]) {
    self.id = id
    all = entries.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    var places: [Key: (index: Int, isAlias: Bool)] = [:]
    var owners: [[UInt8]: Set<String>] = [:]
    for (index, entry) in all.enumerated() {
      for (names, isAlias) in [(entry.names, false), (entry.aliases, true)] {
        for name in entry.keys(of: names) {
          let name = Array(name.asciiLowercased.utf8)
          let key = Key(provider: Array(entry.provider.utf8), name: name)
          if places[key] == nil { places[key] = (index, isAlias) }
          owners[name, default: []].insert(entry.provider)
        }
      }
    }
    self.places = places
    self.owners = owners.mapValues { $0.sorted() }
  }

  public func entries(of providers: Set<String>?) -> [PriceEntry] {
    providers.map { wanted in all.filter { wanted.contains($0.provider) } } ?? all
  }

  public func entry(provider: String, name: String) -> (entry: PriceEntry, isAlias: Bool)? {
    let key = Key(provider: Array(provider.utf8), name: Array(name.asciiLowercased.utf8))
    return places[key].map { (all[$0.index], $0.isAlias) }
  }

  public func providers(of name: String) -> [String] {
    owners[Array(name.asciiLowercased.utf8)] ?? []
  }
}

/// Several books, of which the first that has a name decides: a user's own before the built-in one.
public struct PriceBookStack: PriceBook {
  private let books: [any PriceBook]

  public init(_ books: [any PriceBook]) { self.books = books }

  public var id: String { books.map(\.id).joined(separator: "+") }

  public func entries(of providers: Set<String>?) -> [PriceEntry] {
    var seen: Set<String> = []
    var all: [PriceEntry] = []
    for book in books {
      for entry in book.entries(of: providers) where seen.insert(entry.id).inserted {
        all.append(entry)
      }
    }
    return all.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  public func entry(provider: String, name: String) -> (entry: PriceEntry, isAlias: Bool)? {
    for book in books {
      if let found = book.entry(provider: provider, name: name) { return found }
    }
    return nil
  }

  public func providers(of name: String) -> [String] {
    Set(books.flatMap { $0.providers(of: name) }).sorted()
  }
}
