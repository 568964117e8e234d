#include "walker.hpp"

using namespace tollbook;

uint64_t tb_walker_shape(tb_walker *walker, size_t start, size_t end) {
  const indexed_text &text = walker->text;
  walker->move_to(start);
  uint32_t at = walker->cursor;
  uint64_t shape = 0;
  const uint32_t limit = at + shape_positions;
  for (; at < limit && has(text, uint32_t(end), at + 1); ++at) {
    const uint8_t *first = text.bytes + text.index[at];
    if (*first != '"' || text.bytes[text.index[at + 1]] != ':') { continue; }
    const size_t length = text.index[at + 1] - text.index[at] - 1;
    shape = (shape ^ first_word(first + 1, length)) * 0x9E3779B97F4A7C15ull;
    shape ^= shape >> 29;
  }
  return shape;
}

size_t tb_walker_members(
  tb_walker *walker, const tb_value *object, tb_value *keys, tb_value *values, size_t limit) {
  if (object->kind != TB_OBJECT) { return 0; }
  const indexed_text &text = walker->source_text(object->source);
  const uint32_t end = walker->source_limit(object->source);
  uint32_t at = object->at + 1;
  size_t count = 0;
  for (;;) {
    member_key key;
    tb_value value;
    if (!take_key(text, end, at, key) || !take(text, end, object->source, at, value)) {
      return count;
    }
    if (count < limit) {
      const tb_kind kind = std::memchr(key.bytes, '\\', key.length) ? TB_ESCAPED : TB_STRING;
      if (keys) { keys[count] = {key.bytes, uint32_t(key.length), 0, object->source, kind, 0}; }
      values[count] = value;
    }
    ++count;
    if (walker->skip(text, end, 0, at) != TB_OK || !has(text, end, at)) { return count; }
    if (text.bytes[text.index[at++]] != ',') { return count; }
  }
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
