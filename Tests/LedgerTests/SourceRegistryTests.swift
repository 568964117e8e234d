import Billing
import Testing

@testable import Ledger

@Suite struct `Source registry` {
  private static let key = StoreKey(low: 5, high: 6)

  private static func digest(_ bytes: ArraySlice<UInt8>) -> KeyedDigest {
    KeyedHasher(key: key).digest(bytes.span)
  }

  /// What a run notes of a file that it read up to an offset.
  private static func source(
    _ id: Int64, _ content: [UInt8], offset: Int? = nil, inode: UInt64 = 1
  ) -> StoredSource {
    let offset = offset ?? content.count
    var checkpoint = SourceCheckpoint(path: "log", state: .growing)
    checkpoint.inode = inode
    checkpoint.size = Int64(content.count)
    checkpoint.offset = Int64(offset)
    let head = content.prefix(Int(SourceCheckpoint.headLimit))
    checkpoint.head = Fingerprint(length: Int64(head.count), digest: digest(head))
    let anchor = content[max(0, offset - Int(SourceCheckpoint.anchorLimit))..<offset]
    checkpoint.anchor = Fingerprint(length: Int64(anchor.count), digest: digest(anchor))
    return StoredSource(id: SourceID(number: id), checkpoint: checkpoint)
  }

  private func resumption(
    _ sources: [StoredSource], _ content: [UInt8], inode: UInt64 = 1
  ) -> Resumption {
    SourceRegistry(sources).resumption(size: Int64(content.count), device: 0, inode: inode) {
      Self.digest(content[Int($0.lowerBound)..<Int($0.upperBound)])
    }
  }

  private static let old = (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }

  @Test(arguments: [1, 10, 1023, 1024, 1025, 9000])
  func `a file that grew goes on where it stopped`(count: Int) {
    let source = Self.source(1, Array(Self.old.prefix(count)))
    #expect(resumption([source], Self.old) == .resume(source))
    #expect(resumption([source], Self.old + [1, 2, 3], inode: 77) == .resume(source))
  }

  @Test func `an unknown file is read whole`() {
    #expect(resumption([], Self.old) == .start)
    #expect(resumption([Self.source(1, Self.old)], [1, 2, 3], inode: 9) == .start)
  }

  @Test func `a file that shrank below the offset is read whole`() {
    let source = Self.source(1, Self.old)
    #expect(resumption([source], Array(Self.old.prefix(8999))) == .startReplaced(source))
    #expect(resumption([source], []) == .startReplaced(source))
  }

  @Test func `a refilled file with the same first bytes is read whole`() {
    let source = Self.source(1, Self.old)
    var refilled = Self.old + Self.old
    refilled[5000] ^= 1
    #expect(resumption([source], refilled) == .startReplaced(source))
  }

  @Test func `the number of a deleted file proves nothing`() {
    let source = Self.source(1, Self.old)
    #expect(resumption([source], Self.old.reversed()) == .startReplaced(source))
  }

  @Test func `of two files with one beginning each is known by what was read last`() {
    let head = Array(Self.old.prefix(2000))
    let (first, second) = (head + [1, 1, 1], head + [2, 2, 2, 2])
    let sources = [Self.source(1, first, inode: 1), Self.source(2, second, inode: 2)]
    #expect(resumption(sources, first, inode: 9) == .resume(sources[0]))
    #expect(resumption(sources, second, inode: 9) == .resume(sources[1]))
  }

  @Test func `of several matches the same file counts, else the furthest`() {
    let sources = [
      Self.source(1, Self.old, offset: 4000, inode: 1),
      Self.source(2, Self.old, offset: 5000, inode: 2),
    ]
    #expect(resumption(sources, Self.old, inode: 1) == .resume(sources[0]))
    #expect(resumption(sources, Self.old, inode: 2) == .resume(sources[1]))
    #expect(resumption(sources, Self.old, inode: 3) == .resume(sources[1]))
  }

  @Test func `an archive is known by all its bytes, and best where it was read to its end`() {
    var checkpoint = SourceCheckpoint(path: "log.gz", state: .incomplete)
    let content = Fingerprint(length: 9000, digest: Self.digest(Self.old[...]))
    checkpoint.content = content
    let incomplete = StoredSource(id: SourceID(number: 1), checkpoint: checkpoint)
    checkpoint.state = .complete
    let complete = StoredSource(id: SourceID(number: 2), checkpoint: checkpoint)
    #expect(SourceRegistry([incomplete]).archive(content) == incomplete)
    #expect(SourceRegistry([incomplete, complete]).archive(content) == complete)
    #expect(SourceRegistry([complete, incomplete]).archive(content) == complete)
    #expect(
      SourceRegistry([complete]).archive(Fingerprint(length: 8999, digest: content.digest)) == nil)
  }
}
