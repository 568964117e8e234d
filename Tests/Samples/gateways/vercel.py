"""Vercel AI Gateway: generation records, results of the AI SDK, OpenAI-compatible bodies.

What the documents leave open is decided so:

vercel.generation  latency is the time to the first token, generation_time the whole; the native
                   counts include cached and written tokens; no operation is told
vercel.sdk         id generationId; time the first provider's start, else the application's own
                   timestamp (time_approximate). More than one model attempt is an explicit
                   fallback, several providers for one model an explicit retry; `attempt` counts
                   models. http_status only of failures. byok by the last credential.
                   surchargeCost is the markup, inferenceCost the upstream cost; gatewayCost is the
                   sum of both, no fee, and marketCost a list price: neither is read
vercel.openai      id generationId, else id; market_cost and gateway_cost are not read
"""

from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, chat_choice, class_of, decimal_text, dumps,
                  event, list_cost, plain, rfc3339, secret, stamp)

# slug: (model of the price list, provider)
MODELS = {"openai/gpt-5-mini": ("gpt-5-mini", "openai"),
          "anthropic/claude-haiku-4.5": ("claude-haiku-4-5", "anthropic"),
          "google/gemini-3.1-flash-lite": ("gemini-3.1-flash-lite", "google"),
          "mistral/mistral-small": ("mistral-small-2603", "mistral")}
SLUGS = list(MODELS)


def iso(us):
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us % SECOND // 1000:03d}Z"


def cost_of(slug, usage):
    """About what the call costs: not every model has a price for cache writes."""
    return list_cost(MODELS[slug][0], Usage(usage.input, usage.output, read=usage.read))


def generation_id(rng):
    return f"gen_01{rng.hex(24).upper()}"


# GET /v1/generation.

GENERATION = [("plain", 5), ("enveloped", 3), ("cached", 3), ("byok", 2), ("search", 2),
              ("error", 1), ("filtered", 1), ("strings", 1), ("no_creation", 1)]


def generation(rng, start, flavour):
    start -= start % 1000
    slug = rng.pick(SLUGS)
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900), read=0, write=0, reasoning=0)
    if flavour == "cached":
        usage.read, usage.write = usage.input // 128 * 64, rng.pick([0, 32])
        usage.reasoning = usage.output // 3
    cost = cost_of(slug, usage)
    byok = flavour == "byok"
    took = rng.between(600, 9_000)
    searches = rng.between(1, 3) if flavour == "search" else 0
    finish = {"error": "error", "filtered": "content-filter"}.get(flavour, "stop")
    record = {
        "id": generation_id(rng), "total_cost": Raw("0") if byok else plain(cost),
        "upstream_inference_cost": plain(cost), "usage": Raw("0") if byok else plain(cost),
        "created_at": iso(start), "model": slug, "is_byok": byok,
        "provider_name": MODELS[slug][1], "streamed": rng.chance(50), "finish_reason": finish,
        "latency": took // 4, "generation_time": took, "native_tokens_prompt": usage.input,
        "native_tokens_completion": usage.output, "native_tokens_reasoning": usage.reasoning,
        "native_tokens_cached": usage.read, "native_tokens_cache_creation": usage.write,
        "billable_web_search_calls": searches, "user_agent": f"CANARY-AGENT-{rng.hex(4)}"}
    counted = usage
    fields = dict(
        id=record["id"], time=rfc3339(start), gateway="vercel", dialect="vercel.generation",
        provider=MODELS[slug][1], response_model=slug,
        status={"error": "error", "filtered": "blocked"}.get(flavour, "ok"),
        error_class={"error": "other", "filtered": "content_policy"}.get(flavour), byok=byok,
        stream=record["streamed"], finish_reason=finish, latency_ms=str(took),
        first_token_ms=str(took // 4), web_searches=str(searches) if searches else None,
        reported_cost="0" if byok else decimal_text(cost),
        reported_upstream_cost=decimal_text(cost))
    if flavour == "error":
        record |= {name: 0 for name in record if name.startswith("native_tokens")}
        record |= {"total_cost": 0, "usage": 0, "upstream_inference_cost": None}
        fields |= dict(reported_cost="0", reported_upstream_cost=None)
        counted = None
    if flavour == "strings":
        record |= {name: str(record[name]) for name in record
                   if name.startswith("native_tokens") or name == "total_cost"}
    if flavour == "no_creation":
        del record["native_tokens_cache_creation"]
        usage.write = None
    if flavour == "enveloped":
        record = {"data": record}
    return [Line(dumps(record), start + took * 1000, event(counted, **fields))]


# Results of the AI SDK.

SDK = [("plain", 5), ("cached", 2), ("v5", 2), ("v4", 1), ("fallback", 3), ("failover", 2),
       ("error", 2), ("exhausted", 1), ("byok", 1), ("surcharge", 1), ("bare", 1),
       ("unrouted", 1), ("filtered", 1), ("no_usage", 1)]


def provider_attempt(rng, provider, at, took, status=200, credential="system"):
    return {"provider": provider, "credentialType": credential, "success": status == 200,
            **({} if status == 200 else {"error": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}"}),
            "startTime": at // 1000, "endTime": (at + took) // 1000, "statusCode": status}


def model_attempt(slug, attempts):
    return {"canonicalSlug": slug, "success": attempts[-1]["success"],
            "providerAttemptCount": len(attempts), "providerAttempts": attempts}


def sdk(rng, start, flavour):
    start -= start % 1000
    slug = rng.pick(SLUGS)
    asked, took, failed = slug, rng.between(500, 8_000) * 1000, rng.pick([429, 503, 500])
    credential = "byok" if flavour == "byok" else "system"
    good = model_attempt(slug, [provider_attempt(
        rng, MODELS[slug][1], start, took, credential=credential)])
    attempts = [good]
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900), read=0, write=0, reasoning=0)
    fields = dict(route="primary", route_evidence="attempt_list", attempt=0)
    if flavour in ("fallback", "exhausted"):
        asked, slug = "openai/gpt-5-mini", "anthropic/claude-haiku-4.5"
        then = start + 300_000
        last = 200 if flavour == "fallback" else 503
        attempts = [
            model_attempt(asked, [provider_attempt(rng, "openai", start, 200_000, failed)]),
            model_attempt(slug, [provider_attempt(rng, "anthropic", then, took, last)])]
        fields = dict(route="fallback", route_evidence="explicit", route_from=asked,
                      route_reason=class_of(failed), attempt=1)
    if flavour == "failover":
        attempts = [model_attempt(slug, [
            provider_attempt(rng, "azure", start, 200_000, failed),
            provider_attempt(rng, MODELS[slug][1], start + 250_000, took)])]
        fields = dict(route="retry", route_evidence="explicit", attempt=0)
    ok = flavour not in ("error", "exhausted")
    if flavour == "error":
        attempts = [model_attempt(slug, [provider_attempt(
            rng, MODELS[slug][1], start, 110_000, 503)])]
    if flavour == "cached":
        usage.read, usage.write = usage.input // 128 * 64, rng.pick([0, 32])
        usage.reasoning = usage.output // 3
    cost = cost_of(slug, usage)
    generation = generation_id(rng)
    final = attempts[-1]["providerAttempts"][-1]["provider"]
    routing = {
        "originalModelId": asked,
        "resolvedProvider": attempts[0]["providerAttempts"][0]["provider"],
        "fallbacksAvailable": ["azure"], "canonicalSlug": slug,
        "modelAttemptCount": len(attempts), "modelAttempts": attempts,
        "totalProviderAttemptCount": sum(len(a["providerAttempts"]) for a in attempts)}
    if ok:
        routing["finalProvider"] = final
    gateway = {"routing": routing, "generationId": generation, "cost": decimal_text(cost),
               "marketCost": decimal_text(cost)}
    end = start + took + 300_000
    fields |= dict(id=generation, time=rfc3339(start), gateway="vercel", dialect="vercel.sdk",
                   provider=final, request_model=asked, response_model=slug, byok=False)
    if not ok:
        for name in ("cost", "marketCost"):
            del gateway[name]
        record = {"error": {"message": f"CANARY-ERROR-{rng.hex(4)}",
                            "type": "service_unavailable_error", "param": {"statusCode": 503}},
                  "providerMetadata": {"gateway": gateway}}
        return [Line(dumps(record), end, event(
            status="error", error_class="overloaded", http_status=503, **fields))]
    record = {
        "timestamp": iso(end), "text": answer(rng), "usage": {
            "inputTokens": usage.input, "inputTokenDetails": {
                "noCacheTokens": usage.input - usage.read - usage.write,
                "cacheReadTokens": usage.read, "cacheWriteTokens": usage.write},
            "outputTokens": usage.output, "outputTokenDetails": {
                "textTokens": usage.output - usage.reasoning, "reasoningTokens": usage.reasoning},
            "totalTokens": usage.total()},
        "finishReason": "stop", "response": {"id": f"resp_{rng.hex(12)}", "modelId": slug,
                                             "timestamp": iso(end)},
        "providerMetadata": {"gateway": gateway}}
    counted = usage
    fields |= dict(status="ok", finish_reason="stop", reported_cost=decimal_text(cost))
    if flavour == "v5":
        record["usage"] = {"inputTokens": usage.input, "outputTokens": usage.output,
                           "totalTokens": usage.total(), "reasoningTokens": 0,
                           "cachedInputTokens": 0}
        usage.write = None
    if flavour == "v4":
        record["usage"] = {"promptTokens": usage.input, "completionTokens": usage.output,
                           "totalTokens": usage.total()}
        counted = Usage(usage.input, usage.output)
    if flavour == "byok":
        # The provider bills it: the gateway charges nothing.
        gateway["cost"] = "0"
        fields |= dict(byok=True, reported_cost="0")
    if flavour == "surcharge":
        total = cost + Decimal("0.0001")
        gateway |= {"cost": decimal_text(total), "inferenceCost": decimal_text(cost),
                    "surchargeCost": "0.0001", "gatewayCost": decimal_text(total)}
        fields |= dict(reported_cost=decimal_text(total), reported_markup="0.0001",
                       reported_upstream_cost=decimal_text(cost))
    if flavour in ("bare", "unrouted"):
        del gateway["routing"]
        fields = {name: fields[name] for name in (
            "id", "gateway", "dialect", "response_model", "status", "finish_reason",
            "reported_cost")} | dict(time=rfc3339(end), warnings=["time_approximate"])
    if flavour == "bare":
        # Only the response has a time: that of the answer.
        del record["timestamp"]
    if flavour == "filtered":
        record["finishReason"] = "content-filter"
        fields |= dict(status="blocked", error_class="content_policy",
                       finish_reason="content-filter")
    if flavour == "no_usage":
        record["usage"] = {"inputTokens": None, "outputTokens": None, "totalTokens": None}
        counted = None
    return [Line(dumps(record), end, event(counted, **fields))]


# OpenAI-compatible bodies.

OPENAI = [("plain", 6), ("cached", 2), ("byok", 2), ("stream", 2), ("embedding", 1), ("error", 2),
          ("responses", 1), ("filtered", 1), ("bare", 1), ("no_gateway_cost", 1)]


def openai(rng, start, flavour):
    second = start // SECOND
    slug = rng.pick(SLUGS)
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900), read=0, write=0, reasoning=0,
                  audio_in=0, video_in=0, image_out=0)
    if flavour == "cached":
        usage.read, usage.write = usage.input // 128 * 64, rng.pick([0, 32])
        usage.reasoning = usage.output // 3
    cost, byok = cost_of(slug, usage), flavour == "byok"
    block = {"prompt_tokens": usage.input, "completion_tokens": usage.output,
             "total_tokens": usage.total(), "cost": Raw("0") if byok else plain(cost),
             "is_byok": byok,
             "prompt_tokens_details": {"cached_tokens": usage.read, "audio_tokens": 0,
                                       "video_tokens": 0},
             "cost_details": {"upstream_inference_cost": plain(cost) if byok else None,
                              "upstream_inference_prompt_cost": 0,
                              "upstream_inference_completions_cost": 0},
             "completion_tokens_details": {"reasoning_tokens": usage.reasoning, "image_tokens": 0},
             "cache_creation_input_tokens": usage.write, "market_cost": plain(cost)}
    if not byok and flavour != "no_gateway_cost":
        block["gateway_cost"] = plain(cost)
    generation = generation_id(rng)
    finish = "content_filter" if flavour == "filtered" else "stop"
    record = {"id": f"chatcmpl-{rng.hex(16)}", "object": "chat.completion", "created": second,
              "model": slug, "generationId": generation,
              "choices": [chat_choice(rng, finish)], "usage": block}
    fields = dict(
        id=generation, time=rfc3339(second * SECOND), gateway="vercel", dialect="vercel.openai",
        response_model=slug, operation="chat", status="ok", byok=byok, finish_reason=finish,
        reported_cost="0" if byok else decimal_text(cost),
        reported_upstream_cost=decimal_text(cost) if byok else None)
    if flavour == "error":
        record = {"error": {"message": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}", "type":
                            rng.pick(["rate_limit_exceeded", "insufficient_quota"])},
                  "generationId": generation, "model": slug, "created": second}
        name = {"rate_limit_exceeded": "rate_limit", "insufficient_quota": "budget"}
        return [Line(dumps(record), start, event(
            id=generation, time=fields["time"], gateway="vercel", dialect="vercel.openai",
            response_model=slug, status="error", error_class=name[record["error"]["type"]]))]
    if flavour == "filtered":
        fields |= dict(status="blocked", error_class="content_policy")
    if flavour == "bare":
        # Only the usage was kept: an event, but no ledger knows when it was.
        record = {"usage": block}
        fields = {name: fields[name] for name in (
            "gateway", "dialect", "status", "byok", "reported_cost")}
        return [Line(dumps(record), start, event(usage, **fields))]
    if flavour == "embedding":
        counted = Usage(usage.input)
        record |= {"object": "list", "data": [], "usage": {
            "prompt_tokens": usage.input, "total_tokens": usage.input, "cost": block["cost"],
            "market_cost": block["market_cost"]}}
        del record["choices"]
        return [Line(dumps(record), start, event(counted, **fields | dict(
            operation="embeddings", finish_reason=None, byok=None)))]
    if flavour == "responses":
        counted = Usage(usage.input, usage.output, read=usage.read, reasoning=usage.reasoning)
        record = {"id": f"resp_{rng.hex(16)}", "object": "response", "created_at": second,
                  "model": slug, "generationId": generation, "output": [], "usage": {
                      "input_tokens": usage.input,
                      "input_tokens_details": {"cached_tokens": usage.read},
                      "output_tokens": usage.output,
                      "output_tokens_details": {"reasoning_tokens": usage.reasoning},
                      "total_tokens": usage.total(), "cost": block["cost"], "is_byok": False,
                      "market_cost": block["market_cost"]}}
        return [Line(dumps(record), start, event(counted, **fields | dict(
            operation="responses", finish_reason=None)))]
    if flavour == "stream":
        delta = [{"index": 0, "delta": {"content": answer(rng)}, "finish_reason": None}]
        chunk = record | {"object": "chat.completion.chunk", "usage": None, "choices": delta}
        last = record | {"object": "chat.completion.chunk", "choices": [
            {"index": 0, "delta": {}, "finish_reason": "stop"}]}
        return [Line(dumps(chunk), start, skipped=True),
                Line(dumps(last), start, event(usage, **fields | dict(stream=True)))]
    return [Line(dumps(record), start, event(usage, **fields))]


KINDS = {
    "vercel.generation": (GENERATION, generation),
    "vercel.sdk": (SDK, sdk),
    "vercel.openai": (OPENAI, openai),
}
