import Billing
public import Documents

/// The public price tables that can be read.
public enum PriceTableFormat: String, CaseIterable, Sendable {
  case litellm
  case genaiPrices = "genai-prices"
  case openrouter
  case modelsDev = "models.dev"
  case langfuse
  case tokenmix
}

/// A price book that says what one public table says, alone; what `tollbook prices import` calls.
///
/// The same table gives the same bytes.
public struct TableImport: Sendable {
  /// The book, JSON, one entry a line.
  public let book: [UInt8]
  /// What could not be taken over.
  public let report: ImportReport

  /// - Parameters:
  ///   - input: the table as a file.
  ///   - snapsFloatArtifacts: whether a literal such as `2.5000010000000002e-05` is replaced by the
  ///     decimal that was meant. The book then says so, in its sources and for each rate.
  /// - Throws: `DocumentError` when the table is not of the known form as a whole.
  public init(
    _ input: PriceBookBuild.Input, format: PriceTableFormat, snapsFloatArtifacts: Bool = false
  ) throws(DocumentError) {
    let root = try DocumentNode.read(bytes: input.bytes, file: input.file)
    let list: EntryList
    (list, report) = try Self.entries(root, format, snaps: snapsFloatArtifacts)
    var sources = [
      PriceSource(
        name: format.rawValue, version: input.version, sha256: SHA256.hex(input.bytes)),
      PriceSource(name: "builder", version: PriceBookBuild.version, sha256: ""),
    ]
    if snapsFloatArtifacts {
      sources.append(PriceSource(name: "snap-float-artifacts", version: "1", sha256: ""))
    }
    let entries = list.entries
    let writer = PriceBookWriter(profiles: PriceSheet.profiles)
    let unnamed = writer.text(id: "", sources: sources, entries: entries)
    let hash = SHA256.hex(Array(unnamed.utf8)).prefix(12)
    let id = "\(format.rawValue)-\(hash)"
    book = Array(writer.text(id: id, sources: sources, entries: entries).utf8)
  }

  private static func entries(_ root: DocumentNode, _ format: PriceTableFormat, snaps: Bool)
    throws(DocumentError) -> (EntryList, ImportReport)
  {
    switch format {
    case .litellm:
      let table = try LiteLLMTable(root, snaps: snaps)
      var list = EntryList()
      var report = table.report
      // Keys with their provider's prefix first: they are the more precise of two.
      let models = table.models.filter(\.hadPrefix) + table.models.filter { !$0.hadPrefix }
      for model in models {
        var entry = BookBuilder.entry(model)
        var sheet = model.sheet
        LiteLLMTable.addHalfBatch(&sheet)
        entry.prices = [SheetMerge(only: sheet, isBroad: true).price(from: nil, until: nil)]
        if !list.add(entry), let kept = list.entry(entry.provider, entry.names[0]),
          kept.prices != entry.prices
        {
          report.remark(model.key, "another key of this name stands for it, at other prices")
        }
      }
      return (list, report)
    case .genaiPrices:
      let index = PriceBookIndex(EmbeddedCatalog.index)
      let made = GenaiPricesEntries(try GenaiPricesTable(root), known: index.names(of:))
      return (made.list, made.report)
    case .openrouter: return try OpenRouterTable(root, snaps: snaps).result
    case .modelsDev: return try ModelsDevTable(root, snaps: snaps).result
    case .langfuse: return try LangfuseTable(root, snaps: snaps).result
    case .tokenmix: return try TokenMixTable(root, snaps: snaps).result
    }
  }
}
