#pragma once

#include "structure.hpp"

// The questions by which records are recognised, answered while a walk passes the values.

namespace tollbook {

/// A number, or a text of a number, of at least a bound. Digits behind a point do not count.
inline bool is_at_least(const tb_value &value, int64_t bound) {
  if (value.kind != TB_NUMBER && value.kind != TB_STRING) { return false; }
  if (value.length == 0) { return false; }
  uint32_t i = value.bytes[0] == '-' ? 1 : 0;
  const bool negative = i == 1;
  int64_t number = 0;
  const uint32_t first = i;
  for (; i < value.length && value.bytes[i] >= '0' && value.bytes[i] <= '9'; ++i) {
    if (i - first >= 18) { return !negative; }
    number = number * 10 + (value.bytes[i] - '0');
  }
  if (i == first || (i < value.length && value.bytes[i] != '.')) { return false; }
  return (negative ? -number : number) >= bound;
}

inline bool answers(const value_test &t, const char *text, const tb_value &value) {
  const bool is_text = value.kind == TB_STRING || value.kind == TB_ESCAPED;
  const size_t size = t.size;
  switch (tb_test(t.test)) {
    case TB_IS_THERE: return true;
    case TB_IS_PRESENT: return value.kind > TB_NULL;
    case TB_IS_WRITTEN:
      return value.kind > TB_NULL && value.length == size &&
             std::memcmp(value.bytes, text, size) == 0;
    case TB_HAS_PREFIX:
      return is_text && value.length >= size && std::memcmp(value.bytes, text, size) == 0;
    case TB_HAS_SUFFIX:
      return is_text && value.length >= size &&
             std::memcmp(value.bytes + value.length - size, text, size) == 0;
    case TB_AT_LEAST: return is_at_least(value, t.bound);
    case TB_IS_OBJECT: return value.kind == TB_OBJECT;
    case TB_IS_LIST: return value.kind == TB_ARRAY;
    case TB_IS_TEXT: return is_text;
    case TB_IS_NUMBER:
      return value.kind == TB_NUMBER ||
             (is_text && value.length > 0 &&
              (value.bytes[0] == '-' || (value.bytes[0] >= '0' && value.bytes[0] <= '9')));
  }
  return false;
}

inline void ask(
  const tb_selector &selector, const place &p, const tb_value &value, uint64_t *bits) {
  for (uint32_t i = p.tests; i < p.tests + p.test_count; ++i) {
    const value_test &t = selector.tests[i];
    if (answers(t, selector.texts.data() + t.text, value)) {
      bits[t.bit / 64] |= uint64_t(1) << (t.bit % 64);
    }
  }
}

}  // namespace tollbook
