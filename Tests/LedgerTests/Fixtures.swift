import Billing
import Foundation
import GRDB

@testable import Ledger

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

/// A month of requests in the tables of one run.
struct Usage {
  let labels = LabelTable()
  let cells = CellTable()
  var facts: [Fact] = []

  static let firstDay = Day(number: 20_362)

  /// - Parameters:
  ///   - cellCount: Distinct cells; with as many as requests each has one of its own.
  ///   - shift: Labels interned before, so that all numbers differ.
  init(requests: Int, cellCount: Int = 12, days: Int = 3, seed: UInt64 = 1, shift: Int = 0) {
    for number in 0..<shift { _ = labels.intern("shift-\(number)") }
    var numbers = Numbers(seed: seed)
    for _ in 0..<requests {
      let cell = cells.intern(Self.cell(numbers.below(cellCount), labels))
      let microseconds = numbers.below(days * 86_400_000) * 1000
      let time = Timestamp(
        microseconds: Timestamp(day: Self.firstDay).microseconds + Int64(microseconds))
      let key = RecordKey(high: numbers.next(), low: UInt32(truncatingIfNeeded: numbers.next()))
      facts.append(Self.fact(key, cell, time, &numbers))
    }
  }

  static func cell(_ number: Int, _ labels: LabelTable) -> Cell {
    var cell = Cell()
    cell.gateway = labels.intern("litellm")
    cell.dialect = labels.intern(number % 2 == 0 ? "litellm.slp" : "litellm.spend")
    cell.provider = labels.intern("provider-\(number % 3)")
    cell.requestModel = labels.intern("model-\(number % 5)")
    cell.responseModel = cell.requestModel
    cell.key = labels.intern("key-\(number)")
    cell.team = labels.intern("équipe-\(number % 4)")
    cell.currency = labels.intern("USD")
    cell.charge = number % 7 == 0 ? .unpriced : .priced
    cell.match = number % 7 == 0 ? nil : .snapshot
    cell.status = number % 5 == 0 ? .error : .ok
    cell.errorClass = number % 5 == 0 ? .rateLimit : nil
    cell.route = number % 3 == 0 ? .fallback : nil
    cell.flags = number % 2 == 0 ? [.hasUsage, .hasReportedCost] : [.hasUsage, .hasLatency]
    return cell
  }

  private static func fact(
    _ key: RecordKey, _ cell: CellID, _ time: Timestamp, _ numbers: inout Numbers
  ) -> Fact {
    var fact = Fact(key: key, cell: cell, time: time)
    if numbers.below(10) != 0 {
      fact.tokens.set(.input, Int64(numbers.below(5000)))
      fact.tokens.set(.output, Int64(numbers.below(900)))
    }
    if numbers.below(4) == 0 { fact.tokens.set(.cacheRead, Int64(numbers.below(4000))) }
    if numbers.below(50) == 0 { fact.units[.webSearches] = ExactDecimal(Int64(numbers.below(9))) }
    if numbers.below(60) == 0 { fact.units[.audioSeconds] = ExactDecimal(units: 12_345) }
    fact.costs.list = Money(units: Int128(numbers.below(100_000)) * 1_000_000_000_000_000)
    fact.costs.markup = Money(units: fact.costs.list.units / 20)
    fact.costs.fee = Money(units: -7)
    fact.costs.billed = Money(units: fact.costs.list.units + fact.costs.markup.units - 7)
    if numbers.below(2) == 0 { fact.costs.reported = fact.costs.billed }
    fact.latency = Int64(numbers.below(9_000_000))
    fact.firstToken = fact.latency / 3
    fact.requestBytes = Int64(numbers.below(3)) * 1024
    fact.trace = numbers.below(3) == 0 ? numbers.next() : 0
    fact.requests = numbers.below(40) == 0 ? 7 : 1
    return fact
  }
}

/// A directory of its own for a test, removed with it.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ledger-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var ledgerPath: String { path + "/tollbook.db" }

  func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

extension LedgerWriter {
  /// Stores the usage in commits of `chunk` facts, the way an ingest does.
  ///
  /// - Returns: The account of all lines.
  @discardableResult
  func ingest(
    _ usage: Usage, _ facts: [Fact]? = nil, chunk: Int = 1000, source path: String = "a.jsonl",
    preference: [String] = []
  ) throws -> LineAccounting {
    let run = try beginRun(
      RunDescription(
        started: Timestamp(day: Usage.firstDay), program: "tests", priceBook: "none"))
    var index = recordIndex(labels: usage.labels, cells: usage.cells, preference: preference)
    let encoder = SegmentEncoder(key: ledger.key, labels: usage.labels, cells: usage.cells)
    var source: StoredSource?
    var checkpoint = SourceCheckpoint(path: path, state: .growing)
    let facts = facts ?? usage.facts
    var total = LineAccounting()
    for start in stride(from: 0, to: facts.count, by: chunk) {
      var account = LineAccounting()
      var pending = PendingFacts()
      for var fact in facts[start..<min(start + chunk, facts.count)] {
        let verdict = try index.admit(&fact)
        account.lines += 1
        account.add(verdict)
        if verdict.isNew { account.eventLines += 1 } else { account.duplicates += 1 }
        pending.take(fact, verdict)
      }
      checkpoint.offset += account.lines * 100
      checkpoint.line += account.lines
      let batch = index.closeBatch()
      let progress = SourceProgress(
        previous: source, checkpoint: checkpoint, accounting: account)
      let commit = IngestCommit(
        segments: try encoder.encode(pending.facts), superseded: pending.superseded,
        sources: [progress])
      source = try self.commit(commit, in: run).first
      index.didStore(batch: batch)
      total.add(account)
    }
    try finishRun(run, at: Timestamp(day: Usage.firstDay))
    return total
  }
}

extension Ledger {
  /// Runs code in a read transaction.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try file.connectForReading().read(body)
  }
}
