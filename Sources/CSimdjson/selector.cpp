#include "selector.hpp"

using tollbook::node;

tb_selector *tb_selector_create(void) { return new tb_selector; }

void tb_selector_destroy(tb_selector *selector) { delete selector; }

uint32_t tb_selector_key(
  tb_selector *selector, uint32_t parent, const uint8_t *key, size_t length) {
  std::string padded(reinterpret_cast<const char *>(key), length);
  if (selector->loose) {
    padded.resize(length + 8);
    length = tollbook::loosen(key, length, reinterpret_cast<uint8_t *>(padded.data()));
  }
  padded.resize(length < 8 ? 8 : length);
  const uint64_t word =
    tollbook::first_word(reinterpret_cast<const uint8_t *>(padded.data()), length);
  for (const auto &e : selector->nodes[parent].children) {
    if (e.length == length && e.key == padded) { return e.child; }
  }
  const uint32_t child = uint32_t(selector->nodes.size());
  selector->nodes.emplace_back();
  selector->nodes[child].ordinal = uint32_t(selector->nodes[parent].children.size());
  selector->nodes[parent].children.push_back({word, uint32_t(length), child, padded});
  return child;
}

uint32_t tb_selector_element(tb_selector *selector, uint32_t parent, int32_t index) {
  for (const auto &e : selector->nodes[parent].elements) {
    if (e.first == index) { return e.second; }
  }
  const uint32_t child = uint32_t(selector->nodes.size());
  selector->nodes.emplace_back();
  selector->nodes[parent].elements.emplace_back(index, child);
  return child;
}

uint32_t tb_selector_filter(
  tb_selector *selector, uint32_t parent, const uint8_t *key, size_t key_length,
  const uint8_t *literal, size_t literal_length) {
  const std::string name(reinterpret_cast<const char *>(key), key_length);
  const std::string text(reinterpret_cast<const char *>(literal), literal_length);
  for (const auto &f : selector->nodes[parent].filters) {
    if (f.key == name && f.text == text) { return f.child; }
  }
  const uint32_t child = uint32_t(selector->nodes.size());
  selector->nodes.emplace_back();
  selector->nodes[parent].filters.push_back({name, text, child});
  return child;
}

uint32_t tb_selector_any(tb_selector *selector, uint32_t parent) {
  if (selector->nodes[parent].any == 0) {
    const uint32_t child = uint32_t(selector->nodes.size());
    selector->nodes.emplace_back();
    selector->nodes[parent].any = child;
  }
  return selector->nodes[parent].any;
}

void tb_selector_set_loose(tb_selector *selector) { selector->loose = true; }

void tb_selector_set_container(tb_selector *selector, uint32_t index) {
  selector->nodes[index].container = true;
}

void tb_selector_add_test(
  tb_selector *selector, uint32_t index, uint32_t bit, tb_test test, const uint8_t *text,
  size_t length, int64_t bound) {
  selector->has_tests = true;
  selector->nodes[index].tests.push_back(
    {bit, test, std::string(reinterpret_cast<const char *>(text), length), bound});
}

void tb_selector_add_slot(tb_selector *selector, uint32_t index, uint32_t slot) {
  node &n = selector->nodes[index];
  if (n.slot == tollbook::no_slot) {
    n.slot = slot;
  } else {
    n.more_slots.push_back(slot);
  }
}

void tb_selector_set_embedded(tb_selector *selector, uint32_t index) {
  selector->nodes[index].embedded = true;
}

void tb_selector_seal(tb_selector *selector) {
  for (node &n : selector->nodes) { n.seal(); }
}
