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
  int64_t bound;
  uint32_t text;  // where it begins among the texts of the selector
  uint32_t size;
  uint16_t bit;
  uint8_t test;
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

/// Children by a text: of an object by key, of a list by the text of a member.
struct lookup {
  struct entry {
    uint64_t word;
    uint32_t length;
    uint32_t child;
    std::string text;
  };

  std::vector<entry> children;
  // After sealing, its part of the selector's table: open addressing, a power of two.
  uint32_t first = 0;
  uint32_t mask = 0;  // 0: no children

  static uint32_t hash(uint64_t word, size_t length) {
    return uint32_t(((word ^ (uint64_t(length) << 56)) * 0x9E3779B97F4A7C15ull) >> 40);
  }

  /// The child under a text; 0 while there is none.
  uint32_t built(const std::string &padded, size_t length) const {
    for (const entry &e : children) {
      if (e.length == length && e.text == padded) { return e.child; }
    }
    return 0;
  }

  void add(const std::string &padded, size_t length, uint32_t child) {
    const uint64_t word = first_word(reinterpret_cast<const uint8_t *>(padded.data()), length);
    children.push_back({word, uint32_t(length), child, padded});
  }
};

/// A node of the tree of paths, as it was built. Walks look here for what few nodes have.
struct node {
  /// Children of a list by the text of a member of its elements.
  struct filter {
    std::string key;
    lookup texts;
  };

  struct test {
    uint32_t bit;
    tb_test test;
    std::string text;
    int64_t bound;
  };

  lookup keys;
  std::vector<filter> filters;
  std::vector<std::pair<int32_t, uint32_t>> elements;
  uint32_t any = 0;  // 0: none
  std::vector<test> tests;
  uint32_t slot = no_slot;
  std::vector<uint32_t> more_slots;
  uint32_t ordinal = 0;  // among the children of its parent
  bool embedded = false;
  bool container = false;
};

/// What walks need of a node: half of a cache line. Lines of many dialects in turn walk many trees.
struct place {
  uint32_t slot;
  uint32_t any;
  uint32_t first;  // of its keys in the table
  uint32_t mask;   // 0: no keys
  uint32_t tests;
  uint32_t text;  // under which it stands in its parent, among the texts of the selector
  uint32_t ordinal;
  uint16_t test_count;
  bool embedded : 1;
  bool container : 1;
  bool has_elements : 1;
  bool has_filters : 1;
  bool has_more_slots : 1;

  bool looks_into_objects() const { return mask != 0 || any != 0 || container; }
  bool looks_into_arrays() const { return has_elements || has_filters; }
};

/// A child in the table of all lookups.
struct table_entry {
  uint64_t word = 0;
  uint32_t length = 0;
  uint32_t child = 0;  // 0: free, for the root is nobody's child
};

}  // namespace tollbook

struct tb_selector {
  std::vector<tollbook::node> nodes{1};
  bool loose = false;
  bool has_tests = false;

  // After sealing.
  std::vector<tollbook::place> places;  // by node
  std::vector<tollbook::table_entry> table;
  std::vector<tollbook::value_test> tests;
  std::string texts;

  const tollbook::node &rest(const tollbook::place &p) const { return nodes[&p - places.data()]; }

  /// The child under a text; 0 when there is none.
  __attribute__((always_inline)) uint32_t find(
    uint32_t first, uint32_t mask, const uint8_t *text, size_t length) const {
    if (mask == 0) { return 0; }
    const uint64_t word = tollbook::first_word(text, length);
    const tollbook::table_entry *part = table.data() + first;
    for (uint32_t i = tollbook::lookup::hash(word, length) & mask;; i = (i + 1) & mask) {
      const tollbook::table_entry &e = part[i];
      if (e.child == 0) { return 0; }
      if (e.word == word && e.length == length &&
          (length <= 8 ||
           std::memcmp(texts.data() + places[e.child].text + 8, text + 8, length - 8) == 0)) {
        return e.child;
      }
    }
  }

  void seal();

private:
  void seal(tollbook::lookup &children);
  uint32_t add(const std::string &text);
};
