public import Billing
import CSimdjson

/// The place of an event's line in its block.
public struct EventLine: Sendable, Hashable {
  /// From 0.
  public var number: UInt32
  /// From the block's first byte.
  public var offset: UInt32
  public var length: UInt32
}

/// What one block of lines gave.
public struct BlockOutcome: Sendable {
  /// The block's position in its input, from 0.
  public var number = 0
  /// Of the block's first byte in the input.
  public var offset: Int64 = 0
  public var batch = EventBatch()
  /// For each event its line; rising.
  public var lineOfEvent: [EventLine] = []
  public var lines: Int64 = 0
  public var skipped: Int64 = 0
  /// Line numbers count from 1 within the block; offsets are those of the input.
  public var rejections: [Rejection] = []
  /// The last line of the input when it has no end and is not whole; it is in no count. A log that
  /// is being written ends so between two writes.
  public var tornTail: Rejection?
  /// Hashes of the lines whose events have no id, by the event's position.
  public var anonymous: [(event: Int, digest: KeyedDigest)] = []
  /// Bytes of the input that end with this block's last line end.
  public var consumed: Int64 = 0
  public var bytes: Int64 = 0
  /// The ends of what was read of the input up to this block's last byte.
  public var edges = ContentEdges()
  /// The bytes of rejected lines by their offsets, where they are wanted.
  public var rejectedLines: [Int64: [UInt8]] = [:]
  /// For each dialect of the set, the lines that it read.
  public var linesOfDialect: [Int64] = []
  /// Records that were refused in lines of which others count.
  public var refusedRecords: [Rejection] = []

  public init() {}
}

/// Reads the lines of blocks: the state of one worker.
@safe
final class BlockReader {
  private let records: RecordReader
  private let walker: RecordWalker
  private let lineHasher: KeyedHasher
  private let lineBytes: Int
  private let dialectCount: Int
  /// The bytes of rejected lines are handed on.
  private let keepsRejected: Bool
  private var eventCount = 0
  private var outcome = BlockOutcome()
  /// Some line of the block holds a NUL: each is to be looked at.
  private var blockHoldsNul = false

  init(
    set: DialectSet, wanted: Set<EventField>, labels: LabelTable, limits: InputLimits,
    key: StoreKey, countsAggregates: Bool, keepsRejected: Bool = false
  ) {
    self.keepsRejected = keepsRejected
    records = RecordReader(
      set: set, wanted: wanted, labels: labels, limits: limits,
      countsAggregates: countsAggregates)
    walker = records.walker
    lineHasher = KeyedHasher(key: key)
    lineBytes = limits.lineBytes
    dialectCount = set.dialects.count
  }

  /// Has somebody look at what is read from now on.
  func observe(_ tally: FieldTally) { records.builder.tally = tally }

  /// Reads a block.
  ///
  /// - Parameter session: gives what the blocks before it hand on.
  /// - Returns: what its lines gave, and what they hand on if anything.
  func read(
    _ block: Block, session: @escaping () -> SessionMemory
  ) -> (outcome: BlockOutcome, session: SessionMemory?) {
    outcome = BlockOutcome()
    outcome.number = block.number
    outcome.offset = block.offset
    outcome.edges = block.edges
    outcome.bytes = Int64(block.count)
    outcome.linesOfDialect = Array(repeating: 0, count: dialectCount)
    records.beginBlock(session)
    defer { records.endBlock() }
    records.builder.batch = EventBatch()
    records.builder.batch.events.reserveCapacity(eventCount)
    outcome.lineOfEvent.reserveCapacity(eventCount)
    if let line = block.oversized {
      outcome.lines = 1
      outcome.bytes = line.byteCount
      outcome.rejections.append(
        Rejection(
          reason: .tooLong, line: 1, offset: line.offset, length: line.length,
          digest: line.digest))
    } else {
      readLines(of: block)
    }
    outcome.consumed = outcome.tornTail?.offset ?? block.offset + Int64(block.count)
    outcome.batch = records.builder.batch
    eventCount = outcome.batch.events.count + 64
    records.builder.batch = EventBatch()
    return (outcome, records.usesSession ? records.builder.session : nil)
  }

  private func readLines(of block: Block) {
    let text = unsafe block.text
    let isWhole = unsafe walker.index(text)
    blockHoldsNul = unsafe LineScanner.holdsNul(text, 0..<text.count)
    var start = 0
    while start < text.count {
      let end = unsafe LineScanner.end(of: text, from: start)
      outcome.lines += 1
      unsafe readLine(text, start, end, block, isIndexed: isWhole)
      start = end + 1
    }
  }

  private func readLine(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ block: Block, isIndexed: Bool
  ) {
    let isFirst = block.offset == 0 && start == 0
    let line = unsafe LineScanner.trimmed(text, start..<end, skippingMark: isFirst)
    guard !line.isEmpty else {
      if unsafe LineScanner.holdsNul(text, start..<end) {
        outcome.rejections.append(rejection(.nul, start..<end, of: block))
      } else {
        outcome.skipped += 1
      }
      return
    }
    do throws(RejectionReason) {
      let result = try unsafe events(text, line, isIndexed: isIndexed)
      let place = EventLine(
        number: UInt32(outcome.lines - 1), offset: UInt32(start), length: UInt32(end - start))
      for reason in result.refusals {
        outcome.refusedRecords.append(
          Rejection(
            reason: reason, line: outcome.lines, offset: block.offset + Int64(start),
            length: Int64(end - start)))
      }
      guard result.events > 0 else {
        outcome.skipped += 1
        return
      }
      for _ in 0..<result.events { outcome.lineOfEvent.append(place) }
      unsafe hashAnonymous(text, line, result.events)
      outcome.linesOfDialect[result.dialect] += 1
    } catch {
      if block.endsTorn, end >= text.count, error == .malformed {
        outcome.tornTail = rejection(.torn, start..<end, of: block)
        outcome.lines -= 1
        outcome.bytes -= Int64(end - start)
      } else {
        outcome.rejections.append(rejection(error, start..<end, of: block))
      }
    }
  }

  /// A line whose event has no id is known again by its bytes.
  private func hashAnonymous(_ text: UnsafeRawBufferPointer, _ line: Range<Int>, _ count: Int) {
    let end = records.builder.batch.events.count
    guard (end - count..<end).contains(where: { records.builder.batch.events[$0].id.isNone }) else {
      return
    }
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: text[line]).bindMemory(to: UInt8.self)
    let digest = unsafe lineHasher.digest(bytes.span)
    for position in end - count..<end where records.builder.batch.events[position].id.isNone {
      outcome.anonymous.append((position, digest))
    }
  }

  /// What is told of a line that is rejected; its bytes are kept where they are wanted.
  private func rejection(
    _ reason: RejectionReason, _ line: Range<Int>, of block: Block
  ) -> Rejection {
    let bytes = block.bytes(line)
    let offset = block.offset + Int64(line.lowerBound)
    if keepsRejected { outcome.rejectedLines[offset] = bytes }
    return Rejection(
      reason: reason, line: outcome.lines, offset: offset, length: Int64(line.count),
      digest: lineHasher.digest(bytes.span))
  }

  /// Appends the events of one line to the batch; none when it is known to carry none.
  private func events(
    _ text: UnsafeRawBufferPointer, _ line: Range<Int>, isIndexed: Bool
  ) throws(RejectionReason) -> RecordReader.Result {
    // Whether a long line fits into a block depends on where the block begins; this does not.
    guard line.count <= lineBytes else { throw .tooLong }
    if blockHoldsNul, unsafe LineScanner.holdsNul(text, line) { throw .nul }
    let json: Range<Int>
    let time: Timestamp?
    switch unsafe LinePrefix.content(of: text, line) {
    case .json(let range, let stamp): (json, time) = (range, stamp)
    case .nothing: return RecordReader.Result()
    case .other: throw .malformed
    }
    let isList = unsafe text[json.lowerBound] == UInt8(ascii: "[")
    var range = json
    if !isIndexed {
      let piece = unsafe UnsafeRawBufferPointer(rebasing: text[json])
      guard unsafe walker.index(piece) else { throw .malformed }
      range = 0..<json.count
    }
    let result = try records.read(
      from: range.lowerBound, to: range.upperBound, isList: isList)
    if let time { records.builder.setMissingTime(time, ofLast: result.events) }
    return result
  }
}
