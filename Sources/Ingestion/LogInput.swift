public import Billing
import Synchronization

/// One input of a run: a file or standard input, plain or compressed, in lines or in another framing,
/// handed out in blocks of whole lines to any number of workers.
public final class LogInput: Sendable {
  /// What identifies an input apart from its name.
  public struct Identity: Sendable, Hashable {
    public var size: Int64
    public var device: UInt64
    public var inode: UInt64
  }

  /// How it is written, by its first bytes.
  public let compression: Compression
  /// Its records are not a line each as they stand: offsets count the lines that are made of it.
  public let isFramed: Bool
  public let identity: Identity
  private let source: Mutex<Source>
  /// What lines hand on from block to block.
  let relay = SessionRelay()
  /// What stands before the place where the input was resumed.
  let prior: PriorPart?

  /// The part of a file that a former run read.
  struct PriorPart: Sendable {
    var path: String
    var end: Int64
  }

  /// The reading end; only its owner touches it, under the lock.
  private struct Source: @unchecked Sendable {
    var lines: LineSource
    var file: FileReader
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - offset: where it is resumed, in bytes of its decompressed content, or of the lines that are
  ///     made of it.
  ///   - asLines: its lines are taken as they stand, without a look at how it is framed.
  /// - Throws: `InputError`.
  public convenience init(
    path: String, limits: InputLimits, from offset: Int64 = 0, asLines: Bool = false
  ) throws(InputError) {
    try self.init(
      FileReader(path: path), limits: limits, from: offset, asLines: asLines,
      prior: offset > 0 ? PriorPart(path: path, end: offset) : nil)
  }

  /// Reads standard input.
  ///
  /// - Parameter asLines: as for a file.
  /// - Throws: `InputError`.
  public convenience init(
    standardInput limits: InputLimits, asLines: Bool = false
  ) throws(InputError) {
    try self.init(FileReader(standardInput: ()), limits: limits, from: 0, asLines: asLines)
  }

  private init(
    _ file: FileReader, limits: InputLimits, from offset: Int64, asLines: Bool,
    prior: PriorPart? = nil
  ) throws(InputError) {
    self.prior = prior
    let reader = try SniffedReader(file)
    compression = reader.compression
    identity = Identity(size: file.size, device: file.device, inode: file.inode)
    let decompressed: any ByteReader =
      switch compression {
      case .gzip: GzipReader(reader, limits: limits)
      case .zstd: ZstdReader(reader, limits: limits)
      case .none: reader
      }
    let head =
      asLines ? HeadReader(lines: decompressed) : HeadReader(decompressed, limits: limits)
    let lines: LineSource
    if let framer = head.framing.framer(limits: limits) {
      isFramed = true
      let framed = FramedReader(head, framer: framer)
      try framed.discard(offset)
      lines = LineSource(framed, limits: limits, from: offset)
    } else if compression != .none {
      isFramed = false
      try head.discard(offset)
      lines = LineSource(head, limits: limits, from: offset)
    } else {
      isFramed = false
      let start = offset > 0 ? try Self.lineStart(file, offset) : 0
      if start > 0 {
        head.dropHead()
        try reader.skip(to: start)
      }
      lines = LineSource(head, limits: limits, from: start)
    }
    source = Mutex(Source(lines: lines, file: file))
  }

  /// A last line that was read without its end has got one since: it is not a line of its own.
  private static func lineStart(_ file: FileReader, _ offset: Int64) throws(InputError) -> Int64 {
    let edge = try file.bytes(at: offset - 1, count: 2)
    let end = UInt8(ascii: "\n")
    return edge.count == 2 && edge[0] != end && edge[1] == end ? offset + 1 : offset
  }

  /// The number of the block that is read next, from 0.
  public var nextBlock: Int { source.withLock { $0.lines.number } }

  /// Fills a block with the next whole lines.
  func fill(_ block: Block) throws(InputError) -> Bool {
    try source.withLock { (source) throws(InputError) in try source.lines.fill(block) }
  }

  /// Bytes of the file from a position, to tell whether it is one that was read before.
  public func bytes(at offset: Int64, count: Int) throws(InputError) -> [UInt8] {
    try source.withLock { (source) throws(InputError) in
      try source.file.bytes(at: offset, count: count)
    }
  }
}

/// One thread's share in reading: it takes blocks of an input and turns them into events.
public final class LineWorker {
  private let reader: BlockReader
  private let block = Block()
  private let limits: InputLimits
  private let makeReader: () -> BlockReader

  /// - Parameters:
  ///   - set: the dialects, compiled for `labels`.
  ///   - labels: the table of the run.
  ///   - wanted: the fields that events are to have.
  ///   - key: of the hashes by which lines without an id are known again.
  ///   - countsAggregates: rows that sum several requests are events, else they are rejected.
  public init(
    set: DialectSet, wanted: Set<EventField> = EventField.all, labels: LabelTable,
    limits: InputLimits, key: StoreKey, countsAggregates: Bool = true
  ) {
    makeReader = {
      BlockReader(
        set: set, wanted: wanted, labels: labels, limits: limits, key: key,
        countsAggregates: countsAggregates)
    }
    reader = makeReader()
    self.limits = limits
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
    if block.number == 0, let prior = input.prior {
      input.relay.begin(with: session(of: prior))
    }
    return input.relay.memory(before: block.number)
  }

  /// Reads what stands before the place where an input was resumed once more, for what its last
  /// lines depend on. When it cannot be read any more, nothing is handed on.
  private func session(of prior: LogInput.PriorPart) -> SessionMemory {
    guard let input = try? LogInput(path: prior.path, limits: limits) else {
      return SessionMemory()
    }
    let reader = makeReader()
    let block = Block()
    while (try? input.fill(block)) == true, block.offset < prior.end {
      let memory = reader.read(block) { input.relay.memory(before: block.number) }.session
      input.relay.publish(memory, after: block.number)
      if block.offset + Int64(block.count) >= prior.end {
        return input.relay.memory(before: block.number + 1)
      }
    }
    return input.relay.memory(before: 0)
  }
}
