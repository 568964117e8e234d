#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct tb_inflater {
  struct inflate_state state;
};

tb_inflater *tb_inflater_create(void) {
  tb_inflater *inflater = malloc(sizeof *inflater);
  if (inflater) { tb_inflater_reset(inflater); }
  return inflater;
}

void tb_inflater_destroy(tb_inflater *inflater) { free(inflater); }

void tb_inflater_reset(tb_inflater *inflater) {
  isal_inflate_init(&inflater->state);
  inflater->state.crc_flag = ISAL_GZIP;
}

tb_inflate_status tb_inflater_step(
  tb_inflater *inflater, const uint8_t *source, size_t source_count, size_t *consumed,
  uint8_t *target, size_t capacity, size_t *written) {
  struct inflate_state *state = &inflater->state;
  state->next_in = (uint8_t *)source;
  state->avail_in = (uint32_t)source_count;
  state->next_out = target;
  state->avail_out = (uint32_t)capacity;
  const int result = isal_inflate(state);
  *consumed = source_count - state->avail_in;
  *written = capacity - state->avail_out;
  if (result < 0) { return TB_INFLATE_DAMAGED; }
  return state->block_state == ISAL_BLOCK_FINISH ? TB_INFLATE_MEMBER_END : TB_INFLATE_OK;
}
