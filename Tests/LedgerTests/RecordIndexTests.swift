import Billing
import Testing

@testable import Ledger

@Suite struct `Record index` {
  private static let key = StoreKey(low: 3, high: 4)

  /// An index over stored facts, and the tables that it shares with them.
  private struct Bench {
    let labels = LabelTable()
    let cells = CellTable()
    var stored: [Fact] = []

    func index(preference: [String] = [], memoryLimit: Int = 64 << 20) -> RecordIndex {
      let stored = stored
      let tables = FactTables(labels: labels, cells: cells)
      return RecordIndex(
        key: key, labels: labels, cells: cells, preference: preference, memoryLimit: memoryLimit
      ) { day, body in
        for fact in stored where fact.time.day == day { body(fact, tables) }
      }
    }

    func fact(
      _ id: UInt64, dialect: String = "a", model: String = "m", time: Int64 = 50_000_000_000,
      input: Int64 = 10, output: Int64 = 5, status: Status = .ok
    ) -> Fact {
      var cell = Cell()
      cell.dialect = labels.intern(dialect)
      cell.requestModel = labels.intern(model)
      cell.status = status
      var fact = Fact(
        key: RecordKey(high: id &* 0x9E37_79B9_7F4A_7C15, low: UInt32(id)),
        cell: cells.intern(cell),
        time: Timestamp(microseconds: Timestamp(day: Usage.firstDay).microseconds + time))
      fact.tokens.set(.input, input)
      fact.tokens.set(.output, output)
      return fact
    }

    func verdicts(_ facts: [Fact], preference: [String] = []) throws -> [RecordIndex.Verdict] {
      var index = index(preference: preference)
      var verdicts: [RecordIndex.Verdict] = []
      for var fact in facts { verdicts.append(try index.admit(&fact)) }
      return verdicts
    }
  }

  private static func place(of fact: Fact) -> RecordIndex.Supersession {
    RecordIndex.Supersession(facts: [FactPlace(fact)], idConflicts: 0)
  }

  @Test func `the same record counts once`() throws {
    let bench = Bench()
    #expect(
      try bench.verdicts([bench.fact(1), bench.fact(1), bench.fact(2)])
        == [.new, .duplicate, .new])
  }

  @Test func `another request under the same id counts too, and once`() throws {
    let bench = Bench()
    let (first, second) = (bench.fact(1), bench.fact(1, output: 6))
    #expect(
      try bench.verdicts([first, second, first, second])
        == [.new, .conflict, .duplicate, .duplicate])
  }

  @Test func `every field of the digest tells requests apart`() throws {
    let bench = Bench()
    let others = [
      bench.fact(1, model: "n"), bench.fact(1, time: 50_000_000_001), bench.fact(1, input: 11),
      bench.fact(1, status: .error),
    ]
    for other in others {
      #expect(try bench.verdicts([bench.fact(1), other]) == [.new, .conflict])
    }
  }

  @Test func `one call in two formats counts once`() throws {
    let bench = Bench()
    let payload = bench.fact(1)
    let spend = bench.fact(1, dialect: "b", model: "vendor/m", time: 50_000_400_000)
    #expect(try bench.verdicts([payload, spend]) == [.new, .duplicate])
    #expect(try bench.verdicts([spend, payload]) == [.new, .supersedes(Self.place(of: spend))])
  }

  @Test func `the dialect that stands first is preferred, then the smaller name`() throws {
    let bench = Bench()
    let records = ["z", "y", "a", "b"].map { bench.fact(1, dialect: $0) }
    for (better, first) in records.enumerated() {
      for (worse, second) in records.enumerated() where better != worse {
        let verdict = try bench.verdicts([second, first], preference: ["z", "y"]).last
        #expect((verdict != .duplicate) == (better < worse), "\(better) after \(worse)")
      }
    }
  }

  @Test func `of a record that comes twice with differences the same one counts`() throws {
    let bench = Bench()
    let first = bench.fact(1)
    let changes: [(inout Fact) -> Void] = [
      { $0.latency = 7 }, { $0.costs.reported = Money(units: 1) }, { $0.units[.images] = .zero },
      { $0.responseBytes = 1 }, { $0.trace = 1 }, { $0.firstToken = -1 },
    ]
    for change in changes {
      var second = first
      change(&second)
      let forth = try bench.verdicts([first, second])
      let back = try bench.verdicts([second, first])
      let replaced = RecordIndex.Verdict.supersedes(Self.place(of: first))
      #expect(Set([forth[1], back[1]]) == [.duplicate, replaced])
      #expect(
        try bench.verdicts([first, second, first, second])[2...].allSatisfy { $0 == .duplicate })
    }
  }

  @Test func `a record may take the place of several, and of their conflicts`() throws {
    let bench = Bench()
    let several = [1, 2, 3].map { bench.fact(1, dialect: "b", time: $0) }
    let verdicts = try bench.verdicts(several + [bench.fact(1)])
    #expect(verdicts[..<3] == [.new, .conflict, .conflict])
    guard case .supersedes(let old) = verdicts[3] else { return #expect(Bool(false)) }
    #expect(old.facts.count == 3)
    #expect(old.idConflicts == -2)
    var account = LineAccounting()
    for verdict in verdicts {
      account.add(verdict)
      if verdict.isNew { account.eventLines += 1 } else { account.duplicates += 1 }
    }
    #expect(account.events == 1)
    #expect(account.eventLines == 1)
    #expect(account.duplicates == 3)
    #expect(account.idConflicts == 0)
  }

  @Test func `formats find each other also behind a conflict`() throws {
    let bench = Bench()
    let calls = [bench.fact(1), bench.fact(1, output: 9)]
    let copies = [
      bench.fact(1, dialect: "b", time: 50_000_000_007),
      bench.fact(1, dialect: "b", time: 50_000_000_008, output: 9),
    ]
    let records = calls + copies
    for order in permutations(of: Array(records.indices)) {
      let verdicts = try bench.verdicts(order.map { records[$0] })
      #expect(verdicts.filter(\.isNew).count == 2)
    }
  }

  @Test func `two formats with other totals are two requests`() throws {
    let bench = Bench()
    #expect(
      try bench.verdicts([bench.fact(1), bench.fact(1, dialect: "b", output: 6)])
        == [.new, .conflict])
  }

  @Test func `a copy is found across midnight`() throws {
    let bench = Bench()
    let day = Timestamp.microsecondsPerDay
    let before = bench.fact(1, time: day - 1)
    let after = bench.fact(1, dialect: "b", time: day + 1)
    #expect(try bench.verdicts([before, after]) == [.new, .duplicate])
    #expect(try bench.verdicts([after, before]) == [.new, .supersedes(Self.place(of: after))])
    let far = bench.fact(1, dialect: "b", time: day + DayEdge.reach)
    #expect(try bench.verdicts([before, far]) == [.new, .new])
    #expect(try bench.verdicts([far, before]) == [.new, .new])
  }

  @Test func `stored records and their conflicts are known`() throws {
    var bench = Bench()
    var index = bench.index()
    let calls = [bench.fact(1), bench.fact(1, output: 9), bench.fact(2)]
    for var fact in calls {
      _ = try index.admit(&fact)
      bench.stored.append(fact)
    }
    #expect(Set(bench.stored.map(\.key)).count == 3)
    #expect(try bench.verdicts(calls) == [.duplicate, .duplicate, .duplicate])
    #expect(try bench.verdicts(calls.reversed()) == [.duplicate, .duplicate, .duplicate])
  }

  @Test func `memory is bounded and nothing that is not stored is forgotten`() throws {
    var bench = Bench()
    var index = bench.index(memoryLimit: 100_000)
    var records: [Fact] = []
    for day in 0..<40 {
      for id in 0..<5 {
        records.append(
          bench.fact(
            UInt64(day * 5 + id), time: Int64(day) * Timestamp.microsecondsPerDay + 40_000_000_000))
      }
    }
    for record in records {
      var fact = record
      #expect(try index.admit(&fact) == .new)
    }
    #expect(index.byteCount > 100_000)
    for record in records {
      var fact = record
      #expect(try index.admit(&fact) == .duplicate)
    }
    // Storing frees the days; they are read again from what is stored.
    bench.stored = records
    index = bench.index(memoryLimit: 100_000)
    for record in records + records {
      var fact = record
      #expect(try index.admit(&fact) == .duplicate)
      #expect(index.byteCount <= 100_000)
    }
  }

  @Test func `many records of one day are all found again`() throws {
    var usage = Usage(requests: 5000, days: 1)
    usage.facts += usage.facts
    var index = RecordIndex(key: Self.key, labels: usage.labels, cells: usage.cells) { _, _ in }
    var counts: [RecordIndex.Verdict: Int] = [:]
    for var fact in usage.facts { counts[try index.admit(&fact), default: 0] += 1 }
    #expect(counts == [.new: 5000, .duplicate: 5000])
  }
}

/// All orders of a few values.
func permutations<Value>(of values: [Value]) -> [[Value]] {
  guard !values.isEmpty else { return [[]] }
  return values.indices.flatMap { index in
    var rest = values
    let first = rest.remove(at: index)
    return permutations(of: rest).map { [first] + $0 }
  }
}
