public import Billing

/// What a segment holds.
enum SegmentKind: Int64, Sendable {
  case facts = 1
  case rollup = 2
  /// The keys of facts that were pruned.
  case keys = 3
}

/// One segment, ready to be stored.
struct EncodedSegment: Sendable {
  var kind: SegmentKind
  var day: Day
  var rows: Int
  /// Of the first and the last fact.
  var times: ClosedRange<Timestamp>
  /// Before compression.
  var byteCount: Int
  /// One zstd frame.
  var blob: [UInt8]
  var hash: KeyedDigest

  /// The hash of a segment: of its frame and of what the ledger says about it, under the store's
  /// key. SipHash, because it is there, reads 30 MB in 0.03 s, and ties a segment to its ledger.
  static func hash(
    _ blob: [UInt8], kind: SegmentKind, day: Day, rows: Int, times: ClosedRange<Timestamp>,
    byteCount: Int, key: StoreKey
  ) -> KeyedDigest {
    var hasher = KeyedHasher(key: key)
    hasher.update(UInt64(bitPattern: kind.rawValue))
    hasher.update(UInt64(bitPattern: Int64(day.number)))
    hasher.update(UInt64(bitPattern: Int64(rows)))
    hasher.update(UInt64(bitPattern: times.lowerBound.microseconds))
    hasher.update(UInt64(bitPattern: times.upperBound.microseconds))
    hasher.update(UInt64(bitPattern: Int64(byteCount)))
    hasher.update(blob.span)
    return hasher.finalize()
  }
}

/// The facts of a commit and what they add up to, day by day, ready to be stored.
///
/// Making it costs nearly all the time of a commit and touches no file, so that a thread can
/// encode one batch while another is written.
public struct EncodedSegments: Sendable {
  /// By day; the rollup of a day, where it is stored, stands after the day's facts.
  var segments: [EncodedSegment] = []

  /// No facts: for a commit that only moves checkpoints on.
  public init() {}

  /// The number of facts.
  public var factCount: Int {
    segments.reduce(0) { $1.kind == .facts ? $0 + $1.rows : $0 }
  }

  /// What it takes up in the ledger, without SQLite's overhead.
  public var byteCount: Int { segments.reduce(0) { $0 + $1.blob.count } }

  /// The days that have facts, in order.
  public var days: [Day] { segments.compactMap { $0.kind == .facts ? $0.day : nil } }
}

/// Turns facts into segments.
public struct SegmentEncoder: Sendable {
  private let key: StoreKey
  let labels: LabelTable
  let cells: CellTable
  let splitter = CellSplitter()

  /// - Parameters:
  ///   - key: The key of the ledger that will store the segments.
  ///   - labels: The texts that the cells name.
  ///   - cells: The cells that the facts name.
  public init(key: StoreKey, labels: LabelTable, cells: CellTable) {
    self.key = key
    self.labels = labels
    self.cells = cells
  }

  /// One segment of facts for each UTC day, and its rollup where that is worth storing.
  ///
  /// The same facts give the same bytes, in whatever order they come and whatever numbers their
  /// cells and labels have. No two facts may have the same key.
  ///
  /// - Parameter facts: At most 2²⁷.
  /// - Throws: `LedgerError.outOfMemory`.
  /// - Complexity: O(*n* log *n*); about 300 bytes of memory for each fact of the largest day.
  public func encode(_ facts: [Fact]) throws(LedgerError) -> EncodedSegments {
    guard !facts.isEmpty else { return EncodedSegments() }
    do throws(SegmentFailure) {
      let compressor = try FrameCompressor()
      var dictionary = SegmentDictionary(labels: labels, cells: cells, splitter: splitter)
      var encoded = EncodedSegments()
      for (day, order) in FactOrder.days(of: facts) {
        let times = facts[order[0]].time...facts[order[order.count - 1]].time
        dictionary.reset()
        let bytes = FactSegment.write(facts, order: order, day: day, dictionary: &dictionary)
        encoded.segments.append(try seal(bytes, .facts, day, order.count, times, compressor))
        guard let rows = rollup(facts, order) else { continue }
        dictionary.reset()
        let rollup = RollupSegment.write(rows, day: day, dictionary: &dictionary)
        encoded.segments.append(try seal(rollup, .rollup, day, rows.count, times, compressor))
      }
      return encoded
    } catch {
      throw .outOfMemory(error.reason)
    }
  }

  /// The rollup of a day's facts when it is to be stored.
  ///
  /// A sum that overflows is left to the reader to report: one hostile line must not keep all
  /// others out of the ledger.
  private func rollup(_ facts: [Fact], _ order: [Int]) -> [RollupRow]? {
    let limit = order.count / RollupSegment.factsPerRow
    let count = RollingUp.rowCount(
      of: facts, order: order, cellCount: cells.count, limit: limit + 1)
    return count > limit ? nil : try? RollingUp.rows(of: facts, order: order)
  }

  func seal(
    _ writer: ColumnWriter, _ kind: SegmentKind, _ day: Day, _ rows: Int,
    _ times: ClosedRange<Timestamp>, _ compressor: FrameCompressor
  ) throws(SegmentFailure) -> EncodedSegment {
    let bytes = writer.bytes
    let blob = try compressor.compress(bytes, seams: writer.seams)
    let hash = EncodedSegment.hash(
      blob, kind: kind, day: day, rows: rows, times: times, byteCount: bytes.count, key: key)
    return EncodedSegment(
      kind: kind, day: day, rows: rows, times: times, byteCount: bytes.count, blob: blob,
      hash: hash)
  }
}
