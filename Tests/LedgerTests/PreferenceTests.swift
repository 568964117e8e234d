import Billing
import Testing

@testable import Ledger

/// Which record of a call counts, and what is counted, is a matter of what was read: not of the order
/// in which it came, nor of where commits, runs and crashes cut it.
@Suite struct `Preference between records` {
  private static let preference = ["best", "good"]

  /// Few ids, dialects, times and amounts, so that twins, conflicts and copies are frequent.
  private static func fact(_ numbers: inout Numbers, _ usage: Usage) -> Fact {
    var cell = Cell()
    cell.dialect = usage.labels.intern(
      ["best", "good", "other", "unnamed", "good"][numbers.below(5)])
    cell.requestModel = usage.labels.intern(["m", "n"][numbers.below(8) / 7])
    cell.team = usage.labels.intern(["", "team-1"][numbers.below(2)])
    cell.status = numbers.below(4) == 0 ? .error : .ok
    let id = numbers.below(3)
    let time = Int64(id * 1_000_000 + numbers.below(3) / 2 * 7) + 40_000_000_000
    var fact = Fact(
      key: RecordKey(high: UInt64(id) &* 0x9E37_79B9_7F4A_7C15, low: UInt32(id)),
      cell: usage.cells.intern(cell),
      time: Timestamp(microseconds: Timestamp(day: Usage.firstDay).microseconds + time))
    fact.tokens.set(.input, Int64(numbers.below(8) / 7))
    fact.costs.list = Money(units: Int128(numbers.below(2)))
    fact.latency = Int64(numbers.below(2))
    return fact
  }

  private struct Outcome: Hashable {
    var dump: String
    var account: LineAccounting
  }

  /// Ingests the facts in runs of `run` facts, each with tables of its own numbers.
  private static func outcome(_ facts: [Fact], _ usage: Usage, chunk: Int, runs: Int = 1) throws
    -> Outcome
  {
    let directory = try TemporaryDirectory()
    let size = max((facts.count + runs - 1) / runs, 1)
    var account = LineAccounting()
    for start in stride(from: 0, to: facts.count, by: size) {
      let writer = try LedgerWriter.open(path: directory.ledgerPath)
      account.add(
        try writer.ingest(
          usage, Array(facts[start..<min(start + size, facts.count)]), chunk: chunk,
          source: "\(start).jsonl", preference: preference))
    }
    let ledger = try Ledger.open(path: directory.ledgerPath)
    #expect(try ledger.verify(.full) == [])
    let history = try ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try history.accounting() == account)
    return Outcome(dump: try ledger.canonicalDump(), account: account)
  }

  @Test(arguments: 1...12) func `every order of a few records gives the same`(seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let usage = Usage(requests: 0)
    let facts = (0..<4).map { _ in Self.fact(&numbers, usage) }
    var outcomes: Set<Outcome> = []
    for order in permutations(of: facts) {
      outcomes.insert(try Self.outcome(order, usage, chunk: 1 + numbers.below(4)))
    }
    #expect(outcomes.count == 1)
  }

  @Test(arguments: 1...12) func `many orders of many records give the same`(seed: UInt64) throws {
    var numbers = Numbers(seed: seed &+ 1000)
    let usage = Usage(requests: 0)
    let facts = (0..<40).map { _ in Self.fact(&numbers, usage) }
    var outcomes: Set<Outcome> = []
    for _ in 0..<8 {
      var order = facts
      for index in order.indices { order.swapAt(index, numbers.below(index + 1)) }
      outcomes.insert(
        try Self.outcome(
          order, usage, chunk: 1 + numbers.below(40), runs: 1 + numbers.below(4)))
    }
    #expect(outcomes.count == 1)
    let account = try #require(outcomes.first).account
    #expect(account.isBalanced)
    #expect(account.duplicates > 0)
    #expect(account.idConflicts > 0)
  }
}
