import Billing
import Ingestion
import Ledger

/// How an input is known again: the hashes that its checkpoint keeps.
struct SourceIdentity {
  let key: StoreKey
  let log: LogInput
  let path: String
  let label: String

  /// The hash of a range of the file's bytes as they stand in it.
  func digest(_ range: Range<Int64>) throws(InputError) -> KeyedDigest {
    var hasher = KeyedHasher(key: key)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = Int(min(range.upperBound - offset, 1 << 20))
      let bytes = try log.bytes(at: offset, count: count)
      if bytes.isEmpty { break }
      hasher.update(bytes.span)
      offset += Int64(bytes.count)
    }
    return hasher.finalize()
  }

  func digest(of bytes: some Sequence<UInt8>) -> KeyedDigest {
    KeyedHasher(key: key).digest(Array(bytes).span)
  }

  /// The whole file, as it stands.
  func content() throws(InputError) -> Fingerprint {
    Fingerprint(length: log.status.size, digest: try digest(0..<log.status.size))
  }

  /// The file as it can be known again without reading it: nothing of it is accounted for yet.
  func file() throws(InputError) -> SourceCheckpoint {
    var checkpoint = base(.incomplete)
    let size = log.status.size
    let head = min(SourceCheckpoint.headLimit, size)
    checkpoint.head = Fingerprint(length: head, digest: try digest(0..<head))
    let anchor = min(SourceCheckpoint.anchorLimit, size)
    checkpoint.anchor = Fingerprint(
      length: anchor, digest: try digest((size - anchor)..<size))
    return checkpoint
  }

  /// The checkpoint of lines that were read up to an offset.
  ///
  /// - Parameter edges: what was read, at both ends; `nil` when the file was rewritten meanwhile, so
  ///   that nothing is to be known again by it.
  func lines(_ edges: ContentEdges?, offset: Int64, line: Int64) -> SourceCheckpoint {
    var checkpoint = base(.growing)
    checkpoint.offset = offset
    checkpoint.line = line
    guard let edges else { return checkpoint }
    let head = edges.head.prefix(Int(clamping: offset))
    checkpoint.head = Fingerprint(length: Int64(head.count), digest: digest(of: head))
    checkpoint.anchor = Fingerprint(
      length: Int64(edges.tail.count), digest: digest(of: edges.tail))
    return checkpoint
  }

  /// The checkpoint of a stream.
  func stream(
    content: Fingerprint?, offset: Int64, line: Int64
  ) -> SourceCheckpoint {
    var checkpoint = base(content == nil ? .incomplete : .complete)
    checkpoint.offset = offset
    checkpoint.line = line
    checkpoint.content = content
    return checkpoint
  }

  private func base(_ state: SourceCheckpoint.State) -> SourceCheckpoint {
    var checkpoint = SourceCheckpoint(path: path, state: state)
    checkpoint.device = log.status.device
    checkpoint.inode = log.status.inode
    checkpoint.size = log.status.size
    checkpoint.modified = log.status.modified
    checkpoint.changed = log.status.changed
    checkpoint.label = label
    return checkpoint
  }
}
