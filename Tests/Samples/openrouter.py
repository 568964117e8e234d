"""OpenRouter: the chat body as an application saved it, and `GET /api/v1/generation`."""

from decimal import Decimal

from core import (HOUR, SECOND, Line, Usage, absent, answer, class_of, decimal_text, dumps, event,
                  list_cost, plain, prompt, rfc3339, secret, stamp)

# slug: (model of the price list, provider as displayed, provider of the event, permaslug)
MODELS = {
    "openai/gpt-5-mini": ("gpt-5-mini", "OpenAI", "openai", "openai/gpt-5-mini-2025-08-07"),
    "anthropic/claude-opus-4.8":
        ("claude-opus-4-8", "Anthropic", "anthropic", "anthropic/claude-opus-4.8-20260601"),
    "anthropic/claude-haiku-4.5":
        ("claude-haiku-4-5", "Anthropic", "anthropic", "anthropic/claude-haiku-4.5-20251001"),
    "google/gemini-3.1-flash-lite":
        ("gemini-3.1-flash-lite", "Google AI Studio", "google", "google/gemini-3.1-flash-lite"),
    "mistralai/mistral-small-2603":
        ("mistral-small-2603", "Mistral", "mistral", "mistralai/mistral-small-2603"),
}
FREE = "mistralai/mistral-small-2603:free"
SLUGS = [("openai/gpt-5-mini", 5), ("google/gemini-3.1-flash-lite", 4),
         ("mistralai/mistral-small-2603", 3), ("anthropic/claude-haiku-4.5", 2),
         ("anthropic/claude-opus-4.8", 1)]


def entry(slug):
    return MODELS[slug.split(":")[0]]


def tokens(rng, slug, long=False):
    size = rng.between(18_000, 30_000) if long else rng.between(300, 6_000)
    usage = Usage(size, rng.between(60, 900), read=rng.pick([0, 0, size // 512 * 128]), reasoning=0)
    if entry(slug)[0] == "gpt-5-mini":
        usage.reasoning = usage.output // 3
    return usage


def variant(*slugs):
    return next((slug.split(":")[1] for slug in slugs if slug and ":" in slug), None)


def chat(rng, start, slug, metadata=None, error=None, long=False, byok=False, finish="stop",
         chunk=False, written=0, **fields):
    """A chat body; `fields` are what the router metadata says of the route."""
    model, display, provider, _ = entry(slug)
    second = start // SECOND
    record = {"id": f"gen-{second}-{rng.letters(20)}", "provider": display, "model": slug,
              "object": "chat.completion.chunk" if chunk else "chat.completion",
              "created": second}
    common = dict(id=record["id"], time=rfc3339(second * SECOND), gateway="openrouter",
                  dialect="openrouter.chat", provider=provider, response_model=slug,
                  operation="chat", variant=variant(slug), **fields)
    if error:
        record |= {"choices": [], "error": {
            "code": error, "message": f"Provider returned error CANARY-ERROR-{rng.hex(6)}",
            "metadata": {"provider_name": display, "raw": f"key {secret(rng)} was refused"}}}
        if metadata:
            record["openrouter_metadata"] = metadata
        return Line(dumps(record), start, event(
            **common, status="error", error_class=class_of(error), http_status=error))
    usage = tokens(rng, slug, long)
    usage.write = written
    usage.audio_in = usage.video_in = usage.image_out = usage.audio_out = 0
    free = slug == FREE
    cost = Decimal(0) if free else list_cost(model, usage)
    fee = cost * Decimal("0.05") if byok else cost
    delta = "delta" if chunk else "message"
    record |= {
        "system_fingerprint": None, "service_tier": None,
        "choices": [{"index": 0, "logprobs": None, "finish_reason": finish,
                     "native_finish_reason": finish,
                     delta: {"role": "assistant", "content": answer(rng), "refusal": None,
                             "reasoning": prompt(rng) if usage.reasoning else None}}],
        "usage": {
            "prompt_tokens": usage.input, "completion_tokens": usage.output,
            "total_tokens": usage.total(), "cost": plain(fee), "is_byok": byok,
            "prompt_tokens_details": {"cached_tokens": usage.read, "cache_write_tokens": written,
                                      "audio_tokens": 0, "video_tokens": 0},
            "cost_details": {"upstream_inference_cost": plain(cost)},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning, "image_tokens": 0,
                                          "audio_tokens": 0}}}
    if metadata:
        record["openrouter_metadata"] = metadata
    return Line(dumps(record), start, event(
        usage, **common, status="blocked" if finish == "content_filter" else "ok",
        error_class="content_policy" if finish == "content_filter" else None, byok=byok,
        stream=True if chunk else None, finish_reason=finish, reported_cost=decimal_text(fee),
        reported_upstream_cost=decimal_text(cost)))


def metadata(requested, strategy, attempts):
    """`attempts`: (slug, provider, status) of each, the last one served."""
    return {"requested": requested, "strategy": strategy, "attempt": len(attempts),
            "attempts": [{"model": slug, "provider": name, "status": status}
                         for slug, name, status in attempts],
            "region": "iad",
            "endpoints": {"total": len(attempts)}}


CHAT_FLAVOURS = [("bare", 40), ("direct", 20), ("auto", 8), ("latest", 4), ("free", 4),
                 ("failover", 4), ("fallback", 5), ("listed", 3), ("error", 4), ("byok", 3),
                 ("chunk", 4), ("filtered", 1), ("written", 3)]


def chat_request(rng, start, flavour):
    slug = rng.weighted(SLUGS)
    own = (slug, entry(slug)[1], 200)
    premium = "anthropic/claude-opus-4.8"
    failed = [("openai/gpt-5-mini", "OpenAI", 429)]
    if rng.chance(40):
        failed.append(("openai/gpt-5-mini", "Azure", 503))
    why = class_of(failed[-1][2])
    first = dict(route="primary", route_evidence="explicit", attempt=0)
    if flavour == "direct":
        return chat(rng, start, slug, metadata(slug, "direct", [own]), request_model=slug, **first)
    if flavour == "auto":
        return chat(rng, start, slug, metadata("openrouter/auto", "auto", [own]),
                    request_model="openrouter/auto", routed=True, **first)
    if flavour == "latest":
        slug = "mistralai/mistral-small-2603"
        return chat(rng, start, slug, metadata("mistralai/mistral-small-latest", "latest",
                                               [(slug, "Mistral", 200)]),
                    request_model="mistralai/mistral-small-latest", routed=True, **first)
    if flavour == "free":
        return chat(rng, start, FREE)
    if flavour == "failover":
        # The same model at another provider: a retry, not a fallback.
        slug = "openai/gpt-5-mini"
        return chat(rng, start, slug, metadata(slug, "direct", [
            (slug, "Azure", 503), (slug, "OpenAI", 200)]), request_model=slug, route="retry",
            route_evidence="attempt_list", attempt=1)
    if flavour in ("fallback", "listed"):
        # `listed`: the strategy does not say fallback, only the list of attempts shows it.
        explicit = flavour == "fallback"
        return chat(rng, start, premium,
                    metadata("openai/gpt-5-mini", "fallback" if explicit else "direct",
                             failed + [(premium, "Anthropic", 200)]),
                    long=True, request_model="openai/gpt-5-mini", route="fallback",
                    route_evidence="explicit" if explicit else "attempt_list",
                    route_from="openai/gpt-5-mini", route_reason=why, attempt=len(failed))
    if flavour == "error":
        return chat(rng, start, slug, error=rng.pick([429, 502, 503, 402, 403]))
    if flavour == "byok":
        return chat(rng, start, slug, byok=True)
    if flavour == "chunk":
        return chat(rng, start, slug, chunk=True)
    if flavour == "filtered":
        return chat(rng, start, slug, finish="content_filter")
    if flavour == "written":
        return chat(rng, start, "anthropic/claude-haiku-4.5", written=rng.pick([128, 256]))
    return chat(rng, start, slug, finish=rng.weighted([("stop", 6), ("length", 1),
                                                       ("tool_calls", 1)]))


def generation(rng, start, slug, attempts=None, router=None, tier=None, cancelled=False,
               byok=False, long=False, **fields):
    """The record of a generation, in the `data` envelope of the API."""
    model, display, provider, permaslug = entry(slug)
    usage = tokens(rng, slug, long)
    usage.image_out = 0
    if cancelled:
        usage.output, usage.reasoning = rng.between(1, 40), 0
    cost = list_cost(model, usage, tier)
    charged = cost * Decimal("0.05") if byok else cost
    took = rng.between(400, 9_000)
    if attempts is None and rng.chance(60):
        attempts = [(permaslug, display, 200)]
    if attempts is not None and "route" not in fields:
        fields |= dict(route="primary", route_evidence="attempt_list", attempt=0)
    user = rng.pick(["u-17", "u-23", None])
    streamed = rng.chance(50)
    # The normalised counts of another tokenizer, which nobody bills.
    other = (usage.input * 97 // 100, usage.output * 103 // 100)
    data = {
        "id": f"gen-{start // SECOND}-{rng.letters(20)}", "upstream_id": f"chatcmpl-{rng.hex(20)}",
        "total_cost": plain(charged), "cache_discount": None,
        "upstream_inference_cost": plain(cost) if byok else None,
        "created_at": stamp(start, "%Y-%m-%dT%H:%M:%S") + f".{start % SECOND:06d}+00:00",
        "model": slug, "app_id": 40217, "streamed": streamed, "cancelled": cancelled,
        "provider_name": display, "latency": took // 4,
        "generation_time": took, "finish_reason": None if cancelled else "stop",
        "tokens_prompt": other[0], "tokens_completion": other[1],
        "native_tokens_prompt": usage.input, "native_tokens_completion": usage.output,
        "native_tokens_completion_images": 0, "native_tokens_reasoning": usage.reasoning,
        "native_tokens_cached": usage.read, "num_search_results": None,
        "origin": "https://harborlane.example/CANARY-URL", "is_byok": byok, "usage":
        plain(charged), "external_user": user, "api_type": "completions", "router": router,
        "service_tier": tier, "session_id": None, "user_agent": "CANARY-AGENT/1.0",
        "provider_responses": None if attempts is None else [
            {"provider_name": name, "model_permaslug": permanent, "status": status,
             "latency": rng.between(100, 2_000), "is_byok": byok} for permanent, name, status
            in attempts]}
    return Line(dumps({"data": data}), start + took * 1000, event(
        usage, id=data["id"], time=rfc3339(start), gateway="openrouter",
        dialect="openrouter.generation", provider=provider, request_model=router,
        response_model=slug, variant=variant(slug), operation="chat",
        status="cancelled" if cancelled else "ok", routed=True if router else None, byok=byok,
        service_tier=tier, stream=streamed, finish_reason=data["finish_reason"],
        latency_ms=str(took), reported_cost=decimal_text(charged),
        reported_upstream_cost=decimal_text(cost) if byok else None, user=user, **fields))


GENERATION_FLAVOURS = [("plain", 60), ("auto", 8), ("failover", 6), ("fallback", 8), ("byok", 5),
                       ("cancelled", 5), ("tier", 5)]


def generation_request(rng, start, flavour):
    slug = rng.weighted(SLUGS)
    mini, premium = "openai/gpt-5-mini", "anthropic/claude-opus-4.8"
    if flavour == "auto":
        return generation(rng, start, slug, router="openrouter/auto")
    if flavour == "failover":
        failed = rng.pick([429, 502, 503])
        return generation(rng, start, mini, [(entry(mini)[3], "Azure", failed),
                                             (entry(mini)[3], "OpenAI", 200)],
                          route="retry", route_evidence="attempt_list", attempt=1)
    if flavour == "fallback":
        failed = [(entry(mini)[3], "OpenAI", 429)]
        if rng.chance(40):
            failed.append((entry(mini)[3], "Azure", rng.pick([429, 503])))
        return generation(
            rng, start, premium, failed + [(entry(premium)[3], "Anthropic", 200)], long=True,
            route="fallback", route_evidence="attempt_list", route_from=entry(mini)[3],
            route_reason=class_of(failed[-1][2]), attempt=len(failed))
    if flavour == "byok":
        return generation(rng, start, slug, byok=True)
    if flavour == "cancelled":
        return generation(rng, start, slug, cancelled=True)
    if flavour == "tier":
        return generation(rng, start, mini, tier=rng.pick(["flex", "priority"]))
    return generation(rng, start, slug)


def month(rng, base, flavours, make, per_day, burst):
    """Quiet days, and `burst` flavours through the 14th."""
    lines, used = [], set()
    for day in range(31):
        for _ in range(rng.between(*per_day)):
            flavour = rng.weighted(flavours)
            if flavour in ("tier", "fallback", "listed") and day < 14 and rng.chance(80):
                flavour = flavours[0][0]
            if flavour == "tier" and day < 14:
                flavour = flavours[0][0]
            at = base + day * 24 * HOUR + rng.between(6 * HOUR, 20 * HOUR)
            used.add(flavour)
            lines.append(make(rng, at, flavour))
    for flavour in absent(flavours, used | set(burst)):
        lines.append(make(rng, base + 20 * 24 * HOUR + 15 * HOUR, flavour))
    for index in range(len(burst)):
        at = base + 13 * 24 * HOUR + 9 * HOUR + index * 420 * SECOND + rng.between(0, 60 * SECOND)
        lines.append(make(rng, at, burst[index]))
    return lines


def chat_month(rng, base):
    burst = ["fallback", "bare", "listed", "direct", "fallback", "failover", "error"] * 3
    return month(rng, base, CHAT_FLAVOURS, chat_request, (3, 4), burst)


def generation_month(rng, base):
    burst = ["fallback", "plain", "failover", "fallback"] * 5
    return month(rng, base, GENERATION_FLAVOURS, generation_request, (3, 4), burst)
