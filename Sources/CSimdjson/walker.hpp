#pragma once

#include <memory>

#include "structure.hpp"

namespace tollbook {

constexpr unsigned embedding_limit = 3;
/// Keys of one object, as the dialects of a set name them, that are watched for duplicates.
constexpr uint32_t seen_limit = 512;
/// Levels of containers that a loose selector looks into.
constexpr uint8_t rank_limit = 3;
/// Structural positions that the shape of a line is made of: about five keys.
constexpr uint32_t shape_positions = 20;
/// A longer key is no name that a loose selector knows.
constexpr size_t loose_key_limit = 64;

/// A JSON text that stood as a string inside a line.
struct embedded_text {
  stage_one stage;
  std::vector<uint8_t> bytes;
  indexed_text text;
};

}  // namespace tollbook

struct tb_walker {
  using indexed_text = tollbook::indexed_text;
  using place = tollbook::place;

  tollbook::stage_one stage;
  indexed_text text;
  uint32_t cursor = 0;    // first structural position of the current line
  uint32_t reached = 0;   // where the walk of a line ended
  uint32_t line_end = 0;  // offset
  uint32_t depth_limit = 0;
  uint32_t digit_limit = 0;  // characters of a number that has a slot
  std::vector<std::unique_ptr<tollbook::embedded_text>> embedded;
  size_t embedded_count = 0;
  uint64_t tests[TB_TEST_LIMIT / 64] = {};

  // The walk in progress.
  const tb_selector *selector = nullptr;
  tb_value *slots = nullptr;
  uint8_t rank = 0;
  uint16_t root_source = 0;
  /// Arrays with filters that were walked, and the last one in which each node was met.
  uint64_t visits = 0;
  std::vector<uint64_t> visited;

  void begin(const tb_selector *s, tb_value *out, size_t count, uint16_t source) {
    std::memset(out, 0, count * sizeof(tb_value));
    if (s->has_tests) { std::memset(tests, 0, sizeof tests); }
    selector = s;
    slots = out;
    rank = 0;
    root_source = source;
  }
  tb_status walk_value(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, uint32_t node_index,
    uint32_t &at);
  tb_status walk_object(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const place &n,
    uint32_t &at);
  tb_status walk_array(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const place &n,
    uint32_t &at);
  void make_room(const tb_value &value, const place &n);
  tb_status walk_embedded(const tb_value &value, uint32_t depth, uint32_t node_index);
  /// The child of an object's node under a key with escapes, or of a loose selector; 0: there is none.
  uint32_t child_of(const place &n, const uint8_t *key, size_t length, bool &is_malformed) const;
  uint32_t find(const place &n, const uint8_t *key, size_t length) const;
  /// The child for an element by what the filters of the array ask of it; 0 when there is none.
  uint32_t filtered(const indexed_text &t, uint32_t limit, const place &n, uint32_t at) const;
  /// The child of a filter for the first element of an array that meets it; 0 for all others.
  uint32_t first_of(uint32_t child, uint64_t visit);
  /// Whether a key that stands twice contradicts itself.
  bool is_repeated(const place &child, const tb_value &value) const;
  void forget(uint32_t node_index);
  void move_to(size_t start);
  void put(const tb_value &value, const place &n);
  tb_status skip(const indexed_text &t, uint32_t limit, uint32_t depth, uint32_t &at) const;

  const indexed_text &source_text(uint16_t source) const {
    return source == 0 ? text : embedded[source - 1]->text;
  }
  uint32_t source_limit(uint16_t source) const {
    return source == 0 ? line_end : embedded[source - 1]->text.length;
  }
};

namespace tollbook {

/// A key of an object: its text, and the position behind its colon.
struct member_key {
  const uint8_t *bytes;
  size_t length;
};

/// Reads the key at a position and moves to its value.
inline bool take_key(const indexed_text &t, uint32_t limit, uint32_t &at, member_key &key) {
  if (!has(t, limit, at + 2)) { return false; }
  const uint8_t *quote = t.bytes + t.index[at];
  const uint8_t *colon = t.bytes + t.index[at + 1];
  if (*quote != '"' || *colon != ':') { return false; }
  const uint8_t *end = colon - 1;
  while (is_space(*end)) { --end; }
  if (end <= quote || *end != '"') { return false; }
  key = {quote + 1, size_t(end - quote - 1)};
  at += 2;
  return true;
}

}  // namespace tollbook
