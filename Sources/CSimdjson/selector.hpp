#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "include/CSimdjson.h"

namespace tollbook {

constexpr uint32_t no_slot = UINT32_MAX;

/// The first eight bytes of a key, zeros after its end. Reads up to eight bytes.
inline uint64_t first_word(const uint8_t *key, size_t length) {
  uint64_t word;
  std::memcpy(&word, key, 8);
  return length >= 8 ? word : word & ((uint64_t(1) << (length * 8)) - 1);
}

/// A question to a value, and the bit for a yes.
struct value_test {
  uint32_t bit;
  tb_test test;
  std::string text;
  int64_t bound;
};

/// Letters in lower case, without `_`, `-`, `.` and blanks. `out` needs `length + 8` bytes.
inline size_t loosen(const uint8_t *key, size_t length, uint8_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < length; ++i) {
    const uint8_t c = key[i];
    if (c == '_' || c == '-' || c == '.' || c == ' ') { continue; }
    out[count++] = c >= 'A' && c <= 'Z' ? uint8_t(c + 32) : c;
  }
  std::memset(out + count, 0, 8);
  return count;
}

struct node {
  struct entry {
    uint64_t word = 0;
    uint32_t length = 0;
    uint32_t child = 0;  // 0: free, for the root is nobody's child
    std::string key;     // padded to eight bytes
  };

  std::vector<entry> children;  // while building
  std::vector<entry> table;     // after sealing: open addressing, a power of two
  std::vector<std::pair<int32_t, uint32_t>> elements;
  struct filter {
    std::string key;
    std::string text;
    uint32_t child;
  };

  std::vector<filter> filters;
  uint32_t any = 0;  // 0: none
  std::vector<value_test> tests;
  uint32_t mask = 0;
  uint32_t slot = no_slot;
  std::vector<uint32_t> more_slots;
  uint32_t ordinal = 0;  // among the children of its parent
  bool embedded = false;
  bool container = false;

  bool looks_into_objects() const { return !table.empty() || any != 0 || container; }
  bool looks_into_arrays() const { return !elements.empty() || !filters.empty(); }

  static uint32_t hash(uint64_t word, size_t length) {
    return uint32_t(((word ^ (uint64_t(length) << 56)) * 0x9E3779B97F4A7C15ull) >> 40);
  }

  __attribute__((always_inline)) const entry *find(const uint8_t *key, size_t length) const {
    if (table.empty()) { return nullptr; }
    const uint64_t word = first_word(key, length);
    for (uint32_t i = hash(word, length) & mask;; i = (i + 1) & mask) {
      const entry &e = table[i];
      if (e.child == 0) { return nullptr; }
      if (e.word == word && e.length == length &&
          (length <= 8 || std::memcmp(e.key.data() + 8, key + 8, length - 8) == 0)) {
        return &e;
      }
    }
  }

  void seal() {
    if (children.empty()) { return; }
    size_t size = 4;
    while (size < children.size() * 3) { size *= 2; }
    table.assign(size, entry{});
    mask = uint32_t(size - 1);
    for (const entry &e : children) {
      uint32_t i = hash(e.word, e.length) & mask;
      while (table[i].child != 0) { i = (i + 1) & mask; }
      table[i] = e;
    }
  }
};

}  // namespace tollbook

struct tb_selector {
  std::vector<tollbook::node> nodes{1};
  bool loose = false;
  bool has_tests = false;
};
