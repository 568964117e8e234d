#include <simdjson.h>

#include <cstring>

#include "include/CSimdjson.h"

namespace {

inline int hex_digit(uint8_t c) {
  if (c >= '0' && c <= '9') { return c - '0'; }
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The four hex digits at `p`, or -1.
inline int32_t hex4(const uint8_t *p, const uint8_t *end) {
  if (end - p < 4) { return -1; }
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(p[i]);
    if (digit < 0) { return -1; }
    value = value * 16 + digit;
  }
  return value;
}

inline uint8_t *put_utf8(uint32_t c, uint8_t *out) {
  if (c < 0x80) {
    *out++ = uint8_t(c);
  } else if (c < 0x800) {
    *out++ = uint8_t(0xC0 | c >> 6);
    *out++ = uint8_t(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out++ = uint8_t(0xE0 | c >> 12);
    *out++ = uint8_t(0x80 | (c >> 6 & 63));
    *out++ = uint8_t(0x80 | (c & 63));
  } else {
    *out++ = uint8_t(0xF0 | c >> 18);
    *out++ = uint8_t(0x80 | (c >> 12 & 63));
    *out++ = uint8_t(0x80 | (c >> 6 & 63));
    *out++ = uint8_t(0x80 | (c & 63));
  }
  return out;
}

/// The character after a backslash, or -1.
inline int plain_escape(uint8_t c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return -1;
  }
}

}  // namespace

ptrdiff_t tb_unescape(const tb_value *value, uint8_t *out) {
  uint8_t *const begin = out;
  const uint8_t *p = value->bytes;
  const uint8_t *const end = p + value->length;
  while (p < end) {
    const auto *slash = static_cast<const uint8_t *>(std::memchr(p, '\\', size_t(end - p)));
    const uint8_t *stop = slash ? slash : end;
    std::memcpy(out, p, size_t(stop - p));
    out += stop - p;
    if (!slash) { break; }
    p = slash + 1;
    if (p == end) { return -1; }
    if (*p != 'u') {
      const int c = plain_escape(*p++);
      if (c < 0) { return -1; }
      *out++ = uint8_t(c);
      continue;
    }
    int32_t c = hex4(++p, end);
    if (c < 0 || (c >= 0xDC00 && c < 0xE000)) { return -1; }
    p += 4;
    if (c >= 0xD800 && c < 0xDC00) {
      if (end - p < 6 || p[0] != '\\' || p[1] != 'u') { return -1; }
      const int32_t low = hex4(p + 2, end);
      if (low < 0xDC00 || low >= 0xE000) { return -1; }
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      p += 6;
    }
    out = put_utf8(uint32_t(c), out);
  }
  return out - begin;
}

int tb_is_utf8(const uint8_t *bytes, size_t length) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}
