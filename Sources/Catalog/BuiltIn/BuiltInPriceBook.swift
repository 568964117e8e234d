public import Billing
public import Documents
import Synchronization

/// The price book in the binary. An entry is read when it is asked for, and kept.
public final class BuiltInPriceBook: PriceBook {
  public let id: String
  /// What the book was made from.
  public let sources: [PriceSource]
  private let index: PriceBookIndex
  private let reader: PriceBookReader
  private let cache = Mutex<[Int: PriceEntry]>([:])

  /// - Throws: `DocumentError` when the binary holds no readable book: a fault of the build.
  public init() throws(DocumentError) {
    index = PriceBookIndex(EmbeddedCatalog.index)
    let head = EmbeddedCatalog.book(0..<min(EmbeddedCatalog.bookLength, 8192))
    let header = Array(head[..<PriceBookIndex.start(ofEntriesIn: head)]) + Array("]}".utf8)
    let root = try DocumentNode.read(bytes: header, file: "price-book.json")
    let map = try root.mapping(allowing: PriceBookReader.rootKeys)
    id = try map.required("id").text()
    sources = try PriceBookReader.sources(map.optional("sources"))
    reader = try PriceBookReader(header: map)
  }

  public func entry(provider: String, name: String) -> (entry: PriceEntry, isAlias: Bool)? {
    guard let place = index.place(provider: provider, name: name),
      let entry = entry(at: place.range)
    else { return nil }
    return (entry, place.isAlias)
  }

  public func providers(of name: String) -> [String] {
    index.providers.filter { index.place(provider: $0, name: name) != nil }
  }

  public func entries(of providers: Set<String>?) -> [PriceEntry] {
    index.places(of: providers).compactMap(entry(at:)).sorted {
      $0.id.utf8.lexicographicallyPrecedes($1.id.utf8)
    }
  }

  private func entry(at range: Range<Int>) -> PriceEntry? {
    if let known = cache.withLock({ $0[range.lowerBound] }) { return known }
    let bytes = EmbeddedCatalog.book(range)
    guard let node = try? DocumentNode.read(bytes: bytes, file: "price-book.json"),
      let entry = try? reader.entry(node)
    else { return nil }
    cache.withLock { $0[range.lowerBound] = entry }
    return entry
  }
}
