import Billing
import Ingestion
import Ledger

/// How a file is known again: the hashes that its checkpoint keeps.
struct SourceIdentity {
  let key: StoreKey
  let log: LogInput
  let path: String

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

  /// The whole content, for archives.
  func content() throws(InputError) -> Fingerprint {
    Fingerprint(length: log.identity.size, digest: try digest(0..<log.identity.size))
  }

  /// The checkpoint of a plain file whose lines are read up to an offset.
  func checkpoint(offset: Int64, line: Int64) throws(InputError) -> SourceCheckpoint {
    var checkpoint = base(.growing)
    checkpoint.offset = offset
    checkpoint.line = line
    let head = min(SourceCheckpoint.headLimit, offset)
    checkpoint.head = Fingerprint(length: head, digest: try digest(0..<head))
    let anchor = min(SourceCheckpoint.anchorLimit, offset)
    checkpoint.anchor = Fingerprint(
      length: anchor, digest: try digest((offset - anchor)..<offset))
    return checkpoint
  }

  /// The checkpoint of an archive or stream.
  func checkpoint(
    content: Fingerprint?, isComplete: Bool, offset: Int64, line: Int64
  ) -> SourceCheckpoint {
    var checkpoint = base(isComplete ? .complete : .incomplete)
    checkpoint.offset = offset
    checkpoint.line = line
    checkpoint.content = content
    return checkpoint
  }

  private func base(_ state: SourceCheckpoint.State) -> SourceCheckpoint {
    var checkpoint = SourceCheckpoint(path: path, state: state)
    checkpoint.device = log.identity.device
    checkpoint.inode = log.identity.inode
    checkpoint.size = log.identity.size
    return checkpoint
  }
}
