public import Billing
import Synchronization

/// One input of a run: a file or standard input, plain or compressed, in lines or in another framing,
/// handed out in blocks of whole lines to any number of workers.
public final class LogInput: Sendable {
  /// How it is written, by its first bytes.
  public let compression: Compression
  /// Its records are not a line each as they stand: offsets count the lines that are made of it.
  public let isFramed: Bool
  /// Of the file when it was opened; zeros for standard input.
  public let status: FileStatus
  private let source: Mutex<Source>
  private let limits: InputLimits
  private let key: StoreKey?
  /// What lines hand on from block to block.
  let relay = SessionRelay()

  /// The reading end; only its owner touches it, under the lock.
  private struct Source: @unchecked Sendable {
    var file: FileReader
    var sniffed: SniffedReader
    var head: HeadReader
    /// What lines are cut from: `head`, or what makes lines of it.
    var content: any ByteReader
    /// Bytes that were taken from `content`, and not by `lines`.
    var position: Int64 = 0
    var lines: LineSource
    /// Where the input was resumed.
    var start: Int64 = 0
    /// Of what stands before that.
    var edges = ContentEdges()
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - offset: where it is resumed, in bytes of its decompressed content, or of the lines that are
  ///     made of it.
  ///   - asLines: its lines are taken as they stand, without a look at how it is framed.
  ///   - key: of the hashes of lines that are too long to be kept.
  /// - Throws: `InputError`.
  public convenience init(
    path: String, limits: InputLimits, from offset: Int64 = 0, asLines: Bool = false,
    key: StoreKey? = nil
  ) throws(InputError) {
    try self.init(FileReader(path: path), limits: limits, asLines: asLines, key: key)
    guard offset > 0 else { return }
    let isPlain = compression == .none && !isFramed
    try resume(from: offset, after: isPlain ? edges(upTo: offset) : ContentEdges())
  }

  /// Reads standard input.
  ///
  /// - Parameters:
  ///   - asLines: as for a file.
  ///   - key: as for a file, and of the hash of all that is read.
  /// - Throws: `InputError`.
  public convenience init(
    standardInput limits: InputLimits, asLines: Bool = false, key: StoreKey? = nil
  ) throws(InputError) {
    try self.init(
      FileReader(standardInput: key), limits: limits, asLines: asLines, key: key)
  }

  /// Reads lines that are at hand, as they stand.
  ///
  /// - Throws: `InputError`.
  public convenience init(
    lines: [UInt8], limits: InputLimits, key: StoreKey? = nil
  ) throws(InputError) {
    try self.init(FileReader(memory: lines), limits: limits, asLines: true, key: key)
  }

  private init(
    _ file: FileReader, limits: InputLimits, asLines: Bool, key: StoreKey?
  ) throws(InputError) {
    self.limits = limits
    self.key = key
    status = file.status
    let sniffed = try SniffedReader(file)
    compression = sniffed.compression
    let decompressed: any ByteReader = Self.decompressor(sniffed, limits) ?? sniffed
    let head =
      asLines ? HeadReader(lines: decompressed) : HeadReader(decompressed, limits: limits)
    var content: any ByteReader = head
    let framer = head.framing.framer(limits: limits)
    if let framer { content = FramedReader(head, framer: framer) }
    isFramed = framer != nil
    source = Mutex(
      Source(
        file: file, sniffed: sniffed, head: head, content: content,
        lines: LineSource(content, limits: limits, key: key)))
  }

  private static func decompressor(
    _ source: SniffedReader, _ limits: InputLimits
  ) -> (any Decompressor)? {
    switch source.compression {
    case .gzip: GzipReader(source, limits: limits)
    case .zstd: ZstdReader(source, limits: limits)
    case .none: nil
    }
  }

  /// Decompresses an archive to its end and keeps nothing: a checksum stands behind what it is about.
  ///
  /// - Returns: where the sound members end, in bytes of the decompressed content, when one behind them
  ///   is damaged; `nil` when none is. One that breaks off is not, as far as it goes.
  /// - Throws: `InputError` when the file cannot be read.
  /// - Complexity: O(*n*), about a third of the time of reading the lines.
  public func damageOffset() throws(InputError) -> Int64? {
    if compression == .none { return nil }
    let file = try source.withLock { (source) throws(InputError) in
      try FileReader(again: source.file)
    }
    guard let reader = Self.decompressor(try SniffedReader(file), limits) else { return nil }
    do throws(InputError) {
      try reader.discard(.max)
    } catch {
      switch error {
      case .damaged: return reader.soundCount
      case .unreadable: throw error
      default: break
      }
    }
    return nil
  }

  /// The same open file once more, from its start, whatever its name stands for by now.
  ///
  /// - Throws: `InputError`.
  public func again() throws(InputError) -> LogInput {
    let file = try source.withLock { (source) throws(InputError) in
      try FileReader(again: source.file)
    }
    return try LogInput(file, limits: limits, asLines: false, key: key)
  }

  /// Goes on where a former run stopped. Nothing may have been read before.
  ///
  /// - Parameters:
  ///   - offset: as for opening.
  ///   - edges: of what that run read, found unchanged in this very file.
  /// - Throws: `InputError`.
  public func resume(from offset: Int64, after edges: ContentEdges) throws(InputError) {
    try source.withLock { (source) throws(InputError) in
      if compression == .none, !isFramed {
        source.head.dropHead()
        try source.sniffed.skip(to: offset, after: edges)
      } else {
        try source.content.discard(offset - source.position)
      }
      source.position = offset
      source.start = offset
      source.edges = edges
      source.lines = LineSource(
        source.content, limits: limits, from: offset, after: edges, key: key)
    }
  }

  /// Ends the input behind an offset, as if nothing followed. Nothing may have been read before.
  public func end(at offset: Int64) {
    source.withLock { source in
      source.lines = LineSource(
        LimitedReader(source.content, count: offset - source.position), limits: limits,
        from: source.position, after: source.edges, key: key)
    }
  }

  /// The number of the block that is read next, from 0.
  public var nextBlock: Int { source.withLock { $0.lines.number } }

  /// Fills a block with the next whole lines.
  func fill(_ block: Block) throws(InputError) -> Bool {
    try source.withLock { (source) throws(InputError) in try source.lines.fill(block) }
  }

  /// Where the input was resumed; 0 when it was not.
  var start: Int64 { source.withLock { $0.start } }
}

/// What tells whether an input is one that was read before.
extension LogInput {
  /// Bytes of the file from a position, as they stand in it.
  public func bytes(at offset: Int64, count: Int) throws(InputError) -> [UInt8] {
    try source.withLock { (source) throws(InputError) in
      try source.file.bytes(at: offset, count: count)
    }
  }

  /// The ends of a plain file's bytes before an offset.
  public func edges(upTo offset: Int64) throws(InputError) -> ContentEdges {
    let tail = min(offset, Int64(ContentEdges.tailLimit))
    return ContentEdges(
      head: try bytes(at: 0, count: Int(min(offset, Int64(ContentEdges.headLimit)))),
      tail: try bytes(at: offset - tail, count: Int(tail)))
  }

  /// Tells what broke the input when its beginning was looked at, for one of which nothing is to be
  /// read.
  ///
  /// - Throws: `InputError`.
  public func checkBeginning() throws(InputError) {
    if let failure = source.withLock({ $0.head.failure }) { throw failure }
  }

  /// The first decompressed bytes, as many as a head has. Nothing may have been read before.
  public func contentHead() -> [UInt8] {
    source.withLock { Array($0.head.first(ContentEdges.headLimit)) }
  }

  /// Reads on over the decompressed content, and keeps what stands before some places of it.
  ///
  /// - Parameter offsets: the places, rising.
  /// - Returns: for each place that there is, in order, the bytes before it: as many as a tail has.
  ///   Behind damage there is none.
  public func tails(before offsets: [Int64]) -> [[UInt8]] {
    source.withLock { $0.content.tails(before: offsets, from: &$0.position) }
  }

  /// The file was truncated or rewritten since it was opened: what was read of it is not what stands
  /// in it.
  ///
  /// - Throws: `InputError`.
  public func wasRewritten() throws(InputError) -> Bool {
    try source.withLock { (source) throws(InputError) in try source.file.wasRewritten() }
  }

  /// Length and hash of what was read of standard input; `nil` for a file.
  public var content: (length: Int64, digest: KeyedDigest)? {
    source.withLock { $0.file.content }
  }

  /// What the system knows of the file now.
  ///
  /// - Throws: `InputError`.
  public func currentStatus() throws(InputError) -> FileStatus {
    try source.withLock { (source) throws(InputError) in
      source.file.isStandardInput ? FileStatus() : try FileStatus(of: source.file.descriptor)
    }
  }
}

/// One thread's share in reading: it takes blocks of an input and turns them into events.
public final class LineWorker {
  private let reader: BlockReader
  private let block = Block()
  private let hasher: KeyedHasher
  private let keepsRejected: Bool
  private let makeReader: () -> BlockReader

  /// - Parameters:
  ///   - set: the dialects, compiled for `labels`.
  ///   - labels: the table of the run.
  ///   - wanted: the fields that events are to have.
  ///   - key: of the hashes by which lines without an id are known again.
  ///   - countsAggregates: rows that sum several requests are events, else they are rejected.
  ///   - keepsRejected: the bytes of rejected lines are handed on.
  public init(
    set: DialectSet, wanted: Set<EventField> = EventField.all, labels: LabelTable,
    limits: InputLimits, key: StoreKey, countsAggregates: Bool = true,
    keepsRejected: Bool = false
  ) {
    self.keepsRejected = keepsRejected
    hasher = KeyedHasher(key: key)
    makeReader = {
      BlockReader(
        set: set, wanted: wanted, labels: labels, limits: limits, key: key,
        countsAggregates: countsAggregates, keepsRejected: keepsRejected)
    }
    reader = makeReader()
  }

  /// The events of the input's next block; `nil` when the input is over.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  public func next(from input: LogInput) throws(InputError) -> BlockOutcome? {
    guard try input.fill(block) else { return nil }
    let (outcome, session) = reader.read(block) { self.session(of: input) }
    input.relay.publish(session, after: outcome.number)
    return outcome
  }

  /// What the lines before the present block hand on.
  private func session(of input: LogInput) -> SessionMemory {
    if block.number == 0, input.start > 0 { input.relay.begin(with: priorSession(of: input)) }
    return input.relay.memory(before: block.number)
  }

  /// Reads what stands before the place where an input was resumed once more, for what its last
  /// lines depend on. When it cannot be read any more, nothing is handed on.
  private func priorSession(of resumed: LogInput) -> SessionMemory {
    let end = resumed.start
    guard let input = try? resumed.again() else { return SessionMemory() }
    let reader = makeReader()
    let block = Block()
    while (try? input.fill(block)) == true, block.offset < end {
      let memory = reader.read(block) { input.relay.memory(before: block.number) }.session
      input.relay.publish(memory, after: block.number)
      if block.offset + Int64(block.count) >= end {
        return input.relay.memory(before: block.number + 1)
      }
    }
    return input.relay.memory(before: 0)
  }

  /// Rejects a line of the block that was read last, although it was read.
  public func reject(
    _ line: EventLine, _ reason: RejectionReason, in outcome: inout BlockOutcome
  ) {
    let bytes = block.bytes(Int(line.offset)..<Int(line.offset + line.length))
    let offset = outcome.offset + Int64(line.offset)
    if keepsRejected { outcome.rejectedLines[offset] = bytes }
    outcome.rejections.append(
      Rejection(
        reason: reason, line: Int64(line.number) + 1, offset: offset,
        length: Int64(line.length), digest: hasher.digest(bytes.span)))
  }
}
