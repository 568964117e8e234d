import Billing
import Catalog
import Documents
import Foundation
import Testing

/// A request with what each public table makes of it.
struct OracleCase: Sendable {
  var id: String
  var subject = PricingSubject()
  var usage: BillableUsage
  var alternatives: [String]
  private var expected: [String: String]

  /// - Parameter column: `litellm`, `litellm_snapped`, `genai_prices`, `correct`.
  func expected(_ column: String) -> String? {
    expected[column].flatMap { $0 == "?" ? nil : $0 }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Vectors/oracle")

  static let all: [OracleCase] = {
    let file = folder.appending(path: "cases.tsv")
    let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
    let columns = lines.first?.split(separator: "\t").map(String.init) ?? []
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == columns.count else { return nil }
      return OracleCase(Dictionary(uniqueKeysWithValues: zip(columns, fields)))
    }
  }()

  private init?(_ fields: [String: String]) {
    func text(_ column: String) -> String { fields[column] ?? "" }
    func count(_ column: String) -> Int64 { Int64(text(column)) ?? -1 }
    guard let time = Timestamp.parse(Array(text("time").utf8)) else { return nil }
    id = "\(text("id")) \(text("scenario")) \(text("provider")) \(text("model"))"
    subject.provider = text("provider")
    subject.model = text("model")
    subject.serviceTier = text("service_tier")
    subject.modifiers = text("modifiers")
    var tokens = TokenUsage()
    let parts: [(TokenBucket, String)] = [
      (.cacheRead, "cache_read"), (.cacheWrite5m, "cache_write_5m"),
      (.cacheWrite1h, "cache_write_1h"), (.inputAudio, "input_audio"),
    ]
    for (bucket, column) in parts { tokens.set(bucket, count(column)) }
    tokens.set(.input, parts.reduce(count("input")) { $0 - count($1.1) })
    tokens.set(.reasoning, count("reasoning"))
    tokens.set(.outputAudio, count("output_audio"))
    tokens.set(.output, count("output") - count("reasoning") - count("output_audio"))
    usage = BillableUsage(time: time.time, tokens: tokens)
    alternatives = text("alternatives").split(separator: " ").map(String.init)
    expected = fields
  }
}

@Suite struct TableOracleTests {
  private static func book(
    _ file: String, _ format: PriceTableFormat, snaps: Bool = false
  ) throws -> PriceTable {
    let bytes = Array(try Data(contentsOf: OracleCase.folder.appending(path: file)))
    let made = try TableImport(
      .init(file: file, bytes: bytes), format: format, snapsFloatArtifacts: snaps)
    #expect(made.report.refused.isEmpty)
    return try PriceTable(reading: try DocumentNode.read(bytes: made.book, file: "book.json"))
  }

  /// The cases that the book gets wrong, and how many it was asked.
  private static func check(_ book: any PriceBook, _ column: String) throws
    -> (wrong: [String], asked: Int)
  {
    let pricer = BookPricer(book: book)
    var wrong: [String] = []
    var asked = 0
    for example in OracleCase.all {
      guard let expected = example.expected(column) else { continue }
      asked += 1
      let plan = pricer.plan(for: example.subject)
      let charge = try plan.charge(example.usage)
      let line = plan.lines[charge.line]
      let outcome = line.status == .priced ? charge.list.description : "unpriced"
      // A reading that the table leaves open must be named.
      let isReading = example.alternatives.contains(outcome) && line.tier.contains("=")
      if outcome != expected, !isReading {
        wrong.append("\(example.id): \(outcome), not \(expected) (\(line.tier))")
      }
    }
    return (wrong, asked)
  }

  @Test func `all cases are read`() {
    #expect(OracleCase.all.count == 2881)
    #expect(OracleCase.all.count { !$0.alternatives.isEmpty } == 57)
  }

  @Test func `a book imported from LiteLLM's table says what that table says`() throws {
    let result = try Self.check(
      try Self.book("litellm-1.106.2.json", .litellm), "litellm")
    #expect(result.wrong == [])
    #expect(result.asked == 2135)
  }

  @Test func `snapped float artifacts give the amounts that were meant`() throws {
    let book = try Self.book("litellm-1.106.2.json", .litellm, snaps: true)
    let result = try Self.check(book, "litellm_snapped")
    #expect(result.wrong == [])
    let literal = try Self.check(book, "litellm")
    #expect(literal.wrong.count == 15)
  }

  @Test func `a book imported from genai-prices says what that table says`() throws {
    let result = try Self.check(
      try Self.book("genai-prices-0.2.3.json", .genaiPrices), "genai_prices")
    #expect(result.wrong == [])
    #expect(result.asked > 2300)
  }

  @Test func `the built-in book gives what both tables agree on, and what both get wrong`() throws {
    let result = try Self.check(try BuiltInPriceBook(), "correct")
    #expect(result.wrong == [])
    #expect(result.asked == 1211)
  }

  @Test func `every reading that a table leaves open is named in the tier`() throws {
    let books = [
      try Self.book("litellm-1.106.2.json", .litellm),
      try Self.book("genai-prices-0.2.3.json", .genaiPrices),
    ]
    for example in OracleCase.all where example.alternatives.count > 1 {
      let tiers = try books.map { book in
        let plan = BookPricer(book: book).plan(for: example.subject)
        return plan.lines[try plan.charge(example.usage).line].tier
      }
      #expect(tiers[0].contains("="), "\(example.id): \(tiers)")
    }
  }
}
