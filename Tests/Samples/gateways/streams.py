"""Streams that were saved event by event, one JSON object a line, where that is a form of its own.

anthropic.stream         message_start names the message and its input; message_delta ends it and
                         completes the counts: it is the event, message_start a snapshot of the same
                         call, which counts alone where the stream was cut. time is that of
                         message_start, added by a proxy (time_approximate). Iterations are events
openai.responses_stream  the response inside the last event, as openai.responses or openrouter.chat,
                         with stream true; the events before it are skipped
"""

from core import (SECOND, Line, Usage, answer, decimal_text, dumps, event, list_cost, plain, prompt,
                  rfc3339, secret)

# Anthropic.

ANTHROPIC = [("plain", 5), ("cached", 3), ("cumulative", 2), ("thinking", 2), ("refusal", 1),
             ("search", 1), ("geo", 1), ("fallback", 1), ("advisor", 1), ("cut", 1), ("error", 1)]
# Without a proxy's time, which an event would take over from another stream of the file. A ledger
# refuses such an event before it looks for a better one of the same call: there is only one here.
UNTIMED = [("cut", 1)]


def counts(usage, fresh, split=True):
    """The counts of Anthropic's usage block, without the output."""
    block = {"input_tokens": fresh,
             "cache_creation_input_tokens": (usage.write5m or 0) + (usage.write1h or 0),
             "cache_read_input_tokens": usage.read}
    if split:
        block["cache_creation"] = {"ephemeral_5m_input_tokens": usage.write5m,
                                   "ephemeral_1h_input_tokens": usage.write1h}
    return block


def input_of(rng, read, write5m=0, write1h=0):
    fresh = rng.between(20, 3_000)
    return Usage(fresh + read + write5m + write1h, None, read, write5m, write1h), fresh


def anthropic(rng, start, flavour, timed=True):
    model = rng.pick(["claude-sonnet-4-6", "claude-haiku-4-5-20251001", "claude-opus-4-8"])
    geo = "us" if flavour == "geo" else "not_available"
    usage, fresh = input_of(rng, *(
        (rng.between(2_000, 20_000), 1_024, 512) if flavour == "cached" else (0,)))
    message = {"model": model, "id": f"msg_01{rng.letters(22)}", "type": "message",
               "role": "assistant", "content": [], "stop_reason": None, "stop_sequence": None,
               "usage": counts(usage, fresh) | {"output_tokens": 1, "service_tier": "standard",
                                                "inference_geo": geo}}
    fields = dict(id=message["id"], gateway="anthropic", dialect="anthropic.stream",
                  provider="anthropic", operation="messages", service_tier="default", stream=True,
                  modifiers={"inference_geo": geo} if geo == "us" else None)
    if timed:
        fields |= dict(time=rfc3339(start), warnings=["time_approximate"])
    at, lines = start, []

    def add(record, **kind):
        nonlocal at
        stamped = {"timestamp": rfc3339(at)} if timed else {}
        lines.append(Line(dumps(record | stamped), at, **kind))
        at += rng.between(20, 900) * 1000

    usage.output = 1
    add({"type": "message_start", "message": message}, twin=flavour not in ("cut", "error"),
        event=event(usage, response_model=model, status="ok", **fields))
    add({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        skipped=True)
    add({"type": "ping"}, skipped=True)
    add({"type": "content_block_delta", "index": 0, "delta": {
        "type": "text_delta", "text": answer(rng) + prompt(rng)}}, skipped=True)
    if flavour == "error":
        # It names neither message nor request: what was sent till then stands.
        add({"type": "error", "error": {"type": "overloaded_error", "message":
             f"CANARY-ERROR-{rng.hex(6)} for {secret(rng)}"}}, event=event(
            time=rfc3339(at), gateway="anthropic", dialect="anthropic.message",
            provider="anthropic", operation="messages", status="error", error_class="overloaded",
            warnings=["time_approximate"]))
    if flavour in ("cut", "error"):
        return lines
    add({"type": "content_block_stop", "index": 0}, skipped=True)
    usage.output = rng.between(20, 1_500)
    block = {"output_tokens": usage.output}
    stop = "refusal" if flavour == "refusal" else rng.pick(["end_turn", "max_tokens", "tool_use"])
    made = dict(response_model=model, finish_reason=stop, status="ok")
    if flavour == "refusal":
        made |= dict(status="blocked", error_class="content_policy")
    if flavour == "thinking":
        usage.reasoning = usage.output // 2
        block["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    if flavour in ("cumulative", "search"):
        # What a server tool read is added to the input: the last counts hold.
        more = rng.between(500, 4_000)
        fresh += more
        usage.input += more
        block = counts(usage, fresh, split=False) | block
    if flavour == "search":
        block["server_tool_use"] = {"web_search_requests": 3, "web_fetch_requests": 0}
        made["web_searches"] = "3"
    events = [event(usage, **fields, **made)]
    if flavour in ("fallback", "advisor"):
        events, block = iterations(rng, flavour, model, usage, fresh, fields | made)
    add({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
         "usage": block}, event=events[0], more=events[1:])
    add({"type": "message_stop"}, skipped=True)
    return lines


def iterations(rng, flavour, model, usage, fresh, fields):
    """A stream that another model took over, or that asked one: only its end tells so."""
    other = "claude-opus-4-8" if flavour == "advisor" else "claude-fable-5"
    second, second_fresh = input_of(rng, 0)
    second.output = usage.output * 2
    entries = []
    if flavour == "fallback":
        usage.output = 0
    for kind, named, of, its in (("message", model, usage, fresh), (
            "fallback_message" if flavour == "fallback" else "advisor_message", other, second,
            second_fresh)):
        entries.append({"type": kind, "model": named, "output_tokens": of.output}
                       | counts(of, its))
    served, served_fresh = (second, second_fresh) if flavour == "fallback" else (usage, fresh)
    # The entry that served has the id of the message, and its searches.
    ids = [fields["id"], fields["id"] + "#1"]
    searches = [fields.pop("web_searches", None), None]
    if flavour == "fallback":
        ids.reverse()
        searches.reverse()
    first = event(usage, **fields | {"id": ids[0], "web_searches": searches[0]})
    more = event(second, **fields | {"id": ids[1], "web_searches": searches[1],
                                     "response_model": other})
    if flavour == "fallback":
        first |= dict(status="blocked", error_class="content_policy")
        more |= dict(route="fallback", route_evidence="explicit", route_from=model)
    return [first, more], counts(served, served_fresh) | {"output_tokens": served.output,
                                                          "iterations": entries}


# OpenAI's responses.

RESPONSES = [("plain", 4), ("reasoning", 2), ("written", 1), ("incomplete", 1), ("failed", 1),
             ("openrouter", 2)]


def response(rng, start, flavour):
    second = start // SECOND
    model = "gpt-5-2025-08-07" if flavour == "reasoning" else "gpt-5-mini-2025-08-07"
    size = rng.between(200, 9_000)
    usage = Usage(size, rng.between(64, 1_400), read=rng.pick([0, size // 256 * 128]))
    usage.reasoning = usage.output // 64 * (48 if flavour == "reasoning" else 0)
    status = {"incomplete": "incomplete", "failed": "failed"}.get(flavour, "completed")
    body = {"id": f"resp_{rng.hex(40)}", "object": "response", "created_at": second,
            "status": "in_progress", "error": None, "incomplete_details": None,
            "instructions": "You help forwarders. CANARY-INSTRUCTION", "model": model,
            "output": [], "service_tier": "auto", "store": False, "usage": None}
    fields = dict(time=rfc3339(second * SECOND), gateway="openai", dialect="openai.responses",
                  provider="openai", response_model=model, operation="responses", status="ok",
                  service_tier="default", stream=True)
    final = {"status": status, "service_tier": "default", "output": [
        {"id": f"msg_{rng.hex(20)}", "type": "message", "status": "completed", "role": "assistant",
         "content": [{"type": "output_text", "annotations": [], "text": answer(rng)}]}]}
    counted = {"input_tokens": usage.input, "input_tokens_details": {"cached_tokens": usage.read},
               "output_tokens": usage.output, "output_tokens_details": {
                   "reasoning_tokens": usage.reasoning}, "total_tokens": usage.total()}
    if flavour == "written":
        usage.write = size // 4
        usage.read = min(usage.read, size // 4)
        counted["input_tokens_details"] = {
            "cached_tokens": usage.read, "cache_write_tokens": usage.write,
            "cache_write_tokens_details": {"ttl_30m_tokens": usage.write, "ttl_12h_tokens": 0}}
    if flavour == "incomplete":
        final["incomplete_details"] = {"reason": "max_output_tokens"}
        fields["finish_reason"] = "max_output_tokens"
    if flavour == "failed":
        final["error"] = {"code": "server_error", "message": f"CANARY-ERROR-{rng.hex(6)}"}
        fields |= dict(status="error", error_class="server")
        usage, counted = None, None
    if flavour == "openrouter":
        body |= {"id": f"gen-{second}-{rng.letters(20)}", "model": "openai/gpt-5-mini"}
        cost = list_cost("gpt-5-mini", usage)
        counted |= {"cost": plain(cost), "is_byok": False, "cost_details": {
            "upstream_inference_input_cost": plain(cost / 2),
            "upstream_inference_output_cost": plain(cost / 2)}}
        fields |= dict(gateway="openrouter", dialect="openrouter.chat", provider=None,
                       response_model=body["model"], byok=False, reported_cost=decimal_text(cost))
    events = [("response.created", {"response": body}),
              ("response.in_progress", {"response": body}),
              ("response.output_text.delta", {"item_id": "msg_1", "delta": prompt(rng)})]
    lines = [Line(dumps({"type": kind, "sequence_number": number} | own), start, skipped=True)
             for number, (kind, own) in enumerate(events)]
    last = {"type": f"response.{status}", "sequence_number": len(lines),
            "response": body | final | {"usage": counted}}
    return lines + [Line(dumps(last), start, event(usage, id=body["id"], **fields))]


KINDS = {"anthropic.stream": (ANTHROPIC, anthropic),
         "anthropic.stream+untimed": (UNTIMED, lambda rng, at, flavour: anthropic(
             rng, at, flavour, timed=False)),
         "openai.responses_stream": (RESPONSES, response)}
STATEFUL = {"anthropic.stream", "anthropic.stream+untimed"}
