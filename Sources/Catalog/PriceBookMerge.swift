import Billing
public import Documents

extension PriceBookDocument {
  /// Reads a price book with where it came from; checked like any other.
  ///
  /// - Throws: `DocumentError`.
  public init(reading root: DocumentNode, files: DocumentFiles = .none) throws(DocumentError) {
    self = try PriceBookReader.read(root, files)
  }

  /// The built-in book as a document.
  public init(_ book: BuiltInPriceBook) {
    self.init(id: book.id, sources: book.sources, entries: book.entries)
  }
}

/// One book of several: each name is priced by the first book that has it.
///
/// An entry is taken whole: what one book leaves open is never filled from another. Where a later
/// book has another current price for a name, the entry says so.
public struct PriceBookMerge: Sendable {
  public let book: [UInt8]
  /// Names that several books price differently.
  public let contested: Int

  /// - Parameter documents: in the order of precedence, at least one.
  public init(_ documents: [PriceBookDocument]) {
    var owners: [String: (document: Int, entry: Int)] = [:]
    var kept: [[PriceEntry]] = documents.map(\.entries)
    var count = 0
    for (document, entries) in documents.map(\.entries).enumerated() {
      for (index, entry) in entries.enumerated() {
        for name in entry.names + entry.aliases {
          let key = "\(entry.provider)\u{0}\(name.asciiLowercased)"
          guard let owner = owners[key] else {
            owners[key] = (document, index)
            continue
          }
          guard owner.document != document else { continue }
          let contests = Self.contests(
            kept[owner.document][owner.entry], documents[owner.document].id, entry,
            documents[document].id)
          let known = Set(kept[owner.document][owner.entry].contests)
          let new = contests.filter { !known.contains($0) }
          if !new.isEmpty { count += 1 }
          kept[owner.document][owner.entry].contests += new
        }
      }
    }
    var list = EntryList()
    for entries in kept { for entry in entries { list.add(entry) } }
    var seen: Set<PriceSource> = []
    let sources = documents.flatMap { document in
      [PriceSource(name: "merged", version: document.id, sha256: "")] + document.sources
    }.filter { seen.insert($0).inserted }
    let writer = PriceBookWriter(profiles: PriceSheet.profiles)
    let text = writer.text(
      prefix: "merged", command: "tollbook prices merge", sources: sources, entries: list.entries)
    book = Array(text.utf8)
    contested = count
  }

  /// Current base rates that both state and that differ.
  private static func contests(
    _ chosen: PriceEntry, _ first: String, _ other: PriceEntry, _ second: String
  ) -> [PriceEntry.Contest] {
    guard let mine = chosen.currentPrice, let theirs = other.currentPrice,
      mine.currency == theirs.currency
    else { return [] }
    return PricedQuantity.allCases.compactMap { quantity in
      guard let a = mine.base.rates[quantity], let b = theirs.base.rates[quantity], a != b else {
        return nil
      }
      return PriceEntry.Contest(
        subject: quantity.name, chosen: first,
        claims: [.init(source: first, amount: "\(a)"), .init(source: second, amount: "\(b)")])
    }
  }
}
