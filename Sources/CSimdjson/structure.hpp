#pragma once

#include <simdjson.h>

#include <memory>

#include "selector.hpp"

// What simdjson finds in a text, and the values at the places that it names. All of it is inlined
// into the walk.

namespace tollbook {

/// +1 for an opening bracket, -1 for a closing one.
struct bracket_table {
  int8_t step[256] = {};
  constexpr bracket_table() {
    step[uint8_t('{')] = step[uint8_t('[')] = 1;
    step[uint8_t('}')] = step[uint8_t(']')] = -1;
  }
};
inline constexpr bracket_table brackets;

inline bool is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// A text and the positions of its structural characters, of its strings' opening quotes and of the
/// first characters of its other scalars.
struct indexed_text {
  const uint8_t *bytes = nullptr;
  const uint32_t *index = nullptr;
  uint32_t count = 0;   // of the index
  uint32_t length = 0;  // of the text
};

/// simdjson's first stage with its memory.
struct stage_one {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  size_t capacity = 0;

  tb_index_status run(const uint8_t *text, size_t length, indexed_text &out) {
    if (!parser || capacity < length) {
      const size_t wanted = length < 4096 ? 4096 : length;
      parser.reset();
      auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        wanted, 16, parser);
      if (error) { return TB_INDEX_NO_MEMORY; }
      capacity = wanted;
    }
    const auto error = parser->stage1(text, length, simdjson::stage1_mode::regular);
    out = {text, parser->structural_indexes.get(), parser->n_structural_indexes, uint32_t(length)};
    if (error == simdjson::SUCCESS) { return TB_INDEX_OK; }
    if (error == simdjson::UTF8_ERROR) { return TB_INDEX_INVALID_UTF8; }
    if (error == simdjson::EMPTY) {
      out.count = 0;
      return TB_INDEX_OK;
    }
    return TB_INDEX_BROKEN;
  }
};

/// The value at a structural position, up to the next structural character.
__attribute__((always_inline)) inline bool take(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t at, tb_value &value) {
  const uint8_t *first = t.bytes + t.index[at];
  value.at = at;
  value.source = source;
  value.bytes = first;
  switch (*first) {
    case '{':
    case '[':
      value.kind = *first == '{' ? TB_OBJECT : TB_ARRAY;
      value.length = 0;
      return true;
    default: break;
  }
  const uint32_t next = at + 1 < t.count && t.index[at + 1] < limit ? t.index[at + 1] : limit;
  const uint8_t *last = t.bytes + next;
  while (last > first + 1 && is_space(last[-1])) { --last; }
  const size_t length = size_t(last - first);
  if (*first == '"') {
    if (length < 2 || last[-1] != '"') { return false; }
    value.bytes = first + 1;
    value.length = uint32_t(length - 2);
    value.kind = std::memchr(first + 1, '\\', length - 2) ? TB_ESCAPED : TB_STRING;
    return true;
  }
  value.length = uint32_t(length);
  if (*first == '-' || (*first >= '0' && *first <= '9')) {
    value.kind = TB_NUMBER;
  } else if (length == 4 && std::memcmp(first, "null", 4) == 0) {
    value.kind = TB_NULL;
  } else if (length == 4 && std::memcmp(first, "true", 4) == 0) {
    value.kind = TB_TRUE;
  } else if (length == 5 && std::memcmp(first, "false", 5) == 0) {
    value.kind = TB_FALSE;
  } else {
    return false;
  }
  return true;
}

inline bool has(const indexed_text &t, uint32_t limit, uint32_t at) {
  return at < t.count && t.index[at] < limit;
}

}  // namespace tollbook
