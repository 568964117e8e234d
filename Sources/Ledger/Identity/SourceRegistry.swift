public import Billing

/// Where reading of a plain file starts.
public enum Resumption: Sendable, Hashable {
  /// The bytes before the offset were read before: go on there.
  case resume(StoredSource)
  /// A file that is not known: read all of it.
  case start
  /// The file of this device and inode was replaced or rewritten: read all of it.
  case startReplaced(StoredSource)
}

/// The sources that the ledger knows, and the rule by which a file is known again.
///
/// A name or an inode proves nothing: logs are rotated, copied, truncated and refilled. What counts
/// is the content at both ends of what was read. Whatever is in doubt is read again; the identities
/// of its records keep it from counting twice.
public struct SourceRegistry: Sendable {
  private var byHead: [Fingerprint: [StoredSource]] = [:]
  private var byContent: [Fingerprint: StoredSource] = [:]
  private var byFile: [FileNumber: StoredSource] = [:]
  private var byState: [FileState: [StoredSource]] = [:]
  private var headLengths: [Int64] = []

  private struct FileNumber: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  /// What the system says of a file, when it says the same again.
  private struct FileState: Hashable {
    var number: FileNumber
    var size: Int64
    var modified: Int64
    var changed: Int64
  }

  /// - Parameter label: Sources under other labels are others.
  public init(_ sources: [StoredSource] = [], label: String = "") {
    for source in sources where source.checkpoint.label.utf8.elementsEqual(label.utf8) {
      add(source)
    }
  }

  /// Adds a source that was read.
  public mutating func add(_ source: StoredSource) {
    let checkpoint = source.checkpoint
    if let content = checkpoint.content, byContent[content]?.checkpoint.state != .complete {
      byContent[content] = source
    }
    if checkpoint.state != .growing, checkpoint.changed != 0, checkpoint.head != nil {
      byState[Self.state(checkpoint), default: []].append(source)
    }
    guard checkpoint.state == .growing, let head = checkpoint.head, head.length > 0 else { return }
    byHead[head, default: []].append(source)
    byFile[FileNumber(device: checkpoint.device, inode: checkpoint.inode)] = source
    guard !headLengths.contains(head.length) else { return }
    headLengths.append(head.length)
    headLengths.sort(by: >)
  }

  /// The file or stream of this content, read to its end or up to its checkpoint's offset.
  public func archive(_ content: Fingerprint) -> StoredSource? { byContent[content] }

  /// The file that is the same as far as can be told without reading it: number, size, times, and
  /// the bytes at both ends.
  public func unchanged(_ file: SourceCheckpoint) -> StoredSource? {
    let same = byState[Self.state(file)]?.filter {
      $0.checkpoint.head == file.head && $0.checkpoint.anchor == file.anchor
    }
    return same?.last { $0.checkpoint.state == .complete } ?? same?.last
  }

  /// The sources whose lines may begin with these bytes, those that were read least first.
  ///
  /// - Parameter digest: The hash of the first bytes, up to a length.
  public func beginning(
    length: Int64, digest: (Int64) -> KeyedDigest
  ) -> [StoredSource] {
    var found: [StoredSource] = []
    for count in headLengths where count <= length {
      found += byHead[Fingerprint(length: count, digest: digest(count))] ?? []
    }
    return found.sorted { $0.checkpoint.offset < $1.checkpoint.offset }
  }

  private static func state(_ checkpoint: SourceCheckpoint) -> FileState {
    FileState(
      number: FileNumber(device: checkpoint.device, inode: checkpoint.inode),
      size: checkpoint.size, modified: checkpoint.modified, changed: checkpoint.changed)
  }

  /// Where to start reading a plain file.
  ///
  /// It resumes where the file is long enough, and its first bytes and those before the offset hash
  /// as they did. Of several such sources the one of the same inode counts, else the one that was
  /// read furthest.
  ///
  /// - Parameters:
  ///   - size: Bytes of the file now.
  ///   - digest: The hash of a range of the file's bytes under the store's key.
  public func resumption<Failure: Error>(
    size: Int64, device: UInt64, inode: UInt64,
    digest: (Range<Int64>) throws(Failure) -> KeyedDigest
  ) throws(Failure) -> Resumption {
    var best: StoredSource?
    for length in headLengths where length <= size {
      let head = Fingerprint(length: length, digest: try digest(0..<length))
      for source in byHead[head] ?? [] {
        let offset = source.checkpoint.offset
        guard let anchor = source.checkpoint.anchor, offset <= size, anchor.length <= offset,
          try digest(offset - anchor.length..<offset) == anchor.digest
        else { continue }
        if best.map({ prefers(source, to: $0, device, inode) }) ?? true { best = source }
      }
    }
    if let best { return .resume(best) }
    return byFile[FileNumber(device: device, inode: inode)].map(Resumption.startReplaced) ?? .start
  }

  private func prefers(
    _ source: StoredSource, to other: StoredSource, _ device: UInt64, _ inode: UInt64
  ) -> Bool {
    func rank(_ source: StoredSource) -> (Int, Int64, Int64) {
      let checkpoint = source.checkpoint
      let same = checkpoint.device == device && checkpoint.inode == inode
      return (same ? 1 : 0, checkpoint.offset, source.id.number)
    }
    return rank(source) > rank(other)
  }
}
