public import Billing
import Catalog
import Documents

/// `tollbook prices build`: a price book from the two public tables.
public struct PriceBookFiles: Sendable {
  public let book: [UInt8]
  public let index: [UInt8]
  /// What prices nothing in the book, and what was left out: lines for standard error.
  public let remarks: String

  /// - Throws: `Failure`, `DocumentError`.
  public init(litellm: String, genaiPrices: String, overlay: String?, asOf: Day) throws {
    let build = try PriceBookBuild(
      litellm: Self.input(litellm), genaiPrices: Self.input(genaiPrices),
      overlay: try overlay.map(Self.input), asOf: asOf)
    book = build.book
    index = build.index
    remarks = build.reports.map(\.text).joined()
  }

  fileprivate static func input(_ path: String) throws(Failure) -> PriceBookBuild.Input {
    PriceBookBuild.Input(file: path, bytes: try TextFile.bytes(at: path))
  }
}

/// `tollbook prices import`: a price book from one public table.
public struct ImportedBook: Sendable {
  public let book: [UInt8]
  /// What prices nothing in the book, and what was left out: lines for standard error.
  public let remarks: String
  /// A model was left out.
  public let hasRefusals: Bool

  /// - Parameter table: the name of a `PriceTableFormat`.
  /// - Throws: `Failure`, `DocumentError`.
  public init(table: String, file: String, snapsFloatArtifacts: Bool) throws {
    guard let format = PriceTableFormat(rawValue: table) else {
      let names = PriceTableFormat.allCases.map(\.rawValue)
      throw Failure(
        "", "`\(table)` is none of the tables that can be read.",
        DocumentNode.advice(table, among: names), .usage)
    }
    let made = try TableImport(
      try PriceBookFiles.input(file), format: format, snapsFloatArtifacts: snapsFloatArtifacts)
    book = made.book
    remarks = made.report.text
    hasRefusals = !made.report.refused.isEmpty
  }
}
