import Billing
import Testing

@testable import Ledger

@Suite struct `Segments` {
  private static let key = StoreKey(low: 1, high: 2)

  private func encode(_ usage: Usage) throws -> EncodedSegments {
    try SegmentEncoder(key: Self.key, labels: usage.labels, cells: usage.cells).encode(usage.facts)
  }

  private func decode(_ encoded: EncodedSegments) throws -> Usage {
    var usage = Usage(requests: 0, shift: 3)
    let compressor = try FrameCompressor()
    for segment in encoded.segments where segment.kind == .facts {
      let bytes = try compressor.decompress(segment.blob, count: segment.byteCount)
      try FactSegment.read(
        bytes, day: segment.day, labels: usage.labels, cells: usage.cells
      ) { usage.facts.append($0) }
    }
    return usage
  }

  private func text(_ usage: Usage) -> [String] {
    usage.facts.map { fact in
      "\(fact.key.high) \(fact.key.low) \(fact.trace) "
        + FactText.line(fact, usage.cells[fact.cell], usage.labels)
    }.sorted()
  }

  @Test(arguments: [(1, 1), (2000, 12), (2000, 2000)])
  func `facts are read as they were written`(requests: Int, cellCount: Int) throws {
    let usage = Usage(requests: requests, cellCount: cellCount)
    let decoded = try decode(try encode(usage))
    #expect(text(decoded) == text(usage))
  }

  @Test(arguments: [12, 2000]) func `what was read is written in the same bytes`(cellCount: Int)
    throws
  {
    let encoded = try encode(Usage(requests: 2000, cellCount: cellCount))
    let again = try encode(try decode(encoded))
    #expect(again.segments.map(\.blob) == encoded.segments.map(\.blob))
    #expect(again.segments.map(\.hash) == encoded.segments.map(\.hash))
  }

  @Test func `neither the order of facts nor the numbers of labels change the bytes`() throws {
    let usage = Usage(requests: 2000)
    var other = Usage(requests: 2000, shift: 50)
    other.facts.reverse()
    #expect(try encode(other).segments.map(\.blob) == encode(usage).segments.map(\.blob))
  }

  @Test func `facts of equal time stand by key`() throws {
    var usage = Usage(requests: 300, days: 1)
    for index in usage.facts.indices { usage.facts[index].time = usage.facts[index / 50].time }
    var reversed = usage
    reversed.facts.reverse()
    #expect(try encode(reversed).segments.map(\.blob) == encode(usage).segments.map(\.blob))
  }

  @Test func `a rollup is stored only where it is much smaller than its facts`() throws {
    let repeating = try encode(Usage(requests: 4000, cellCount: 2, days: 1))
    let unique = try encode(Usage(requests: 4000, cellCount: 4000, days: 1))
    #expect(repeating.segments.map(\.kind) == [.facts, .rollup])
    #expect(unique.segments.map(\.kind) == [.facts])
  }

  @Test func `a stored rollup is what the facts add up to`() throws {
    let usage = Usage(requests: 4000, cellCount: 2, days: 1)
    let encoded = try encode(usage)
    let segment = try #require(encoded.segments.last)
    let bytes = try FrameCompressor().decompress(segment.blob, count: segment.byteCount)
    var stored: [RollupRow] = []
    try RollupSegment.read(bytes, day: segment.day, labels: usage.labels, cells: usage.cells) {
      stored.append($0)
    }
    let order = try #require(FactOrder.days(of: usage.facts).first).order
    #expect(stored == (try Rollup.rows(of: order.map { usage.facts[$0] })))
    #expect(
      stored.reduce(0) { $0 + $1.measures.requests }
        == usage.facts.reduce(0) { $0 + Int64($1.requests) })
  }

  @Test func `sums over rollups do not depend on how facts are divided`() throws {
    let facts = Usage(requests: 900, cellCount: 3, days: 1).facts
    func sums(_ parts: [[Fact]]) throws -> [UInt64: Measures] {
      var sums: [UInt64: Measures] = [:]
      for part in parts {
        for row in try Rollup.rows(of: part) {
          let slot = UInt64(UInt32(bitPattern: row.bucket)) << 32 | UInt64(row.cell.index)
          try sums[slot, default: Measures()].add(row.measures)
        }
      }
      return sums
    }
    let whole = try sums([facts])
    let (first, second, third) = (
      Array(facts[..<100]), Array(facts[100..<500]), Array(facts[500...])
    )
    #expect(try sums([first, second, third]) == whole)
    #expect(try sums([third, first, second]) == whole)
    #expect(try sums([second + third, first]) == whole)
  }

  @Test func `every flipped bit of a segment is found`() throws {
    let encoded = try encode(Usage(requests: 60, days: 1))
    let segment = try #require(encoded.segments.first)
    for bit in 0..<segment.blob.count * 8 {
      var blob = segment.blob
      blob[bit / 8] ^= 1 << UInt8(bit % 8)
      let hash = EncodedSegment.hash(
        blob, kind: segment.kind, day: segment.day, rows: segment.rows, times: segment.times,
        byteCount: segment.byteCount, key: Self.key)
      #expect(hash != segment.hash)
    }
  }

  @Test func `cut content is an error`() throws {
    let encoded = try encode(Usage(requests: 12, days: 1))
    let segment = try #require(encoded.segments.first)
    let bytes = try FrameCompressor().decompress(segment.blob, count: segment.byteCount)
    for cut in bytes.indices {
      #expect(throws: SegmentFailure.self) { try read(Array(bytes[..<cut]), segment.day) }
    }
  }

  /// Of every kind: facts, keys, rollups.
  @Test func `damaged content is refused, or read as what is written again`() throws {
    let trial = SegmentTrial()
    let samples = try trial.samples()
    #expect(Set(samples.compactMap(\.first)) == [1, 2, 3])
    for bytes in samples {
      #expect(trial.violations(of: bytes) == [])
      for index in bytes.indices.dropFirst() {
        for flip: UInt8 in [0x01, 0x80, 0xFF] {
          var damaged = bytes
          damaged[index] ^= flip
          #expect(trial.violations(of: damaged) == [])
        }
      }
    }
  }

  private func read(_ bytes: [UInt8], _ day: Day) throws {
    try FactSegment.read(bytes, day: day, labels: LabelTable(), cells: CellTable()) { _ in }
  }
}
