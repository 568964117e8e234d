#pragma once

// Streaming inflate of gzip members by ISA-L.

#include <stddef.h>
#include <stdint.h>

typedef struct tb_inflater tb_inflater;

typedef enum tb_inflate_status {
  TB_INFLATE_OK = 0,     // more input or more room is needed
  TB_INFLATE_MEMBER_END, // a member ended exactly at `consumed`, its checksum is right
  TB_INFLATE_DAMAGED,
} tb_inflate_status;

tb_inflater *tb_inflater_create(void);
void tb_inflater_destroy(tb_inflater *inflater);
/// Gets ready for the next member.
void tb_inflater_reset(tb_inflater *inflater);
/// One step: reads from `source`, writes to `target`; both counts are set.
tb_inflate_status tb_inflater_step(
  tb_inflater *inflater, const uint8_t *source, size_t source_count, size_t *consumed,
  uint8_t *target, size_t capacity, size_t *written);
