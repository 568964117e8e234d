#pragma once

#include <stddef.h>
#include <zstd.h>

// Whole zstd frames. The content checksum is always on: without it a flipped bit goes unnoticed.
// Each function returns the number of bytes written, or CZSTD_FAILED.

#define CZSTD_FAILED ((size_t)-1)

/// The capacity that compressing `count` bytes with so many seams may need: each may end a block
/// early, whose header takes three bytes.
static inline size_t czstd_frame_bound(size_t count, size_t seams) {
  return ZSTD_compressBound(count) + 8 * seams;
}

/// Compresses all of the source into one frame.
///
/// A block ends at each seam (rising offsets into the source), so that what stands behind it is
/// coded with statistics of its own.
static inline size_t czstd_compress_frame(
    ZSTD_CCtx *context, void *target, size_t capacity, const void *source, size_t count,
    const ptrdiff_t *seams, size_t seam_count, int level) {
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setPledgedSrcSize(context, count);
  ZSTD_outBuffer output = {target, capacity, 0};
  ZSTD_inBuffer input = {source, 0, 0};
  for (size_t seam = 0; seam <= seam_count; seam++) {
    int is_last = seam == seam_count;
    input.size = is_last ? count : (size_t)seams[seam];
    size_t left =
        ZSTD_compressStream2(context, &output, &input, is_last ? ZSTD_e_end : ZSTD_e_flush);
    // The target has room for everything: what is left over is a failure.
    if (ZSTD_isError(left) || left != 0) return CZSTD_FAILED;
  }
  return output.pos;
}

/// Decompresses one frame that must fill the target exactly and be all of the source.
static inline size_t czstd_decompress_frame(
    ZSTD_DCtx *context, void *target, size_t expected, const void *source, size_t count) {
  if (ZSTD_findFrameCompressedSize(source, count) != count) return CZSTD_FAILED;
  size_t written = ZSTD_decompressDCtx(context, target, expected, source, count);
  return ZSTD_isError(written) || written != expected ? CZSTD_FAILED : written;
}
