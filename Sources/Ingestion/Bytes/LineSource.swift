import Billing

/// Cuts an input into blocks of whole lines, in order. The memory is that of its carry: the start
/// of a line whose end has not been read.
@safe
final class LineSource {
  private let reader: any ByteReader
  private let limits: InputLimits
  private let hasher: KeyedHasher?
  private var edges: ContentEdges
  /// The input goes on behind a line that had no end when it was read.
  private var isBehindOpenLine: Bool
  private var carry: [UInt8] = []
  private var offset: Int64
  private var number = 0
  private var isAtEnd = false
  /// What broke the stream; told after the whole lines before it.
  private var failure: InputError?
  /// Input bytes that belong to whole lines handed out: where a later run can resume.
  private(set) var consumed: Int64

  /// - Parameters:
  ///   - offset: where the reader stands, for an input that is resumed.
  ///   - edges: of what stands before that.
  ///   - key: of the hashes of lines that are not kept.
  init(
    _ reader: any ByteReader, limits: InputLimits, from offset: Int64 = 0,
    after edges: ContentEdges = ContentEdges(), key: StoreKey? = nil
  ) {
    self.reader = reader
    self.limits = limits
    self.offset = offset
    self.edges = edges
    isBehindOpenLine = edges.isOpen
    hasher = key.map { KeyedHasher(key: $0) }
    consumed = offset
  }

  /// Fills the block with the next whole lines.
  ///
  /// - Returns: `false` when the input is over.
  /// - Throws: `InputError`; what was handed out before stays good, and what had been read of whole
  ///   lines before the damage is handed out first.
  func fill(_ block: Block) throws(InputError) -> Bool {
    guard !isAtEnd || !carry.isEmpty else {
      if let failure { throw failure }
      return false
    }
    if isBehindOpenLine { endOpenLine() }
    var have = carry.count
    block.reserve(max(limits.blockBytes, have * 2), keeping: 0)
    unsafe block.storage.copyBytes(from: carry)
    carry.removeAll(keepingCapacity: true)
    var searched = 0
    while true {
      if !isAtEnd { have += read(into: block, at: have) }
      let end = lastLineEnd(block, from: searched, to: have)
      if let end, have >= limits.blockBytes || isAtEnd || reader.isInteractive {
        return hand(out: block, end: end, have: have)
      }
      if isAtEnd { return try handOutTail(block, have: have) }
      if end == nil, !isAtEnd {
        searched = have
        if have > limits.lineBytes { return skipOversized(block, have: have) }
      }
      if have == block.capacity {
        block.reserve(min(block.capacity * 2, limits.lineBytes + limits.blockBytes), keeping: have)
      }
    }
  }

  /// A last line that was read without its end has got one since: it is not a line of its own.
  private func endOpenLine() {
    isBehindOpenLine = false
    let first = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
    defer { unsafe first.deallocate() }
    guard unsafe read(into: first) == 1 else { return }
    if unsafe first[0] == UInt8(ascii: "\n") {
      unsafe edges.append(UnsafeRawBufferPointer(first))
      offset += 1
    } else {
      unsafe carry.append(first[0])
    }
  }

  /// Reads once; an error of the stream ends the input after the lines that are whole.
  private func read(into block: Block, at have: Int) -> Int {
    unsafe read(
      into: UnsafeMutableRawBufferPointer(rebasing: block.storage[have..<block.capacity]))
  }

  private func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    do throws(InputError) {
      let count = try unsafe reader.read(into: room)
      if count == 0 { isAtEnd = true }
      return count
    } catch {
      failure = error
      isAtEnd = true
      return 0
    }
  }

  private func hand(out block: Block, end: Int, have: Int) -> Bool {
    let tail = unsafe UnsafeRawBufferPointer(rebasing: block.storage[end..<have])
    unsafe carry.append(contentsOf: tail)
    unsafe edges.append(UnsafeRawBufferPointer(rebasing: block.storage[0..<end]))
    block.describe(number: number, offset: offset, count: end, endsTorn: false, after: edges)
    number += 1
    offset += Int64(end)
    consumed = offset
    return true
  }

  /// The last line, which has no end. Behind a broken stream it is a fragment and belongs to nobody.
  private func handOutTail(_ block: Block, have: Int) throws(InputError) -> Bool {
    if let failure { throw failure }
    guard have > 0 else { return false }
    unsafe edges.append(UnsafeRawBufferPointer(rebasing: block.storage[0..<have]))
    block.describe(number: number, offset: offset, count: have, endsTorn: true, after: edges)
    number += 1
    offset += Int64(have)
    return true
  }

  /// Reads on to the end of a line that is too long, and keeps none of it.
  private func skipOversized(_ block: Block, have: Int) -> Bool {
    var line = OversizedLine(offset: offset, length: Int64(have), hasEnd: false)
    var hasher = hasher
    func pass(_ piece: UnsafeRawBufferPointer) {
      unsafe edges.append(piece)
      unsafe hasher?.update(piece.bindMemory(to: UInt8.self).span)
    }
    unsafe pass(UnsafeRawBufferPointer(rebasing: block.storage[0..<have]))
    while !isAtEnd {
      let count = read(into: block, at: 0)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: block.storage[0..<count])
      if let end = unsafe piece.firstIndex(of: UInt8(ascii: "\n")) {
        unsafe pass(UnsafeRawBufferPointer(rebasing: piece[..<end]))
        unsafe edges.append(UnsafeRawBufferPointer(rebasing: piece[end...end]))
        line.length += Int64(end)
        line.hasEnd = true
        unsafe carry.append(contentsOf: piece[(end + 1)...])
        break
      }
      unsafe pass(piece)
      line.length += Int64(count)
    }
    line.digest = hasher?.finalize()
    block.describeOversized(number: number, line, after: edges)
    number += 1
    offset += line.byteCount
    consumed = offset
    return true
  }

  /// The position behind the last line end between two positions.
  private func lastLineEnd(_ block: Block, from start: Int, to end: Int) -> Int? {
    var index = end
    while index > start {
      if unsafe block.storage[index - 1] == UInt8(ascii: "\n") { return index }
      index -= 1
    }
    return nil
  }
}

/// How much of an input is held at once and what is refused.
public struct InputLimits: Sendable, Hashable {
  /// Bytes that are read before a block is handed out: large enough to hide the cost of handing
  /// over, small enough for the caches.
  public var blockBytes = 1 << 20
  /// A longer line is rejected without being held: 16 MiB.
  public var lineBytes = 16 << 20
  /// Levels of nesting in a record.
  public var depth = 512
  /// Decompressed bytes for each compressed byte, above the first 64 MiB.
  public var expansion = 1000
  /// The names by which dialects of the user read records, a set for each: a table is one of records
  /// when some of its columns have them, whatever they are called.
  public var columns: [Set<[UInt8]>] = []

  public init() {}
}
