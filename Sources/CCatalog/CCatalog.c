#include "CCatalog.h"

static const uint8_t book[] = {
#embed "../Catalog/Data/price-book.json"
};
static const uint8_t index_[] = {
#embed "../Catalog/Data/price-book.index"
};
static const uint8_t overlay[] = {
#embed "../Catalog/Data/price-overlay.yaml"
};

const uint8_t *tb_price_book(void) { return book; }
ptrdiff_t tb_price_book_length(void) { return sizeof book; }

const uint8_t *tb_price_index(void) { return index_; }
ptrdiff_t tb_price_index_length(void) { return sizeof index_; }

const uint8_t *tb_price_overlay(void) { return overlay; }
ptrdiff_t tb_price_overlay_length(void) { return sizeof overlay; }

static const uint8_t terms_cloudflare[] = {
#embed "../Catalog/Data/terms/cloudflare.yaml"
};
static const uint8_t terms_direct[] = {
#embed "../Catalog/Data/terms/direct.yaml"
};
static const uint8_t terms_litellm[] = {
#embed "../Catalog/Data/terms/litellm.yaml"
};
static const uint8_t terms_openrouter[] = {
#embed "../Catalog/Data/terms/openrouter.yaml"
};
static const uint8_t terms_portkey[] = {
#embed "../Catalog/Data/terms/portkey.yaml"
};
static const uint8_t terms_tokenmix[] = {
#embed "../Catalog/Data/terms/tokenmix.yaml"
};
static const uint8_t terms_vercel[] = {
#embed "../Catalog/Data/terms/vercel.yaml"
};

#define TERMS_OF(name) {#name, terms_##name, sizeof terms_##name}

static const tb_terms terms[] = {
  TERMS_OF(cloudflare),
  TERMS_OF(direct),
  TERMS_OF(litellm),
  TERMS_OF(openrouter),
  TERMS_OF(portkey),
  TERMS_OF(tokenmix),
  TERMS_OF(vercel),
};

const tb_terms *tb_terms_file(ptrdiff_t index) {
  const ptrdiff_t count = sizeof terms / sizeof terms[0];
  return index >= 0 && index < count ? &terms[index] : NULL;
}
