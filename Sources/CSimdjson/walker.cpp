#include <memory>

#include "structure.hpp"

using namespace tollbook;

namespace {

constexpr unsigned embedding_limit = 3;
/// Keys of one object, as the dialects of a set name them, that are watched for duplicates.
constexpr uint32_t seen_limit = 256;

/// A JSON text that stood as a string inside a line.
struct embedded_text {
  stage_one stage;
  std::vector<uint8_t> bytes;
  indexed_text text;
};

}  // namespace

struct tb_walker {
  stage_one stage;
  indexed_text text;
  uint32_t cursor = 0;      // first structural position of the current line
  uint32_t line_end = 0;    // offset
  uint32_t depth_limit = 0;
  std::vector<std::unique_ptr<embedded_text>> embedded;
  size_t embedded_count = 0;

  // The walk in progress.
  const tb_selector *selector = nullptr;
  tb_value *slots = nullptr;

  tb_status walk_value(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, uint32_t node_index,
    uint32_t &at);
  tb_status walk_object(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const node &n,
    uint32_t &at);
  tb_status walk_array(
    const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const node &n,
    uint32_t &at);
  tb_status walk_embedded(const tb_value &value, uint32_t depth, uint32_t node_index);
  void forget(uint32_t node_index);
  void put(const tb_value &value, const node &n) {
    if (n.slot == no_slot) { return; }
    slots[n.slot] = value;
    for (const uint32_t slot : n.more_slots) { slots[slot] = value; }
  }
  tb_status skip(const indexed_text &t, uint32_t limit, uint32_t depth, uint32_t &at) const;
  const indexed_text &source_text(uint16_t source) const {
    return source == 0 ? text : embedded[source - 1]->text;
  }
  uint32_t source_limit(uint16_t source) const {
    return source == 0 ? line_end : embedded[source - 1]->text.length;
  }
};

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
  const node &n = selector->nodes[node_index];
  tb_value value;
  if (!take(t, limit, source, at, value)) { return TB_MALFORMED; }
  put(value, n);
  switch (value.kind) {
    case TB_OBJECT:
      return n.table.empty() ? skip(t, limit, depth, at)
                             : walk_object(t, limit, source, depth + 1, n, at);
    case TB_ARRAY:
      return n.elements.empty() ? skip(t, limit, depth, at)
                                : walk_array(t, limit, source, depth + 1, n, at);
    case TB_STRING:
    case TB_ESCAPED:
      ++at;
      return n.embedded ? walk_embedded(value, depth, node_index) : TB_OK;
    default: ++at; return TB_OK;
  }
}

tb_status tb_walker::walk_object(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const node &n,
  uint32_t &at) {
  if (depth > depth_limit) { return TB_TOO_DEEP; }
  uint64_t seen[seen_limit / 64] = {};
  ++at;  // behind the brace
  if (has(t, limit, at) && t.bytes[t.index[at]] == '}') {
    ++at;
    return TB_OK;
  }
  for (;;) {
    if (!has(t, limit, at + 2)) { return TB_MALFORMED; }
    const uint8_t *quote = t.bytes + t.index[at];
    const uint8_t *colon = t.bytes + t.index[at + 1];
    if (*quote != '"' || *colon != ':') { return TB_MALFORMED; }
    const uint8_t *end = colon - 1;
    while (is_space(*end)) { --end; }
    if (end <= quote || *end != '"') { return TB_MALFORMED; }
    at += 2;
    const size_t length = size_t(end - quote - 1);
    const node::entry *child = n.find(quote + 1, length);
    if (!child && std::memchr(quote + 1, '\\', length)) {
      std::vector<uint8_t> plain(length + 2 * TB_PADDING);
      const tb_value key{quote + 1, uint32_t(length), 0, source, TB_ESCAPED};
      const ptrdiff_t written = tb_unescape(&key, plain.data());
      if (written < 0) { return TB_MALFORMED; }
      child = n.find(plain.data(), size_t(written));
    }
    tb_status status;
    if (child) {
      const uint32_t ordinal = selector->nodes[child->child].ordinal;
      if (ordinal < seen_limit) {
        const uint64_t bit = uint64_t(1) << (ordinal % 64);
        if (seen[ordinal / 64] & bit) { return TB_DUPLICATE_KEY; }
        seen[ordinal / 64] |= bit;
      }
      status = walk_value(t, limit, source, depth, child->child, at);
    } else {
      status = skip(t, limit, depth, at);
    }
    if (status != TB_OK) { return status; }
    if (!has(t, limit, at)) { return TB_MALFORMED; }
    const uint8_t next = t.bytes[t.index[at++]];
    if (next == '}') { return TB_OK; }
    if (next != ',') { return TB_MALFORMED; }
  }
}

tb_status tb_walker::walk_array(
  const indexed_text &t, uint32_t limit, uint16_t source, uint32_t depth, const node &n,
  uint32_t &at) {
  if (depth > depth_limit) { return TB_TOO_DEEP; }
  uint32_t last_at = 0;
  uint32_t last_child = 0;
  for (const auto &e : n.elements) {
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
    for (const auto &e : n.elements) {
      if (e.first == position) { child = e.second; }
    }
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

/// Unquotes a string that may hold JSON and walks it in its place; other strings are left alone.
tb_status tb_walker::walk_embedded(const tb_value &value, uint32_t depth, uint32_t node_index) {
  const uint8_t *first = value.bytes;
  const uint8_t *end = value.bytes + value.length;
  while (first < end && is_space(*first)) { ++first; }
  if (first == end || (*first != '{' && *first != '[')) { return TB_OK; }
  if (value.source >= embedding_limit * 16) { return TB_OK; }
  if (embedded_count == embedded.size()) {
    embedded.push_back(std::make_unique<embedded_text>());
  }
  embedded_text &inner = *embedded[embedded_count];
  if (inner.bytes.size() < value.length + 2 * TB_PADDING) {
    inner.bytes.resize(value.length + 2 * TB_PADDING);
  }
  const ptrdiff_t length = tb_unescape(&value, inner.bytes.data());
  if (length < 0) { return TB_MALFORMED; }
  std::memset(inner.bytes.data() + length, 0, TB_PADDING);
  const auto indexed = inner.stage.run(inner.bytes.data(), size_t(length), inner.text);
  if (indexed == TB_INDEX_BROKEN || indexed == TB_INDEX_NO_MEMORY || inner.text.count == 0) {
    return TB_OK;  // a string that only looks like JSON
  }
  const uint16_t source = uint16_t(++embedded_count);
  uint32_t at = 0;
  const indexed_text text = inner.text;
  const tb_status status = walk_value(text, text.length, source, depth, node_index, at);
  if (status != TB_MALFORMED && (status != TB_OK || at == text.count)) { return status; }
  // Not JSON after all: a text that was cut, for one. The line is good without it.
  forget(node_index);
  put(value, selector->nodes[node_index]);
  return TB_OK;
}

/// Empties the slots of a node and of all below it.
void tb_walker::forget(uint32_t node_index) {
  const node &n = selector->nodes[node_index];
  put(tb_value{}, n);
  for (const auto &e : n.children) { forget(e.child); }
  for (const auto &e : n.elements) { forget(e.second); }
}

tb_walker *tb_walker_create(uint32_t depth_limit) {
  auto *walker = new tb_walker;
  walker->depth_limit = depth_limit;
  return walker;
}

void tb_walker_destroy(tb_walker *walker) { delete walker; }

tb_index_status tb_walker_index(tb_walker *walker, const uint8_t *text, size_t length) {
  walker->cursor = 0;
  walker->line_end = 0;
  walker->embedded_count = 0;
  return walker->stage.run(text, length, walker->text);
}

static tb_status walk_line(
  tb_walker *walker, const tb_selector *selector, tb_value *slots, size_t count) {
  std::memset(slots, 0, count * sizeof(tb_value));
  walker->selector = selector;
  walker->slots = slots;
  walker->embedded_count = 0;
  const indexed_text &text = walker->text;
  uint32_t at = walker->cursor;
  if (!has(text, walker->line_end, at)) { return TB_MALFORMED; }
  if (text.bytes[text.index[at]] != '{') { return TB_NOT_AN_OBJECT; }
  const tb_status status = walker->walk_value(text, walker->line_end, 0, 0, 0, at);
  if (status != TB_OK) { return status; }
  return has(text, walker->line_end, at) ? TB_MALFORMED : TB_OK;
}

tb_status tb_walker_line(
  tb_walker *walker, const tb_selector *selector, size_t start, size_t end, tb_value *slots,
  size_t count) {
  const indexed_text &text = walker->text;
  uint32_t cursor = walker->cursor;
  while (cursor < text.count && text.index[cursor] < start) { ++cursor; }
  walker->cursor = cursor;
  walker->line_end = uint32_t(end);
  return walk_line(walker, selector, slots, count);
}

tb_status tb_walker_again(
  tb_walker *walker, const tb_selector *selector, tb_value *slots, size_t count) {
  return walk_line(walker, selector, slots, count);
}

tb_status tb_walker_value(
  tb_walker *walker, const tb_selector *selector, const tb_value *value, tb_value *slots,
  size_t count) {
  std::memset(slots, 0, count * sizeof(tb_value));
  walker->selector = selector;
  walker->slots = slots;
  const indexed_text text = walker->source_text(value->source);
  uint32_t at = value->at;
  return walker->walk_value(
    text, walker->source_limit(value->source), value->source, 1, 0, at);
}

size_t tb_walker_elements(
  tb_walker *walker, const tb_value *array, tb_value *elements, size_t limit) {
  if (array->kind != TB_ARRAY) { return 0; }
  const indexed_text &text = walker->source_text(array->source);
  const uint32_t end = walker->source_limit(array->source);
  uint32_t at = array->at + 1;
  if (has(text, end, at) && text.bytes[text.index[at]] == ']') { return 0; }
  size_t count = 0;
  for (;;) {
    if (!has(text, end, at)) { return count; }
    tb_value element;
    if (!take(text, end, array->source, at, element)) { return count; }
    if (count < limit) { elements[count] = element; }
    ++count;
    if (walker->skip(text, end, 0, at) != TB_OK || !has(text, end, at)) { return count; }
    if (text.bytes[text.index[at++]] != ',') { return count; }
  }
}
