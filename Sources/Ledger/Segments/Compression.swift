private import CZstd

/// Compresses and decompresses single zstd frames: the only unsafe code of the segments.
@safe
final class FrameCompressor {
  private let compression: OpaquePointer
  private let decompression: OpaquePointer

  private static let level: Int32 = 1

  /// - Throws: `SegmentFailure` when there is no memory for the contexts.
  init() throws(SegmentFailure) {
    guard let compression = unsafe ZSTD_createCCtx() else {
      throw SegmentFailure("zstd has no memory for a context")
    }
    guard let decompression = unsafe ZSTD_createDCtx() else {
      unsafe ZSTD_freeCCtx(compression)
      throw SegmentFailure("zstd has no memory for a context")
    }
    unsafe self.compression = unsafe compression
    unsafe self.decompression = unsafe decompression
  }

  deinit {
    unsafe ZSTD_freeCCtx(compression)
    unsafe ZSTD_freeDCtx(decompression)
  }

  /// One frame over all bytes, with its content checksum.
  ///
  /// - Parameter seams: Where a new block begins, with statistics of its own; rising.
  /// - Throws: `SegmentFailure` when there is no memory.
  func compress(_ bytes: [UInt8], seams: [Int] = []) throws(SegmentFailure) -> [UInt8] {
    let bound = czstd_frame_bound(bytes.count, seams.count)
    let frame = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      let written = unsafe bytes.withUnsafeBytes { source in
        unsafe seams.withUnsafeBufferPointer { seams in
          unsafe czstd_compress_frame(
            compression, target.baseAddress, bound, source.baseAddress, source.count,
            seams.baseAddress, seams.count, Self.level)
        }
      }
      count = max(written, 0)
    }
    if frame.isEmpty { throw SegmentFailure("zstd has no memory to compress it") }
    return frame
  }

  /// The bytes of one frame.
  ///
  /// - Throws: `SegmentFailure` when it is damaged or holds another number of bytes.
  func decompress(_ frame: [UInt8], count expected: Int) throws(SegmentFailure) -> [UInt8] {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: expected) { target, count in
      let written = unsafe frame.withUnsafeBytes { source in
        unsafe czstd_decompress_frame(
          decompression, target.baseAddress, expected, source.baseAddress, source.count)
      }
      count = max(written, 0)
    }
    if bytes.count != expected { throw SegmentFailure("its zstd frame is damaged") }
    return bytes
  }
}
