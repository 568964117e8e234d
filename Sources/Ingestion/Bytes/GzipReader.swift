import CISAL

/// The members of a gzip file, one behind the other; zeros behind the last are padding.
@safe
final class GzipReader: Decompressor {
  private let inflater: OpaquePointer
  private var input: CompressedInput
  private var bombs: ExpansionGuard
  private var isInMember = true
  private(set) var soundCount: Int64 = 0
  let isInteractive = false

  init(_ source: any ByteReader, limits: InputLimits) {
    unsafe inflater = tb_inflater_create()
    input = CompressedInput(source)
    bombs = ExpansionGuard(limit: limits.expansion)
  }

  deinit {
    unsafe tb_inflater_destroy(inflater)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      let hasInput = try input.refill()
      if !isInMember {
        guard hasInput else { return 0 }
        guard try beginMember() else { continue }
      }
      // Without input too: the inflater may hold output for which there was no room.
      let count = try unsafe step(into: buffer)
      if count > 0 { return count }
      if !hasInput, isInMember { throw .truncated(.gzip) }
    }
  }

  /// Looks at the first byte behind a member.
  private func beginMember() throws(InputError) -> Bool {
    switch unsafe input.rest[0] {
    case 0:
      input.consume(1)
      return false
    case 0x1F:
      unsafe tb_inflater_reset(inflater)
      isInMember = true
      return true
    default: throw .trailingGarbage(.gzip)
    }
  }

  private func step(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    var consumed = 0
    var written = 0
    let source = unsafe input.rest.bindMemory(to: UInt8.self)
    let target = unsafe buffer.bindMemory(to: UInt8.self)
    let status = unsafe tb_inflater_step(
      inflater, source.baseAddress, source.count, &consumed, target.baseAddress, target.count,
      &written)
    input.consume(consumed)
    try bombs.add(written, from: input.total, .gzip)
    if status == TB_INFLATE_DAMAGED { throw .damaged(.gzip) }
    if status == TB_INFLATE_MEMBER_END {
      isInMember = false
      soundCount = bombs.produced
    }
    return written
  }
}
