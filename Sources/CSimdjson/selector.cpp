#include "selector.hpp"

using tollbook::node;

tb_selector *tb_selector_create(void) { return new tb_selector; }

void tb_selector_destroy(tb_selector *selector) { delete selector; }

uint32_t tb_selector_key(
  tb_selector *selector, uint32_t parent, const uint8_t *key, size_t length) {
  std::string padded(reinterpret_cast<const char *>(key), length);
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
