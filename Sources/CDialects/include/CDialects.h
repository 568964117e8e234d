#pragma once

// The dialect files, embedded: the binary needs no files beside it.

#include <stddef.h>
#include <stdint.h>

typedef struct tb_dialect {
  const char *name;
  const uint8_t *bytes;
  ptrdiff_t length;
} tb_dialect;

/// The file at a position from 0; NULL behind the last.
const tb_dialect *tb_dialect_file(ptrdiff_t index);
