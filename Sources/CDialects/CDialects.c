#include "CDialects.h"

static const uint8_t anthropic_message[] = {
#embed "../Ingestion/Dialects/BuiltIn/anthropic.message.yaml"
};
static const uint8_t anthropic_stream[] = {
#embed "../Ingestion/Dialects/BuiltIn/anthropic.stream.yaml"
};
static const uint8_t azure_gateway[] = {
#embed "../Ingestion/Dialects/BuiltIn/azure.gateway.yaml"
};
static const uint8_t azure_llm[] = {
#embed "../Ingestion/Dialects/BuiltIn/azure.llm.yaml"
};
static const uint8_t azure_rr[] = {
#embed "../Ingestion/Dialects/BuiltIn/azure.rr.yaml"
};
static const uint8_t bedrock_converse[] = {
#embed "../Ingestion/Dialects/BuiltIn/bedrock.converse.yaml"
};
static const uint8_t bedrock_invocation[] = {
#embed "../Ingestion/Dialects/BuiltIn/bedrock.invocation.yaml"
};
static const uint8_t bifrost[] = {
#embed "../Ingestion/Dialects/BuiltIn/bifrost.yaml"
};
static const uint8_t braintrust[] = {
#embed "../Ingestion/Dialects/BuiltIn/braintrust.yaml"
};
static const uint8_t claude_code[] = {
#embed "../Ingestion/Dialects/BuiltIn/claude_code.yaml"
};
static const uint8_t cloudflare_logpush[] = {
#embed "../Ingestion/Dialects/BuiltIn/cloudflare.logpush.yaml"
};
static const uint8_t cloudflare_rest[] = {
#embed "../Ingestion/Dialects/BuiltIn/cloudflare.rest.yaml"
};
static const uint8_t codex[] = {
#embed "../Ingestion/Dialects/BuiltIn/codex.yaml"
};
static const uint8_t codex_exec[] = {
#embed "../Ingestion/Dialects/BuiltIn/codex.exec.yaml"
};
static const uint8_t cohere[] = {
#embed "../Ingestion/Dialects/BuiltIn/cohere.yaml"
};
static const uint8_t envelope_cloud_logging[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.cloud_logging.yaml"
};
static const uint8_t envelope_docker[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.docker.yaml"
};
static const uint8_t envelope_elastic[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.elastic.yaml"
};
static const uint8_t envelope_list[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.list.yaml"
};
static const uint8_t envelope_message[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.message.yaml"
};
static const uint8_t envelope_wrapper[] = {
#embed "../Ingestion/Dialects/BuiltIn/envelope.wrapper.yaml"
};
static const uint8_t envoy_accesslog[] = {
#embed "../Ingestion/Dialects/BuiltIn/envoy.accesslog.yaml"
};
static const uint8_t error_classes[] = {
#embed "../Ingestion/Dialects/BuiltIn/error-classes.yaml"
};
static const uint8_t gemini[] = {
#embed "../Ingestion/Dialects/BuiltIn/gemini.yaml"
};
static const uint8_t gemini_cli[] = {
#embed "../Ingestion/Dialects/BuiltIn/gemini.cli.yaml"
};
static const uint8_t gemini_interactions[] = {
#embed "../Ingestion/Dialects/BuiltIn/gemini.interactions.yaml"
};
static const uint8_t generic[] = {
#embed "../Ingestion/Dialects/BuiltIn/generic.yaml"
};
static const uint8_t helicone[] = {
#embed "../Ingestion/Dialects/BuiltIn/helicone.yaml"
};
static const uint8_t kong_log[] = {
#embed "../Ingestion/Dialects/BuiltIn/kong.log.yaml"
};
static const uint8_t langfuse[] = {
#embed "../Ingestion/Dialects/BuiltIn/langfuse.yaml"
};
static const uint8_t langsmith[] = {
#embed "../Ingestion/Dialects/BuiltIn/langsmith.yaml"
};
static const uint8_t litellm_slp[] = {
#embed "../Ingestion/Dialects/BuiltIn/litellm.slp.yaml"
};
static const uint8_t litellm_spend[] = {
#embed "../Ingestion/Dialects/BuiltIn/litellm.spend.yaml"
};
static const uint8_t llmgateway[] = {
#embed "../Ingestion/Dialects/BuiltIn/llmgateway.yaml"
};
static const uint8_t newapi[] = {
#embed "../Ingestion/Dialects/BuiltIn/newapi.yaml"
};
static const uint8_t ollama[] = {
#embed "../Ingestion/Dialects/BuiltIn/ollama.yaml"
};
static const uint8_t oneapi[] = {
#embed "../Ingestion/Dialects/BuiltIn/oneapi.yaml"
};
static const uint8_t openai_batch[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.batch.yaml"
};
static const uint8_t openai_batch_error[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.batch_error.yaml"
};
static const uint8_t openai_chat[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.chat.yaml"
};
static const uint8_t openai_error[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.error.yaml"
};
static const uint8_t openai_images[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.images.yaml"
};
static const uint8_t openai_responses[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.responses.yaml"
};
static const uint8_t openai_responses_stream[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.responses_stream.yaml"
};
static const uint8_t openai_transcription[] = {
#embed "../Ingestion/Dialects/BuiltIn/openai.transcription.yaml"
};
static const uint8_t opencode[] = {
#embed "../Ingestion/Dialects/BuiltIn/opencode.yaml"
};
static const uint8_t openrouter_activity[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.activity.yaml"
};
static const uint8_t openrouter_chat[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.chat.yaml"
};
static const uint8_t openrouter_csv[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.csv.yaml"
};
static const uint8_t openrouter_generation[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.generation.yaml"
};
static const uint8_t openrouter_otlp[] = {
#embed "../Ingestion/Dialects/BuiltIn/openrouter.otlp.yaml"
};
static const uint8_t otel_genai[] = {
#embed "../Ingestion/Dialects/BuiltIn/otel.genai.yaml"
};
static const uint8_t otel_logs[] = {
#embed "../Ingestion/Dialects/BuiltIn/otel.logs.yaml"
};
static const uint8_t otlp[] = {
#embed "../Ingestion/Dialects/BuiltIn/otlp.yaml"
};
static const uint8_t portkey_export[] = {
#embed "../Ingestion/Dialects/BuiltIn/portkey.export.yaml"
};
static const uint8_t portkey_log[] = {
#embed "../Ingestion/Dialects/BuiltIn/portkey.log.yaml"
};
static const uint8_t portkey_otlp[] = {
#embed "../Ingestion/Dialects/BuiltIn/portkey.otlp.yaml"
};
static const uint8_t portkey_stream[] = {
#embed "../Ingestion/Dialects/BuiltIn/portkey.stream.yaml"
};
static const uint8_t provider_names[] = {
#embed "../Ingestion/Dialects/BuiltIn/provider-names.yaml"
};
static const uint8_t qwen_native[] = {
#embed "../Ingestion/Dialects/BuiltIn/qwen.native.yaml"
};
static const uint8_t service_tiers[] = {
#embed "../Ingestion/Dialects/BuiltIn/service-tiers.yaml"
};
static const uint8_t tensorzero[] = {
#embed "../Ingestion/Dialects/BuiltIn/tensorzero.yaml"
};
static const uint8_t token_shapes[] = {
#embed "../Ingestion/Dialects/BuiltIn/token-shapes.yaml"
};
static const uint8_t tokenmix_capture[] = {
#embed "../Ingestion/Dialects/BuiltIn/tokenmix.capture.yaml"
};
static const uint8_t vercel_generation[] = {
#embed "../Ingestion/Dialects/BuiltIn/vercel.generation.yaml"
};
static const uint8_t vercel_openai[] = {
#embed "../Ingestion/Dialects/BuiltIn/vercel.openai.yaml"
};
static const uint8_t vercel_sdk[] = {
#embed "../Ingestion/Dialects/BuiltIn/vercel.sdk.yaml"
};
static const uint8_t vertex_embed[] = {
#embed "../Ingestion/Dialects/BuiltIn/vertex.embed.yaml"
};
static const uint8_t vertex_log[] = {
#embed "../Ingestion/Dialects/BuiltIn/vertex.log.yaml"
};

#define FILE_OF(name, bytes) {name, bytes, sizeof bytes}

static const tb_dialect files[] = {
  FILE_OF("anthropic.message", anthropic_message),
  FILE_OF("anthropic.stream", anthropic_stream),
  FILE_OF("azure.gateway", azure_gateway),
  FILE_OF("azure.llm", azure_llm),
  FILE_OF("azure.rr", azure_rr),
  FILE_OF("bedrock.converse", bedrock_converse),
  FILE_OF("bedrock.invocation", bedrock_invocation),
  FILE_OF("bifrost", bifrost),
  FILE_OF("braintrust", braintrust),
  FILE_OF("claude_code", claude_code),
  FILE_OF("cloudflare.logpush", cloudflare_logpush),
  FILE_OF("cloudflare.rest", cloudflare_rest),
  FILE_OF("codex", codex),
  FILE_OF("codex.exec", codex_exec),
  FILE_OF("cohere", cohere),
  FILE_OF("envelope.cloud_logging", envelope_cloud_logging),
  FILE_OF("envelope.docker", envelope_docker),
  FILE_OF("envelope.elastic", envelope_elastic),
  FILE_OF("envelope.list", envelope_list),
  FILE_OF("envelope.message", envelope_message),
  FILE_OF("envelope.wrapper", envelope_wrapper),
  FILE_OF("envoy.accesslog", envoy_accesslog),
  FILE_OF("error-classes", error_classes),
  FILE_OF("gemini", gemini),
  FILE_OF("gemini.cli", gemini_cli),
  FILE_OF("gemini.interactions", gemini_interactions),
  FILE_OF("generic", generic),
  FILE_OF("helicone", helicone),
  FILE_OF("kong.log", kong_log),
  FILE_OF("langfuse", langfuse),
  FILE_OF("langsmith", langsmith),
  FILE_OF("litellm.slp", litellm_slp),
  FILE_OF("litellm.spend", litellm_spend),
  FILE_OF("llmgateway", llmgateway),
  FILE_OF("newapi", newapi),
  FILE_OF("ollama", ollama),
  FILE_OF("oneapi", oneapi),
  FILE_OF("openai.batch", openai_batch),
  FILE_OF("openai.batch_error", openai_batch_error),
  FILE_OF("openai.chat", openai_chat),
  FILE_OF("openai.error", openai_error),
  FILE_OF("openai.images", openai_images),
  FILE_OF("openai.responses", openai_responses),
  FILE_OF("openai.responses_stream", openai_responses_stream),
  FILE_OF("openai.transcription", openai_transcription),
  FILE_OF("opencode", opencode),
  FILE_OF("openrouter.activity", openrouter_activity),
  FILE_OF("openrouter.chat", openrouter_chat),
  FILE_OF("openrouter.csv", openrouter_csv),
  FILE_OF("openrouter.generation", openrouter_generation),
  FILE_OF("openrouter.otlp", openrouter_otlp),
  FILE_OF("otel.genai", otel_genai),
  FILE_OF("otel.logs", otel_logs),
  FILE_OF("otlp", otlp),
  FILE_OF("portkey.export", portkey_export),
  FILE_OF("portkey.log", portkey_log),
  FILE_OF("portkey.otlp", portkey_otlp),
  FILE_OF("portkey.stream", portkey_stream),
  FILE_OF("provider-names", provider_names),
  FILE_OF("qwen.native", qwen_native),
  FILE_OF("service-tiers", service_tiers),
  FILE_OF("tensorzero", tensorzero),
  FILE_OF("token-shapes", token_shapes),
  FILE_OF("tokenmix.capture", tokenmix_capture),
  FILE_OF("vercel.generation", vercel_generation),
  FILE_OF("vercel.openai", vercel_openai),
  FILE_OF("vercel.sdk", vercel_sdk),
  FILE_OF("vertex.embed", vertex_embed),
  FILE_OF("vertex.log", vertex_log),
};

const tb_dialect *tb_dialect_file(ptrdiff_t index) {
  const ptrdiff_t count = sizeof files / sizeof files[0];
  return index >= 0 && index < count ? &files[index] : NULL;
}
