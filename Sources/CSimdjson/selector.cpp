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
  const uint32_t known = selector->nodes[parent].keys.built(padded, length);
  if (known != 0) { return known; }
  const uint32_t child = uint32_t(selector->nodes.size());
  selector->nodes.emplace_back();
  node &n = selector->nodes[parent];
  selector->nodes[child].ordinal = uint32_t(n.keys.children.size());
  n.keys.add(padded, length, child);
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
  std::string padded(reinterpret_cast<const char *>(literal), literal_length);
  padded.resize(literal_length < 8 ? 8 : literal_length);
  const uint32_t child = uint32_t(selector->nodes.size());
  auto &filters = selector->nodes[parent].filters;
  size_t i = 0;
  while (i < filters.size() && filters[i].key != name) { ++i; }
  if (i == filters.size()) { filters.push_back({name, {}}); }
  const uint32_t known = filters[i].texts.built(padded, literal_length);
  if (known != 0) { return known; }
  filters[i].texts.add(padded, literal_length, child);
  selector->nodes.emplace_back();
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

void tb_selector_seal(tb_selector *selector) { selector->seal(); }

uint32_t tb_selector::add(const std::string &text) {
  const uint32_t offset = uint32_t(texts.size());
  texts += text;
  return offset;
}

void tb_selector::seal(tollbook::lookup &children) {
  if (children.children.empty()) { return; }
  size_t size = 4;
  while (size < children.children.size() * 3) { size *= 2; }
  children.first = uint32_t(table.size());
  children.mask = uint32_t(size - 1);
  table.resize(table.size() + size);
  for (const auto &e : children.children) {
    uint32_t i = tollbook::lookup::hash(e.word, e.length) & children.mask;
    while (table[children.first + i].child != 0) { i = (i + 1) & children.mask; }
    table[children.first + i] = {e.word, e.length, e.child};
    places[e.child].text = add(e.text);
  }
}

void tb_selector::seal() {
  places.resize(nodes.size());
  for (node &n : nodes) {
    seal(n.keys);
    for (node::filter &f : n.filters) { seal(f.texts); }
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    const node &n = nodes[i];
    const uint32_t first_test = uint32_t(tests.size());
    for (const node::test &t : n.tests) {
      tests.push_back(
        {t.bound, add(t.text), uint32_t(t.text.size()), uint16_t(t.bit), uint8_t(t.test)});
    }
    places[i] = {
      .slot = n.slot,
      .any = n.any,
      .first = n.keys.first,
      .mask = n.keys.mask,
      .tests = first_test,
      .text = places[i].text,
      .ordinal = n.ordinal,
      .test_count = uint16_t(n.tests.size()),
      .embedded = n.embedded,
      .container = n.container,
      .has_elements = !n.elements.empty(),
      .has_filters = !n.filters.empty(),
      .has_more_slots = !n.more_slots.empty(),
    };
  }
}
