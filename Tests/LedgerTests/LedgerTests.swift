import Billing
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct `A ledger` {
  private struct Broken: Error {}

  @Test func `what is committed is read back`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 3000)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage)
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    var tokens: Int64 = 0
    var count = 0
    try history.forEachFact(in: LedgerHistory.allTime) { fact in
      tokens += fact.tokens.inputTotal
      count += 1
    }
    #expect(count == 3000)
    #expect(tokens == usage.facts.reduce(0) { $0 + $1.tokens.inputTotal })
    let account = try history.accounting()
    #expect(account.isBalanced)
    #expect(account.events == 3000)
    #expect(history.days == (0..<3).map { Day(number: Usage.firstDay.number + $0) })
    let times = usage.facts.map(\.time)
    let extent = try #require(try history.extent())
    #expect(extent.lowerBound == times.min())
    #expect(extent.upperBound == times.max())
    #expect(try writer.ledger.verify(.full) == [])
  }

  @Test(arguments: [1, 400]) func `rows are what the facts of the range add up to`(cellCount: Int)
    throws
  {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 3000, cellCount: cellCount, days: 2)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 3000)
    let start = Timestamp(day: Usage.firstDay).microseconds + 7 * 3_600_000_000
    let range =
      Timestamp(microseconds: start)..<Timestamp(microseconds: start + 20 * 3_600_000_000)
    let history = try writer.ledger.history(labels: usage.labels, cells: usage.cells)
    var rows = Measures()
    var facts = Measures()
    try history.forEachRow(in: range) { try rows.add($0.measures) }
    try history.forEachFact(in: range) { try facts.add(Measures($0)) }
    #expect(rows == facts)
    #expect(rows.requests > 0)
  }

  @Test func `a second run adds nothing`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 2000)
    try LedgerWriter.open(path: directory.ledgerPath).ingest(usage)
    let ledger = try Ledger.open(path: directory.ledgerPath)
    let before = try ledger.canonicalDump()
    let again = Usage(requests: 2000, shift: 9)
    try LedgerWriter.open(path: directory.ledgerPath).ingest(again, source: "copy.jsonl")
    #expect(try ledger.canonicalDump() == before)
    #expect(try ledger.verify(.full) == [])
  }

  @Test func `order and size of commits do not change the content`() throws {
    let usage = Usage(requests: 1500)
    var dumps: Set<String> = []
    for (chunk, reversed) in [(1500, false), (100, false), (37, true)] {
      let directory = try TemporaryDirectory()
      let writer = try LedgerWriter.open(path: directory.ledgerPath)
      try writer.ingest(usage, reversed ? usage.facts.reversed() : usage.facts, chunk: chunk)
      dumps.insert(try writer.ledger.canonicalDump())
      #expect(try writer.ledger.verify(.full) == [])
    }
    #expect(dumps.count == 1)
  }

  @Test func `a day that is dumped in stretches gives the same lines`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(Usage(requests: 2000), chunk: 300)
    var lines = ""
    try writer.ledger.forEachCanonicalLine(sortingAtOnce: 50) { lines += $0 + "\n" }
    let isSame = try lines == writer.ledger.canonicalDump()
    #expect(isSame)
    #expect(lines.utf8.count(where: { $0 == UInt8(ascii: "\n") }) == 2000)
  }

  @Test func `a day of many small segments is compacted to the bytes of one`() throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 900, days: 1)
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    try writer.ingest(usage, chunk: 100)
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    let segments = history.segments.filter { $0.kind == .facts }
    #expect(segments.map(\.rows) == [900])
    let encoded = try SegmentEncoder(
      key: writer.ledger.key, labels: usage.labels, cells: usage.cells
    ).encode(usage.facts)
    let blob = try DatabaseQueue(path: directory.ledgerPath).read { try segments.first?.blob($0) }
    #expect(blob == encoded.segments.first?.blob)
  }

  @Test(arguments: CommitStep.allCases)
  func `a commit that breaks off leaves nothing behind`(step: CommitStep) throws {
    let directory = try TemporaryDirectory()
    let usage = Usage(requests: 900, days: 1)
    try LedgerWriter.open(path: directory.ledgerPath).ingest(
      usage, Array(usage.facts[..<800]), chunk: 100)
    let ledger = try Ledger.open(path: directory.ledgerPath)
    let before = try ledger.canonicalDump()
    do {
      let writer = try LedgerWriter(path: directory.ledgerPath) {
        if $0 == step { throw Broken() }
      }
      #expect(throws: LedgerError.self) { try writer.ingest(usage, chunk: 100, source: "b.jsonl") }
    }
    #expect(try ledger.canonicalDump() == before)
    #expect(try ledger.verify(.full) == [])
    try LedgerWriter.open(path: directory.ledgerPath).ingest(usage, chunk: 100, source: "b.jsonl")
    #expect(try ledger.verify(.full) == [])
    let whole = try TemporaryDirectory()
    try LedgerWriter.open(path: whole.ledgerPath).ingest(usage)
    #expect(try ledger.canonicalDump() == Ledger.open(path: whole.ledgerPath).canonicalDump())
  }

  @Test func `a checkpoint moves only from where it was found`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let run = try writer.beginRun(
      RunDescription(started: Timestamp(day: Usage.firstDay), program: "t", priceBook: "p"))
    var checkpoint = SourceCheckpoint(path: "a.jsonl", state: .growing)
    checkpoint.head = Fingerprint(length: 5, digest: KeyedDigest(low: 1, high: .max))
    checkpoint.inode = .max
    func advance(_ previous: StoredSource?) throws -> StoredSource {
      checkpoint.offset += 10
      let progress = SourceProgress(
        previous: previous, checkpoint: checkpoint, accounting: LineAccounting())
      let commit = IngestCommit(segments: EncodedSegments(), sources: [progress])
      return try #require(try writer.commit(commit, in: run).first)
    }
    let first = try advance(nil)
    let second = try advance(first)
    #expect(throws: LedgerError.concurrentChange(source: "a.jsonl")) { try advance(first) }
    let stored = try writer.sources()
    #expect(second.id == first.id)
    #expect(second.checkpoint.offset == 20)
    let found = stored.resumption(size: 100, device: 0, inode: .max) { _ in
      KeyedDigest(low: 1, high: .max)
    }
    // Without an anchor nothing proves that the file is the same.
    #expect(found == .startReplaced(second))
  }

  @Test func `rejections are counted exactly and sampled without content`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let run = try writer.beginRun(
      RunDescription(started: Timestamp(day: Usage.firstDay), program: "t", priceBook: "p"))
    var source: StoredSource?
    for part in 0..<30 {
      var account = LineAccounting()
      account.lines = 60
      account.rejected = 60
      account.rejections = [.malformed: 50, .unknownFormat: 10]
      let rejections = (0..<60).map {
        Rejection(
          reason: $0 < 50 ? .malformed : .unknownFormat, line: Int64(part * 60 + $0 + 1),
          offset: Int64(part * 60 + $0) * 9, length: 9)
      }
      let progress = SourceProgress(
        previous: source, checkpoint: SourceCheckpoint(path: "a", state: .growing),
        accounting: account, rejections: rejections)
      source = try writer.commit(
        IngestCommit(segments: EncodedSegments(), sources: [progress]), in: run
      ).first
    }
    let history = try writer.ledger.history(labels: LabelTable(), cells: CellTable())
    #expect(try history.accounting().rejections == [.malformed: 1500, .unknownFormat: 300])
    let samples = try writer.ledger.read {
      try Int.fetchAll(
        $0, sql: "SELECT count(*) FROM quarantine GROUP BY reason ORDER BY reason")
    }
    #expect(samples == [1000, 300])
  }

  @Test func `an account that does not add up is refused`() throws {
    let directory = try TemporaryDirectory()
    let writer = try LedgerWriter.open(path: directory.ledgerPath)
    let run = try writer.beginRun(
      RunDescription(started: Timestamp(day: Usage.firstDay), program: "t", priceBook: "p"))
    var account = LineAccounting()
    account.lines = 1
    let progress = SourceProgress(
      previous: nil, checkpoint: SourceCheckpoint(path: "a", state: .growing), accounting: account)
    #expect(throws: LedgerError.unbalanced(source: "a")) {
      try writer.commit(IngestCommit(segments: EncodedSegments(), sources: [progress]), in: run)
    }
  }

  @Test func `a flipped bit anywhere in the segments is found`() throws {
    let directory = try TemporaryDirectory()
    try LedgerWriter.open(path: directory.ledgerPath).ingest(Usage(requests: 300, days: 1))
    let path = directory.ledgerPath
    let sound = try directory.bytes(path)
    var numbers = Numbers(seed: 4)
    var found = 0
    let blob = try DatabaseQueue(path: path).read {
      try #require(try Data.fetchOne($0, sql: "SELECT blob FROM segments"))
    }
    for _ in 0..<40 {
      let piece = Array(blob.prefix(64))
      let start = try #require(
        sound.indices.first { sound[$0] == piece[0] && sound[$0...].starts(with: piece) })
      var damaged = sound
      damaged[start + numbers.below(min(blob.count, 1500))] ^= 1 << UInt8(numbers.below(8))
      try Data(damaged).write(to: URL(fileURLWithPath: directory.path + "/damaged.db"))
      let ledger = try Ledger.open(path: directory.path + "/damaged.db")
      if try !ledger.verify(.full).isEmpty { found += 1 }
    }
    #expect(found == 40)
  }
}
