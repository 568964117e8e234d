#include "CDialects.h"

static const uint8_t anthropic_message[] = {
#embed "../Ingestion/Dialects/BuiltIn/anthropic.message.yaml"
};
static const uint8_t error_classes[] = {
#embed "../Ingestion/Dialects/BuiltIn/error-classes.yaml"
};
static const uint8_t litellm_slp[] = {
#embed "../Ingestion/Dialects/BuiltIn/litellm.slp.yaml"
};
static const uint8_t litellm_spend[] = {
#embed "../Ingestion/Dialects/BuiltIn/litellm.spend.yaml"
};
static const uint8_t openai_chat[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.chat.yaml"
};
static const uint8_t openai_responses[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.responses.yaml"
};
static const uint8_t openrouter_chat[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.chat.yaml"
};
static const uint8_t openrouter_generation[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.generation.yaml"
};
static const uint8_t portkey_export[] = {
#embed "../Ingestion/Dialects/BuiltIn/portkey.export.yaml"
};
static const uint8_t provider_names[] = {
#embed "../Ingestion/Dialects/BuiltIn/provider-names.yaml"
};
static const uint8_t service_tiers[] = {
#embed "../Ingestion/Dialects/BuiltIn/service-tiers.yaml"
};
static const uint8_t token_shapes[] = {
#embed "../Ingestion/Dialects/BuiltIn/token-shapes.yaml"
};
static const uint8_t tokenmix_capture[] = {
#embed "../Ingestion/Dialects/BuiltIn/tokenmix.capture.yaml"
};

#define FILE_OF(name, bytes) {name, bytes, sizeof bytes}

static const tb_dialect files[] = {
  FILE_OF("anthropic.message", anthropic_message),
  FILE_OF("error-classes", error_classes),
  FILE_OF("litellm.slp", litellm_slp),
  FILE_OF("litellm.spend", litellm_spend),
  FILE_OF("openai.chat", openai_chat),
  FILE_OF("openai.responses", openai_responses),
  FILE_OF("openrouter.chat", openrouter_chat),
  FILE_OF("openrouter.generation", openrouter_generation),
  FILE_OF("portkey.export", portkey_export),
  FILE_OF("provider-names", provider_names),
  FILE_OF("service-tiers", service_tiers),
  FILE_OF("token-shapes", token_shapes),
  FILE_OF("tokenmix.capture", tokenmix_capture),
};

const tb_dialect *tb_dialect_file(ptrdiff_t index) {
  const ptrdiff_t count = sizeof files / sizeof files[0];
  return index >= 0 && index < count ? &files[index] : NULL;
}
