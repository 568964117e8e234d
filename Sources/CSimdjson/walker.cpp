#include "walker.hpp"

#include "tests.hpp"

using namespace tollbook;

/// Moves behind a value that nobody asked for.
tb_status tb_walker::skip(
  const indexed_text &t, uint32_t limit, uint32_t depth, uint32_t &at) const {
  const uint8_t first = t.bytes[t.index[at]];
  int32_t open = brackets.step[first];
  if (open < 0 || first == ',' || first == ':') { return TB_MALFORMED; }
  ++at;
  int32_t deepest = open;
  while (open > 0) {
    if (!has(t, limit, at)) { return TB_MALFORMED; }
    open += brackets.step[t.bytes[t.index[at++]]];
    deepest = open > deepest ? open : deepest;
  }
  return depth + uint32_t(deepest) > depth_limit ? TB_TOO_DEEP : TB_OK;
}

tb_status tb_walker::walk_value(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, uint32_t node_index,
  uint32_t &at) {
  const place &n = selector->places[node_index];
  tb_value value;
  if (!take(t, limit, source, at, value)) { return TB_MALFORMED; }
  put(value, n);
  // What a record is must not depend on which of its texts a dialect reads as JSON.
  if (n.test_count != 0 && source == root_source) { ask(*selector, n, value, tests); }
  switch (value.kind) {
    case TB_OBJECT:
      return n.looks_into_objects() ? walk_object(t, limit, source, depth + 1, n, at)
                                    : skip(t, limit, depth, at);
    case TB_ARRAY:
      return n.looks_into_arrays() ? walk_array(t, limit, source, depth + 1, n, at)
                                   : skip(t, limit, depth, at);
    case TB_STRING:
    case TB_ESCAPED:
      ++at;
      return n.embedded ? walk_embedded(value, depth, node_index) : TB_OK;
    case TB_NUMBER:
      ++at;
      return value.length > digit_limit && n.slot != no_slot ? TB_TOO_MANY_DIGITS : TB_OK;
    default: ++at; return TB_OK;
  }
}

uint32_t tb_walker::find(const place &n, const uint8_t *key, size_t length) const {
  const uint32_t child = selector->find(n.first, n.mask, key, length);
  if (child != 0 || !n.container || rank > rank_limit) { return child; }
  const place &root = selector->places[0];
  return selector->find(root.first, root.mask, key, length);
}

uint32_t tb_walker::child_of(
  const place &n, const uint8_t *key, size_t length, bool &is_malformed) const {
  std::vector<uint8_t> plain;
  if (std::memchr(key, '\\', length)) {
    plain.resize(length + 2 * TB_PADDING);
    const tb_value escaped{key, uint32_t(length), 0, 0, TB_ESCAPED, 0};
    const ptrdiff_t written = tb_unescape(&escaped, plain.data());
    is_malformed = written < 0;
    if (is_malformed) { return 0; }
    key = plain.data();
    length = size_t(written);
  }
  if (!selector->loose) { return find(n, key, length); }
  if (length > loose_key_limit) { return 0; }
  uint8_t loosened[loose_key_limit + 8];
  const size_t count = loosen(key, length, loosened);
  return find(n, loosened, count);
}

bool tb_walker::is_repeated(const place &child, const tb_value &value) const {
  if (!selector->loose) { return true; }
  // Two spellings of one name: they may agree.
  if (child.slot == no_slot || value.kind == TB_OBJECT || value.kind == TB_ARRAY) { return false; }
  const tb_value &known = slots[child.slot];
  return value.kind > TB_NULL && known.kind > TB_NULL && known.rank == rank &&
         (known.length != value.length ||
          std::memcmp(known.bytes, value.bytes, value.length) != 0);
}

tb_status tb_walker::walk_object(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const place &n,
  uint32_t &at) {
  if (depth > depth_limit) { return TB_TOO_DEEP; }
  uint64_t seen[seen_limit / 64] = {};
  const bool is_loose = selector->loose;
  rank = uint8_t(rank + (selector->loose && n.container ? 1 : 0));
  ++at;  // behind the brace
  if (has(t, limit, at) && t.bytes[t.index[at]] == '}') {
    ++at;
    rank = uint8_t(rank - (selector->loose && n.container ? 1 : 0));
    return TB_OK;
  }
  for (bool is_first = true;; is_first = false) {
    member_key key;
    if (!take_key(t, limit, at, key)) { return TB_MALFORMED; }
    bool is_malformed = false;
    uint32_t child = is_loose ? 0 : selector->find(n.first, n.mask, key.bytes, key.length);
    if (child == 0 && (is_loose || std::memchr(key.bytes, '\\', key.length))) {
      child = child_of(n, key.bytes, key.length, is_malformed);
      if (is_malformed) { return TB_MALFORMED; }
    }
    tb_status status = TB_OK;
    if (is_first && n.any != 0) {
      if (child != 0) {
        uint32_t again = at;
        status = walk_value(t, limit, source, depth, n.any, again);
        if (status != TB_OK) { return status; }
      } else {
        child = n.any;
      }
    }
    if (child != 0) {
      const place &c = selector->places[child];
      if (c.ordinal < seen_limit) {
        const uint64_t bit = uint64_t(1) << (c.ordinal % 64);
        tb_value value;
        if (seen[c.ordinal / 64] & bit) {
          if (!take(t, limit, source, at, value)) { return TB_MALFORMED; }
          if (is_repeated(c, value)) { return TB_DUPLICATE_KEY; }
        }
        seen[c.ordinal / 64] |= bit;
      }
      status = walk_value(t, limit, source, depth, child, at);
    } else {
      status = skip(t, limit, depth, at);
    }
    if (status != TB_OK) { return status; }
    if (!has(t, limit, at)) { return TB_MALFORMED; }
    const uint8_t next = t.bytes[t.index[at++]];
    if (next == '}') { break; }
    if (next != ',') { return TB_MALFORMED; }
  }
  rank = uint8_t(rank - (selector->loose && n.container ? 1 : 0));
  return TB_OK;
}

uint32_t tb_walker::filtered(
  const indexed_text &t, uint32_t limit, const place &n, uint32_t at) const {
  if (t.bytes[t.index[at]] != '{') { return 0; }
  ++at;
  if (has(t, limit, at) && t.bytes[t.index[at]] == '}') { return 0; }
  const std::vector<node::filter> &filters = selector->rest(n).filters;
  for (;;) {
    member_key key;
    if (!take_key(t, limit, at, key)) { return 0; }
    for (const node::filter &f : filters) {
      if (key.length != f.key.size() || std::memcmp(key.bytes, f.key.data(), key.length) != 0) {
        continue;
      }
      tb_value value;
      if (!take(t, limit, 0, at, value)) { return 0; }
      if (value.kind <= TB_NULL) { continue; }
      const uint32_t child =
        selector->find(f.texts.first, f.texts.mask, value.bytes, value.length);
      if (child != 0) { return child; }
    }
    if (skip(t, limit, 0, at) != TB_OK || !has(t, limit, at)) { return 0; }
    if (t.bytes[t.index[at++]] != ',') { return 0; }
  }
}

uint32_t tb_walker::first_of(uint32_t child, uint64_t visit) {
  if (child == 0) { return 0; }
  if (child >= visited.size()) { visited.resize(child + 64); }
  if (visited[child] == visit) { return 0; }
  visited[child] = visit;
  return child;
}

tb_status tb_walker::walk_array(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const place &n,
  uint32_t &at) {
  if (depth > depth_limit) { return TB_TOO_DEEP; }
  uint32_t last_at = 0;
  uint32_t last_child = 0;
  const uint64_t visit = n.has_filters ? ++visits : 0;
  const auto &elements = selector->rest(n).elements;
  for (const auto &e : elements) {
    if (e.first < 0) { last_child = e.second; }
  }
  ++at;
  if (has(t, limit, at) && t.bytes[t.index[at]] == ']') {
    ++at;
    return TB_OK;
  }
  for (int32_t position = 0;; ++position) {
    if (!has(t, limit, at)) { return TB_MALFORMED; }
    last_at = at;
    uint32_t child = 0;
    for (const auto &e : elements) {
      if (e.first == position) { child = e.second; }
    }
    if (child == 0 && n.has_filters) { child = first_of(filtered(t, limit, n, at), visit); }
    const tb_status status = child ? walk_value(t, limit, source, depth, child, at)
                                   : skip(t, limit, depth, at);
    if (status != TB_OK) { return status; }
    if (!has(t, limit, at)) { return TB_MALFORMED; }
    const uint8_t next = t.bytes[t.index[at++]];
    if (next == ']') { break; }
    if (next != ',') { return TB_MALFORMED; }
  }
  return last_child ? walk_value(t, limit, source, depth, last_child, last_at) : TB_OK;
}

void tb_walker::put(const tb_value &value, const place &n) {
  if (n.slot == no_slot) { return; }
  if (selector->loose) {
    tb_value &slot = slots[n.slot];
    if (slot.kind > TB_NULL && (slot.rank <= rank || value.kind <= TB_NULL)) { return; }
    slot = value;
    slot.rank = rank;
  } else {
    slots[n.slot] = value;
  }
  if (!n.has_more_slots) { return; }
  for (const uint32_t slot : selector->rest(n).more_slots) { slots[slot] = slots[n.slot]; }
}

/// Lines mostly follow the one that was walked last.
void tb_walker::move_to(size_t start) {
  uint32_t at = reached < text.count && text.index[reached] <= start ? reached : cursor;
  while (at < text.count && text.index[at] < start) { ++at; }
  cursor = at;
}

tb_walker *tb_walker_create(uint32_t depth_limit, uint32_t digit_limit) {
  auto *walker = new tb_walker;
  walker->depth_limit = depth_limit;
  walker->digit_limit = digit_limit;
  return walker;
}

void tb_walker_destroy(tb_walker *walker) { delete walker; }

tb_index_status tb_walker_index(tb_walker *walker, const uint8_t *text, size_t length) {
  walker->cursor = 0;
  walker->reached = 0;
  walker->line_end = 0;
  walker->embedded_count = 0;
  return walker->stage.run(text, length, walker->text);
}

tb_status tb_walker_again(
  tb_walker *walker, const tb_selector *selector, tb_value *slots, size_t count) {
  walker->begin(selector, slots, count, 0);
  walker->embedded_count = 0;
  const indexed_text &text = walker->text;
  uint32_t at = walker->cursor;
  if (!has(text, walker->line_end, at)) { return TB_MALFORMED; }
  const tb_status status = walker->walk_value(text, walker->line_end, 0, 0, 0, at);
  if (status != TB_OK) { return status; }
  walker->reached = at;
  return has(text, walker->line_end, at) ? TB_MALFORMED : TB_OK;
}

tb_status tb_walker_line(
  tb_walker *walker, const tb_selector *selector, size_t start, size_t end, tb_value *slots,
  size_t count) {
  walker->move_to(start);
  walker->line_end = uint32_t(end);
  return tb_walker_again(walker, selector, slots, count);
}

tb_status tb_walker_value(
  tb_walker *walker, const tb_selector *selector, const tb_value *value, tb_value *slots,
  size_t count) {
  walker->begin(selector, slots, count, value->source);
  const indexed_text text = walker->source_text(value->source);
  uint32_t at = value->at;
  return walker->walk_value(
    text, walker->source_limit(value->source), value->source, 1, 0, at);
}

const uint64_t *tb_walker_tests(const tb_walker *walker) { return walker->tests; }
