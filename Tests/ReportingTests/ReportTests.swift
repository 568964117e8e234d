import Billing
import Foundation
import Insights
import Reporting
import Testing
import UsageFixtures

@Suite struct ReportTests {
  @Test(arguments: ["md", "csv", "json", "txt"])
  func `the report of a month`(_ name: String) throws {
    let renderer = try #require(ReportFormat.renderer(forExtension: name))
    let bytes = renderer.render(try SampleReport.document())
    #expect(try GoldenFile.compare("month.\(name)", bytes) == .same)
  }

  @Test(arguments: [ReportKind.fallback, .idle, .markup, .invoice])
  func `the flat table of each kind`(_ kind: ReportKind) throws {
    let bytes = CSVRenderer().render(try SampleReport.document(kind))
    #expect(try GoldenFile.compare("\(kind.rawValue).csv", bytes) == .same)
  }

  @Test func `the one page of a first look`() throws {
    let summary = Summary(try SampleReport.analysis(.all))
    let lead = [Summary.Line("detected", "test 349 lines")]
    let bytes = Array(summary.text(after: lead).utf8)
    #expect(try GoldenFile.compare("summary.txt", bytes) == .same)
  }

  @Test func `a format that does not exist has no renderer`() {
    #expect(ReportFormat.renderer(forExtension: "docx") == nil)
  }

  @Test(arguments: ["md", "csv", "json", "txt"])
  func `the order of the input does not change the report`(_ name: String) throws {
    let renderer = try #require(ReportFormat.renderer(forExtension: name))
    let straight = try SampleReport.document()
    let reversed = try SampleReport.document(reversed: true)
    #expect(renderer.render(straight) == renderer.render(reversed))
  }

  // Acceptance row 83.
  @Test func `CSV rows sum to the totals of JSON`() throws {
    let document = try SampleReport.document()
    let json = try JSONSerialization.jsonObject(with: Data(JSONRenderer().render(document)))
    let totals = try #require((json as? [String: Any])?["totals"] as? [[String: Any]])
    #expect(totals.count == 1)
    let table = document.primary
    for name in ["list_cost", "billed_cost", "reported_cost"] {
      let column = try #require(table.columns.firstIndex { $0.id == name })
      let sum = table.rows.reduce(Int128(0)) { sum, row in
        if case .money(let amount) = row[column] { sum + amount.units } else { sum }
      }
      #expect(totals[0][name] as? String == Money(units: sum).description)
    }
  }

  @Test func `every row has one cell for each column`() throws {
    for kind in ReportKind.allCases {
      let document = try SampleReport.document(kind)
      for table in document.sections.flatMap(\.tables) + [document.primary] {
        #expect(Set(table.columns.map(\.id)).count == table.columns.count, "\(table.id)")
        for row in table.rows + [table.total].compactMap({ $0 }) {
          #expect(row.count == table.columns.count, "\(table.id)")
        }
      }
    }
  }
}
