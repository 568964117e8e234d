public import Billing

/// The keys of facts that were pruned: all that is needed to know one of them again.
///
/// Keys stand in order, the highest byte of every key first, then the second, and so on: the first
/// planes of sorted hashes are nearly runs, and the others cannot be made smaller.
enum KeySegment {
  /// The first byte of a segment.
  static let format: UInt8 = 1

  private static let keyBytes = 12

  /// - Parameter keys: Sorted; none twice.
  static func write(_ keys: [RecordKey]) -> ColumnWriter {
    var writer = ColumnWriter()
    writer.append(byte: format)
    writer.append(varint: UInt64(keys.count))
    for plane in 0..<keyBytes {
      for key in keys { writer.append(byte: byte(plane, of: key)) }
    }
    return writer
  }

  /// Calls `body` with each key, in order.
  static func read(_ bytes: [UInt8], _ body: (RecordKey) throws -> Void) throws {
    var reader = ColumnReader(bytes)
    guard try reader.byte() == format else { throw SegmentFailure("its format is not known") }
    let count = try reader.count(atMost: bytes.count)
    var keys = [RecordKey](repeating: RecordKey(high: 0, low: 0), count: count)
    for plane in 0..<keyBytes {
      for (index, byte) in zip(keys.indices, try reader.raw(count)) {
        if plane < 8 {
          keys[index].high = keys[index].high << 8 | UInt64(byte)
        } else {
          keys[index].low = keys[index].low << 8 | UInt32(byte)
        }
      }
    }
    guard reader.isAtEnd else { throw SegmentFailure("it goes on after its end") }
    var last: RecordKey?
    for key in keys {
      if let last, last >= key { throw SegmentFailure("its keys are not in order") }
      last = key
      try body(key)
    }
  }

  private static func byte(_ plane: Int, of key: RecordKey) -> UInt8 {
    plane < 8
      ? UInt8(truncatingIfNeeded: key.high >> UInt64((7 - plane) * 8))
      : UInt8(truncatingIfNeeded: key.low >> UInt32((11 - plane) * 8))
  }
}

extension SegmentEncoder {
  /// Facts of one segment are pruned in pieces of this many, so that memory is bounded where each has
  /// a row of its own.
  private static let prunedRowLimit = 100_000

  /// What stays of one segment's facts: their keys and what they add up to.
  ///
  /// - Parameter facts: Of one UTC day, by time, then by key; at least one.
  /// - Returns: Keys, each followed by their rollup.
  func encodePruned(_ facts: [Fact], _ compressor: FrameCompressor) throws -> EncodedSegments {
    var encoded = EncodedSegments()
    var dictionary = SegmentDictionary(labels: labels, cells: cells, splitter: splitter)
    for start in stride(from: 0, to: facts.count, by: Self.prunedRowLimit) {
      let piece = Array(facts[start..<min(start + Self.prunedRowLimit, facts.count)])
      let (day, times) = (piece[0].time.day, piece[0].time...piece[piece.count - 1].time)
      let keys = KeySegment.write(piece.map(\.key).sorted())
      encoded.segments.append(try seal(keys, .keys, day, piece.count, times, compressor))
      // Sums that overflow are left to the reader, who adds up rows in any case.
      let rows =
        (try? Rollup.rows(of: piece))
        ?? piece.map { fact in
          RollupRow(bucket: fact.time.bucket, cell: fact.cell, measures: Measures(fact))
        }
      dictionary.reset()
      let rollup = RollupSegment.write(rows, day: day, dictionary: &dictionary)
      encoded.segments.append(try seal(rollup, .rollup, day, rows.count, times, compressor))
    }
    return encoded
  }

  /// What the facts of each UTC day add up to and nothing of themselves: for measurements.
  ///
  /// - Throws: `LedgerError.outOfMemory`.
  public func encodeSums(of facts: [Fact]) throws(LedgerError) -> EncodedSegments {
    guard !facts.isEmpty else { return EncodedSegments() }
    do throws(SegmentFailure) {
      let compressor = try FrameCompressor()
      var encoded = EncodedSegments()
      var dictionary = SegmentDictionary(labels: labels, cells: cells, splitter: splitter)
      for (day, order) in FactOrder.days(of: facts) {
        guard let rows = try? RollingUp.rows(of: facts, order: order) else { continue }
        let times = facts[order[0]].time...facts[order[order.count - 1]].time
        let keys = KeySegment.write([])
        encoded.segments.append(try seal(keys, .keys, day, order.count, times, compressor))
        dictionary.reset()
        let rollup = RollupSegment.write(rows, day: day, dictionary: &dictionary)
        encoded.segments.append(try seal(rollup, .rollup, day, rows.count, times, compressor))
      }
      return encoded
    } catch {
      throw .outOfMemory(error.reason)
    }
  }
}
