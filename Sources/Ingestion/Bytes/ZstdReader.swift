import CZstd

/// The frames of a zstd file, one behind the other, skippable ones included.
@safe
final class ZstdReader: Decompressor {
  private let context: OpaquePointer
  private var input: CompressedInput
  private var bombs: ExpansionGuard
  private var isInFrame = true
  private var framesRead = 0
  private(set) var soundCount: Int64 = 0
  let isInteractive = false

  init(_ source: any ByteReader, limits: InputLimits) {
    unsafe context = ZSTD_createDCtx()
    input = CompressedInput(source)
    bombs = ExpansionGuard(limit: limits.expansion)
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      let hasInput = try input.refill()
      guard hasInput || isInFrame else { return 0 }
      let count = try unsafe step(into: buffer)
      if count > 0 { return count }
      if !hasInput {
        if isInFrame { throw .truncated(.zstd) }
        return 0
      }
    }
  }

  private func step(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    var consumed = 0
    var written = 0
    let source = unsafe input.rest
    let status = unsafe czstd_stream_step(
      context, source.baseAddress, source.count, &consumed, buffer.baseAddress, buffer.count,
      &written)
    input.consume(consumed)
    try bombs.add(written, from: input.total, .zstd)
    switch status {
    case CZSTD_STREAM_OK: isInFrame = isInFrame || consumed > 0
    case CZSTD_STREAM_FRAME_END:
      isInFrame = false
      framesRead += 1
      soundCount = bombs.produced
    case CZSTD_STREAM_NOT_A_FRAME:
      throw framesRead > 0 ? .trailingGarbage(.zstd) : .damaged(.zstd)
    case CZSTD_STREAM_NEEDS_DICTIONARY: throw .needsDictionary
    case CZSTD_STREAM_WINDOW_TOO_LARGE: throw .bomb(.zstd)
    default: throw .damaged(.zstd)
    }
    return written
  }
}
