"""Tracing stores: Helicone, Langfuse, LangSmith, Braintrust.

What the documents leave open is decided so:

all        lines of one id are snapshots of one call, the largest counts; a model that stands in one
           place only is response_model, also of a failure; an error without a name is `other`:
           error texts are not read
helicone   id request_id; a body's own counts come before the columns, which are disjoint; a status
           of 0 or below is an error without http_status; a row of the database has no
           response_status, and its cost is billionths; operation by the path of the URL;
           finish_reason and service_tier from the body
langfuse   usage_details are disjoint, unless the total equals input and output: then both hold
           their parts. Legacy usage only where there are no usage_details at all. `latency` before
           the difference of the times; project project_id
langsmith  session_id is the project; a conversation is extra.metadata.session_id, thread_id or
           conversation_id; pending runs are skipped
braintrust id span_id; cached tokens above the prompt are beside it (cache_exclusive)
"""

from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, epoch_float,
                  event, list_cost, number, oai_usage, prompt, rfc3339, secret, stamp)

MODELS = [("gpt-5-mini", "openai"), ("gpt-4o-mini", "openai"), ("claude-haiku-4-5", "anthropic"),
          ("claude-sonnet-4-6", "anthropic"), ("gemini-3.1-flash-lite", "google")]


def iso(us, zone="Z", between="T"):
    """Milliseconds, as JavaScript and ClickHouse write them."""
    return stamp(us, f"%Y-%m-%d{between}%H:%M:%S") + f".{us % SECOND // 1000:03d}{zone}"


def cost_of(model, usage):
    """About what the call costs: not every model has a price for cache writes."""
    return number(list_cost(model, Usage(usage.input, usage.output, read=usage.read)) or 0)


def exact(literal):
    return decimal_text(Decimal(literal))


# Helicone.

HELICONE = [("columns", 6), ("body", 4), ("old", 2), ("anthropic", 3), ("text_body", 1),
            ("audio", 1), ("cache_hit", 2), ("error", 2), ("no_response", 1), ("cancelled", 1),
            ("dump", 2), ("override", 1), ("cost_usd", 1), ("strings", 2), ("no_usage", 1),
            ("blocked", 1), ("xai", 1), ("embedding", 1), ("twin", 1)]
NO_CACHE = "00000000-0000-0000-0000-000000000000"
PATHS = {"openai": ("https://api.openai.com/v1/chat/completions", "chat"),
         "anthropic": ("https://api.anthropic.com/v1/messages", "messages"),
         "xai": ("https://api.x.ai/v1/chat/completions", "chat"),
         "embedding": ("https://api.openai.com/v1/embeddings", "embeddings")}


def helicone(rng, start, flavour):
    start -= start % 1000
    model, provider = rng.pick(MODELS[:2])
    if flavour == "anthropic":
        model, provider = rng.pick(MODELS[2:4])
    path, operation = PATHS[provider]
    written = {"openai": "OPENAI", "anthropic": "ANTHROPIC"}[provider]
    if flavour == "xai":
        model, provider, written = "grok-4-fast", "xai", "X"
        path, operation = PATHS["xai"]
    if flavour == "embedding":
        model = "text-embedding-3-small"
        path, operation = PATHS["embedding"]
    served = {"gpt-5-mini": "gpt-5-mini-2025-08-07"}.get(model, model)
    took, first = rng.between(300, 9_000), rng.between(80, 290)
    user, session = rng.pick(["u-7", "u-8", None]), rng.pick([None, f"sess-{rng.hex(6)}"])
    properties = {"app": "checkout", "note": f"CANARY-PROP-{rng.hex(4)}"}
    if session:
        properties["Helicone-Session-Id"] = session
    status = {"cancelled": 499, "no_response": rng.pick([-1, -3, 0])}.get(flavour, 200)
    if flavour == "error":
        status = rng.pick([429, 500, 401, 503])
    ok = status == 200
    usage = Usage(0, 0, read=0, write=0, reasoning=0, audio_in=0, audio_out=0)
    fresh, text_out = rng.between(100, 3_000), rng.between(20, 700)
    if ok:
        usage.read = rng.pick([0, 1_024, rng.between(4_000, 9_000)])
        usage.write = rng.pick([0, 0, 300])
        usage.reasoning = rng.pick([0, 0, 192])
        if flavour == "audio":
            usage.audio_in, usage.audio_out = rng.between(50, 900), rng.between(40, 500)
        if flavour == "embedding":
            usage.read = usage.write = usage.reasoning = text_out = 0
        usage.input = fresh + usage.read + usage.write + usage.audio_in
        usage.output = text_out + usage.reasoning + usage.audio_out
    else:
        fresh = text_out = 0
    cost = cost_of(model, usage) if ok and flavour != "cache_hit" else Raw("0")
    record = {
        "response_id": rng.uuid() if status > 0 else None,
        "response_created_at": iso(start + took * 1000), "response_status": status,
        "request_id": rng.uuid(), "request_created_at": iso(start), "request_user_id": user,
        "request_properties": properties, "request_model": model, "model_override": None,
        "response_model": served if ok else None, "model": served if ok else model,
        "provider": written, "delay_ms": took,
        "time_to_first_token": first if ok else None, "total_tokens": fresh + text_out,
        "prompt_tokens": fresh, "completion_tokens": text_out,
        "reasoning_tokens": usage.reasoning, "prompt_cache_read_tokens": usage.read,
        "prompt_cache_write_tokens": usage.write, "prompt_audio_tokens": usage.audio_in,
        "completion_audio_tokens": usage.audio_out, "cost": cost, "request_path": path,
        "cache_reference_id": rng.uuid() if flavour == "cache_hit" else NO_CACHE,
        "size_bytes": rng.between(500, 9_000)}
    fields = dict(
        id=record["request_id"], session_id=session, time=rfc3339(start), gateway="helicone",
        dialect="helicone", provider=provider, request_model=model, response_model=record["model"],
        operation=operation,
        status="ok" if ok else "cancelled" if status == 499 else "error",
        error_class=class_of(status) if not ok and status != 499 else None,
        http_status=status if status > 0 else None, gateway_cache_hit=flavour == "cache_hit",
        latency_ms=str(took), first_token_ms=str(first) if ok else None,
        reported_cost=exact(cost), user=user)
    counted = usage if ok else None
    if not ok and status != 499:
        record["response_body"] = {"error": {
            "message": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}", "code": None}}
    if status == 499:
        # Cancelled is no failure: the zeros of the log count.
        counted = usage
    end = start + took * 1000
    if flavour in ("body", "old", "text_body", "blocked"):
        # The body says nothing of writes; its prompt includes what was read.
        said = Usage(fresh + usage.read, text_out + usage.reasoning, read=usage.read,
                     reasoning=usage.reasoning, audio_in=0, audio_out=0)
        finish = "content_filter" if flavour == "blocked" else "stop"
        body = {"id": f"chatcmpl-{rng.hex(10)}", "model": served, "service_tier": "default",
                "choices": [{"index": 0, "finish_reason": finish,
                             "message": {"role": "assistant", "content": answer(rng)}}],
                "usage": oai_usage(said)}
        record |= {"prompt_cache_write_tokens": 0, "request_body": {
            "model": model, "messages": [{"role": "user", "content": prompt(rng)}]}}
        if flavour == "old":
            record |= {"prompt_tokens": said.input, "completion_tokens": said.output}
        record["response_body"] = dumps(body) if flavour == "text_body" else body
        fields |= dict(finish_reason=finish, service_tier="default")
        if flavour == "blocked":
            fields |= dict(status="blocked", error_class="content_policy")
        return [Line(dumps(record), end, event(said, **fields))]
    if flavour == "anthropic":
        hour = rng.pick([0, 200])
        said = Usage(fresh + usage.read + usage.write + hour, text_out, read=usage.read,
                     write5m=usage.write, write1h=hour)
        record["response_body"] = {
            "id": f"msg_{rng.letters(12)}", "type": "message", "role": "assistant", "model": served,
            "content": [{"type": "text", "text": answer(rng)}], "stop_reason": "end_turn",
            "usage": {"input_tokens": fresh, "cache_read_input_tokens": usage.read,
                      "cache_creation_input_tokens": usage.write + hour,
                      "cache_creation": {"ephemeral_5m_input_tokens": usage.write,
                                         "ephemeral_1h_input_tokens": hour},
                      "output_tokens": text_out, "service_tier": "standard"}}
        return [Line(dumps(record), end, event(
            said, **fields | dict(finish_reason="end_turn", service_tier="default")))]
    if flavour == "dump":
        # The columns of the database: shorter names, no zone, billionths of a dollar.
        billionths = int(Decimal(cost) * 10**9)
        for name in ("response_status", "delay_ms", "request_user_id", "request_properties",
                     "total_tokens"):
            del record[name]
        record |= {"status": status, "latency": took, "user_id": user, "properties": properties,
                   "request_created_at": iso(start, "", " "), "cost": billionths,
                   "auth_hash": secret(rng)}
        fields |= dict(reported_cost=decimal_text(Decimal(billionths).scaleb(-9)),
                       warnings=["zone_assumed"])
    if flavour == "override":
        record |= {"request_model": None, "model_override": model}
        record["target_url"] = record.pop("request_path")
    if flavour == "cost_usd":
        record["costUSD"] = record.pop("cost")
    if flavour == "strings":
        for name in list(record):
            if name.endswith("_tokens") or name == "delay_ms":
                record[name] = str(record[name])
        record["cost"] = str(cost)
    if flavour == "no_usage":
        record |= {name: None for name in record if name.endswith("_tokens")} | {"cost": None}
        counted = None
        fields["reported_cost"] = None
    lines = [Line(dumps(record), end, event(counted, **fields))]
    if flavour == "twin":
        # The same request before its answer was counted.
        early = record | {name: 0 for name in record if name.endswith("_tokens")} | {"cost": 0}
        none = Usage(0, 0, read=0, write=0, reasoning=0, audio_in=0, audio_out=0)
        lines.insert(0, Line(dumps(early), end - 1, event(
            none, **fields | {"reported_cost": "0"}), twin=True))
    return lines


# Langfuse.

LANGFUSE = [("cached", 5), ("claude", 4), ("lifetimes", 2), ("audio", 1), ("inclusive", 2),
            ("camel", 5), ("camel_strings", 1), ("legacy", 2), ("legacy_flat", 1),
            ("characters", 1), ("embedding", 1), ("span", 2), ("error", 2), ("retry", 2),
            ("fallback", 2), ("empty", 1), ("untold", 1), ("texts", 1), ("twin", 1)]


def langfuse(rng, start, flavour):
    start -= start % 1000
    if flavour in ("retry", "fallback"):
        trace = f"trace-{rng.hex(10)}"
        failed = observation(rng, start, "error", trace, "gpt-5-mini")
        then = failed[0].end + rng.between(100, 2_000) * 1000
        model = "gpt-5-mini" if flavour == "retry" else "claude-sonnet-4-6"
        return failed + observation(rng, then, "cached" if flavour == "retry" else "claude", trace,
                                    model)
    return observation(rng, start, flavour)


def observation(rng, start, flavour, trace=None, model=None):
    camel = flavour in ("camel", "camel_strings", "legacy", "legacy_flat", "characters")
    model = model or {"embedding": "text-embedding-3-small"}.get(flavour) or rng.pick(
        MODELS[2:4] if flavour in ("claude", "lifetimes") else MODELS[:2])[0]
    took, first = rng.between(300, 9_000), rng.between(80, 290)
    ok = flavour != "error"
    fresh, text_out = rng.between(80, 3_000), rng.between(20, 600)
    usage, details = details_of(rng, flavour, fresh, text_out)
    cost = cost_of(model, usage) if usage and usage.input is not None else Raw("0")
    user, project = rng.pick(["u-7", "u-9", None]), "harbor-agents"
    fields = dict(trace_id=trace or f"trace-{rng.hex(10)}", time=rfc3339(start), gateway="langfuse",
                  dialect="langfuse", response_model=model, status="ok" if ok else "error",
                  error_class=None if ok else "other", latency_ms=str(took),
                  first_token_ms=str(first) if ok else None, reported_cost=exact(cost),
                  environment=rng.pick(["production", "default"]))
    end = start + took * 1000
    costs = {"input": number(Decimal("0.00001")), "total": cost}
    kind = {"embedding": "EMBEDDING", "span": "SPAN"}.get(flavour, "GENERATION")
    if kind == "EMBEDDING":
        fields |= dict(operation="embeddings", first_token_ms=None)
    record_id = f"obs-{rng.hex(12)}"
    fields["id"] = record_id
    if camel:
        record = {
            "id": record_id, "traceId": fields["trace_id"], "type": kind, "name": "chat",
            "startTime": iso(start), "endTime": iso(end), "completionStartTime":
            iso(start + first * 1000), "model": model, "modelParameters": {"temperature": 1},
            "input": [{"role": "user", "content": prompt(rng)}],
            "output": {"role": "assistant", "content": answer(rng)}, "level": "DEFAULT",
            "statusMessage": None, "usage": {"input": fresh, "output": text_out,
                                             "total": fresh + text_out, "unit": "TOKENS"},
            "usageDetails": details, "costDetails": costs, "calculatedTotalCost": cost,
            "latency": Raw(decimal_text(Decimal(took) / 1000)),
            "timeToFirstToken": Raw(decimal_text(Decimal(first) / 1000)),
            "promptTokens": fresh, "completionTokens": text_out,
            "totalTokens": fresh + text_out, "environment": fields["environment"],
            "metadata": {"note": f"CANARY-META-{rng.hex(4)}"}}
        if flavour == "camel_strings":
            record |= {"calculatedTotalCost": str(cost), "latency": str(record["latency"]),
                       "timeToFirstToken": str(record["timeToFirstToken"])}
        if flavour in ("legacy", "legacy_flat", "characters"):
            for name in ("usageDetails", "costDetails", "calculatedTotalCost"):
                del record[name]
            record["totalCost"] = cost
            if flavour == "legacy_flat":
                record["usage"] = None
            if flavour == "characters":
                record["usage"] |= {"unit": "CHARACTERS"}
        return [Line(dumps(record), end, event(usage, **fields))]
    fields |= dict(project=project, user=user, warnings=["zone_assumed"])
    # The metadata may repeat the usage of another call; nothing is read there.
    record = {
        "id": record_id, "trace_id": fields["trace_id"], "project_id": project,
        "environment": fields["environment"], "type": kind, "parent_observation_id": None,
        "start_time": iso(start, "", " "), "end_time": iso(end, "", " "), "name": "chat",
        "metadata": {"usage": {"prompt_tokens": 1}}, "level": "DEFAULT" if ok else "ERROR",
        "status_message": None if ok else f"429 CANARY-ERROR-{rng.hex(4)} {secret(rng)}",
        "version": None, "user_id": user, "input": prompt(rng),
        "output": answer(rng) if ok else None, "provided_model_name": model,
        "usage_details": details, "cost_details": costs if ok else {},
        "completion_start_time": iso(start + first * 1000, "", " ") if ok else None,
        "total_cost": cost, "latency": Raw(decimal_text(Decimal(took) / 1000)),
        "time_to_first_token": Raw(decimal_text(Decimal(first) / 1000)) if ok else None,
        "model_id": "m-1", "updated_at": iso(end, "", " ")}
    if kind == "EMBEDDING":
        record |= {"completion_start_time": None, "time_to_first_token": None}
    if flavour == "span":
        record |= {"provided_model_name": None, "total_cost": None}
        return [Line(dumps(record), end, skipped=True)]
    if flavour == "untold":
        # Nothing but the times: the durations are their differences.
        record |= {"latency": None, "time_to_first_token": None, "total_cost": None}
    if flavour == "texts":
        # A table's cell holds an object as text.
        record |= {name: dumps(record[name]) for name in ("usage_details", "cost_details")}
    lines = [Line(dumps(record), end, event(usage, **fields))]
    if flavour == "twin":
        early = record | {"usage_details": {}, "cost_details": {}, "total_cost": 0}
        lines.insert(0, Line(dumps(early), end - 1, event(
            **fields | {"reported_cost": "0"}), twin=True))
    return lines


def details_of(rng, flavour, fresh, text_out):
    """What the counts mean, and the buckets in which they stand."""
    if flavour in ("error", "empty"):
        return None, {}
    if flavour == "characters":
        return None, None
    if flavour in ("legacy", "legacy_flat"):
        return Usage(fresh, text_out), None
    if flavour == "embedding":
        return Usage(fresh), {"input": fresh, "total": fresh}
    read = rng.pick([0, 1_024, rng.between(3_000, 8_000)])
    if flavour in ("claude", "lifetimes"):
        written, hour = rng.pick([0, 500]), rng.pick([0, 256])
        usage = Usage(fresh + read + written + hour, text_out, read=read)
        details = {"input": fresh, "input_cache_read": read, "output": text_out}
        if flavour == "lifetimes":
            usage.write5m, usage.write1h = written, hour
            details |= {"input_cache_creation_5m": written, "input_cache_creation_1h": hour}
        else:
            usage.write = written + hour
            details["input_cache_creation"] = written + hour
        return usage, details | {"total": usage.total()}
    if flavour == "audio":
        usage = Usage(fresh + read + 120, text_out + 80, read=read, audio_in=120, audio_out=80)
        return usage, {"input": fresh, "input_cached_tokens": read, "input_audio_tokens": 120,
                       "output": text_out, "output_audio_tokens": 80, "total": usage.total()}
    reasoning = rng.pick([64, 192])
    if flavour == "inclusive":
        # An SDK that did not split: the total gives it away.
        read = fresh // 2 + 1
        usage = Usage(fresh, text_out + reasoning, read=read, reasoning=reasoning)
        return usage, {"input": fresh, "input_cached_tokens": read,
                       "output": text_out + reasoning, "output_reasoning_tokens": reasoning,
                       "total": usage.total()}
    usage = Usage(fresh + read, text_out + reasoning, read=read, reasoning=reasoning)
    name = rng.pick(["output_reasoning", "output_reasoning_tokens"])
    return usage, {"input": fresh, "input_cached_tokens": read, "output": text_out,
                   name: reasoning, "total": usage.total()}


# LangSmith.

LANGSMITH = [("plain", 6), ("claude", 3), ("lifetimes", 1), ("reasoning", 2), ("audio", 1),
             ("text_extra", 1), ("number_cost", 2), ("no_details", 1), ("no_usage", 1),
             ("chain", 2), ("pending", 1), ("error", 2), ("late_error", 1), ("retry", 1),
             ("fallback", 1), ("thread", 2), ("vertex", 1), ("twin", 1)]


def langsmith(rng, start, flavour):
    if flavour in ("retry", "fallback"):
        trace = rng.uuid()
        failed = run(rng, start, "error", trace, ("gpt-5-mini", "openai"))
        then = failed[0].end + rng.between(100, 2_000) * 1000
        return failed + run(rng, then, "plain", trace, ("gpt-5-mini", "openai")
                            if flavour == "retry" else ("claude-sonnet-4-6", "anthropic"))
    return run(rng, start, flavour)


def run(rng, start, flavour, trace=None, model=None):
    model, provider = model or rng.pick(
        MODELS[2:4] if flavour in ("claude", "lifetimes") else MODELS[:4])
    written = provider
    if flavour == "vertex":
        model, provider, written = "gemini-3.1-flash-lite", "vertex", "google_vertexai"
    took, first = rng.between(300_000, 9_000_000), rng.between(80_000, 290_000)
    usage = Usage(rng.between(200, 6_000), rng.between(20, 900), read=0, reasoning=0)
    usage.read = rng.pick([0, usage.input // 128 * 64])
    details = {"cache_read": usage.read}
    if flavour in ("claude", "twin"):
        usage.write = rng.pick([0, 64])
        details["cache_creation"] = usage.write
    if flavour == "lifetimes":
        usage.write5m, usage.write1h = rng.pick([0, 32]), rng.pick([16, 48])
        details |= {"cache_creation": 0, "ephemeral_5m_input_tokens": usage.write5m,
                    "ephemeral_1h_input_tokens": usage.write1h}
    if flavour == "reasoning":
        usage.reasoning = usage.output // 2
    out = {"reasoning": usage.reasoning}
    if flavour == "audio":
        usage.read = 0
        usage.audio_in, usage.audio_out = usage.input // 3, usage.output // 3
        details = {"audio": usage.audio_in, "cache_read": 0}
        out["audio"] = usage.audio_out
    cost = exact(cost_of(model, usage))
    failed = flavour in ("error", "late_error")
    metadata = {"ls_provider": written, "ls_model_name": model, "ls_model_type": "chat",
                "ls_temperature": None, "canary": f"CANARY-META-{rng.hex(4)}"}
    thread = None
    if flavour == "thread":
        thread = f"thread-{rng.hex(8)}"
        metadata[rng.pick(["session_id", "thread_id", "conversation_id"])] = thread
    clock = lambda us: stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us % SECOND:06d}"
    trace = trace or rng.uuid()
    record = {
        "id": rng.uuid(), "run_type": "llm", "name": "ChatModel", "start_time": clock(start),
        "end_time": clock(start + took), "first_token_time": clock(start + first),
        "trace_id": trace, "dotted_order": f"2026Z{trace}", "parent_run_id": rng.uuid(),
        "session_id": "proj-harbor", "status": "success", "error": None,
        "prompt_tokens": usage.input, "completion_tokens": usage.output,
        "total_tokens": usage.total(), "prompt_token_details": details,
        "completion_token_details": out, "prompt_cost": "0.001", "completion_cost": "0.002",
        "total_cost": cost, "tags": ["prod", "dock"],
        "inputs": {"messages": [prompt(rng)]}, "outputs": {"text": answer(rng)},
        "extra": {"metadata": metadata}}
    fields = dict(
        id=record["id"], trace_id=trace, session_id=thread, time=rfc3339(start),
        gateway="langsmith", dialect="langsmith", provider=provider, response_model=model,
        status="error" if failed else "ok", error_class="other" if failed else None,
        latency_ms=decimal_text(Decimal(took) / 1000),
        first_token_ms=decimal_text(Decimal(first) / 1000), reported_cost=cost,
        project="proj-harbor", tags=["prod", "dock"], warnings=["zone_assumed"])
    counted, end = usage, start + took
    if failed:
        record |= {"status": "error", "first_token_time": None, "outputs": None,
                   "error": f"RateLimitError('CANARY-ERROR-{rng.hex(4)} {secret(rng)}')"}
        fields["first_token_ms"] = None
    if flavour == "error":
        record |= {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0,
                   "prompt_token_details": None, "completion_token_details": None,
                   "total_cost": None}
        fields["reported_cost"] = counted = None
    if flavour == "late_error":
        # It failed after the prompt was counted.
        counted = Usage(usage.input, 0, read=usage.read)
        record |= {"completion_tokens": 0, "total_tokens": usage.input,
                   "completion_token_details": None}
    if flavour == "no_usage":
        record |= {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None,
                   "prompt_token_details": None, "completion_token_details": None,
                   "total_cost": None}
        fields["reported_cost"] = counted = None
    if flavour == "no_details":
        record |= {"prompt_token_details": None, "completion_token_details": None}
        counted = Usage(usage.input, usage.output)
    if flavour == "number_cost":
        record["total_cost"] = number(Decimal(cost))
        fields["reported_cost"] = exact(record["total_cost"])
    if flavour == "text_extra":
        record["extra"] = dumps(record["extra"], spaced=True)
    if flavour == "chain":
        return [Line(dumps(record | {"run_type": rng.pick(["chain", "tool"])}), end, skipped=True)]
    if flavour == "pending":
        return [Line(dumps(record | {"status": "pending", "end_time": None}), end, skipped=True)]
    lines = [Line(dumps(record), end, event(counted, **fields))]
    if flavour == "twin":
        early = record | {"completion_tokens": 0, "total_tokens": usage.input, "total_cost": None,
                          "completion_token_details": None}
        half = Usage(usage.input, 0, read=usage.read, write=usage.write)
        lines.insert(0, Line(dumps(early), end - 1, event(
            half, **fields | {"reported_cost": None}), twin=True))
    return lines


# Braintrust.

BRAINTRUST = [("plain", 6), ("reasoning", 2), ("exclusive", 2), ("exclusive_total", 1),
              ("lifetimes", 1), ("audio", 1), ("error", 2), ("task", 2), ("retry", 1),
              ("fallback", 1), ("no_cost", 1), ("no_usage", 1), ("no_start", 1), ("twin", 1)]


def braintrust(rng, start, flavour):
    # Python prints the seconds of a float: ten microseconds survive.
    start -= start % 10
    if flavour in ("retry", "fallback"):
        trace = rng.uuid()
        failed = span(rng, start, "error", trace, ("gpt-5-mini", "openai"))
        then = failed[0].end + rng.between(100, 2_000) * 1000
        return failed + span(rng, then, "plain", trace, ("gpt-5-mini", "openai")
                             if flavour == "retry" else ("claude-sonnet-4-6", "anthropic"))
    return span(rng, start, flavour)


def span(rng, start, flavour, trace=None, model=None):
    anthropic = flavour in ("exclusive", "exclusive_total", "lifetimes")
    model, provider = model or rng.pick(MODELS[2:4] if anthropic else MODELS[:2])
    took, first = rng.between(30, 900) * 10_000, rng.between(8, 29) * 10_000
    fresh = rng.between(200, 6_000)
    usage = Usage(fresh, rng.between(20, 900), read=rng.pick([0, fresh // 128 * 64]))
    metrics = {"start": epoch_float(start), "end": epoch_float(start + took),
               "time_to_first_token": Raw(decimal_text(Decimal(first) / SECOND)),
               "prompt_tokens": fresh, "prompt_cached_tokens": usage.read,
               "completion_tokens": usage.output, "tokens": usage.total()}
    warnings = []
    if flavour == "reasoning":
        usage.reasoning = usage.output // 2
        metrics["completion_reasoning_tokens"] = usage.reasoning
    if flavour == "audio":
        usage.audio_in, usage.audio_out = (fresh - usage.read) // 2, usage.output // 2
        metrics |= {"prompt_audio_tokens": usage.audio_in,
                    "completion_audio_tokens": usage.audio_out}
    if flavour in ("exclusive", "exclusive_total"):
        # Anthropic's counts as they are: the prompt leaves the cached tokens out.
        usage.read, usage.write = fresh + rng.between(1, 9_000), rng.pick([0, 500])
        usage.input = fresh + usage.read + usage.write
        whole = usage.input if flavour == "exclusive_total" else fresh
        metrics |= {"prompt_cached_tokens": usage.read,
                    "prompt_cache_creation_tokens": usage.write, "tokens": whole + usage.output}
        warnings = ["cache_exclusive"]
    if flavour == "lifetimes":
        usage.write5m, usage.write1h = rng.pick([0, 32]), rng.pick([0, 48])
        metrics |= {"prompt_cache_creation_5m_tokens": usage.write5m,
                    "prompt_cache_creation_1h_tokens": usage.write1h}
    cost = cost_of(model, usage)
    metrics["estimated_cost"] = cost
    failed = flavour == "error"
    record = {
        "id": rng.uuid(), "span_id": rng.uuid(), "root_span_id": trace or rng.uuid(),
        "_xact_id": "1000195", "project_id": "proj-harbor", "created": iso(start),
        "span_attributes": {"name": "Chat Completion", "type": "llm"}, "metrics": metrics,
        "metadata": {"model": model, "provider": provider, "temperature": 0},
        "input": [{"role": "user", "content": prompt(rng)}], "output": answer(rng),
        "tags": ["prod"], "error": None}
    fields = dict(
        id=record["span_id"], trace_id=record["root_span_id"], time=rfc3339(start),
        gateway="braintrust", dialect="braintrust", provider=provider, response_model=model,
        status="error" if failed else "ok", error_class="other" if failed else None,
        latency_ms=decimal_text(Decimal(took) / 1000),
        first_token_ms=decimal_text(Decimal(first) / 1000), reported_cost=exact(cost),
        project="proj-harbor", tags=["prod"], warnings=warnings)
    counted, end = usage, start + took
    if flavour in ("error", "no_usage"):
        record["metrics"] = {"start": metrics["start"], "end": metrics["end"]}
        fields |= dict(first_token_ms=None, reported_cost=None)
        counted = None
        if failed:
            record |= {"error": f"APIError: CANARY-ERROR-{rng.hex(4)} {secret(rng)}",
                       "output": None}
    if flavour == "no_cost":
        del metrics["estimated_cost"]
        fields["reported_cost"] = None
    if flavour == "no_start":
        del metrics["start"], metrics["end"]
        fields |= dict(time=rfc3339(start // 1000 * 1000), latency_ms=None)
    if flavour == "task":
        record["span_attributes"] = {"name": "agent", "type": rng.pick(["task", "function"])}
        return [Line(dumps(record), end, skipped=True)]
    lines = [Line(dumps(record), end, event(counted, **fields))]
    if flavour == "twin":
        # A first write without the end of the call.
        early = record | {"metrics": {"start": metrics["start"], "prompt_tokens": fresh}}
        lines.insert(0, Line(dumps(early), start, event(Usage(fresh), **fields | dict(
            latency_ms=None, first_token_ms=None, reported_cost=None)), twin=True))
    return lines


KINDS = {
    "helicone": (HELICONE, helicone),
    "langfuse": (LANGFUSE, langfuse),
    "langsmith": (LANGSMITH, langsmith),
    "braintrust": (BRAINTRUST, braintrust),
}
