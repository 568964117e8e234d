"""Bodies that an application or proxy saved: OpenAI chat and responses, Anthropic messages, and
the capture wrapper of a relay."""

from core import (HOUR, MINUTE, SECOND, Line, Raw, Usage, absent, answer, chat_choice, class_of,
                  dumps, event, oai_usage, prompt, rfc3339, secret, stamp)

DATED = {"gpt-5-mini": "gpt-5-mini-2025-08-07", "gpt-5": "gpt-5-2025-08-07",
         "gpt-4o-mini": "gpt-4o-mini-2024-07-18", "gpt-6-mini-preview": "gpt-6-mini-preview"}


# OpenAI chat completions.

CHAT = [("plain", 60), ("reasoning", 10), ("tier", 8), ("embedding", 8), ("filtered", 1),
        ("stream", 3), ("preview", 8), ("completion", 2), ("anthropic", 2)]


def openai_chat(rng, start, flavour):
    """The lines of one request; a streamed one has chunks before the one with the usage."""
    if flavour == "anthropic":
        return anthropic(rng, start, "plain")
    second = start // SECOND
    fields = dict(time=rfc3339(second * SECOND), gateway="openai", dialect="openai.chat",
                  provider="openai", operation="chat", status="ok")
    if flavour == "embedding":
        usage = Usage(rng.between(20, 3_000))
        body = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding":
                                            [Raw("0.0057293195"), Raw("-0.012727811")]}],
                "model": "text-embedding-3-small",
                "usage": {"prompt_tokens": usage.input, "total_tokens": usage.input},
                "timestamp": rfc3339(start)}
        return [Line(dumps(body), start, event(
            usage, **fields | {"operation": "embeddings", "time": rfc3339(start)},
            response_model=body["model"], warnings=["time_approximate"]))]
    model = {"reasoning": "gpt-5", "preview": "gpt-6-mini-preview"}.get(
        flavour, rng.weighted([("gpt-5-mini", 5), ("gpt-4o-mini", 4), ("gpt-5", 1)]))
    size = rng.between(100, 7_000)
    usage = Usage(size, rng.between(20, 900), read=rng.pick([0, size // 128 * 64]), audio_in=0,
                  reasoning=0, audio_out=0)
    if model.startswith("gpt-5") or flavour == "reasoning":
        usage.reasoning = usage.output // 64 * 48
    tier = rng.pick(["flex", "priority"]) if flavour == "tier" else "default"
    if flavour == "tier" and model == "gpt-4o-mini":
        model = "gpt-5"
    finish = "content_filter" if flavour == "filtered" else rng.weighted(
        [("stop", 8), ("length", 1), ("tool_calls", 1)])
    body = {"id": f"chatcmpl-{rng.letters(24)}", "object": "chat.completion", "created": second,
            "model": DATED[model],
            "choices": [chat_choice(rng, finish, refusal=None, annotations=[])],
            "usage": oai_usage(usage), "service_tier": tier,
            "system_fingerprint": f"fp_{rng.hex(10)}"}
    fields |= dict(id=body["id"], response_model=body["model"], service_tier=tier,
                   finish_reason=finish)
    if flavour == "completion":
        usage = Usage(usage.input, usage.output)
        body |= {"object": "text_completion", "model": "gpt-3.5-turbo-instruct",
                 "usage": oai_usage(usage, details=False),
                 "choices": [{"text": answer(rng), "index": 0, "finish_reason": finish}]}
        del body["service_tier"]
        fields |= dict(operation="completion", response_model=body["model"], service_tier=None)
    if flavour == "filtered":
        fields |= dict(status="blocked", error_class="content_policy")
    if flavour == "stream":
        chunk = body | {"object": "chat.completion.chunk", "usage": None, "choices": [
            {"index": 0, "delta": {"content": answer(rng)}, "finish_reason": None}]}
        last = chunk | {"choices": [], "usage": body["usage"]}
        done = event(usage, **fields | {"stream": True, "finish_reason": None})
        return [Line(dumps(chunk), start, skipped=True),
                Line(dumps(chunk | {"choices": [
                    {"index": 0, "delta": {}, "finish_reason": finish}]}), start, skipped=True),
                Line(dumps(last), start, done)]
    return [Line(dumps(body), start, event(usage, **fields))]


# OpenAI responses.

RESPONSES = [("plain", 50), ("reasoning", 20), ("tier", 10), ("incomplete", 4), ("failed", 3),
             ("cancelled", 3), ("chat", 3)]


def openai_response(rng, start, flavour):
    if flavour == "chat":
        return openai_chat(rng, start, "plain")
    second = start // SECOND
    model = "gpt-5" if flavour == "reasoning" else rng.pick(["gpt-5-mini", "gpt-5-mini", "gpt-5"])
    size = rng.between(200, 9_000)
    usage = Usage(size, rng.between(60, 1_400), read=rng.pick([0, size // 256 * 128]))
    usage.reasoning = usage.output // 64 * (48 if flavour == "reasoning" else 16)
    tier = rng.pick(["flex", "priority"]) if flavour == "tier" else "default"
    status = {"incomplete": "incomplete", "failed": "failed", "cancelled": "cancelled"}.get(
        flavour, "completed")
    counted = status in ("completed", "incomplete")
    failure = rng.pick([("server_error", "server"), ("rate_limit_exceeded", "rate_limit")])
    body = {
        "id": f"resp_{rng.hex(40)}", "object": "response", "created_at": second,
        "status": status,
        "error": {"code": failure[0], "message": f"CANARY-ERROR-{rng.hex(6)} {secret(rng)}"}
        if status == "failed" else None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": "You help forwarders. CANARY-INSTRUCTION",
        "model": DATED[model],
        "output": [{"id": f"msg_{rng.hex(20)}", "type": "message", "status": "completed", "content":
                    [{"type": "output_text", "annotations": [], "text": answer(rng)}],
                    "role": "assistant"}] if counted else [],
        "previous_response_id": None,
        "reasoning": {"effort": "high" if flavour == "reasoning" else "low", "summary": None},
        "service_tier": tier, "store": False, "tool_choice": "auto", "tools": [],
        "usage": {"input_tokens": usage.input,
                  "input_tokens_details": {"cached_tokens": usage.read},
                  "output_tokens": usage.output,
                  "output_tokens_details": {"reasoning_tokens": usage.reasoning},
                  "total_tokens": usage.total()} if counted else None,
        "user": None, "metadata": {}}
    if status == "completed":
        body["completed_at"] = second + rng.between(1, 30)
    return [Line(dumps(body), start, event(
        usage if counted else None, id=body["id"], time=rfc3339(second * SECOND), gateway="openai",
        dialect="openai.responses", provider="openai", response_model=body["model"],
        operation="responses",
        status={"failed": "error", "cancelled": "cancelled"}.get(status, "ok"),
        error_class=failure[1] if status == "failed" else None, service_tier=tier,
        finish_reason="max_output_tokens" if status == "incomplete" else None))]


# Anthropic messages, with the time that a proxy put beside the body's own keys.

MESSAGES = [("plain", 50), ("cached", 20), ("batch", 6), ("refusal", 2), ("error", 4),
            ("search", 3), ("thinking", 6), ("geo", 3)]


def anthropic(rng, start, flavour):
    fields = dict(time=rfc3339(start), gateway="anthropic", dialect="anthropic.message",
                  provider="anthropic", operation="messages", warnings=["time_approximate"])
    if flavour == "error":
        kind, name = rng.pick([("overloaded_error", "overloaded"), ("rate_limit_error",
                               "rate_limit"), ("invalid_request_error", "bad_request"),
                               ("api_error", "server"), ("authentication_error", "auth")])
        body = {"type": "error", "error": {"type": kind, "message":
                f"CANARY-ERROR-{rng.hex(6)} for {secret(rng)}"},
                "request_id": f"req_{rng.letters(20)}", "timestamp": rfc3339(start)}
        return [Line(dumps(body), start, event(
            id=body["request_id"], status="error", error_class=name, **fields))]
    model = "claude-sonnet-4-6" if flavour == "batch" else rng.weighted(
        [("claude-sonnet-4-6", 5), ("claude-haiku-4-5-20251001", 4), ("claude-opus-4-8", 1)])
    fresh = rng.between(20, 4_000)
    usage = Usage(fresh, rng.between(20, 1_200), read=0, write5m=0, write1h=0)
    if flavour == "cached":
        usage.read = rng.between(1_000, 20_000)
        usage.write5m, usage.write1h = rng.pick([(0, 0), (2_048, 0), (0, 1_024), (512, 4_096)])
    usage.input = fresh + usage.read + usage.write5m + usage.write1h
    tier = "batch" if flavour == "batch" else "standard"
    block = {"input_tokens": fresh, "cache_creation_input_tokens": usage.write5m + usage.write1h,
             "cache_read_input_tokens": usage.read,
             "cache_creation": {"ephemeral_5m_input_tokens": usage.write5m,
                                "ephemeral_1h_input_tokens": usage.write1h},
             "output_tokens": usage.output, "service_tier": tier}
    if flavour == "plain" and rng.chance(10):
        # An older body names no lifetimes: five minutes is the default.
        usage.write5m, usage.write1h = rng.pick([0, 300]), None
        usage.input = fresh + usage.write5m
        block["cache_creation_input_tokens"] = usage.write5m
        del block["cache_creation"]
    searches = None
    if flavour == "search":
        searches = str(rng.between(1, 4))
        block["server_tool_use"] = {"web_search_requests": int(searches), "web_fetch_requests": 0}
    if flavour == "thinking":
        usage.reasoning = usage.output // 2
        block["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    modifiers = None
    if flavour == "geo":
        modifiers = {"inference_geo": "global"}
    block["inference_geo"] = "global" if modifiers else "not_available"
    stop = "refusal" if flavour == "refusal" else rng.weighted(
        [("end_turn", 8), ("max_tokens", 1), ("tool_use", 1)])
    body = {"model": model, "id": f"msg_01{rng.letters(22)}", "type": "message",
            "role": "assistant", "content": [{"type": "text", "text": answer(rng)}],
            "stop_reason": stop, "stop_sequence": None, "usage": block,
            "timestamp": rfc3339(start)}
    blocked = stop == "refusal"
    return [Line(dumps(body), start, event(
        usage, id=body["id"], response_model=model, status="blocked" if blocked else "ok",
        error_class="content_policy" if blocked else None, finish_reason=stop,
        service_tier="default" if tier == "standard" else tier, modifiers=modifiers,
        web_searches=searches, **fields))]


# The capture wrapper: what a client or proxy wrote beside a relay that logs nothing.

CAPTURE = [("deepseek", 30), ("mini", 30), ("claude", 10), ("beside", 3), ("hidden", 3),
           ("exclusive", 3), ("short", 2), ("strings", 3), ("balance", 4), ("error", 4),
           ("fallback", 5), ("native", 4), ("latest", 2), ("relay", 4), ("negative", 1),
           ("cancelled", 2), ("preview", 2)]
HOSTS = {"tokenmix": "https://api.tokenmix.ai/v1", "relay.harborlane.example":
         "https://svc:sk-CANARY-URLSECRETabcdef0123456789@relay.harborlane.example:8443/v1"}


def capture(rng, start, flavour):
    start -= start % 1000
    asked = {"deepseek": "deepseek-v4-flash", "claude": "claude-sonnet-4.6", "native":
             "claude-haiku-4.5", "exclusive": "deepseek-v4-flash", "latest": "gpt-mini-latest",
             "preview": "gpt-6-mini-preview"}.get(flavour, "gpt-5-mini")
    served = {"fallback": "claude-opus-4.8", "claude": "claude-sonnet-4-6", "native":
              "claude-haiku-4-5-20251001", "latest": "gpt-5-mini-2025-08-07"}.get(flavour, asked)
    gateway = "relay.harborlane.example" if flavour == "relay" else "tokenmix"
    user = rng.pick(["u-51", "u-52", None])
    stream = rng.chance(30)
    request = {"model": asked, "messages": [{"role": "user", "content": prompt(rng)}],
               "stream": stream}
    if user:
        request["user"] = user
    took = rng.between(200, 6_000)
    status = {"balance": 402, "cancelled": 499}.get(flavour, 200)
    if flavour == "error":
        status = rng.pick([429, 500, 503, 401])
    fields = dict(time=rfc3339(start), gateway=gateway, dialect="tokenmix.capture",
                  request_model=asked, http_status=status, stream=stream, user=user,
                  latency_ms=str(took))
    record = {"ts": stamp(start, "%Y-%m-%dT%H:%M:%S") + f".{start // 1000 % 1000:03d}Z",
              "base_url": HOSTS[gateway], "request": request, "status": status,
              "latency_ms": took, "response": None}
    if rng.chance(6):
        record["headers"] = {"authorization": f"Bearer sk-tm-CANARY-{rng.letters(20)}"}
    end = start + took * 1000
    if flavour == "negative":
        record["latency_ms"] = -took
        fields |= dict(latency_ms=None, warnings=["negative_duration"])
    if status != 200:
        kind, code, name = {
            402: ("insufficient_quota", "insufficient_balance", "budget"),
            429: ("rate_limit_error", "rate_limit_exceeded", "rate_limit")}.get(
                status, ("error", None, class_of(status)))
        record["response"] = {"error": {"message": f"CANARY-ERROR-{rng.hex(6)}", "type": kind,
                                        "code": code}}
        cancelled = status == 499
        return [Line(dumps(record), end, event(
            status="cancelled" if cancelled else "error", error_class=None if cancelled else name,
            **fields))]
    body, usage, warnings = relayed(rng, flavour, served, start)
    record["response"] = body
    if flavour == "fallback":
        fields |= dict(route="fallback", route_evidence="mismatch", route_from=asked)
    warnings = sorted(warnings + (fields.pop("warnings", None) or []))
    return [Line(dumps(record), end, event(
        usage, id=body["id"], response_model=served, status="ok", warnings=warnings,
        operation="messages" if flavour == "native" else "chat",
        routed=True if flavour == "latest" else None,
        finish_reason=body.get("stop_reason") or body["choices"][0]["finish_reason"], **fields))]


def relayed(rng, flavour, served, start):
    """The relay's body, what it means, and the warnings: this is where conventions differ."""
    size, out = rng.between(300, 6_000), rng.between(40, 800)
    if flavour == "fallback":
        size = rng.between(16_000, 26_000)
    usage = Usage(size, out, read=rng.pick([0, size // 128 * 96]), reasoning=0)
    if flavour == "native":
        fresh = size - usage.read
        usage.reasoning, usage.write5m, usage.write1h = None, 0, 0
        return {"id": f"msg_{rng.letters(22)}", "type": "message", "role": "assistant",
                "model": served, "content": [{"type": "text", "text": answer(rng)}],
                "stop_reason": "end_turn", "usage": {
                    "input_tokens": fresh, "cache_creation_input_tokens": 0,
                    "cache_read_input_tokens": usage.read,
                    "cache_creation": {"ephemeral_5m_input_tokens": 0,
                                       "ephemeral_1h_input_tokens": 0},
                    "output_tokens": out}}, usage, []
    said = {"prompt_tokens": size, "completion_tokens": out, "total_tokens": size + out,
            "prompt_tokens_details": {"cached_tokens": usage.read},
            "completion_tokens_details": {"reasoning_tokens": 0}}
    warnings = []
    if flavour == "beside":
        # Reasoning stands beside the output: total = prompt + completion + reasoning.
        extra = out // 2 + 17
        usage.output, usage.reasoning = out + extra, extra
        said["completion_tokens_details"]["reasoning_tokens"] = extra
        said["total_tokens"] += extra
        warnings = ["reasoning_exclusive"]
    if flavour == "hidden":
        # The total knows of tokens that no count shows: they were reasoning.
        extra = out // 3 + 11
        usage.output, usage.reasoning = out + extra, extra
        said["total_tokens"] += extra
        warnings = ["hidden_tokens"]
    if flavour == "exclusive":
        # The prompt leaves the cache out: cached above prompt, and the total agrees.
        usage.read = size * 3
        usage.input = size + usage.read
        said["prompt_tokens_details"]["cached_tokens"] = usage.read
        said["total_tokens"] += usage.read
        warnings = ["cache_exclusive"]
    if flavour == "short":
        said["total_tokens"] -= 5
        warnings = ["total_mismatch"]
    if served.startswith("deepseek") and flavour == "deepseek":
        said["prompt_cache_hit_tokens"] = usage.read
        said["prompt_cache_miss_tokens"] = size - usage.read
        del said["prompt_tokens_details"]
    if flavour == "strings":
        said = {name: str(value) if isinstance(value, int) else value
                for name, value in said.items()}
    return {"id": f"chatcmpl-{rng.letters(22)}", "object": "chat.completion",
            "created": start // SECOND, "model": served, "choices": [chat_choice(rng)],
            "usage": said}, usage, warnings


def month(rng, base, flavours, make, per_day, dear=()):
    """Quiet days. DeepSeek runs in the weekday mornings, tiers from the 15th, and the flavours of
    `dear` only on the 14th, when the cheap model is rate limited."""
    lines, used = [], set(dear)
    for day in range(31):
        weekend = day % 7 in (2, 3)
        for _ in range(rng.between(*per_day)):
            flavour = rng.weighted(flavours)
            if flavour in ("tier", "batch") and day < 14:
                flavour = "plain"
            # The first week is a holiday in China, where DeepSeek's peak hours are set.
            off_peak = weekend or day < 8
            if flavour in dear or (off_peak and flavour in ("deepseek", "exclusive")):
                flavour = "mini"
            used.add(flavour)
            hour = 6 * HOUR + 5 * MINUTE
            width = 200 * MINUTE if flavour in ("deepseek", "exclusive") else 12 * HOUR
            lines += make(rng, base + day * 24 * HOUR + hour + rng.below(width), flavour)
    for flavour in absent(flavours, used):
        lines += make(rng, base + 20 * 24 * HOUR + 7 * HOUR, flavour)
    for index in range(10 if dear else 0):
        at = base + 13 * 24 * HOUR + 9 * HOUR + index * 12 * MINUTE
        lines += make(rng, at, dear[0] if index % 4 else "error")
        lines += make(rng, at + rng.between(3, 25) * SECOND, "mini")
    return lines
