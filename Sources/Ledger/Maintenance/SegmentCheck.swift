import Billing
import GRDB

/// Checks the content of segments, each read on its own.
struct SegmentCheck {
  private let ledger: Ledger
  private let depth: VerificationDepth
  private let queue: DatabaseQueue
  private(set) var found: [Discrepancy] = []

  /// Keys of a day that are compared at once: 64 MB.
  private static let keyLimit = 1 << 22

  init(ledger: Ledger, depth: VerificationDepth, queue: DatabaseQueue) {
    self.ledger = ledger
    self.depth = depth
    self.queue = queue
  }

  /// - Parameter segments: By day.
  mutating func run(_ segments: [StoredSegment]) {
    let rollups = Dictionary(
      segments.compactMap { segment in segment.facts.map { ($0, segment) } },
      uniquingKeysWith: { first, _ in first })
    for segment in segments {
      check(segment) { check throws in
        guard let blob = try check.blob(segment) else { return }
        switch (check.depth, segment.kind) {
        case (.quick, _), (.full, .rollup): try segment.checkHash(blob, key: check.ledger.key)
        case (.full, .facts): try check.facts(segment, blob, rollup: rollups[segment.id])
        case (.full, .keys): try check.keys(segment, blob, rollup: rollups[segment.id])
        }
      }
    }
    guard depth == .full, found.isEmpty else { return }
    for (_, segments) in Dictionary(grouping: segments, by: \.day).sorted(by: { $0.key < $1.key }) {
      check(segments[0]) { try $0.uniqueness(segments.filter { $0.kind == .facts }) }
    }
  }

  private mutating func check(_ segment: StoredSegment, _ body: (inout Self) throws -> Void) {
    do throws(LedgerError) {
      try ledger.file.perform {
        try segment.reading(path: ledger.file.path) { try body(&self) }
      }
    } catch {
      found.append(Discrepancy(Self.place(segment), error))
    }
  }

  private static func place(_ segment: StoredSegment) -> String {
    "segment \(segment.id) of \(segment.day)"
  }

  /// - Returns: `nil` when a run has replaced the segment meanwhile.
  private func blob(_ segment: StoredSegment) throws -> [UInt8]? {
    try queue.unsafeRead { db in
      try StoredSegment.exists(segment.id, db) ? try segment.blob(db) : nil
    }
  }

  /// The facts are encoded again: equal bytes prove the segment, its order and its rollup at once.
  private mutating func facts(
    _ segment: StoredSegment, _ blob: [UInt8], rollup: StoredSegment?
  ) throws {
    let compressor = try FrameCompressor()
    let (labels, cells) = (LabelTable(), CellTable())
    let content = try segment.open(blob, key: ledger.key, compressor)
    var facts: [Fact] = []
    try FactSegment.read(content, day: segment.day, labels: labels, cells: cells) {
      facts.append($0)
    }
    guard facts.count == segment.rows, Set(facts.map(\.key)).count == facts.count else {
      found.append(Discrepancy(Self.place(segment), "it does not have one fact for each key"))
      return
    }
    let encoded = try SegmentEncoder(key: ledger.key, labels: labels, cells: cells).encode(facts)
    guard let again = encoded.segments.first, again.times == segment.times,
      try compressor.decompress(again.blob, count: again.byteCount) == content
    else {
      found.append(Discrepancy(Self.place(segment), "it is not as its facts are written"))
      return
    }
    guard let rollup, let rollupBlob = try self.blob(rollup) else { return }
    let derived = encoded.segments.first { $0.kind == .rollup }
    let bytes = try derived.map { try compressor.decompress($0.blob, count: $0.byteCount) }
    if try bytes != rollup.open(rollupBlob, key: ledger.key, compressor) {
      found.append(
        Discrepancy(Self.place(segment), "it adds up to another rollup than segment \(rollup.id)"))
    }
  }

  /// The facts are gone: what is left is one key for each, and what they added up to.
  private mutating func keys(
    _ segment: StoredSegment, _ blob: [UInt8], rollup: StoredSegment?
  ) throws {
    let compressor = try FrameCompressor()
    var count = 0
    try KeySegment.read(try segment.open(blob, key: ledger.key, compressor)) { _ in count += 1 }
    if count != segment.rows {
      found.append(Discrepancy(Self.place(segment), "it does not have one key for each request"))
    }
    guard let rollup, let rollupBlob = try self.blob(rollup) else {
      found.append(Discrepancy(Self.place(segment), "what its requests added up to is missing"))
      return
    }
    try RollupSegment.read(
      try rollup.open(rollupBlob, key: ledger.key, compressor), day: rollup.day,
      labels: LabelTable(), cells: CellTable()
    ) { _ in }
  }

  /// No two facts of a day have one key, in whatever segments they stand.
  ///
  /// A day of very many facts is gone through several times, a part of the keys each time.
  private mutating func uniqueness(_ segments: [StoredSegment]) throws {
    let parts = UInt64(segments.reduce(0) { $0 + $1.rows } / Self.keyLimit + 1)
    guard segments.count > 1, let first = segments.first else { return }
    let compressor = try FrameCompressor()
    var doubles = 0
    for part in 0..<parts {
      var keys: [RecordKey] = []
      for segment in segments {
        guard let blob = try blob(segment) else { continue }
        let content = try segment.open(blob, key: ledger.key, compressor)
        try FactSegment.read(
          content, day: segment.day, labels: LabelTable(), cells: CellTable()
        ) { fact in
          if fact.key.high % parts == part { keys.append(fact.key) }
        }
      }
      keys.sort()
      doubles += zip(keys, keys.dropFirst()).count { $0 == $1 }
    }
    if doubles > 0 {
      found.append(Discrepancy("\(first.day)", "\(doubles) requests stand in it twice"))
    }
  }
}
