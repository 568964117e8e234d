#pragma once

#include <stddef.h>
#include <zstd.h>

// Whole zstd frames. The content checksum is always on: without it a flipped bit goes unnoticed.
// Each function returns the number of bytes written, or CZSTD_FAILED.

#define CZSTD_FAILED ((size_t)-1)

/// The capacity that compressing `count` bytes may need.
static inline size_t czstd_frame_bound(size_t count) { return ZSTD_compressBound(count); }

static inline size_t czstd_compress_frame(
    ZSTD_CCtx *context, void *target, size_t capacity, const void *source, size_t count, int level) {
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  size_t written = ZSTD_compress2(context, target, capacity, source, count);
  return ZSTD_isError(written) ? CZSTD_FAILED : written;
}

/// Decompresses one frame that must fill the target exactly and be all of the source.
static inline size_t czstd_decompress_frame(
    ZSTD_DCtx *context, void *target, size_t expected, const void *source, size_t count) {
  if (ZSTD_findFrameCompressedSize(source, count) != count) return CZSTD_FAILED;
  size_t written = ZSTD_decompressDCtx(context, target, expected, source, count);
  return ZSTD_isError(written) || written != expected ? CZSTD_FAILED : written;
}
