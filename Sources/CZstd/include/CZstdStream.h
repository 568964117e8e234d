#pragma once

#include <stddef.h>
#include <stdint.h>
#include <zstd.h>
#include <zstd_errors.h>

// Decompression of a stream of frames, skippable ones included.

typedef enum czstd_stream_status {
  CZSTD_STREAM_OK = 0,    // more input or more room is needed
  CZSTD_STREAM_FRAME_END, // a frame ended exactly at `consumed`
  CZSTD_STREAM_NOT_A_FRAME,
  CZSTD_STREAM_NEEDS_DICTIONARY,
  CZSTD_STREAM_WINDOW_TOO_LARGE,
  CZSTD_STREAM_DAMAGED,
} czstd_stream_status;

/// One step: reads from `source`, writes to `target`; both counts are set.
static inline czstd_stream_status czstd_stream_step(
    ZSTD_DCtx *context, const void *source, size_t source_count, size_t *consumed, void *target,
    size_t capacity, size_t *written) {
  ZSTD_inBuffer in = {source, source_count, 0};
  ZSTD_outBuffer out = {target, capacity, 0};
  const size_t result = ZSTD_decompressStream(context, &out, &in);
  *consumed = in.pos;
  *written = out.pos;
  if (!ZSTD_isError(result)) { return result == 0 ? CZSTD_STREAM_FRAME_END : CZSTD_STREAM_OK; }
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_prefix_unknown: return CZSTD_STREAM_NOT_A_FRAME;
    case ZSTD_error_dictionary_wrong: return CZSTD_STREAM_NEEDS_DICTIONARY;
    case ZSTD_error_frameParameter_windowTooLarge: return CZSTD_STREAM_WINDOW_TOO_LARGE;
    default: return CZSTD_STREAM_DAMAGED;
  }
}
