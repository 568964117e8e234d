import Billing
import Catalog
import Documents
import Testing

/// Differences between books, and one book of several.
@Suite struct PriceBookComparisonTests {
  private func document(_ text: String) throws -> PriceBookDocument {
    try PriceBookDocument(reading: try DocumentNode.read(text: text, file: "book.yaml"))
  }

  private func table(_ document: PriceBookDocument) -> PriceTable {
    PriceTable(id: document.id, entries: document.entries)
  }

  private static let old = """
    version: 1
    id: old
    entries:
      - {id: a/gone, provider: a, match: {exact: [gone]}, prices: [{rates: {input: "1"}}]}
      - {id: a/m, provider: a, match: {exact: [m]}, prices: [{per: 1000000, rates: {input: "1", output: "4"}}]}
    """
  private static let new = """
    version: 1
    id: new
    entries:
      - {id: a/fresh, provider: a, match: {exact: [fresh]}, prices: [{per: 1000000, rates: {input: "7"}}]}
      - id: a/m
        provider: a
        match: {exact: [m], aliases: [mm]}
        prices:
          - {per: 1000000, rates: {input: "2", output: "4"}, context_tiers: [{op: ">", value: 9, rates: {input: "3"}}], other_rates: {moon: "5"}}
    """

  @Test func `a difference names the entry, what changed, and both values`() throws {
    let diff = PriceBookDiff(from: table(try document(Self.old)), to: table(try document(Self.new)))
    let lines = diff.changes.map {
      [$0.kind.name, $0.entry, $0.subject, $0.before, $0.after].joined(separator: "|")
    }
    #expect(
      lines == [
        "added|a/fresh|||input 7",
        "removed|a/gone||input 1000000|", "changed|a/m|input|1|2", "changed|a/m|aliases||mm",
        "changed|a/m|input >9||3", "changed|a/m|other moon||5",
      ])
    let same = PriceBookDiff(from: table(try document(Self.old)), to: table(try document(Self.old)))
    #expect(same.changes == [])
  }

  @Test func `the first book wins with whole entries, and disputes are recorded`() throws {
    let merge = PriceBookMerge([try document(Self.old), try document(Self.new)])
    let merged = try document(String(decoding: merge.book, as: UTF8.self))
    let book = table(merged)
    #expect(merge.contested == 1)
    #expect(merged.entries.map(\.id) == ["a/fresh", "a/gone", "a/m", "a/mm"])
    let entry = try #require(book.entry(provider: "a", name: "m")?.entry)
    #expect(entry.currentPrice?.base.contextTiers == [])
    #expect(entry.contests.map(\.subject) == ["input"])
    #expect(entry.contests[0].chosen == "old")
    #expect(entry.contests[0].claims.map(\.amount) == ["0.000001", "0.000002"])
    let turned = PriceBookMerge([try document(Self.new), try document(Self.old)])
    let other = table(try document(String(decoding: turned.book, as: UTF8.self)))
    #expect(other.entry(provider: "a", name: "mm")?.entry.id == "a/m")
  }
}
