import Billing
import Catalog
import Foundation
import Testing

/// One priced request with the list cost that it must have.
struct ListCostCase: Sendable, CustomTestStringConvertible {
  var scenario: String
  var subject: PricingSubject
  var usage: BillableUsage
  /// A plain decimal, or `unpriced`.
  var expected: String

  var testDescription: String { "\(scenario) \(subject.provider) \(subject.model)" }

  /// Cases of every scenario in which two independent price tables agree, or one stands alone, and of
  /// those that must have no price.
  static let all: [ListCostCase] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/list-cost.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().compactMap(ListCostCase.init)
  }()

  init?(_ line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    let counts = fields.dropFirst(7).compactMap { Int64($0) }
    guard fields.count == 16, counts.count >= 8, let time = Timestamp.parse(Array(fields[6].utf8))
    else { return nil }
    scenario = "\(fields[1]) \(fields[0])"
    subject = PricingSubject()
    subject.provider = fields[2]
    subject.model = fields[3]
    subject.serviceTier = fields[4]
    subject.modifiers = fields[5]
    var tokens = TokenUsage()
    tokens.set(.input, counts[0] - counts[1] - counts[2] - counts[3] - counts[4])
    tokens.set(.cacheRead, counts[1])
    tokens.set(.cacheWrite5m, counts[2])
    tokens.set(.cacheWrite1h, counts[3])
    tokens.set(.inputAudio, counts[4])
    tokens.set(.output, counts[5] - counts[6] - counts[7])
    tokens.set(.reasoning, counts[6])
    tokens.set(.outputAudio, counts[7])
    usage = BillableUsage(time: time.time, tokens: tokens)
    expected = fields[15]
  }
}

@Suite struct ListCostTests {
  @Test func `the table of cases is read whole`() {
    #expect(ListCostCase.all.count > 300)
    #expect(Set(ListCostCase.all.map(\.scenario)).count > 60)
  }

  @Test(arguments: ListCostCase.all)
  func `the built-in book gives the exact list cost`(example: ListCostCase) throws {
    let plan = BookPricer(book: try BuiltInPriceBook()).plan(for: example.subject)
    let charge = try plan.charge(example.usage)
    let line = plan.lines[charge.line]
    let outcome = line.status == .priced ? charge.list.description : line.status.name
    #expect(outcome == example.expected)
    #expect(charge.billed == charge.list)
    var sum = Money.zero
    for component in try plan.components(example.usage) { sum = try sum.adding(component.cost, "") }
    #expect(sum == charge.list)
  }
}
