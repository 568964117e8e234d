public import Billing
public import Documents

/// Builds the price book from the two tables; what `tollbook prices build` calls.
public struct PriceBookBuild: Sendable {
  /// A table as a file.
  public struct Input: Sendable {
    public var file: String
    public var bytes: [UInt8]

    public init(file: String, bytes: [UInt8]) {
      self.file = file
      self.bytes = bytes
    }

    /// `1.106.2` of `litellm-1.106.2.json`; empty when the name has no version.
    var version: String {
      let name = file.split(separator: "/").last ?? ""
      guard let dash = name.lastIndex(of: "-"), let dot = name.lastIndex(of: "."), dash < dot,
        name[name.index(after: dash)].isNumber
      else { return "" }
      return String(name[name.index(after: dash)..<dot])
    }
  }

  /// The book: JSON, one entry a line, by id.
  public var book: [UInt8]
  /// Where each name stands in the book, for the copy that is embedded.
  public var index: [UInt8]
  /// What of the tables prices nothing in the book.
  public var reports: [ImportReport]

  /// The version of the rules by which tables are merged.
  public static let version = "2"

  /// Merges the tables and the built-in overlay.
  ///
  /// The same inputs give the same bytes.
  ///
  /// - Parameters:
  ///   - litellm: `model_prices_and_context_window.json`.
  ///   - genaiPrices: the `data.json` of genai-prices.
  ///   - overlay: hand-kept entries; `nil` for the built-in ones.
  ///   - asOf: the day for which LiteLLM's undated table is current.
  /// - Throws: `DocumentError` when an input is not of the known form.
  public init(litellm: Input, genaiPrices: Input, overlay: Input? = nil, asOf: Day)
    throws(DocumentError)
  {
    let overlay =
      overlay ?? Input(file: "price-overlay.yaml", bytes: EmbeddedCatalog.overlay)
    let table = try LiteLLMTable(
      try DocumentNode.read(bytes: litellm.bytes, file: litellm.file))
    let dated = try GenaiPricesTable(
      try DocumentNode.read(bytes: genaiPrices.bytes, file: genaiPrices.file))
    let kept = try PriceBookReader.read(
      try DocumentNode.read(bytes: overlay.bytes, file: overlay.file))
    let entries = BookBuilder(litellm: table, genai: dated, asOf: asOf)
      .entries(overlay: kept.entries)
    let sources =
      [("litellm", litellm), ("genai-prices", genaiPrices), ("overlay", overlay)].map { source in
        PriceSource(
          name: source.0, version: source.1.version, sha256: SHA256.hex(source.1.bytes))
      } + [PriceSource(name: "builder", version: Self.version, sha256: "")]
    let writer = PriceBookWriter(profiles: PriceSheet.profiles)
    let unnamed = writer.text(id: "", sources: sources, entries: entries)
    let hash = SHA256.hex(Array(unnamed.utf8)).prefix(12)
    let text = writer.text(id: "built-in-\(asOf)-\(hash)", sources: sources, entries: entries)
    book = Array(text.utf8)
    index = PriceBookIndex.make(book: book, entries: entries)
    reports = [table.report, dated.report]
  }
}
