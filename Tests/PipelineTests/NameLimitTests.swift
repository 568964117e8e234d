import Billing
import Foundation
import Ingestion
import Ledger
import LogFixtures
import Pipeline
import Testing

/// A log that names something new in every line costs a bounded number of names.
///
/// Acceptance row 92.
@Suite struct NameLimitTests {
  /// A LiteLLM line of one of two days.
  private static func line(_ number: Int, key: String, team: String, model: String) -> String {
    let start = 1_791_000_000 + number % 2 * 86_400 + number
    return "{\"id\":\"r-\(number)\",\"call_type\":\"acompletion\",\"status\":\"success\","
      + "\"startTime\":\(start).25,\"endTime\":\(start + 1).5,\"model\":\"\(model)\","
      + "\"model_group\":\"\(model)\",\"custom_llm_provider\":\"openai\",\"prompt_tokens\":100,"
      + "\"completion_tokens\":20,\"total_tokens\":120,\"metadata\":{\"user_api_key_alias\":\"\(key)\","
      + "\"user_api_key_team_alias\":\"\(team)\"},\"model_map_information\":{}}\n"
  }

  /// Ordinary requests, and behind each one with names of its own.
  private static func attack(_ range: Range<Int>) -> String {
    range.map { number in
      line(2 * number, key: "key-\(number % 3)", team: "team", model: "gpt-5-mini")
        + line(2 * number + 1, key: "k\(number)", team: "t\(number)", model: "m\(number)")
    }
    .joined()
  }

  private static func names(_ ledger: String) throws -> (keys: Set<String>, other: Int) {
    let labels = LabelTable()
    let cells = CellTable()
    let history = try Ledger.open(path: ledger).history(labels: labels, cells: cells)
    var keys: Set<String> = []
    var other = 0
    try history.forEachFact(in: LedgerHistory.allTime) { fact in
      let cell = cells[fact.cell]
      keys.insert(labels.text(cell.key))
      if [cell.key, cell.team, cell.requestModel].contains(where: { labels.text($0) == "(other)" })
      {
        other += 1
      }
    }
    return (keys, other)
  }

  @Test func `names beyond the limit of a day count as other`() throws {
    let folder = try Folder()
    let file = try folder.write("a.log", Self.attack(0..<300))
    let summary = try ingest([file], into: folder.path("a.db")) { $0.labelValues = 20 }
    #expect(summary.total.events == 600 && summary.total.isBalanced)
    let (keys, other) = try Self.names(folder.path("a.db"))
    // Two days of twenty keys; the three of ordinary requests came first, on both of them.
    #expect(keys.contains("(other)") && keys.isSuperset(of: ["key-0", "key-1", "key-2"]))
    #expect(keys.count <= 41 && keys.count >= 20)
    #expect(other > 250)
    #expect(summary.nameless[.key] ?? 0 > 250)
    #expect(summary.nameless[.team] == summary.nameless[.key])
    #expect(summary.nameless[.provider] == nil)
    try ingest([file], into: folder.path("b.db")) { $0.labelValues = 1000 }
    #expect(try Self.names(folder.path("b.db")).other == 0)
    #expect(try Self.total(folder.path("a.db")) == Self.total(folder.path("b.db")))
  }

  /// What is billed does not depend on the names that are kept.
  private static func total(_ ledger: String) throws -> Money {
    let history = try Ledger.open(path: ledger).history(labels: LabelTable(), cells: CellTable())
    var sum = Money.zero
    try history.forEachFact(in: LedgerHistory.allTime) {
      sum = try sum.adding($0.costs.billed, "sum")
    }
    return sum
  }

  @Test func `threads, tables and where a run ended change no name`() throws {
    let folder = try Folder()
    let file = try folder.write("a.log", Self.attack(0..<400))
    func names(_ name: String, _ change: (inout IngestOptions) -> Void) throws -> String {
      _ = try ingest([file], into: folder.path(name), threads: 3) {
        $0.labelValues = 30
        $0.reading.limits.blockBytes = 2000
        change(&$0)
      }
      return try dump(folder.path(name))
    }
    let straight = try names("straight.db") { _ in }
    #expect(try names("tables.db") { $0.tableGrowth = 60 } == straight)
    #expect(try names("commits.db") { $0.factsPerCommit = 7 } == straight)
    let lines = Self.attack(0..<400).split(separator: "\n")
    for end in [100, 333, 334, lines.count] {
      try folder.write("a.log", lines[..<end].joined(separator: "\n") + "\n")
      let grown = try names("runs.db") { $0.tableGrowth = 200 }
      if end == lines.count { #expect(grown == straight) }
    }
  }

  @Test func `a limit that is raised counts nothing twice`() throws {
    let folder = try Folder()
    let text = Self.attack(0..<200)
    let file = try folder.write("a.log", text)
    try ingest([file], into: folder.path("a.db")) { $0.labelValues = 20 }
    let copy = try folder.write("copy.log", "\n" + text)
    for limit in [20, 1000, 30] {
      try folder.write("copy.log", String(repeating: "\n", count: limit) + text)
      let again = try ingest([copy], into: folder.path("a.db")) { $0.labelValues = limit }
      #expect(again.total.events == 0 && again.total.duplicates == 400)
      #expect(again.total.idConflicts == 0)
      _ = try dump(folder.path("a.db"))
    }
  }
}
