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
  ///   - names: names of models, as logs write them, for which conditions such as "begins with" are
  ///     asked beside the names of the built-in book.
  /// - Throws: `DocumentError` when the table is not of the known form as a whole.
  public init(
    _ input: PriceBookBuild.Input, format: PriceTableFormat, snapsFloatArtifacts: Bool = false,
    names: [String] = []
  ) throws(DocumentError) {
    let root = try DocumentNode.read(bytes: input.bytes, file: input.file)
    let list: EntryList
    (list, report) = try Self.entries(root, format, snaps: snapsFloatArtifacts, names: names)
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
    let command =
      "tollbook prices import \(format.rawValue) \(input.name)"
      + (snapsFloatArtifacts ? " --snap-float-artifacts" : "")
    let text = writer.text(
      prefix: format.rawValue, command: command, sources: sources, entries: entries)
    book = Array(text.utf8)
  }

  private static func entries(
    _ root: DocumentNode, _ format: PriceTableFormat, snaps: Bool, names: [String]
  ) throws(DocumentError) -> (EntryList, ImportReport) {
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
      let given = names.flatMap(spellings)
      let made = GenaiPricesEntries(try GenaiPricesTable(root)) { provider in
        index.names(of: provider) + given
      }
      return (made.list, made.report)
    case .openrouter: return try OpenRouterTable(root, snaps: snaps).result
    case .modelsDev: return try ModelsDevTable(root, snaps: snaps).result
    case .langfuse: return try LangfuseTable(root, snaps: snaps).result
    case .tokenmix: return try TokenMixTable(root, snaps: snaps).result
    }
  }

  /// A name in lower case, as it is written and without the prefix of a provider.
  private static func spellings(_ name: String) -> [String] {
    let name = name.asciiLowercased
    guard let slash = name.firstIndex(of: "/") else { return [name] }
    return [name, String(name[name.index(after: slash)...])]
  }
}
