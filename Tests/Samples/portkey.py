"""Portkey: the logs export, whose cost is in US cents and 7 % over list."""

from decimal import Decimal

from core import (HOUR, MINUTE, SECOND, Line, Raw, Usage, absent, answer, class_of, decimal_text,
                  dumps, event, list_cost, number, prompt, rfc3339, secret, stamp)

# model: (model of the price list, Portkey's provider, provider of the event, URL)
MODELS = {
    "gpt-5-mini": ("gpt-5-mini", "openai", "openai", "https://api.openai.com/v1/chat/completions"),
    "claude-opus-4-8": ("claude-opus-4-8", "anthropic", "anthropic",
                        "https://api.anthropic.com/v1/messages"),
    "claude-haiku-4-5": ("claude-haiku-4-5", "anthropic", "anthropic",
                         "https://api.anthropic.com/v1/messages"),
    "gpt-4o-mini": ("gpt-4o-mini", "azure-openai", "azure",
                    "https://harborlane.openai.azure.com/openai/deployments/x/chat/completions"),
    "text-embedding-3-small": ("text-embedding-3-small", "openai", "openai",
                               "https://api.openai.com/v1/embeddings"),
    "gpt-6-mini-preview": ("gpt-6-mini-preview", "openai", "openai",
                           "https://api.openai.com/v1/chat/completions"),
}
OPERATIONS = {"chat/completions": "chat", "embeddings": "embeddings", "messages": "messages"}
MARKUP = Decimal("1.07")


def row(rng, start, model, trace, requested=None, status=200, cache="MISS", mode="single",
        units_only=False, native=False, hidden=False, long=False, text_request=False,
        texts=False, **fields):
    """A row of the export.

    `units_only` has no response usage, `native` Anthropic's own usage block, `hidden` no bodies at
    all, `text_request` the request as a JSON string, `texts` counts as strings.
    """
    priced, organisation, provider, url = MODELS[model]
    ok = 200 <= status < 300
    hit = cache in ("HIT", "SEMANTIC HIT")
    size = rng.between(20_000, 32_000) if long else rng.between(200, 5_000)
    usage = Usage(size, rng.between(30, 700), read=rng.pick([0, size // 256 * 64]), reasoning=0)
    if model == "text-embedding-3-small":
        usage = Usage(rng.between(20, 2_000), 0)
    if native:
        usage.write5m, usage.write1h, usage.reasoning = rng.pick([0, 128]), 0, None
    if units_only or hidden:
        usage.read = usage.reasoning = None
    took = rng.between(6, 30) if hit else rng.between(300, 5_000) if ok else rng.between(40, 900)
    cost = Decimal(0)
    if ok and not hit:
        cost = (list_cost(priced, usage) or Decimal(0)) * MARKUP * 100
    metadata = {"_user": rng.pick(["u-31", "u-44"]), "env": rng.pick(["prod", "staging"]),
                "team": rng.pick(["Support", "Search"]), "note": f"CANARY-NOTE-{rng.hex(4)}"}
    request = {"model": requested or model, "messages": [{"role": "user", "content": prompt(rng)}],
               "user": "CANARY-USER"}
    if rng.chance(8):
        request["api_key"] = secret(rng)
    count = str if texts else int
    record = {
        "id": rng.uuid(), "trace_id": trace,
        "created_at": stamp(start, "%Y-%m-%dT%H:%M:%S") + f".{start // 1000 % 1000:03d}Z",
        "is_success": ok, "ai_org": organisation, "ai_model": model,
        "req_units": count(usage.input) if ok else 0, "res_units": count(usage.output) if ok else 0,
        "total_units": count(usage.total()) if ok else 0, "request_url": url,
        "cost": number(cost) if cost else Raw("0"), "cost_currency": "USD", "response_time": took,
        "response_status_code": status, "cache_status": cache,
        "cache_type": "simple" if hit else None, "stream_mode": rng.below(2), "mode": mode,
        "virtual_key": rng.pick(["openai-prod", "labs"]),
        "metadata": metadata}
    body = None
    if not hidden:
        record["request"] = dumps(request, spaced=True) if text_request else request
        body = response(rng, record, usage, model, status, native, units_only, count)
        record["response"] = body
    fields = dict(fields)
    if ok and (units_only or hidden):
        fields["warnings"] = ["cache_split_unknown"]
    finish = None
    if ok and not units_only and not hidden:
        finish = body.get("stop_reason") or (body.get("choices") or [{}])[0].get("finish_reason")
    asked = None if hidden else requested or model
    return Line(dumps(record), start + took * 1000, event(
        usage if ok else None, id=record["id"], trace_id=trace, time=rfc3339(start // 1000 * 1000),
        gateway="portkey", dialect="portkey.export", provider=provider, request_model=asked,
        response_model=model,
        operation=next(name for end, name in OPERATIONS.items() if url.endswith("/" + end)),
        status="ok" if ok else "blocked" if status == 446 else "cancelled" if status == 499 else
        "error",
        error_class=None if ok or status == 499 else "content_policy" if status == 446 else
        class_of(status), http_status=status,
        gateway_cache_hit=hit, stream=bool(record["stream_mode"]), finish_reason=finish,
        latency_ms=str(took), reported_cost=decimal_text(Decimal(record["cost"]) / 100),
        key=record["virtual_key"], team=metadata["team"], user=metadata["_user"],
        environment=metadata["env"], **fields))


def response(rng, record, usage, model, status, native, units_only, count):
    if status >= 300:
        return {"error": {"message": f"{status} from provider CANARY-ERROR-{rng.hex(4)}",
                          "type": "error", "key": secret(rng)}}
    if units_only:
        return {"id": f"chatcmpl-{rng.hex(12)}", "note": "content hidden"}
    if native:
        return {"id": f"msg_{rng.letters(20)}", "type": "message", "role": "assistant",
                "model": model, "content": [{"type": "text", "text": answer(rng)}],
                "stop_reason": "end_turn", "usage": {
                    "input_tokens": usage.input - usage.read - usage.write5m - usage.write1h,
                    "cache_read_input_tokens": usage.read,
                    "cache_creation_input_tokens": usage.write5m + usage.write1h,
                    "cache_creation": {"ephemeral_5m_input_tokens": usage.write5m,
                                       "ephemeral_1h_input_tokens": usage.write1h},
                    "output_tokens": usage.output}}
    if model == "text-embedding-3-small":
        return {"object": "list", "data": [], "model": model,
                "usage": {"prompt_tokens": usage.input, "completion_tokens": 0,
                          "total_tokens": usage.input}}
    return {"id": f"chatcmpl-{rng.hex(12)}", "object": "chat.completion", "model": model,
            "choices": [{"index": 0, "finish_reason": "stop",
                         "message": {"role": "assistant", "content": answer(rng)}}],
            "usage": {"prompt_tokens": count(usage.input), "completion_tokens": count(usage.output),
                      "total_tokens": count(usage.total()),
                      "prompt_tokens_details": {"cached_tokens": usage.read},
                      "completion_tokens_details": {"reasoning_tokens": usage.reasoning}}}


FLAVOURS = [("plain", 50), ("native", 10), ("cache", 8), ("units", 5), ("hidden", 4), ("text", 6),
            ("strings", 4), ("embedding", 5), ("preview", 5), ("retry", 4), ("fallback", 6),
            ("mismatch", 2), ("latest", 2), ("error", 4), ("blocked", 1), ("cancelled", 1)]


def request(rng, start, flavour):
    """The rows of one logical request."""
    start -= start % 1000
    trace = f"trace-{rng.hex(12)}"
    model = rng.weighted([("gpt-5-mini", 5), ("gpt-4o-mini", 3), ("claude-haiku-4-5", 2)])
    one = lambda name, at=start, **fields: row(rng, at, name, trace, **fields)
    if flavour == "native":
        return [one("claude-haiku-4-5", native=True)]
    if flavour == "cache":
        return [one(model, cache=rng.pick(["HIT", "SEMANTIC HIT"]))]
    if flavour == "units":
        return [one(model, units_only=True)]
    if flavour == "hidden":
        return [one(model, hidden=True)]
    if flavour == "text":
        return [one(model, text_request=True)]
    if flavour == "strings":
        return [one("gpt-5-mini", texts=True)]
    if flavour == "embedding":
        return [one("text-embedding-3-small")]
    if flavour == "preview":
        return [one("gpt-6-mini-preview")]
    if flavour == "error":
        return [one(model, status=rng.pick([400, 401, 500, 503]))]
    if flavour == "blocked":
        return [one(model, status=446)]
    if flavour == "cancelled":
        return [one(model, status=499)]
    if flavour == "mismatch":
        return [one("claude-opus-4-8", requested="gpt-5-mini", mode="fallback", route="fallback",
                    route_evidence="mismatch", route_from="gpt-5-mini")]
    if flavour == "latest":
        return [one("gpt-5-mini", requested="gpt-latest", routed=True)]
    if flavour == "plain":
        return [one(model, mode=rng.pick(["single", "loadbalance", "fallback"]),
                    cache=rng.pick(["MISS", "DISABLED", "REFRESH"]))]
    rows = [one("gpt-5-mini", status=rng.pick([429, 429, 503]), mode="fallback")]
    then = rows[0].end + rng.between(100, 1_500) * 1000
    if flavour == "retry":
        return rows + [one("gpt-5-mini", then, mode="fallback")]
    return rows + [one("claude-opus-4-8", then, requested="gpt-5-mini", mode="fallback", long=True,
                       native=rng.chance(50), route="fallback", route_evidence="mismatch",
                       route_from="gpt-5-mini")]


def month(rng, base):
    lines, used = [], set()
    for day in range(31):
        for _ in range(3):
            at = base + day * 24 * HOUR + rng.between(7 * HOUR, 20 * HOUR)
            flavour = rng.weighted(FLAVOURS)
            used.add(flavour)
            lines += request(rng, at, flavour)
    for flavour in absent(FLAVOURS, used):
        lines += request(rng, base + 20 * 24 * HOUR + 15 * HOUR, flavour)
    for index in range(10):
        at = base + 13 * 24 * HOUR + 9 * HOUR + index * 13 * MINUTE
        lines += request(rng, at, "fallback" if index % 3 else "retry")
        lines += request(rng, at + rng.between(2, 20) * SECOND, "plain")
    return lines
