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
