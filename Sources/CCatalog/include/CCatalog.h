#pragma once

// The built-in price book and terms, embedded: the binary needs no files beside it.

#include <stddef.h>
#include <stdint.h>

/// The book: a header, then one entry a line.
const uint8_t *tb_price_book(void);
ptrdiff_t tb_price_book_length(void);

/// Where each name stands in the book: one a line, sorted.
const uint8_t *tb_price_index(void);
ptrdiff_t tb_price_index_length(void);

/// The hand-kept entries that the builder puts before those of the tables.
const uint8_t *tb_price_overlay(void);
ptrdiff_t tb_price_overlay_length(void);

/// The terms of a gateway, as a file that users could write.
typedef struct tb_terms {
  const char *name;
  const uint8_t *bytes;
  ptrdiff_t length;
} tb_terms;

/// The terms at a position from 0, sorted by name; NULL behind the last.
const tb_terms *tb_terms_file(ptrdiff_t index);
