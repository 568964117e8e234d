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
  uint32_t mask = 0;
  uint32_t slot = no_slot;
  std::vector<uint32_t> more_slots;
  uint32_t ordinal = 0;  // among the children of its parent
  bool embedded = false;

  static uint32_t hash(uint64_t word, size_t length) {
    return uint32_t(((word ^ (uint64_t(length) << 56)) * 0x9E3779B97F4A7C15ull) >> 40);
  }

  const entry *find(const uint8_t *key, size_t length) const {
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
};
