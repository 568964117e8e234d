import Billing
import Ingestion
import Ledger

/// An input that was opened, and stands where its new lines begin.
struct OpenSource {
  enum Kind: Hashable {
    /// Lines, plain or compressed: known by what was read of them.
    case lines
    /// Other records: known as a file.
    case records
    /// Standard input: never known.
    case stream
  }

  var kind: Kind
  var identity: SourceIdentity
  /// The source whose lines go on.
  var previous: StoredSource?
  /// The file beside its lines: of an archive, or of other records.
  var file: SourceCheckpoint?
  /// Of what was read before.
  var edges = ContentEdges()
  /// What is wrong behind the lines that are read.
  var damage: InputError?

  var log: LogInput { identity.log }
  var offset: Int64 { previous?.checkpoint.offset ?? 0 }
  var line: Int64 { previous?.checkpoint.line ?? 0 }
}

/// Decides what of an input is new. Whatever is decided is decided of the descriptor that is read:
/// the name may stand for another file a moment later.
struct SourceOpener {
  enum Opening {
    /// Nothing of it is new.
    case unchanged
    /// Nothing of it is new, and it is to be known without a look at its content the next time.
    case known(SourceProgress)
    case open(OpenSource)
    /// This run has read it, or part of it, under another name: what it came to is known when it is
    /// stored.
    case afterCommit
  }

  let key: StoreKey
  let label: String
  let limits: InputLimits
  /// What the ledger holds.
  var registry: SourceRegistry
  /// What this run has read and not stored.
  var unstored = SourceRegistry()
  /// Stored sources that were moved on by what is not stored.
  var moving: Set<SourceID> = []

  /// A file or stream of this content was read before.
  func isKnown(_ content: Fingerprint) -> Bool {
    registry.archive(content) != nil || unstored.archive(content) != nil
  }

  /// - Throws: `InputError`.
  func open(_ input: InputList.Input) throws(InputError) -> Opening {
    let log = try LogInput.open(input, limits: limits, key: key)
    let path = if case .file(let path) = input { path } else { "-" }
    let identity = SourceIdentity(key: key, log: log, path: path, label: label)
    if input == .standardInput {
      return .open(OpenSource(kind: .stream, identity: identity))
    }
    if log.isFramed { return try openRecords(identity) }
    return log.compression == .none ? try openLines(identity) : try openArchive(identity)
  }

  /// A plain file of lines goes on where it was left.
  private func openLines(_ identity: SourceIdentity) throws(InputError) -> Opening {
    if try isResumed(identity, among: unstored) != nil { return .afterCommit }
    var source = OpenSource(kind: .lines, identity: identity)
    guard let stored = try isResumed(identity, among: registry) else { return .open(source) }
    if moving.contains(stored.id) { return .afterCommit }
    let offset = stored.checkpoint.offset
    if offset == identity.log.status.size {
      // It holds nothing new, and yet whoever runs it wants to know that its disk fails.
      try identity.log.checkBeginning()
      return .unchanged
    }
    // The hashes once more, of the very bytes that are kept: the file may have changed in between.
    let edges = try identity.log.edges(upTo: offset)
    guard Self.isOf(stored, edges, identity) else { return .open(source) }
    try identity.log.resume(from: offset, after: edges)
    (source.previous, source.edges) = (stored, edges)
    return .open(source)
  }

  private func isResumed(
    _ identity: SourceIdentity, among sources: SourceRegistry
  ) throws(InputError) -> StoredSource? {
    let status = identity.log.status
    let resumption = try sources.resumption(
      size: status.size, device: status.device, inode: status.inode
    ) { range throws(InputError) in try identity.digest(range) }
    guard case .resume(let stored) = resumption, stored.checkpoint.offset > 0 else { return nil }
    return stored
  }

  /// The ends of what was read are those that a source was known by.
  private static func isOf(
    _ stored: StoredSource, _ edges: ContentEdges, _ identity: SourceIdentity
  ) -> Bool {
    let known = stored.checkpoint
    guard let head = known.head, let anchor = known.anchor,
      head.length <= Int64(edges.head.count), anchor.length <= Int64(edges.tail.count)
    else { return false }
    return identity.digest(of: edges.head.prefix(Int(head.length))) == head.digest
      && identity.digest(of: edges.tail.suffix(Int(anchor.length))) == anchor.digest
  }

  /// An archive of lines. One that is known as a file is not read; of another the lines may be those
  /// of a log that was read before it was compressed.
  private func openArchive(_ identity: SourceIdentity) throws(InputError) -> Opening {
    var file = try identity.file()
    if let known = registry.unchanged(file) ?? unstored.unchanged(file),
      known.checkpoint.state == .complete
    {
      return .unchanged
    }
    file.content = try identity.content()
    if let known = copy(of: file) { return .known(known) }
    let end = try soundEnd(identity)
    let search = LineageSearch(identity)
    if !search.candidates(among: unstored).isEmpty { return .afterCommit }
    let candidates = search.candidates(among: registry)
    if candidates.contains(where: { moving.contains($0.id) }) { return .afterCommit }
    let found = try search.resume(candidates)
    var source = OpenSource(
      kind: .lines, identity: found.identity, previous: found.source, file: file,
      edges: found.edges)
    if let end {
      source.damage = .damaged(identity.log.compression)
      if end <= source.offset { throw .damaged(identity.log.compression) }
      found.identity.log.end(at: end)
    }
    return .open(source)
  }

  /// Where the members of an archive end that are to be read, when one behind them is damaged.
  ///
  /// What a damaged one holds may be anything: lines that look like requests, and are none. It would
  /// count for ever, and the good copy would be taken for one that was read.
  ///
  /// - Throws: `InputError`; `damaged` when there are no such members.
  private func soundEnd(_ identity: SourceIdentity) throws(InputError) -> Int64? {
    guard let end = try identity.log.damageOffset() else { return nil }
    if end == 0 { throw .damaged(identity.log.compression) }
    return end
  }

  /// A file of other records is read once as long as it stays as it is.
  private func openRecords(_ identity: SourceIdentity) throws(InputError) -> Opening {
    var file = try identity.file()
    var stored = registry.unchanged(file)
    if let own = unstored.unchanged(file) {
      return own.checkpoint.state == .complete ? .unchanged : .afterCommit
    }
    if stored?.checkpoint.state == .complete { return .unchanged }
    if let stored { file.content = stored.checkpoint.content }
    if file.content == nil {
      let content = try identity.content()
      file.content = content
      if let known = copy(of: file) { return .known(known) }
      if unstored.archive(content) != nil { return .afterCommit }
      stored = registry.archive(content)
    }
    // Where the records of sound members end, only their reader could tell.
    if try identity.log.damageOffset() != nil { throw .damaged(identity.log.compression) }
    if let stored {
      if moving.contains(stored.id) { return .afterCommit }
      try identity.log.resume(from: stored.checkpoint.offset, after: ContentEdges())
    }
    return .open(
      OpenSource(kind: .records, identity: identity, previous: stored, file: file))
  }

  /// A file whose content was read to its end under another name, or before it was touched.
  private func copy(of file: SourceCheckpoint) -> SourceProgress? {
    guard let content = file.content,
      let known = unstored.archive(content) ?? registry.archive(content),
      known.checkpoint.state == .complete
    else { return nil }
    var checkpoint = file
    checkpoint.state = .complete
    let isSame =
      known.id.number != 0 && known.checkpoint.inode == file.inode
      && known.checkpoint.device == file.device && !moving.contains(known.id)
    if isSame {
      (checkpoint.offset, checkpoint.line) = (known.checkpoint.offset, known.checkpoint.line)
    }
    return SourceProgress(
      previous: isSame ? known : nil, checkpoint: checkpoint, accounting: LineAccounting())
  }
}

/// Looks for the log whose lines an archive holds: one that was read before it was compressed, or
/// from another archive.
struct LineageSearch {
  private let identity: SourceIdentity
  private let head: [UInt8]

  /// An archive that goes on where its lines were left, or stands at its start.
  struct Found {
    var identity: SourceIdentity
    var source: StoredSource?
    var edges = ContentEdges()
  }

  /// - Parameter identity: of an archive of which nothing has been read.
  init(_ identity: SourceIdentity) {
    self.identity = identity
    head = identity.log.contentHead()
  }

  /// The sources that begin as the archive does, those that were read least first.
  func candidates(among sources: SourceRegistry) -> [StoredSource] {
    sources.beginning(length: Int64(head.count)) { count in
      identity.digest(of: head.prefix(Int(count)))
    }
  }

  /// These bytes are those before the place where a source was left.
  private func ends(with tail: [UInt8], _ source: StoredSource) -> Bool {
    guard let anchor = source.checkpoint.anchor, anchor.length <= Int64(tail.count) else {
      return false
    }
    return identity.digest(of: tail.suffix(Int(anchor.length))) == anchor.digest
  }

  /// Goes on where the furthest of the candidates was left whose last bytes stand there.
  ///
  /// - Parameter candidates: those that were read least first.
  /// - Throws: `InputError`.
  func resume(_ candidates: [StoredSource]) throws(InputError) -> Found {
    guard !candidates.isEmpty else { return Found(identity: identity) }
    let tails = identity.log.tails(before: candidates.map(\.checkpoint.offset))
    let found = Array(zip(candidates, tails)).last { ends(with: $1, $0) }
    let again = SourceIdentity(
      key: identity.key, log: try identity.log.again(), path: identity.path,
      label: identity.label)
    guard let (source, tail) = found else { return Found(identity: again) }
    let offset = source.checkpoint.offset
    let edges = ContentEdges(head: Array(head.prefix(Int(clamping: offset))), tail: tail)
    let isThere = tails.count == candidates.count && candidates.last?.checkpoint.offset == offset
    let stands = isThere ? identity : again
    try stands.log.resume(from: offset, after: edges)
    return Found(identity: stands, source: source, edges: edges)
  }
}
