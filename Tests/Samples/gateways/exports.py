"""Exports and log stores of OpenRouter and Portkey that are not in the month.

What the documents leave open is decided so:

openrouter.activity  response_model the permaslug, variant from the slug; a day has no zone
openrouter.csv       the variant `standard` is none; byok when byok_usage_inference is above 0; a
                     row without created_at takes the seconds of its id; cost_cache, below 0, is
                     reported_discount without the sign; finish finish_reason_normalized
portkey.log          cost is cents; counts as in the export, of response.body; a time without a zone
                     is UTC; user, team and environment from the header's metadata, else from the
                     two lists metadata.key and metadata.value; fallback (explicit) when the mode
                     is fallback and the last option, by index or path, is not the first
portkey.stream       skipped: it has neither counts nor a time that can be read
portkey.export+old   old columns: request.body.model, and metadata in two lists
"""

import csv
import io
from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, event,
                  list_cost, number, plain, prompt, rfc3339, secret, stamp)

# permaslug: (slug, model of the price list, provider as displayed, provider of the event)
MODELS = {
    "openai/gpt-5-mini-2025-08-07": ("openai/gpt-5-mini", "gpt-5-mini", "OpenAI", "openai"),
    "anthropic/claude-4.5-haiku-20251001":
        ("anthropic/claude-haiku-4.5", "claude-haiku-4-5", "Anthropic", "anthropic"),
    "google/gemini-3.1-flash-lite-20260303":
        ("google/gemini-3.1-flash-lite", "gemini-3.1-flash-lite", "Google AI Studio", "google"),
    "mistralai/mistral-small-2603":
        ("mistralai/mistral-small-2603", "mistral-small-2603", "Mistral", "mistral"),
}


def milliseconds_of(us):
    return f"{us % SECOND // 1000:03d}"


# OpenRouter, sums of a day.

ACTIVITY = [("plain", 6), ("byok", 2), ("free", 2), ("clock", 2)]


def activity(rng, start, flavour):
    permaslug = rng.pick(list(MODELS))
    slug, model, display, provider = MODELS[permaslug]
    count = rng.between(2, 900)
    usage = Usage(count * rng.between(200, 3_000), count * rng.between(20, 900))
    usage.reasoning = usage.output // 4
    cost = Decimal(0) if flavour == "free" else list_cost(model, usage)
    byok = cost if flavour == "byok" else Decimal(0)
    day = start - start % (24 * 3600 * SECOND)
    record = {
        "date": stamp(day, "%Y-%m-%d"), "model": slug + (":free" if flavour == "free" else ""),
        "model_permaslug": permaslug, "endpoint_id": rng.uuid(), "provider_name": display,
        "usage": plain(cost - byok), "byok_usage_inference": plain(byok), "requests": count,
        "prompt_tokens": usage.input, "completion_tokens": usage.output,
        "reasoning_tokens": usage.reasoning}
    if flavour == "clock":
        record["date"] += " 00:00:00"
    return [Line(dumps(record), start, event(
        usage, time=rfc3339(day), gateway="openrouter", dialect="openrouter.activity",
        provider=provider, response_model=permaslug,
        variant="free" if flavour == "free" else None, status="ok", requests=count,
        reported_cost=decimal_text(cost - byok), reported_upstream_cost=decimal_text(byok),
        warnings=["zone_assumed"]))]


# OpenRouter, the export of the dashboard.

CSV = [("plain", 8), ("cached", 3), ("free", 2), ("byok", 2), ("cancelled", 1), ("undated", 2),
       ("quoted", 2), ("error", 1), ("filtered", 1)]
COLUMNS = """generation_id created_at cost_total cost_web_search cost_cache cost_file_processing
byok_usage_inference tokens_prompt tokens_completion tokens_reasoning tokens_cached model_permaslug
provider_name variant cancelled streamed user finish_reason_raw finish_reason_normalized
generation_time_ms time_to_first_token_ms api_key_disabled api_key_name app_name""".split()


def row(rng, start, flavour):
    start -= start % 1000
    permaslug = rng.pick(list(MODELS))
    _, model, display, provider = MODELS[permaslug]
    usage = Usage(rng.between(200, 9_000), rng.between(20, 900), read=0, reasoning=0)
    saved = Decimal(0)
    if flavour == "cached":
        usage.read, usage.reasoning = usage.input // 128 * 96, usage.output // 3
        saved = list_cost(model, Usage(usage.read, 0)) - list_cost(
            model, Usage(usage.read, 0, read=usage.read))
    cost = list_cost(model, usage)
    byok = flavour == "byok"
    charged = Decimal(0) if byok or flavour == "free" else cost
    took, first = rng.between(600, 9_000), rng.between(80, 500)
    finish = {"cancelled": "", "error": "error", "filtered": "content_filter"}.get(flavour, "stop")
    streamed, user = rng.chance(50), rng.pick(["", "u-17", "u-23"])
    app = 'Dock, "night shift"' if flavour == "quoted" else "dock-planner"
    key = "prod, eu" if flavour == "quoted" else rng.pick(["prod-key", "ci-key"])
    cells = {
        "generation_id": f"gen-{start // SECOND}-{rng.letters(20)}", "created_at":
        stamp(start, "%Y-%m-%d %H:%M:%S") + "." + milliseconds_of(start),
        "cost_total": plain(charged), "cost_web_search": 0,
        "cost_cache": plain(-saved) if saved else 0, "cost_file_processing": 0,
        "byok_usage_inference": plain(cost) if byok else 0, "tokens_prompt": usage.input,
        "tokens_completion": usage.output, "tokens_reasoning": usage.reasoning,
        "tokens_cached": usage.read, "model_permaslug": permaslug, "provider_name": display,
        "variant": "free" if flavour == "free" else "standard",
        "cancelled": str(flavour == "cancelled").lower(), "streamed": str(streamed).lower(),
        "user": user, "finish_reason_raw": finish, "finish_reason_normalized": finish,
        "generation_time_ms": "" if flavour == "cancelled" else took,
        "time_to_first_token_ms": "" if flavour == "cancelled" else first,
        "api_key_disabled": "false", "api_key_name": key, "app_name": app}
    fields = dict(
        id=cells["generation_id"], time=rfc3339(start), gateway="openrouter",
        dialect="openrouter.csv", provider=provider, response_model=permaslug,
        variant="free" if flavour == "free" else None,
        status={"cancelled": "cancelled", "error": "error", "filtered": "blocked"}.get(
            flavour, "ok"),
        error_class={"error": "other", "filtered": "content_policy"}.get(flavour), byok=byok,
        stream=streamed, finish_reason=finish or None,
        latency_ms=str(cells["generation_time_ms"]) or None,
        first_token_ms=str(cells["time_to_first_token_ms"]) or None,
        reported_cost=decimal_text(charged),
        reported_upstream_cost=decimal_text(cost) if byok else "0",
        reported_discount=decimal_text(saved), key=key, user=user or None,
        warnings=["zone_assumed"])
    counted = usage
    if flavour == "error":
        cells |= {name: 0 for name in cells if name.startswith("tokens_")} | {"cost_total": 0}
        fields["reported_cost"] = "0"
        counted = None
    if flavour == "undated":
        cells["created_at"] = ""
        fields |= dict(time=rfc3339(start // SECOND * SECOND), warnings=None)
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([cells[name] for name in COLUMNS])
    return [Line(text.getvalue(), start + took * 1000, event(counted, **fields))]


# Portkey, the log object.

LOG = [("plain", 5), ("claude", 2), ("fallback", 2), ("path", 2), ("units", 1), ("hidden", 1),
       ("header", 2), ("texts", 1), ("cache", 1), ("retried", 1), ("error", 2), ("blocked", 1),
       ("cancelled", 1), ("currency", 1), ("pair", 1)]
TARGETS = {"gpt-5-mini": ("openai", "openai", "https://api.openai.com/v1/chat/completions", "chat"),
           "gpt-4o-mini": ("azure-openai", "azure", "https://x.openai.azure.com/openai/deployments/"
                           "y/chat/completions?api-version=1", "chat"),
           "claude-haiku-4-5": ("anthropic", "anthropic", "https://api.anthropic.com/v1/messages",
                                "messages")}


def log(rng, start, flavour):
    if flavour != "pair":
        return [log_object(rng, start, flavour, f"trace-{rng.hex(10)}")]
    # Two attempts of one request, each an object of its own.
    trace = f"trace-{rng.hex(10)}"
    failed = log_object(rng, start, "error", trace, "gpt-5-mini")
    return [failed, log_object(rng, failed.end + 200_000, "claude", trace, asked="gpt-5-mini",
                               route="fallback", route_from="gpt-5-mini",
                               route_evidence="mismatch")]


def log_object(rng, start, flavour, trace, model=None, asked=None, **fields):
    start -= start % 1000
    model = model or ("claude-haiku-4-5" if flavour in ("claude", "fallback", "path")
                      else rng.pick(["gpt-5-mini", "gpt-4o-mini"]))
    written, provider, url, operation = TARGETS[model]
    if flavour in ("fallback", "path"):
        asked = "gpt-5-mini"
        fields = dict(route="fallback", route_evidence="explicit", route_from=asked)
    if flavour == "retried":
        fields = dict(route="retry", route_evidence="explicit")
    asked = asked or model
    status = {"blocked": 446, "cancelled": 499}.get(flavour, 200)
    if flavour == "error":
        status = rng.pick([429, 500, 503])
    ok = status == 200
    took = rng.between(300, 9_000)
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900), read=0, reasoning=0)
    usage.read = rng.pick([0, usage.input // 128 * 64])
    body = {"id": f"chatcmpl-{rng.hex(10)}", "object": "chat.completion", "model": model,
            "service_tier": "default", "choices": [{"index": 0, "finish_reason": "stop", "message":
                                                    {"role": "assistant", "content": answer(rng)}}],
            "usage": {"prompt_tokens": usage.input, "completion_tokens": usage.output,
                      "total_tokens": usage.total(),
                      "prompt_tokens_details": {"cached_tokens": usage.read},
                      "completion_tokens_details": {"reasoning_tokens": 0}}}
    finish, tier = "stop", "default"
    if operation == "messages":
        usage.write, usage.reasoning = None, None
        usage.write5m, usage.write1h = rng.pick([0, 64]), 0
        usage.input += usage.write5m
        body = {"id": f"msg_{rng.hex(10)}", "type": "message", "model": model,
                "content": [{"type": "text", "text": answer(rng)}], "stop_reason": "end_turn",
                "usage": {"input_tokens": usage.input - usage.read - usage.write5m,
                          "cache_read_input_tokens": usage.read,
                          "cache_creation_input_tokens": usage.write5m,
                          "cache_creation": {"ephemeral_5m_input_tokens": usage.write5m,
                                             "ephemeral_1h_input_tokens": 0},
                          "output_tokens": usage.output}}
        finish, tier = "end_turn", None
    hit = flavour == "cache"
    cost = (list_cost(model, usage) or Decimal(0)) * 100 if ok and not hit else Decimal(0)
    names = {"_user": "u-31", "env": "prod", "team": "Support", "note": f"CANARY-{rng.hex(4)}"}
    record_id = rng.uuid()
    headers = {"x-portkey-api-key": secret(rng), "x-portkey-trace-id": trace}
    metrics = {
        "id": record_id, "ai_org": written, "ai_model": model, "req_units": usage.input,
        "res_units": usage.output, "total_units": usage.total(),
        "cost": number(cost) if cost else Raw("0"), "cost_currency": "USD", "request_url": url,
        "response_status_code": status, "response_time": took,
        "is_success": rng.pick([1, True]) if ok else rng.pick([0, False]),
        "cache_status": "HIT" if hit else "MISS",
        "stream_mode": rng.below(2), "retry_success_count": 1 if flavour == "retried" else 0,
        "trace_id": trace, "mode": "single",
        "virtual_key": rng.pick(["openai-prod", "labs"]),
        "metadata.key": list(names), "metadata.value": list(names.values()),
        "gateway_processing_time": 12}
    record = {
        "_id": record_id, "organisation_id": "org-1",
        "created_at": stamp(start, "%Y-%m-%dT%H:%M:%S") + "." + milliseconds_of(start),
        "request": {"url": url, "body":
                    {"model": asked, "messages": [{"role": "user", "content": prompt(rng)}]},
                    "portkeyHeaders": headers},
        "response": {"status": status, "body": body, "responseTime": took},
        "metrics": metrics}
    warnings, counted = ["zone_assumed"], usage
    if flavour in ("fallback", "path"):
        metrics["mode"] = "fallback"
        record["response"]["lastUsedOptionJsonPath"] = "$.config.targets[1]"
        if flavour == "fallback":
            metrics["last_used_option_index"] = 1
    if flavour == "header":
        del metrics["metadata.key"], metrics["metadata.value"], metrics["trace_id"]
        headers["x-portkey-metadata"] = dumps(names)
    if flavour in ("units", "hidden"):
        # Without the body's usage the cached part is not told.
        counted, finish, tier = Usage(usage.input, usage.output), None, None
        warnings = ["cache_split_unknown", "zone_assumed"]
        record["response"]["body"] = {"note": "content hidden"}
        if flavour == "hidden":
            del record["request"], record["response"]
            asked = None
    if flavour == "texts":
        record["request"]["body"] = dumps(record["request"]["body"])
        record["response"]["body"] = dumps(body)
        for name in ("req_units", "res_units", "cost"):
            metrics[name] = str(metrics[name])
    if flavour == "currency":
        metrics["cost_currency"] = "EUR"
    error = None
    if not ok:
        metrics |= {"req_units": 0, "res_units": 0, "total_units": 0}
        record["response"]["body"] = {"error": {
            "message": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}", "type": "error"}}
        counted = finish = tier = None
        error = {446: "content_policy", 499: None}.get(status, class_of(status))
    return Line(dumps(record), start + took * 1000, event(
        counted, id=record_id, trace_id=trace, time=rfc3339(start), gateway="portkey",
        dialect="portkey.log", provider=provider, request_model=asked, response_model=model,
        operation=operation, status={446: "blocked", 499: "cancelled"}.get(
            status, "ok" if ok else "error"),
        error_class=error, http_status=status, gateway_cache_hit=hit,
        stream=bool(metrics["stream_mode"]), finish_reason=finish, service_tier=tier,
        latency_ms=str(took), gateway_overhead_ms="12",
        reported_cost=decimal_text(Decimal(metrics["cost"]) / 100),
        reported_currency="EUR" if flavour == "currency" else None, key=metrics["virtual_key"],
        team="Support", user="u-31", environment="prod", warnings=warnings, **fields))


# Portkey, the stream of the open-source gateway.

STREAM = [("plain", 1)]


def stream(rng, start, flavour):
    record = {
        "time": stamp(start, "%m/%d/%Y, %H:%M:%S"), "method": "POST",
        "endpoint": "/v1/chat/completions", "status": 200, "duration": rng.between(300, 9_000),
        "requestOptions": [{"providerOptions": {"provider": "openai", "apiKey": secret(rng)},
                            "requestParams": {"model": "gpt-5-mini", "messages": [prompt(rng)]},
                            "response": {"choices": [answer(rng)]}}]}
    return [Line(dumps(record), start, skipped=True)]


# Portkey, the export with its old columns.

OLD = [("dotted", 4), ("nested", 4), ("text", 2)]


def old(rng, start, flavour):
    start -= start % 1000
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900))
    took = rng.between(300, 9_000)
    cost = number(list_cost("gpt-5-mini", usage) * 100)
    names = {"_user": rng.pick(["u-31", "u-44"]), "team": "Search", "env": "staging"}
    request = {"url": "https://api.openai.com/v1/chat/completions", "body": {
        "model": "gpt-5-mini", "messages": [{"role": "user", "content": prompt(rng)}]}}
    record = {
        "id": rng.uuid(), "trace_id": f"trace-{rng.hex(10)}",
        "created_at": stamp(start, "%Y-%m-%dT%H:%M:%S") + "." + milliseconds_of(start) + "Z",
        "is_success": 1, "ai_org": "openai", "ai_model": "gpt-5-mini", "req_units": usage.input,
        "res_units": usage.output, "total_units": usage.total(), "cost": cost,
        "cost_currency": "USD", "response_time": took, "response_status_code": 200,
        "retry_success_count": 0, "mode": "single", "request": request}
    if flavour == "nested":
        record["metadata"] = {"key": list(names), "value": list(names.values())}
    else:
        record |= {"metadata.key": list(names), "metadata.value": list(names.values())}
    if flavour == "text":
        record["request"] = dumps(request)
    return [Line(dumps(record), start + took * 1000, event(
        usage, id=record["id"], trace_id=record["trace_id"], time=rfc3339(start),
        gateway="portkey", dialect="portkey.export", provider="openai",
        request_model="gpt-5-mini", response_model="gpt-5-mini", status="ok", http_status=200,
        latency_ms=str(took), reported_cost=decimal_text(Decimal(cost) / 100), team="Search",
        user=names["_user"], environment="staging", warnings=["cache_split_unknown"]))]


KINDS = {
    "openrouter.activity": (ACTIVITY, activity),
    "openrouter.csv": (CSV, row),
    "portkey.log": (LOG, log),
    "portkey.stream": (STREAM, stream),
    "portkey.export+old": (OLD, old),
}
# The file begins with a byte order mark.
FILES = {"openrouter.csv": {"extension": "csv", "head": "\ufeff" + ",".join(COLUMNS)}}
AGGREGATES = {"openrouter.activity"}
