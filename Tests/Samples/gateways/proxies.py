"""Kong AI Gateway, Envoy AI Gateway and Cloudflare AI Gateway.

Decided where the documents leave it open:

kong.log           each plugin that called a model is an event, each embedding too, unless the log
                   says that none was made (embeddings_tokens 0); the second event of a record has
                   `#1` behind its id. The client's HTTP status and the sizes are those of the main
                   call. tried_targets, else tries, is the list of attempts; the first has no HTTP
                   statuses. A cost of 0 is printed as it stands. key authenticated_entity.id, user
                   the consumer's name, else its id
envoy.accesslog    provider is the backend's name. The flag DC is cancelled. Nothing is concluded
                   from the other flags or from the place of the backend
cloudflare.rest    `model` is the response_model. 424 is blocked. step 0 is primary, explicit; a
                   step that is no number says nothing
cloudflare.logpush no time and no counts: a ledger refuses these lines until it is given a time
"""

from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, event, list_cost,
                  number, prompt, rfc3339, secret, stamp)

# model: (Kong's provider, provider of the event, host)
KONG = {
    "gpt-5-mini": ("openai", "openai", "api.openai.com"),
    "gpt-4o-mini": ("azure", "azure", "harborlane.openai.azure.com"),
    "us.anthropic.claude-haiku-4-5-20251001-v1:0":
        ("bedrock", "bedrock", "bedrock-runtime.us-west-2.amazonaws.com"),
    "claude-haiku-4-5": ("anthropic", "anthropic", "api.anthropic.com"),
    "gemini-3.1-flash-lite":
        ("gemini", "google", "generativelanguage.googleapis.com"),
    "text-embedding-3-small": ("openai", "openai", "api.openai.com"),
}
HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
ROUTES = {"chat": ("llm/v1/chat", "/v1/chat/completions"),
          "embeddings": ("llm/v1/embeddings", "/v1/embeddings")}


def iso(us):
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us // 1000 % 1000:03d}Z"


# Kong

def kong_base(rng, start, status, took, tries):
    """What every record of a logging plugin has, and the fields of an event that stand there."""
    consumer = rng.pick([("6c95a611-9991-4c7b-b1c3-bc608d3bccc3", "team-docks"),
                         ("1f0e2b7c-2d4a-4b8e-9f11-7a54d1c0aa21", None), None])
    record = {
        "started_at": start // 1000, "client_ip": "10.20.0.7",
        "request": {"id": rng.hex(32), "method": "POST", "uri": "/desk",
                    "size": rng.between(300, 9000), "headers": {"apikey": secret(rng)}},
        "response": {"status": status, "size": rng.between(200, 20_000)},
        "latencies": {"kong": rng.between(1, 6), "proxy": took - 3, "request": took},
        "route": {"name": "desk"}, "service": {"name": "llm"}, "tries": tries,
        "upstream_status": ", ".join(str(one.get("code", status)) for one in tries)}
    fields = {"id": record["request"]["id"], "time": rfc3339(start // 1000 * 1000),
              "gateway": "kong", "dialect": "kong.log"}
    if consumer:
        record["consumer"] = {"id": consumer[0]}
        if consumer[1]:
            record["consumer"]["username"] = consumer[1]
        record["authenticated_entity"] = {"id": rng.pick(["cred-7f21", "cred-0b9e"])}
        fields |= {"user": consumer[1] or consumer[0], "key": record["authenticated_entity"]["id"]}
    return record, fields


def kong_target(model, operation="chat"):
    name, _, host = KONG[model]
    kind, uri = ROUTES[operation]
    return {"provider": name, "model": model, "port": 443, "host": host, "upstream_uri": uri,
            "route_type": kind}


def kong_usage(rng, usage, cost, first=None):
    """The usage object: counts as Kong writes them, a cost in the operator's own currency."""
    block = {"prompt_tokens": usage.input, "completion_tokens": usage.output,
             "total_tokens": usage.total(), "cost": cost,
             "time_per_token": Raw(f"{rng.between(8, 60)}.{rng.between(100, 999)}"),
             "prompt_tokens_details": {}, "completion_tokens_details": {}}
    if usage.read is not None:
        block["prompt_tokens_details"] = {"cached_tokens": usage.read, "audio_tokens": 0}
        usage.audio_in = 0
    if usage.reasoning is not None:
        block["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning,
                                              "audio_tokens": 0}
        usage.audio_out = 0
    if first is not None:
        block["time_to_first_token"] = first
    return block


def kong_meta(rng, model, served, mode="oneshot", latency=None):
    meta = {"plugin_id": rng.uuid(), "provider_name": KONG[model][0], "request_model": model,
            "response_model": served}
    if mode:
        meta["request_mode"] = mode
    if latency is not None:
        meta["llm_latency"] = latency
    if KONG[model][0] == "azure":
        meta |= {"azure_deployment_id": "mini-eu", "azure_api_version": "2026-06-01"}
    return meta


def served_name(model):
    return {"gpt-5-mini": "gpt-5-mini-2025-08-07", "gpt-4o-mini": "gpt-4o-mini-2024-07-18"}.get(
        model, model)


def kong_counts(rng, model):
    usage = Usage(rng.between(80, 6000), rng.between(20, 700))
    if model in ("gpt-5-mini", "gpt-4o-mini"):
        usage.read, usage.reasoning = rng.pick([0, usage.input // 256 * 128]), 0
    if model == "gpt-5-mini":
        usage.reasoning = usage.output // 3
    return usage


KONG_FLAVOURS = [("plain", 40), ("stream", 10), ("uncosted", 6), ("anthropic", 6), ("older", 6),
                 ("direct", 4), ("first", 3), ("failover", 6), ("retry", 4), ("tries", 4),
                 ("hit", 5), ("cache", 5), ("exact", 3), ("rag", 4), ("judge", 6),
                 ("judge_alone", 2), ("error", 5), ("cancelled", 2), ("silent", 3),
                 ("embeddings", 4), ("inputs", 3), ("plugins", 3), ("web", 6)]


def kong(rng, start, flavour):
    start -= start % 1000
    took = rng.between(300, 6000)
    status = {"error": rng.pick([400, 401, 429, 500, 503]), "cancelled": 499}.get(flavour, 200)
    if flavour == "web":
        record, _ = kong_base(rng, start, 200, took, [{"ip": "192.0.2.80", "port": 80}])
        if rng.chance(50):
            # A plugin that counts nothing still leaves its mark.
            record["ai"] = {"compressor": {"original_token_count": 845,
                                           "compress_token_count": 485},
                            "sanitizer": {"pii_identified": 3}}
        return [Line(dumps(record), start + took * 1000, skipped=True)]
    if flavour == "judge_alone":
        return [judge_alone(rng, start)]
    model = rng.weighted([("gpt-5-mini", 5), ("gpt-4o-mini", 3), (HAIKU, 2),
                          ("gemini-3.1-flash-lite", 2)])
    if flavour == "anthropic":
        model = "claude-haiku-4-5"
    if flavour == "embeddings":
        model = "text-embedding-3-small"
    operation = "embeddings" if flavour == "embeddings" else "chat"
    targets = [kong_target(model, operation)]
    tries = [{"ip": "192.0.2.10", "port": 443, "balancer_latency": 0}]
    fields = dict(route="primary", route_evidence="attempt_list", attempt=0)
    if flavour in ("failover", "retry"):
        # The last target served. What the first answered stands in another list.
        first = "gpt-4o-mini" if flavour == "failover" else model
        model = HAIKU if flavour == "failover" else model
        targets = [kong_target(first), kong_target(model)]
        tries = [{"ip": "192.0.2.10", "port": 443, "code": 503, "state": "failed"},
                 {"ip": "192.0.2.11", "port": 443}]
        fields = dict(route="retry" if first == model else "fallback",
                      route_evidence="attempt_list", attempt=1,
                      route_from=first if first != model else None)
    if flavour in ("older", "direct", "first", "tries", "hit", "exact", "silent"):
        targets = None
    if flavour == "tries":
        tries.insert(0, {"ip": "192.0.2.10", "port": 443, "code": 502, "state": "failed"})
        fields = dict(route="retry", route_evidence="attempt_list", attempt=1)
    if flavour in ("hit", "exact"):
        tries, fields, took = [], {}, rng.between(20, 90)
    record, common = kong_base(rng, start, status, took, tries)
    usage = kong_counts(rng, model)
    if flavour == "embeddings":
        usage = Usage(rng.between(20, 2000), 0)
    mode = "stream" if flavour == "stream" else None if flavour in ("older", "first") else "oneshot"
    waited = None if flavour in ("hit", "exact", "error", "cancelled") else took - 9
    first_token = None
    if waited and flavour not in ("older", "first"):
        first_token = waited if mode == "oneshot" else rng.between(90, 290)
    cost = number((list_cost(model, usage) or Decimal("0.0004")) * 2)
    if flavour in ("uncosted", "hit", "exact", "error"):
        cost = 0
    if flavour in ("hit", "exact", "error"):
        usage = Usage(0, 0)
    if flavour == "cancelled":
        usage.output, usage.reasoning = 0, None
    block = kong_usage(rng, usage, cost, first_token)
    if flavour == "inputs":
        # What is not text is counted under other names.
        usage.audio_in = usage.audio_out = None
        block = {"input_tokens": usage.input, "output_tokens": usage.output,
                 "total_tokens": usage.total(), "cost": cost,
                 "input_tokens_details": {"cached_tokens": usage.read},
                 "output_tokens_details": {"reasoning_tokens": usage.reasoning}}
        first_token = None
    if flavour == "first":
        block = {"prompt_token": usage.input, "completion_token": usage.output,
                 "total_tokens": usage.total(), "cost": cost}
        usage = Usage(usage.input, usage.output)
    served = served_name(model)
    own = {"meta": kong_meta(rng, model, served, mode, waited), "usage": block}
    if targets:
        own["tried_targets"] = targets
    if rng.chance(30):
        own["payload"] = {"request": dumps({"model": "desk", "messages": [
            {"role": "user", "content": prompt(rng)}]})}
    main = common | fields | dict(
        provider=KONG[model][1], request_model=model, response_model=served,
        operation=operation if targets else None,
        status="cancelled" if status == 499 else "error" if status >= 400 else "ok",
        error_class=class_of(status) if status >= 400 and status != 499 else None,
        http_status=status, stream=None if mode is None else mode == "stream",
        request_bytes=record["request"]["size"], response_bytes=record["response"]["size"],
        latency_ms=str(took), first_token_ms=None if first_token is None else str(first_token),
        reported_cost=decimal_text(Decimal(str(cost))))
    if flavour == "anthropic":
        main["warnings"] = ["cache_split_unknown"]
    if flavour == "silent":
        # Statistics are not logged, payloads are.
        own = {"payload": {"request": dumps({"model": model, "messages": [
            {"role": "user", "content": prompt(rng)}]}),
            "response": dumps({"choices": [{"message": {"content": answer(rng)}}]})}}
        usage = None
        for key in ("provider", "response_model", "stream", "first_token_ms", "reported_cost"):
            main[key] = None
    more = []
    if flavour in ("hit", "cache", "exact"):
        more = kong_cache(rng, own, common, flavour)
        main["gateway_cache_hit"] = flavour != "cache"
    if flavour == "rag":
        own["rag-inject"], found = kong_embedding(rng, common, {
            "vector_db": "pgvector", "injected": True, "chunk_ids": ["CANARY-CHUNK"]})
        more = [found]
    ai = {"proxy": own}
    if flavour in ("older", "tries", "first"):
        ai = {rng.pick(["ai-proxy", "ai-proxy-advanced"]): own}
    if flavour == "direct":
        ai = own
    if flavour == "silent":
        ai = {"ai-proxy": own}
    if flavour == "judge":
        block, found = kong_judge(rng, common)
        ai["ai-llm-as-judge"] = block
        more = [found]
    if flavour == "plugins":
        ai |= {"payload": {"request": prompt(rng)}, "audit": {"azure_content_safety": {}},
               "compressor": {"compressor_model": "CANARY-COMPRESSOR"}}
    record["ai"] = ai
    errored = usage is not None and main["status"] == "error"
    events = [event(None if errored else usage, **main), *more]
    for index, item in enumerate(events[1:], 1):
        item["id"] += f"#{index}"
    return [Line(dumps(record), start + took * 1000, event=events[0], more=events[1:])]


def kong_embedding(rng, common, block, counted=True):
    """The embedding that a plugin asked for: its mark, and its event."""
    usage, took = Usage(rng.between(4, 200)), rng.between(20, 90)
    block |= {"embeddings_provider": "openai", "embeddings_model": "text-embedding-3-small",
              "embeddings_latency": took, "fetch_latency": rng.between(2, 30)}
    if counted:
        block["embeddings_tokens"] = usage.input
    return block, event(
        usage if counted else None, **common, provider="openai",
        request_model="text-embedding-3-small", operation="embeddings", status="ok",
        latency_ms=str(took))


def kong_cache(rng, own, common, flavour):
    if flavour == "exact":
        # Found without an embedding: nothing was asked.
        own["cache"] = {"cache_status": "Hit", "fetch_latency": 12, "embeddings_provider": "openai",
                        "embeddings_model": "text-embedding-3-small", "embeddings_latency": 0,
                        "embeddings_tokens": 0}
        return []
    status = rng.pick(["Miss", "Bypass", "Refresh"]) if flavour == "cache" else rng.pick(
        ["Hit", "hit"])
    own["cache"], found = kong_embedding(rng, common, {"cache_status": status}, rng.chance(70))
    return [found]


def kong_judge(rng, common):
    """A judge that another plugin asked about the answer."""
    usage, took = kong_counts(rng, "gpt-4o-mini"), rng.between(400, 3000)
    cost = rng.pick([None, 0])
    block = {"meta": kong_meta(rng, "gpt-4o-mini", "gpt-4o-mini-2024-07-18", latency=took),
             "tried_targets": [kong_target("gpt-4o-mini")],
             "usage": kong_usage(rng, usage, cost, took) | {"llm_accuracy": rng.between(1, 100)}}
    return block, event(
        usage, **common, provider="azure", request_model="gpt-4o-mini",
        response_model="gpt-4o-mini-2024-07-18", operation="chat", status="ok", stream=False,
        route="primary", route_evidence="attempt_list", attempt=0, latency_ms=str(took),
        first_token_ms=str(took), reported_cost=None if cost is None else "0")


def judge_alone(rng, start):
    """The judge in a record that lacks the rest: no id, no time."""
    block, found = kong_judge(rng, {"gateway": "kong", "dialect": "kong.log"})
    record = {"workspace_name": "default", "ai": {"ai-llm-as-judge": block}}
    return Line(dumps(record), start, event=found, rejected="no_time")


# Envoy

ENVOY_FLAVOURS = [("plain", 40), ("cached", 8), ("exclusive", 4), ("texts", 4), ("dashes", 5),
                  ("override", 5), ("named", 4), ("embeddings", 4), ("error", 8), ("retried", 4),
                  ("disconnected", 3), ("uncounted", 3), ("backup", 4), ("tool", 6), ("other", 5)]
# model: (served, backend)
ENVOY = {
    "gpt-5-mini": ("gpt-5-mini-2025-08-07", "openai-eu"),
    "gpt-4o-mini": ("gpt-4o-mini-2024-07-18", "azure-mini"),
    "claude-haiku-4-5": ("claude-haiku-4-5-20251001", "anthropic-main"),
}


def envoy(rng, start, flavour):
    start -= start % 1000
    took = rng.between(200, 6000)
    nothing = "-" if flavour == "dashes" else None
    record = {
        ":authority": "llm.harborlane.example", "bytes_received": rng.between(100, 9000),
        "bytes_sent": rng.between(200, 20_000), "connection_termination_details": None,
        "downstream_remote_address": "10.20.0.7:41022", "duration": took, "method": "POST",
        "protocol": "HTTP/1.1", "response_code": 200, "response_code_details": "via_upstream",
        "response_flags": "-", "route_name": "httproute/default/desk/rule/0/match/0/*",
        "start_time": iso(start), "upstream_cluster": "httproute/default/desk/rule/0",
        "upstream_host": "192.0.2.10:443", "user-agent": "CANARY-AGENT/1.0",
        "x-envoy-origin-path": "/v1/chat/completions", "x-envoy-upstream-service-time": "451",
        "x-request-id": rng.uuid()}
    end = start + took * 1000
    if flavour == "tool":
        record |= {"x-envoy-origin-path": "/mcp", "gen_ai.request.model": None,
                   "gen_ai.usage.input_tokens": None, "gen_ai.usage.output_tokens": None,
                   "mcp.method.name": "tools/call", "mcp.provider.name": "context7"}
        if rng.chance(40):
            del record["gen_ai.request.model"]
        return [Line(dumps(record), end, skipped=True)]
    if flavour == "other":
        mark = rng.pick([None, "-"])
        record |= {"x-envoy-origin-path": "/healthz", "gen_ai.request.model": mark,
                   "gen_ai.response.model": mark, "gen_ai.usage.input_tokens": mark,
                   "gen_ai.usage.output_tokens": mark, "gen_ai.usage.total_tokens": mark}
        return [Line(dumps(record), end, skipped=True)]
    model = rng.pick(list(ENVOY))
    if flavour in ("cached", "exclusive"):
        model = "claude-haiku-4-5"
    served, backend = ENVOY[model]
    usage = Usage(rng.between(20, 6000), rng.between(10, 800))
    operation, session = "chat", rng.pick([None, "sess-41", "sess-42"])
    fields = {}
    if flavour == "embeddings":
        model = served = "text-embedding-3-small"
        operation, usage.output = "embeddings", 0
        record["x-envoy-origin-path"] = "/v1/embeddings"
    elif model == "claude-haiku-4-5" and rng.chance(50):
        operation = "messages"
        record["x-envoy-origin-path"] = "/v1/messages?beta=true"
    written, total = usage.input, usage.total()
    if flavour in ("cached", "exclusive"):
        usage.read, usage.write = usage.input // 2, usage.input // 8
    if flavour == "exclusive":
        # The counts of this backend leave the cache out.
        usage.read, usage.write = usage.input * 3, usage.input // 8
        usage.input += usage.read + usage.write
        fields["warnings"] = ["cache_exclusive"]
    status = 200
    if flavour == "error":
        status = rng.pick([400, 401, 429, 500, 503, 504])
    elif flavour == "retried":
        # Envoy gave up after its last retry.
        status = rng.pick([429, 503])
        record["response_flags"] = "URX"
    elif flavour == "disconnected":
        status = 0
        record["response_flags"] = "DC"
    counted = flavour not in ("error", "retried", "disconnected", "uncounted")
    kind = str if flavour == "texts" else int
    name = f"default/{backend}/route/desk/rule/0/ref/{int(flavour == 'backup')}"
    if flavour == "named":
        name, backend = "OpenAI", "openai"
    record |= {
        "response_code": status, "gen_ai.provider.name": name, "gen_ai.request.model": model,
        "gen_ai.request.model_override": nothing,
        "gen_ai.response.model": served if counted else nothing,
        "gen_ai.usage.input_tokens": kind(written) if counted else nothing,
        "gen_ai.usage.output_tokens": kind(usage.output) if counted else nothing,
        "gen_ai.usage.total_tokens": kind(total) if counted else nothing}
    if flavour == "exclusive":
        record["gen_ai.usage.total_tokens"] = None
    if flavour in ("cached", "exclusive"):
        record["gen_ai.usage.cached_input_tokens"] = usage.read
        record["gen_ai.usage.cache_creation_input_tokens"] = usage.write
    if flavour == "texts":
        record["duration"] = str(took)
    if flavour == "override":
        record["gen_ai.request.model_override"] = "claude-opus-4-8"
        served = record["gen_ai.response.model"] = "claude-opus-4-8"
        fields["routed"] = True
    if session:
        record["session.id"] = session
    elif rng.chance(40):
        record["session.id"] = nothing
    cancelled = flavour == "disconnected"
    return [Line(dumps(record), end, event(
        usage if counted else None, id=record["x-request-id"], session_id=session,
        time=rfc3339(start), gateway="envoy", dialect="envoy.accesslog", provider=backend,
        request_model=model, response_model=served if counted else None, operation=operation,
        status="cancelled" if cancelled else "error" if status >= 400 else "ok",
        error_class=class_of(status) if status >= 400 else None, http_status=status or None,
        request_bytes=record["bytes_received"], response_bytes=record["bytes_sent"],
        latency_ms=str(took), **fields))]


# Cloudflare

# model: (Cloudflare's provider, provider of the event, path, operation, price list's model)
CLOUDFLARE = {
    "@cf/meta/llama-3.2-3b-instruct": ("workers-ai", "workers-ai", "run", None, None),
    "gpt-5-mini": ("openai", "openai", "chat/completions", "chat", "gpt-5-mini"),
    "claude-haiku-4-5": ("anthropic", "anthropic", "v1/messages", "messages", "claude-haiku-4-5"),
    "claude-opus-4-8": ("anthropic", "anthropic", "v1/messages", "messages", "claude-opus-4-8"),
    "gemini-3.1-flash-lite": ("google-ai-studio", "google", "v1beta/openai/chat/completions",
                              "chat", "gemini-3.1-flash-lite"),
    "text-embedding-3-small": ("openai", "openai", "embeddings", "embeddings",
                               "text-embedding-3-small"),
}
USUAL = [("gpt-5-mini", 5), ("claude-haiku-4-5", 2), ("gemini-3.1-flash-lite", 2),
         ("@cf/meta/llama-3.2-3b-instruct", 3)]
REST_FLAVOURS = [("plain", 40), ("noise", 8), ("text", 6), ("hit", 8), ("fallback", 6),
                 ("guardrail", 3), ("embeddings", 4), ("error", 8), ("nulls", 4), ("blocked", 3),
                 ("byok", 4), ("uncounted", 3), ("unstated", 3)]


def rest(rng, start, flavour):
    """Rows of the logs API. Each provider of a list has a row of its own."""
    start -= start % 1000
    model = rng.weighted(USUAL)
    if flavour == "embeddings":
        model = "text-embedding-3-small"
    if flavour != "fallback":
        return [rest_row(rng, start, model, flavour)]
    first = rest_row(rng, start, "gpt-5-mini", "error")
    return [first, rest_row(rng, first.end + rng.between(5, 400) * 1000, "claude-opus-4-8",
                            flavour, step=1)]


def rest_row(rng, start, model, flavour, step=0):
    name, provider, path, operation, priced = CLOUDFLARE[model]
    hit = flavour == "hit"
    status = {"error": rng.pick([402, 429, 500, 503]), "nulls": rng.pick([402, 429]),
              "blocked": 424}.get(flavour, 200)
    ok = status == 200
    took = rng.between(4, 40) if hit else rng.between(200, 7000)
    usage = Usage(rng.between(20, 5000), 0 if flavour == "embeddings" else rng.between(5, 700))
    if hit:
        usage = Usage(0, 0)
    cost = Decimal(0)
    if ok and not hit:
        cost = (list_cost(priced, usage) if priced else None) or Decimal("0.000002807")
    if flavour == "noise":
        # What a binary sum leaves behind.
        text = f"0.0000{rng.between(10, 99)}{rng.between(10**15, 10**16 - 1)}"
        cost, literal = Decimal(text), Raw(text if rng.chance(50) else repr(float(text)))
        cost = Decimal(str(literal))
    else:
        literal = number(cost) if cost else 0
    counted = ok and flavour != "uncounted"
    metadata = {"user": rng.pick(["u-alma", "u-bo"]), "team": rng.pick(["Customs", "Docks"]),
                "env": "prod", "session": rng.pick(["s-1", "s-2"]), "note": "CANARY-NOTE"}
    known = not (flavour in ("nulls", "unstated"))
    record = {
        "id": "01M" + rng.letters(23).upper(), "cached": hit, "cost": literal,
        "created_at": iso(start), "custom_cost": False, "duration": took, "model": model,
        "model_type": "", "path": path, "provider": name,
        "request_content_type": "application/json", "response_content_type": "application/json",
        "request_type": "", "status_code": status, "success": ok, "step": step,
        "tokens_in": usage.input if counted else None if flavour in ("nulls", "uncounted") else 0,
        "tokens_out": usage.output if counted else None if flavour in ("nulls", "uncounted") else 0,
        "metadata": (dumps(metadata) if flavour == "text" else metadata) if known else None}
    fields = dict(route="primary", route_evidence="explicit")
    if flavour == "fallback":
        fields["route"] = "fallback"
    if flavour == "guardrail":
        record["step"], fields = "guardrail", {}
    if flavour == "unstated":
        del record["step"], record["custom_cost"]
        fields = {}
    if flavour == "byok":
        record |= {"byok": True, "wholesale": False, "authentication": True,
                   "timings": {"latency": took}}
        fields["byok"] = True
    if status == 424:
        usage, counted = Usage(0, 0), True
    if counted and usage.input:
        fields["warnings"] = ["cache_split_unknown"]
    if known:
        fields |= dict(user=metadata["user"], team=metadata["team"], environment="prod",
                       session_id=metadata["session"])
    return Line(dumps(record), start + took * 1000, event(
        usage if counted else None, id=record["id"], time=rfc3339(start), gateway="cloudflare",
        dialect="cloudflare.rest", provider=provider, response_model=model, operation=operation,
        status="ok" if ok else "blocked" if status == 424 else "error",
        error_class=None if ok else "content_policy" if status == 424 else class_of(status),
        http_status=status, gateway_cache_hit=hit, latency_ms=str(took),
        reported_cost=decimal_text(cost), **fields))


LOGPUSH_FLAVOURS = [("plain", 40), ("hit", 8), ("limited", 6), ("error", 8), ("blocked", 3),
                    ("embeddings", 4), ("run", 5)]


def logpush(rng, start, flavour):
    """Bodies and metadata are encrypted, and nothing tells the time: a ledger needs it given."""
    model = rng.pick(["gpt-5-mini", "claude-haiku-4-5", "gemini-3.1-flash-lite"])
    if flavour == "embeddings":
        model = "text-embedding-3-small"
    if flavour == "run":
        model = "@cf/meta/llama-3.2-3b-instruct"
    name, provider, path, operation, _ = CLOUDFLARE[model]
    status = {"limited": 429, "error": rng.pick([400, 401, 500, 503]), "blocked": 424}.get(
        flavour, 200)
    closed = {"type": "encrypted", "key": rng.letters(24), "iv": rng.letters(12),
              "data": f"CANARY-{rng.letters(24)}"}
    record = {"Gateway": rng.pick(["desk", "nightly"]), "Provider": name, "Model": model,
              "Endpoint": path, "StatusCode": status, "Cached": flavour == "hit",
              "RateLimited": flavour == "limited", "Metadata": closed, "RequestBody": closed,
              "ResponseBody": closed}
    blocked = status == 424
    return [Line(dumps(record), start + SECOND, event(
        gateway="cloudflare", dialect="cloudflare.logpush", provider=provider,
        response_model=model, operation=operation,
        status="blocked" if blocked else "error" if status >= 400 else "ok",
        error_class="content_policy" if blocked else class_of(status) if status >= 400 else None,
        http_status=status, gateway_cache_hit=flavour == "hit"), rejected="no_time")]


KINDS = {
    "kong.log": (KONG_FLAVOURS, kong),
    "envoy.accesslog": (ENVOY_FLAVOURS, envoy),
    "cloudflare.rest": (REST_FLAVOURS, rest),
    "cloudflare.logpush": (LOGPUSH_FLAVOURS, logpush),
}
