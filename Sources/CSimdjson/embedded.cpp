#include "walker.hpp"

using namespace tollbook;

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
  make_room(value, selector->places[node_index]);
  const tb_status status = walk_value(text, text.length, source, depth, node_index, at);
  if (status != TB_MALFORMED && (status != TB_OK || at == text.count)) { return status; }
  // Not JSON after all: a text that was cut, for one. The line is good without it.
  forget(node_index);
  put(value, selector->places[node_index]);
  return TB_OK;
}

/// Takes back a text that was put, for what stands in it.
void tb_walker::make_room(const tb_value &value, const place &n) {
  if (n.slot == no_slot || slots[n.slot].bytes != value.bytes) { return; }
  slots[n.slot] = tb_value{};
  for (const uint32_t slot : selector->rest(n).more_slots) { slots[slot] = tb_value{}; }
}

/// Empties the slots of a node and of all below it.
void tb_walker::forget(uint32_t node_index) {
  const node &n = selector->nodes[node_index];
  if (n.slot != no_slot) {
    slots[n.slot] = tb_value{};
    for (const uint32_t slot : n.more_slots) { slots[slot] = tb_value{}; }
  }
  for (const auto &e : n.keys.children) { forget(e.child); }
  for (const auto &e : n.elements) { forget(e.second); }
  for (const auto &f : n.filters) {
    for (const auto &e : f.texts.children) { forget(e.child); }
  }
  if (n.any != 0) { forget(n.any); }
}
