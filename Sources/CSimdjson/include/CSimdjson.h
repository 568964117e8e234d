#pragma once

// Field selection over JSON lines: simdjson finds the structure of a piece of text, a walk over
// that structure takes the values that a selector names. Nothing is allocated per line.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Readable bytes that must follow any text that is handed in.
enum { TB_PADDING = 64 };

typedef enum tb_kind : uint8_t {
  TB_MISSING = 0,
  TB_NULL,
  TB_TRUE,
  TB_FALSE,
  TB_NUMBER,
  TB_STRING,   // no escapes: the bytes are the text
  TB_ESCAPED,  // a string with escapes: tb_unescape gives the text
  TB_OBJECT,
  TB_ARRAY,
} tb_kind;

typedef enum tb_status : uint8_t {
  TB_OK = 0,
  TB_MALFORMED,
  TB_TOO_DEEP,
  TB_DUPLICATE_KEY,
  TB_TOO_MANY_DIGITS,
} tb_status;

/// A value of a line. Strings without their quotes; numbers and words as written.
typedef struct tb_value {
  const uint8_t *bytes;
  uint32_t length;
  uint32_t at;      // position in the structural index: where a walk into the value starts
  uint16_t source;  // 0: the line; above: a text embedded in it
  tb_kind kind;
  uint8_t rank;     // loose selectors: how deep it stands; the outermost is kept
} tb_value;

/// A tree of keys, built once and shared by all threads after that.
typedef struct tb_selector tb_selector;

tb_selector *tb_selector_create(void);
void tb_selector_destroy(tb_selector *selector);
/// The child of `parent` (0 is the root) under a key, made when there is none.
uint32_t tb_selector_key(tb_selector *selector, uint32_t parent, const uint8_t *key, size_t length);
/// The child of `parent` for an element of an array: an index from 0, or -1 for the last.
uint32_t tb_selector_element(tb_selector *selector, uint32_t parent, int32_t index);
/// The child of `parent` for the first object of an array whose member `key` is the text `literal`.
uint32_t tb_selector_filter(
  tb_selector *selector, uint32_t parent, const uint8_t *key, size_t key_length,
  const uint8_t *literal, size_t literal_length);
/// The child of `parent` for the first member of an object, whatever its key.
uint32_t tb_selector_any(tb_selector *selector, uint32_t parent);
/// One more slot for the value of a node.
void tb_selector_add_slot(tb_selector *selector, uint32_t node, uint32_t slot);
/// A string at this node that holds JSON is walked as if it stood there unquoted.
void tb_selector_set_embedded(tb_selector *selector, uint32_t node);
/// Keys match whatever their case and without `_`, `-`, `.` and blanks; of several values for a slot
/// the outermost is kept. To be called before any key is added.
void tb_selector_set_loose(tb_selector *selector);
/// In a loose selector: the object at this node may hold whatever the record may, to three levels.
void tb_selector_set_container(tb_selector *selector, uint32_t node);

/// A question to the value of a node.
typedef enum tb_test : uint8_t {
  TB_IS_THERE = 0,  // be it null
  TB_IS_PRESENT,    // and not null
  TB_IS_WRITTEN,    // exactly so, without quotes
  TB_HAS_PREFIX,
  TB_HAS_SUFFIX,
  TB_AT_LEAST,  // a number
  TB_IS_OBJECT,
  TB_IS_LIST,
  TB_IS_TEXT,
  TB_IS_NUMBER,  // or text that begins like one
} tb_test;

/// Bits that the tests of one selector may set.
enum { TB_TEST_LIMIT = 1024 };

/// A walk sets bit `bit`, below TB_TEST_LIMIT, when the value of a node answers the question with yes.
void tb_selector_add_test(
  tb_selector *selector, uint32_t node, uint32_t bit, tb_test test, const uint8_t *text,
  size_t length, int64_t bound);
/// Ends building.
void tb_selector_seal(tb_selector *selector);

/// The working memory of one thread.
typedef struct tb_walker tb_walker;

/// A number that a selector names may have `digit_limit` characters.
tb_walker *tb_walker_create(uint32_t depth_limit, uint32_t digit_limit);
void tb_walker_destroy(tb_walker *walker);

/// What simdjson says of a piece of text.
typedef enum tb_index_status : uint8_t {
  TB_INDEX_OK = 0,
  TB_INDEX_INVALID_UTF8,  // the structure is whole, some text is not UTF-8
  TB_INDEX_BROKEN,        // an open string or a raw control character: index line by line
  TB_INDEX_NO_MEMORY,
} tb_index_status;

/// Finds the structure of whole lines, at most 1 GB. `text` must stay until the last walk.
tb_index_status tb_walker_index(tb_walker *walker, const uint8_t *text, size_t length);

/// Walks the value between two offsets of the indexed text (a line without its end), in rising
/// order of lines. All `count` slots are overwritten.
tb_status tb_walker_line(
  tb_walker *walker, const tb_selector *selector, size_t start, size_t end, tb_value *slots,
  size_t count);

/// A hash of the first keys of the line between two offsets, whatever their values: lines of one form
/// mostly share it. To be asked in rising order of lines.
uint64_t tb_walker_shape(tb_walker *walker, size_t start, size_t end);

/// Walks the line just walked again, with another selector.
tb_status tb_walker_again(
  tb_walker *walker, const tb_selector *selector, tb_value *slots, size_t count);

/// Walks an object or array that a former walk of this line found.
tb_status tb_walker_value(
  tb_walker *walker, const tb_selector *selector, const tb_value *value, tb_value *slots,
  size_t count);

/// The bits that the last walk with tests set: TB_TEST_LIMIT of them.
const uint64_t *tb_walker_tests(const tb_walker *walker);

/// The members of an object that a walk of this line found: at most `limit` keys and values are
/// written, the number of all is returned.
size_t tb_walker_members(
  tb_walker *walker, const tb_value *object, tb_value *keys, tb_value *values, size_t limit);

/// The elements of an array that a walk of this line found: at most `limit` are written, the number
/// of all is returned.
size_t tb_walker_elements(tb_walker *walker, const tb_value *array, tb_value *elements, size_t limit);

/// Replaces the escapes of a string. `out` needs `value->length + TB_PADDING` bytes.
/// Returns the length, or -1 when an escape is malformed or a surrogate stands alone.
ptrdiff_t tb_unescape(const tb_value *value, uint8_t *out);

/// Whether the bytes are UTF-8.
int tb_is_utf8(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
