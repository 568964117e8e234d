"""LiteLLM: the StandardLoggingPayload and the SpendLogs row of a call."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from core import (DAY, HOUR, MINUTE, SECOND, Line, Raw, Usage, absent, answer, decimal_text, dumps,
                  epoch_float, event, list_cost, milliseconds, number, prompt, rfc3339, secret,
                  stamp)

# group: (deployment, provider as logged, provider of the event)
GROUPS = {
    "chat-fast": ("openai/gpt-5-mini", "openai", "openai"),
    "chat-premium": ("anthropic/claude-opus-4-8", "anthropic", "anthropic"),
    "chat-standard": ("anthropic/claude-sonnet-4-6", "anthropic", "anthropic"),
    "summaries": ("gemini/gemini-3.1-flash-lite", "gemini", "google"),
    "classify": ("mistral/mistral-small-2603", "mistral", "mistral"),
    "search-embeddings": ("openai/text-embedding-3-small", "openai", "openai"),
    "preview": ("openai/gpt-6-mini-preview", "openai", "openai"),
}
# key: (team alias, team id, user, hash)
KEYS = {
    "search-prod": ("Search", "team-0001", "svc-search"),
    "support-bot": ("Support", "team-0002", "svc-support"),
    "checkout-prod": ("Checkout", "team-0003", "svc-checkout"),
    None: ("Labs", "team-0004", "u-maren"),
}
ERRORS = {
    # class of the event: (code, LiteLLM's class, message)
    "rate_limit": ("429", "RateLimitError", "Rate limit reached for gpt-5-mini"),
    "overloaded": ("503", "ServiceUnavailableError", "The model is overloaded"),
    "timeout": ("408", "Timeout", "Request timed out"),
    "server": ("500", "InternalServerError", "The server had an error"),
    "context_length": ("400", "ContextWindowExceededError", "Prompt is longer than the context"),
    "auth": ("401", "AuthenticationError", "Incorrect API key provided"),
}
MARGIN = {"support-bot": Decimal("0.05")}


@dataclass
class Call:
    group: str
    start: int
    latency: int
    key: str | None
    trace: str
    id: str
    call_id: str
    usage: Usage | None = None
    error: str | None = None
    stream: bool | None = None
    first: int | None = None
    cache_hit: bool | None = None
    tier: str | None = None
    retries: int | None = 0
    fallbacks: int | None = 0
    original_group: str | None = None
    overhead: str | None = None
    finish: str = "stop"
    tags: list = field(default_factory=list)
    session: str = ""
    old: bool = False
    costs: tuple = ()
    text: str = ""


def costs(call):
    """(list, margin, total), exact; zeros where LiteLLM writes 0.0."""
    model = GROUPS[call.group][0].split("/")[1]
    base = None if call.usage is None or call.cache_hit else list_cost(model, call.usage, call.tier)
    base = base or Decimal(0)
    margin = base * MARGIN.get(call.key, Decimal(0))
    return base, margin, base + margin


def usage_object(call):
    if call.usage is None:
        return {}
    u = call.usage
    block = {"completion_tokens": u.output, "prompt_tokens": u.input, "total_tokens": u.total()}
    if call.group == "search-embeddings":
        return block | {"completion_tokens_details": None, "prompt_tokens_details": None}
    block["completion_tokens_details"] = {"reasoning_tokens": u.reasoning}
    if GROUPS[call.group][1] == "anthropic":
        written = (u.write5m or 0) + (u.write1h or 0)
        block["prompt_tokens_details"] = {
            "cached_tokens": u.read, "cache_creation_tokens": written,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": u.write5m,
                                             "ephemeral_1h_input_tokens": u.write1h}}
        block |= {"cache_creation_input_tokens": written, "cache_read_input_tokens": u.read,
                  "service_tier": "standard"}
    else:
        block["prompt_tokens_details"] = {"cached_tokens": u.read}
    return block


def breakdown(call):
    if call.error:
        return None
    base, margin, total = call.costs
    return {"total_cost": number(total), "service_tier": call.tier, "original_cost": number(base),
            "discount_percent": Raw("0.0"),
            "discount_amount": Raw("0.0"),
            "margin_percent": number(MARGIN.get(call.key, Decimal(0))),
            "margin_fixed_amount": Raw("0.0"), "margin_total_amount": number(margin)}


def error_information(call, rng):
    if call.error is None:
        return {"error_code": "", "error_class": ""}
    code, name, message = ERRORS[call.error]
    return {"error_code": code, "error_class": name, "llm_provider": GROUPS[call.group][1],
            "traceback": "", "error_message":
            f"litellm.{name}: {message} CANARY-ERROR-{rng.hex(6)} key {secret(rng)}"}


def key_hash(key):
    """A stand-in for the SHA-256 that LiteLLM logs."""
    return "".join(f"{(index * 7919 + sum((key or 'labs').encode())) % 256:02x}"
                   for index in range(1, 33))


def slp(rng, call):
    """The StandardLoggingPayload of a call."""
    deployment, provider, _ = GROUPS[call.group]
    team, team_id, user = KEYS[call.key]
    total = call.costs[2]
    tokens = call.usage or Usage(0, 0)
    end, first = call.start + call.latency, call.start + (call.first or call.latency)
    headers = None if call.error else {} if call.fallbacks is None else {
        "x-litellm-model-group": call.group, "x-litellm-attempted-retries": call.retries,
        "x-litellm-attempted-fallbacks": call.fallbacks}
    response = {} if call.error else {
        "id": call.id.split("_cache_hit")[0], "created": end // SECOND,
        "model": deployment.split("/")[1], "object": "chat.completion",
        "choices": [{"finish_reason": call.finish, "index": 0, "message":
                     {"content": call.text, "role": "assistant", "tool_calls": None}}],
        "usage": usage_object(call)}
    if call.group == "search-embeddings" and response:
        response = {"object": "list", "data": [], "model": deployment.split("/")[1],
                    "usage": usage_object(call)}
    if call.tier:
        response["service_tier"] = call.tier
    record = {
        "id": call.id, "litellm_call_id": call.call_id, "trace_id": call.trace,
        "session_id": call.session,
        "call_type": "aembedding" if call.group == "search-embeddings" else "acompletion",
        "cache_hit": call.cache_hit, "stream": call.stream,
        "status": "failure" if call.error else "success",
        "custom_llm_provider": provider,
        "startTime": epoch_float(call.start), "endTime": epoch_float(end),
        "completionStartTime": epoch_float(first), "model": deployment,
        "metadata": {
            "user_api_key_hash": key_hash(call.key), "user_api_key_alias": call.key,
            "user_api_key_team_id": team_id,
            "user_api_key_user_id": user,
            "user_api_key_team_alias": team,
            "user_api_key_user_email": "CANARY-EMAIL@harborlane.example",
            "usage_object": usage_object(call)},
        "response_cost": number(total), "cost_breakdown": breakdown(call),
        "total_tokens": tokens.total(), "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output, "request_tags": call.tags, "end_user": "",
        "model_group": call.group, "messages": [{"role": "user", "content": prompt(rng)}],
        "response": response, "model_parameters": {"stream": bool(call.stream)},
        "hidden_params": {
            "model_id": key_hash(call.group)[:24], "additional_headers": headers,
            "litellm_overhead_time_ms": Raw(call.overhead) if call.overhead else None},
        "model_map_information": None,
        "error_str": ERRORS[call.error][2] + " CANARY-ERROR" if call.error else None,
        "error_information": error_information(call, rng)}
    return Line(dumps(record, spaced=True), end, slp_event(call))


def lean(rng, call):
    """The same from an old release: totals at the top, details only in the response."""
    deployment, provider, _ = GROUPS[call.group]
    u = call.usage
    details = {"completion_tokens_details": {"reasoning_tokens": u.reasoning},
               "prompt_tokens_details": {"cached_tokens": u.read}}
    end = call.start + call.latency
    record = {
        "id": call.id, "trace_id": call.trace, "call_type": "acompletion",
        "cache_hit": call.cache_hit, "stream": call.stream, "status": "success",
        "custom_llm_provider": provider, "startTime": epoch_float(call.start),
        "endTime": epoch_float(end),
        "completionStartTime": epoch_float(call.start + (call.first or call.latency)),
        "model": deployment,
        "metadata": {"user_api_key_hash": key_hash(call.key), "user_api_key_alias": call.key,
                     "user_api_key_team_alias": KEYS[call.key][0]},
        "response_cost": number(call.costs[2]), "total_tokens": u.total(),
        "prompt_tokens": u.input, "completion_tokens": u.output, "request_tags": call.tags,
        "api_base": "", "model_group": call.group, "response": {"usage": details},
        "hidden_params": {"attempted_fallbacks": call.fallbacks}, "error_str": None}
    fields = slp_event(call)
    for name in ("finish_reason", "user", "reported_markup", "reported_discount",
                 "gateway_overhead_ms", "service_tier", "session_id"):
        fields.pop(name, None)
    return Line(dumps(record), end, fields)


def shared_event(call):
    deployment, _, provider = GROUPS[call.group]
    _, margin, total = call.costs
    team, _, user = KEYS[call.key]
    explicit = call.fallbacks is not None and not call.error
    fallback = explicit and call.fallbacks > 0
    retry = explicit and not fallback and (call.retries or 0) > 0
    tier = call.tier
    if tier is None and call.usage is not None and deployment.startswith("anthropic"):
        tier = "default"
    return event(
        call.usage, id=call.id, trace_id=call.trace, time=rfc3339(call.start), gateway="litellm",
        provider=provider, request_model=call.group, response_model=deployment,
        operation="embeddings" if call.group == "search-embeddings" else "chat",
        status="error" if call.error else "ok", error_class=call.error,
        http_status=int(ERRORS[call.error][0]) if call.error else None,
        route=("fallback" if fallback else "retry" if retry else "primary") if explicit else None,
        route_evidence="explicit" if explicit else None,
        gateway_cache_hit=call.cache_hit, service_tier=tier,
        reported_cost=decimal_text(total),
        reported_markup=None if call.error else decimal_text(margin),
        reported_discount=None if call.error else "0",
        gateway_overhead_ms=decimal_text(call.overhead) if call.overhead else None,
        key=call.key or key_hash(call.key)[:12], team=team, user=user, tags=call.tags)


def slp_event(call):
    fields = shared_event(call) | event(
        dialect="litellm.slp", session_id=call.session or None, stream=call.stream,
        latency_ms=milliseconds(call.latency),
        first_token_ms=milliseconds(call.first) if call.stream and call.first else None)
    if not call.error and call.group != "search-embeddings":
        fields["finish_reason"] = call.finish
    return fields


def spend(rng, call, naive=False, nested=False):
    """The SpendLogs row of a call: `naive` times have no zone, `nested` metadata is an object."""
    deployment, provider, _ = GROUPS[call.group]
    team, team_id, user = KEYS[call.key]
    tokens = call.usage or Usage(0, 0)
    end = call.start + call.latency

    def clock(us):
        return stamp(us, "%Y-%m-%d %H:%M:%S") + f".{us % SECOND:06d}" + ("" if naive else "+00:00")

    metadata = {
        "additional_usage_values": {} if call.error else {
            name: value for name, value in usage_object(call).items() if name.endswith("details")},
        "user_api_key_alias": call.key, "user_api_key_user_id": user,
        "user_api_key_team_alias": team, "litellm_call_id": call.call_id,
        "status": "failure" if call.error else None,
        "error_information": error_information(call, rng) if call.error else None,
        "usage_object": usage_object(call) or None,
        "litellm_overhead_time_ms": Raw(call.overhead) if call.overhead else None,
        "attempted_retries": None if call.error else call.retries, "max_retries": 1,
        "attempted_fallbacks": None if call.error else call.fallbacks or 0,
        "original_model_group": call.original_group or call.group,
        "cost_breakdown": breakdown(call)}
    record = {
        "request_id": call.id,
        "call_type": "aembedding" if call.group == "search-embeddings" else "acompletion",
        "api_key": key_hash(call.key), "cache_hit": str(call.cache_hit),
        "startTime": clock(call.start), "endTime": clock(end),
        "completionStartTime": clock(call.start + (call.first or call.latency)),
        "model": deployment, "user": user, "team_id": team_id,
        "metadata": metadata if nested else dumps(metadata, spaced=True),
        "spend": number(call.costs[2]), "total_tokens": tokens.total(),
        "prompt_tokens": tokens.input, "completion_tokens": tokens.output,
        "request_tags": dumps(call.tags, spaced=True), "end_user": "", "api_base": "",
        "model_group": call.group, "custom_llm_provider": provider, "messages": "{}",
        "response": "{}", "session_id": call.trace,
        "request_duration_ms": call.latency // 1000,
        "status": "failure" if call.error else "success", "litellm_call_id": call.call_id}
    asked = call.original_group or call.group
    fields = shared_event(call) | event(
        dialect="litellm.spend", request_model=asked, latency_ms=str(call.latency // 1000),
        warnings=["zone_assumed"] if naive else None)
    if not call.error:
        moved = (call.fallbacks or 0) > 0 or asked != call.group
        again = (call.retries or 0) > 0
        fields["route"] = "fallback" if moved else "retry" if again else "primary"
        fields["route_evidence"] = "explicit"
        if moved:
            fields["route_from"] = asked
    return Line(dumps(record, spaced=True), end, fields)


# One logical request of a flavour: the attempts, in time order.

def attempt(rng, group, start, key, trace, **fields):
    """A success with plausible counts; `fields` override."""
    small = group in ("summaries", "classify")
    size = rng.between(300, 2_500) if small else rng.between(1_200, 9_000)
    tokens = Usage(size, rng.between(40, 600), read=rng.pick([0, 0, size // 1024 * 512]),
                   reasoning=0)
    if group in ("chat-fast", "preview"):
        tokens.reasoning = tokens.output // 64 * 32
    if GROUPS[group][1] == "anthropic":
        tokens.write5m = rng.pick([0, 0, 512])
        tokens.write1h = rng.pick([0, 0, 256])
        tokens.input += tokens.write5m + tokens.write1h
    if group == "search-embeddings":
        tokens = Usage(rng.between(50, 4_000), 0)
    latency = rng.between(400_000, 4_000_000)
    call = Call(group, start, latency, key, trace, f"chatcmpl-{rng.hex(12)}", rng.uuid(), tokens,
                overhead=f"{rng.between(2, 40)}.{rng.between(1, 999):03d}"
                if rng.chance(30) else None,
                tags=[f"team:{KEYS[key][0].lower()}", "env:prod"], text=answer(rng))
    call = replace(call, **fields)
    if call.error:
        call.usage, call.id, call.latency = None, call.call_id, rng.between(60_000, 900_000)
        call.retries = call.fallbacks = None
    if call.cache_hit:
        call.id += f"_cache_hit{epoch_float(call.start)}"
        call.latency = rng.between(4_000, 20_000)
    if call.stream:
        call.first = call.latency // rng.between(3, 6)
    call.costs = costs(call)
    return call


FLAVOURS = [("plain", 60), ("stream", 14), ("embedding", 8), ("cache_hit", 4), ("tier", 4),
            ("retry", 3), ("fallback", 3), ("stream_fallback", 2), ("error", 2), ("preview", 5)]


def request(rng, start, flavour, key=None, any_key=True):
    """The attempts of one logical request."""
    key = rng.pick(list(KEYS)) if any_key else key
    trace = rng.uuid()
    group = rng.weighted([("chat-fast", 5), ("chat-standard", 2), ("summaries", 3),
                          ("classify", 2), ("chat-premium", 1)])
    make = lambda group, at, **fields: attempt(rng, group, at, key, trace, **fields)
    if flavour == "stream":
        return [make(group, start, stream=True, retries=None, fallbacks=None)]
    if flavour == "embedding":
        return [make("search-embeddings", start)]
    if flavour == "preview":
        return [make("preview", start)]
    if flavour == "cache_hit":
        return [make("chat-fast", start, cache_hit=True)]
    if flavour == "tier":
        return [make("chat-fast", start, tier=rng.pick(["flex", "priority"]))]
    if flavour == "error":
        return [make(group, start, error=rng.pick(["context_length", "auth", "timeout", "server"]))]
    if flavour == "plain":
        return [make(group, start, old=rng.chance(8),
                     session=rng.pick(["", "", f"sess-{rng.hex(8)}"]),
                     cache_hit=rng.pick([None, False]),
                     finish=rng.weighted([("stop", 8), ("length", 1), ("tool_calls", 1)]))]
    why = rng.weighted([("rate_limit", 5), ("overloaded", 2), ("timeout", 1)])
    failures = [make("chat-fast", start, error=why)]
    if rng.chance(25):
        failures.append(make("chat-fast", start + rng.between(1, 3) * SECOND, error=why))
    then = failures[-1].start + failures[-1].latency + rng.between(200_000, 2 * SECOND)
    if flavour == "retry":
        return failures + [make("chat-fast", then, retries=rng.pick([0, 1]))]
    long = Usage(rng.between(48_000, 60_000), rng.between(1_500, 2_600), read=0, reasoning=0,
                 write5m=0, write1h=0)
    if flavour == "fallback":
        return failures + [make("chat-premium", then, fallbacks=1, usage=long,
                                original_group="chat-fast")]
    return failures + [make("chat-premium", then, usage=long, stream=True, retries=None,
                            fallbacks=None, original_group="chat-fast")]


def slp_lines(rng, calls):
    """As the payload log has them; `old` calls in the form of an old release."""
    return [lean(rng, call) if call.old and fits_lean(call) else slp(rng, call) for call in calls]


def fits_lean(call):
    """The lean form has no lifetimes, tiers, failures or counters of retries."""
    return (call.error is None and not call.cache_hit and call.tier is None
            and call.usage.write5m is None and call.group != "search-embeddings"
            and call.fallbacks == 0 and call.retries == 0)


def spend_lines(rng, calls):
    naive, nested = rng.chance(15), rng.chance(15)
    return [spend(rng, call, naive, nested) for call in calls]


def calls_of_month(rng, month):
    """The company's calls: quiet days, and the 14th, when the cheap model hits its limit."""
    groups, used = [], set()
    for day in range(31):
        base = month + day * 24 * HOUR
        for _ in range(1 if day % 7 in (2, 3) else 3):
            start = base + rng.between(7 * HOUR, 19 * HOUR)
            flavour = rng.weighted(FLAVOURS)
            if flavour == "tier" and day < 14:
                flavour = "plain"
            used.add(flavour)
            groups.append(request(rng, start, flavour))
    for flavour in absent(FLAVOURS, used):
        groups.append(request(rng, month + 20 * DAY + 15 * HOUR, flavour))
    # The search team before: busy, on an old release, with one fallback in two weeks.
    for day in range(13):
        for _ in range(3):
            start = month + day * DAY + rng.between(9 * HOUR, 17 * HOUR)
            groups.append([attempt(rng, "chat-fast", start, "search-prod", rng.uuid(), old=True)])
    groups.append(request(rng, month + 4 * DAY + 11 * HOUR, "fallback", "search-prod",
                          any_key=False))
    day = month + 13 * DAY + 9 * HOUR
    for burst in range(20):
        at = day + burst * 11 * MINUTE + rng.between(0, 90 * SECOND)
        flavour = "fallback" if burst % 3 else "stream_fallback"
        groups.append(request(rng, at, flavour, "search-prod", any_key=False))
        for _ in range(4):
            # Neighbours on the same model and key that get through: the failure was avoidable.
            neighbour = at + rng.between(2 * SECOND, 22 * SECOND) if burst % 6 else at - 5 * MINUTE
            groups.append([attempt(rng, "chat-fast", neighbour, "search-prod", rng.uuid())])
        if burst % 4 == 1:
            groups.append(request(rng, at + 4 * MINUTE, "retry", "search-prod", any_key=False))
    return groups
