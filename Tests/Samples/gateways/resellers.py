"""Self-hosted gateways and resellers: one-api, new-api, Bifrost, LLM Gateway, TensorZero.

What the documents leave open is decided so:

oneapi      only type 2 is a request. id request_id: the row's own id is not unique for users.
            model_name is what was served; reported_cost quota x 0.000002
newapi      types 2, 5 (an error) and 6 (a refund: no counts, cost below 0). model_name is what was
            asked, upstream_model_name what served a mapped one (routed). group_ratio alone makes
            the markup or discount: a ratio of the user's group stands in both places. With
            `claude` the prompt leaves cached tokens out; lifetimes only where they are told.
            Several channels in use_channel are a retry (explicit); a first-response time below 0
            is none
bifrost     trace_id parent_request_id, of a first attempt its own id; fallback_index and
            number_of_retries are explicit, 0 and 0 too; key virtual_key_name, then
            selected_key_name; an alias is routed
llmgateway  trace_id requestId; another used than asked model is explicit, unless `auto` was asked;
            newer rows, which spell the provider before the model, only when the models differ
            (mismatch); byok by usedMode; reasoning beside the output when the total says so
tensorzero  trace_id inference_id; rows are answers, so all are ok
"""

from decimal import Decimal, localcontext

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, event,
                  list_cost, number, prompt, rfc3339, secret, stamp)

UNIT = Decimal("0.000002")
LAST_DIGIT = Decimal(1).scaleb(-24)
MODELS = [("gpt-5-mini", "openai"), ("gpt-4o-mini", "openai"), ("claude-haiku-4-5", "anthropic"),
          ("gemini-3.1-flash-lite", "google")]


def iso(us):
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us % SECOND // 1000:03d}Z"


def exact(literal):
    return decimal_text(Decimal(literal))


def cost_of(model, usage):
    """About what the call costs: not every model has a price for cache writes."""
    return list_cost(model, Usage(usage.input, usage.output, read=usage.read)) or Decimal(0)


def share(quota, ratio):
    """What a ratio added to the cost or took from it, to the last digit that is kept."""
    with localcontext(prec=60):
        amount = abs(quota * UNIT * (ratio - 1) / ratio)
        return decimal_text(amount.quantize(LAST_DIGIT))


def quota_of(model, usage):
    """The units, 500,000 to a dollar, that the list price makes."""
    return max(1, int(cost_of(model, usage) / UNIT))


# one-api.

ONEAPI = [("plain", 8), ("stream", 4), ("no_request_id", 2), ("top_up", 1), ("manage", 1),
          ("system", 1), ("test", 2), ("free", 1), ("embedding", 1)]
ONEAPI_TYPES = {"top_up": 1, "manage": 3, "system": 4, "test": 5}


def oneapi(rng, start, flavour):
    second = start // SECOND
    model = "text-embedding-3-small" if flavour == "embedding" else rng.pick(MODELS)[0]
    usage = Usage(rng.between(100, 6_000), rng.between(20, 900))
    if flavour == "embedding":
        usage.output = 0
    took = rng.between(300, 9_000)
    quota = 0 if flavour == "free" else quota_of(model, usage)
    record = {
        "id": rng.below(1024), "user_id": 3, "created_at": second,
        "type": ONEAPI_TYPES.get(flavour, 2), "content": f"CANARY-CONTENT-{rng.hex(4)}",
        "username": rng.pick(["kai", "mette"]), "token_name": rng.pick(["default", "nightly"]),
        "model_name": model, "quota": quota, "prompt_tokens": usage.input,
        "completion_tokens": usage.output, "channel": 3,
        "request_id": stamp(start, "%Y%m%d%H%M%S") + rng.hex(8), "elapsed_time": took,
        "is_stream": flavour == "stream", "system_prompt_reset": False}
    if flavour in ("top_up", "manage", "system"):
        record |= {"model_name": "", "token_name": "", "prompt_tokens": 0, "completion_tokens": 0}
    if flavour in ONEAPI_TYPES:
        return [Line(dumps(record), start, skipped=True)]
    if flavour == "no_request_id":
        del record["request_id"]
    return [Line(dumps(record), start, event(
        usage, id=record.get("request_id"), time=rfc3339(second * SECOND), gateway="oneapi",
        dialect="oneapi", response_model=model, status="ok", stream=record["is_stream"],
        latency_ms=str(took), reported_cost=decimal_text(quota * UNIT), key=record["token_name"],
        user=record["username"]))]


# new-api.

NEWAPI = [("plain", 5), ("cached", 3), ("claude", 3), ("lifetimes", 2), ("mapped", 2),
          ("markup", 3), ("discount", 2), ("special", 1), ("channels", 2), ("error", 3),
          ("quota", 1), ("refund", 1), ("refund_below", 1), ("skipped", 2), ("per_call", 1),
          ("audio", 1), ("old", 1), ("free_group", 1), ("correction", 1)]
CHANNEL_PATHS = {"chat": "/v1/chat/completions", "messages": "/v1/messages"}


def newapi(rng, start, flavour):
    second = start // SECOND
    claude = flavour in ("claude", "lifetimes")
    model = "claude-haiku-4-5" if claude else rng.pick(["gpt-5-mini", "gpt-4o-mini"])
    stream = rng.chance(50)
    usage = Usage(rng.between(100, 6_000), rng.between(20, 900), read=0)
    prompt_tokens = usage.input
    ratio, base = Decimal(1), quota_of(model, usage)
    other = {"model_ratio": 0.125, "group_ratio": 1, "completion_ratio": 8, "cache_tokens": 0,
             "cache_ratio": 0.1, "model_price": -1, "user_group_ratio": -1,
             "frt": rng.between(80, 900) if stream else -1000, "admin_info": {"use_channel": ["7"]},
             "request_path": CHANNEL_PATHS["messages" if claude else "chat"]}
    if flavour in ("cached", "mapped", "discount"):
        usage.read = usage.input // 128 * 64
        other["cache_tokens"] = usage.read
    if claude:
        usage.read, usage.write = rng.pick([0, 2_000]), rng.pick([0, 500])
        other |= {"claude": True, "cache_tokens": usage.read,
                  "cache_creation_tokens": usage.write, "cache_creation_ratio": 1.25}
        if flavour == "lifetimes":
            usage.write, usage.write5m, usage.write1h = None, rng.pick([128, 500]), 256
            other |= {"cache_creation_tokens": usage.write5m + usage.write1h,
                      "cache_creation_tokens_5m": usage.write5m,
                      "cache_creation_tokens_1h": usage.write1h}
        usage.input += usage.read + (usage.write or 0) + (usage.write5m or 0) + (
            usage.write1h or 0)
    if flavour == "markup":
        ratio = Decimal(rng.pick(["1.1", "1.2", "1.3", "2"]))
    if flavour in ("discount", "special"):
        ratio = Decimal(rng.pick(["0.8", "0.7", "0.5"]))
    if flavour == "free_group":
        ratio = Decimal(0)
    if flavour == "special":
        # The ratio of the user's group replaces that of the group, and is written twice.
        other["user_group_ratio"] = Raw(str(ratio))
    base += 10 - base % 10
    other["group_ratio"] = Raw(str(ratio))
    quota = int(base * ratio)
    took = rng.between(0, 20)
    fields = dict(
        id=stamp(start, "%Y%m%d%H%M%S") + rng.hex(8), time=rfc3339(second * SECOND),
        gateway="newapi", dialect="newapi", request_model=model,
        operation="messages" if claude else "chat", status="ok", stream=stream,
        latency_ms=str(took * 1000), first_token_ms=str(other["frt"]) if stream else None,
        key=rng.pick(["prod", "ci"]), user=rng.pick(["kai", "mette"]))
    record = {
        "id": rng.below(1024), "user_id": 1, "created_at": second, "type": 2,
        "content": f"CANARY-CONTENT-{rng.hex(4)}", "username": fields["user"],
        "token_name": fields["key"], "model_name": model, "quota": quota,
        "prompt_tokens": prompt_tokens, "completion_tokens": usage.output, "use_time": took,
        "is_stream": stream, "channel": 7, "channel_name": "anthropic-2", "token_id": 9,
        "group": "vip", "ip": "", "request_id": fields["id"], "other": None}
    counted = usage
    if flavour == "mapped":
        other |= {"is_model_mapped": True, "upstream_model_name": f"{model}-2025-08-07"}
        fields |= dict(response_model=other["upstream_model_name"], routed=True)
    if flavour == "channels":
        other["admin_info"]["use_channel"] = ["3", "5", "7"]
        fields |= dict(route="retry", route_evidence="explicit")
    if flavour == "audio":
        other |= {"audio": True, "audio_input": prompt_tokens // 2, "text_input":
                  prompt_tokens - prompt_tokens // 2, "audio_output": usage.output // 3}
        usage.audio_in, usage.audio_out = prompt_tokens // 2, usage.output // 3
    if flavour == "per_call":
        other["model_price"] = 0.01
        record |= {"prompt_tokens": 0, "completion_tokens": 0}
        counted = Usage(0, 0, read=0)
    if flavour in ("error", "quota"):
        status = rng.pick([429, 500, 503]) if flavour == "error" else 403
        code = rng.pick(["bad_response_status_code", None]) if flavour == "error" else \
            "insufficient_user_quota"
        other = {"error_type": "new_api_error", "error_code": code, "status_code": status,
                 "channel_id": 3, "admin_info": {"use_channel": ["3"]},
                 "request_path": other["request_path"]}
        record |= {"type": 5, "quota": 0, "prompt_tokens": 0, "completion_tokens": 0,
                   "content": f"status_code={status}, CANARY-ERROR-{rng.hex(4)} {secret(rng)}"}
        fields |= dict(status="error", http_status=status, first_token_ms=None,
                       error_class="budget" if flavour == "quota" else class_of(status))
        counted, quota = None, 0
    if flavour in ("refund", "refund_below"):
        other = {"task_id": f"task_{rng.hex(8)}", "reason": "CANARY-REASON", "group_ratio": 1.2}
        record |= {"type": 6, "quota": quota if flavour == "refund" else -quota, "use_time": 0,
                   "prompt_tokens": 0, "completion_tokens": 0}
        fields |= dict(latency_ms="0", first_token_ms=None, operation=None)
        counted, quota = None, -quota
    if flavour == "correction":
        # A task was charged too much before it ran: the difference is given back.
        other = {"task_id": f"task_{rng.hex(8)}", "model_ratio": 0.125, "group_ratio": 1}
        quota = -quota
        record |= {"quota": quota, "prompt_tokens": 0, "completion_tokens": 0, "use_time": 0,
                   "token_name": ""}
        fields |= dict(latency_ms="0", first_token_ms=None, operation=None, key=None)
        counted = Usage(0, 0)
    fields["reported_cost"] = decimal_text(quota * UNIT)
    if record["type"] == 2 and ratio not in (0, 1):
        name = "reported_markup" if ratio > 1 else "reported_discount"
        fields[name] = share(quota, ratio)
    record["other"] = dumps(other)
    if flavour == "old":
        # An old row: no request id, nothing in `other`.
        del record["request_id"]
        record["other"] = ""
        counted = Usage(prompt_tokens, usage.output)
        fields |= dict(id=None, operation=None, first_token_ms=None)
    if flavour == "skipped":
        record |= {"type": rng.pick([1, 3, 4]), "prompt_tokens": 0, "completion_tokens": 0}
        return [Line(dumps(record), start, skipped=True)]
    return [Line(dumps(record), start, event(counted, **fields))]


# Bifrost.

BIFROST = [("plain", 5), ("cached", 2), ("cached_read", 2), ("stream", 2), ("retry", 2),
           ("error", 2), ("fallback", 3), ("chain", 2), ("processing", 1), ("alias", 1),
           ("cache_hit", 1), ("embedding", 1), ("responses", 1), ("no_usage", 1)]


def bifrost(rng, start, flavour):
    start -= start % 1000
    if flavour not in ("fallback", "chain"):
        return [attempt(rng, start, flavour)]
    # Each attempt has a row; those after the first name it.
    lines = [attempt(rng, start, "error", model=("gpt-5-mini", "openai"))]
    parent = lines[0].event["id"]
    models = [("gemini-3.1-flash-lite", "google"), ("claude-sonnet-4-6", "anthropic")]
    for index in range(1, 3 if flavour == "chain" else 2):
        then = lines[-1].end + rng.between(10, 900) * 1000
        last = index == (2 if flavour == "chain" else 1)
        lines.append(attempt(rng, then, "plain" if last else "error", index,
                             models[1 if last else 0], parent))
    return lines


def attempt(rng, start, flavour, index=0, model=None, parent=None):
    model, provider = model or rng.pick(MODELS)
    if flavour == "embedding":
        model, provider = "text-embedding-3-small", "openai"
    written = {"google": "gemini"}.get(provider, provider)
    ok = flavour != "error"
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900))
    block = {"prompt_tokens": usage.input, "completion_tokens": usage.output,
             "total_tokens": usage.total()}
    if flavour == "embedding":
        usage.output = 0
        block |= {"completion_tokens": 0, "total_tokens": usage.input}
    if flavour in ("cached", "cached_read"):
        usage.read, usage.reasoning = usage.input // 128 * 64, usage.output // 4
        block |= {"prompt_tokens_details": {flavour + "_tokens": usage.read},
                  "completion_tokens_details": {"reasoning_tokens": usage.reasoning}}
    if flavour == "cached_read":
        usage.write = rng.pick([0, 32])
        block["prompt_tokens_details"]["cached_write_tokens"] = usage.write
    retries = 1 if flavour == "retry" else 0
    took = rng.between(300_000, 9_000_000)
    cost = number(cost_of(model, usage)) if ok and flavour != "cache_hit" else None
    kind, operation = {"embedding": ("embedding", "embeddings"), "responses":
                       ("response", "responses")}.get(
        flavour, rng.pick([("chat.completion", "chat"), ("chat_completion", "chat")]))
    end = start + took // 1000 * 1000
    record = {
        "id": rng.uuid(), "parent_request_id": parent, "timestamp": iso(start), "object": kind,
        "provider": written, "model": model, "number_of_retries": retries, "fallback_index": index,
        "selected_key_id": rng.uuid(), "selected_key_name": f"{provider}-main",
        "virtual_key_id": rng.uuid(), "virtual_key_name": rng.pick([None, "team-dock"]),
        "latency": Raw(decimal_text(Decimal(took) / 1000)), "token_usage": block if ok else None,
        "cost": cost, "status": "success" if ok else "error", "stream": flavour == "stream",
        "input_history": [{"role": "user", "content": prompt(rng)}],
        "output_message": {"role": "assistant", "content": answer(rng)} if ok else None,
        "raw_request": "", "metadata": {"note": f"CANARY-META-{rng.hex(4)}"},
        "created_at": iso(end)}
    fields = dict(
        id=record["id"], trace_id=parent or record["id"], time=rfc3339(start), gateway="bifrost",
        dialect="bifrost", provider=provider, response_model=model, operation=operation,
        status="ok" if ok else "error", stream=record["stream"],
        latency_ms=decimal_text(Decimal(took) / 1000), reported_cost=exact(cost) if cost else None,
        route="fallback" if index else "retry" if retries else "primary",
        route_evidence="explicit",
        key=record["virtual_key_name"] or record["selected_key_name"])
    if not ok:
        status, kind = rng.pick([(429, "rate_limit_error"), (503, None), (500, "server_error")])
        record["error_details"] = {"is_bifrost_error": False, "status_code": status, "error": {
            "type": kind, "message": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}"}}
        fields |= dict(http_status=status, error_class=class_of(status))
    if flavour == "processing":
        record |= {"status": "processing", "token_usage": None, "cost": None, "latency": None}
        return Line(dumps(record), start, skipped=True)
    if flavour == "alias":
        record["alias"] = "dock-default"
        fields |= dict(request_model="dock-default", routed=True)
    if flavour == "cache_hit":
        record |= {"cache_debug": {"cache_hit": True, "hit_type": "direct"}, "cost": Raw("0")}
        fields |= dict(gateway_cache_hit=True, reported_cost="0")
    if flavour == "no_usage":
        record |= {"token_usage": None, "cost": None}
        fields["reported_cost"] = None
    if flavour in ("plain", "stream"):
        record |= {"stop_reason": "stop", "team_id": "t-1", "team_name": "Support",
                   "user_id": "u-3"}
        fields |= dict(finish_reason="stop", team="Support", user="u-3")
    return Line(dumps(record), end, event(
        usage if ok and flavour != "no_usage" else None, **fields))


# LLM Gateway.

LLMGATEWAY = [("plain", 5), ("cached", 2), ("beside", 2), ("fallback", 3), ("auto", 2),
              ("error", 2), ("cancelled", 1), ("cache_hit", 1), ("newer", 2),
              ("newer_fallback", 1), ("retry", 1), ("filtered", 1), ("no_usage", 1), ("byok", 1)]


def llmgateway(rng, start, flavour):
    start -= start % 1000
    request = f"req_{rng.letters(16)}"
    if flavour != "retry":
        return [gateway_row(rng, start, flavour, request)]
    failed = gateway_row(rng, start, "error", request, "gpt-5-mini")
    then = failed.end + rng.between(50, 900) * 1000
    return [failed, gateway_row(rng, then, "plain", request, "gpt-5-mini")]


def gateway_row(rng, start, flavour, request, model=None):
    asked, provider = rng.pick(MODELS)
    if model:
        asked, provider = model, "openai"
    used = asked
    fields = {}
    if flavour in ("fallback", "newer_fallback"):
        asked, used, provider = "gpt-5-mini", "claude-haiku-4-5", "anthropic"
        fields = dict(route="fallback", route_from=asked,
                      route_evidence="explicit" if flavour == "fallback" else "mismatch")
    if flavour == "auto":
        asked = "auto"
        fields = dict(routed=True)
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900))
    ok = flavour != "error"
    status = rng.pick([429, 500]) if not ok else None
    took = rng.between(300, 9_000)
    cost = number(cost_of(used, usage)) if ok else None
    record = {
        "id": rng.letters(20), "requestId": request, "createdAt": iso(start),
        "updatedAt": iso(start + took * 1000), "organizationId": "org-harbor",
        "projectId": "proj-dock", "apiKeyId": rng.letters(20), "duration": took,
        "requestedModel": asked, "requestedProvider": None, "usedModel": used,
        "usedProvider": {"google": "google-ai-studio"}.get(provider, provider),
        "responseSize": rng.between(300, 9_000), "content": answer(rng),
        "messages": [{"role": "user", "content": prompt(rng)}], "finishReason": "stop",
        "unifiedFinishReason": "completed", "promptTokens": str(usage.input),
        "completionTokens": str(usage.output), "totalTokens": str(usage.total()),
        "hasError": not ok, "errorDetails": None, "cost": cost, "inputCost": 0.001,
        "outputCost": 0.001, "estimatedCost": False, "canceled": flavour == "cancelled",
        "streamed": rng.chance(50), "cached": flavour == "cache_hit", "mode": "hybrid",
        "usedMode": "api-keys" if flavour == "byok" else "credits"}
    warnings = []
    if flavour == "cached":
        usage.read, usage.write = usage.input // 128 * 64, 0
        usage.reasoning = 0
        record |= {"cachedTokens": str(usage.read), "cacheWriteTokens": "0",
                   "reasoningTokens": "0", "timeToFirstToken": took // 3}
        fields["first_token_ms"] = str(took // 3)
    if flavour == "beside":
        reasoning = rng.between(20, 800)
        record |= {"reasoningTokens": str(reasoning), "totalTokens": str(
            usage.total() + reasoning)}
        usage.reasoning, warnings = reasoning, ["reasoning_exclusive"]
        usage.output += reasoning
    if flavour in ("newer", "newer_fallback"):
        record |= {"usedModelMapping": used, "usedModel": f"{provider}/{used}",
                   "sessionId": "sess-77", "usedServiceTier": "flex"}
        used = record["usedModel"]
        fields |= dict(session_id="sess-77", service_tier="flex")
    finish = "stop"
    counted = usage
    if not ok:
        record |= {"promptTokens": None, "completionTokens": None, "totalTokens": None,
                   "finishReason": "upstream_error", "unifiedFinishReason": "upstream_error",
                   "content": None, "errorDetails": {
                       "statusCode": status, "statusText": "Error",
                       "responseText": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}"}}
        finish, counted = "upstream_error", None
        fields |= dict(http_status=status, error_class=class_of(status))
    if flavour == "cancelled":
        record |= {"finishReason": "canceled", "unifiedFinishReason": "canceled"}
        finish = "canceled"
    if flavour == "filtered":
        record |= {"finishReason": "content_filter", "unifiedFinishReason": "content_filter"}
        finish = "content_filter"
        fields["error_class"] = "content_policy"
    if flavour == "no_usage":
        record |= {"promptTokens": None, "completionTokens": None, "totalTokens": None,
                   "cost": None}
        counted, cost = None, None
    return Line(dumps(record), start + took * 1000, event(
        counted, id=record["id"], trace_id=request, time=rfc3339(start), gateway="llmgateway",
        dialect="llmgateway", provider=provider, request_model=asked, response_model=used,
        status={"cancelled": "cancelled", "filtered": "blocked"}.get(
            flavour, "ok" if ok else "error"),
        gateway_cache_hit=record["cached"], byok=flavour == "byok", stream=record["streamed"],
        finish_reason=finish, latency_ms=str(took), reported_cost=exact(cost) if cost else None,
        project="proj-dock", warnings=warnings, **fields))


# TensorZero.

TENSORZERO = [("plain", 6), ("strings", 3), ("naive", 2), ("variants", 2), ("no_usage", 2),
              ("cached", 1), ("no_cost", 1)]


def tensorzero(rng, start, flavour):
    start -= start % SECOND
    inference = rng.uuid()
    # One inference may ask several models, each answer a row.
    return [inference_row(rng, start, flavour, inference, model) for model in (
        [("gpt-5-mini", "openai"), ("claude-haiku-4-5", "anthropic")]
        if flavour == "variants" else [rng.pick(MODELS)])]


def inference_row(rng, start, flavour, inference, model):
    model, provider = model
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900))
    took = rng.between(300, 9_000)
    first = rng.pick([None, took // 3])
    cost = decimal_text(cost_of(model, usage))
    record = {
        "id": rng.uuid(), "inference_id": inference, "raw_request": prompt(rng),
        "raw_response": answer(rng), "input_tokens": usage.input, "output_tokens": usage.output,
        "cost": cost, "response_time_ms": took, "model_name": model, "model_provider_name":
        {"google": "google_ai_studio_gemini"}.get(provider, provider), "ttft_ms": first,
        "timestamp": stamp(start, "%Y-%m-%dT%H:%M:%SZ"), "finish_reason": "stop"}
    fields = dict(
        id=record["id"], trace_id=inference, time=rfc3339(start), gateway="tensorzero",
        dialect="tensorzero", provider=provider, response_model=model, status="ok",
        finish_reason="stop", latency_ms=str(took),
        first_token_ms=str(first) if first is not None else None, reported_cost=cost)
    if flavour == "strings":
        record |= {name: str(record[name]) for name in (
            "input_tokens", "output_tokens", "response_time_ms")}
    if flavour == "naive":
        record["timestamp"] = stamp(start, "%Y-%m-%d %H:%M:%S")
        fields["warnings"] = ["zone_assumed"]
    if flavour == "no_usage":
        record |= {"input_tokens": None, "output_tokens": None, "cost": None}
        usage = fields["reported_cost"] = None
    if flavour == "cached":
        record["cached"] = True
        fields["gateway_cache_hit"] = True
    if flavour == "no_cost":
        del record["cost"]
        fields["reported_cost"] = None
    return Line(dumps(record), start + took * 1000, event(usage, **fields))


KINDS = {
    "oneapi": (ONEAPI, oneapi),
    "newapi": (NEWAPI, newapi),
    "bifrost": (BIFROST, bifrost),
    "llmgateway": (LLMGATEWAY, llmgateway),
    "tensorzero": (TENSORZERO, tensorzero),
}
