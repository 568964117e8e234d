"""Google: Vertex AI's log of requests, Gemini's own bodies, and the chats of Gemini CLI.

All of them count thoughts beside the answer and the results of tools beside the prompt; cached
tokens are in the prompt. Where an answer is thoughts only, the output is the thoughts.

vertex.log           id response_id, else request_id as written. time create_time, when the request
                     came, else logging_time. request_model `model`, response_model model_version
                     of the response. region from `endpoint`. Claude's body counts as Anthropic's
vertex.embed         one call counts each text apart: the sum. `characters` as Vertex bills them
gemini               no time of its own but Vertex's createTime: else a proxy's. Chunks count all of
                     the answer so far: the largest counts, of equal ones the first. Finish reasons
                     that withhold an answer are blocked. trafficType is the service tier
gemini.interactions  created; `requires_action` is ok, what is in progress is skipped. No latency:
                     `updated` is too coarse
gemini.cli           of the records of a message the one with most tokens counts. session_id is the
                     file's. Other records are skipped. No cost, no latency
"""

from core import (SECOND, Line, Raw, Usage, answer, dumps, event, prompt, rfc3339, secret, stamp)

MODELS = ["gemini-3.1-flash-lite", "gemini-3.1-pro-preview"]


def millis(us):
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us // 1000 % 1000:03d}Z"


def snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def snaked(value):
    """The same with names in snake case."""
    if isinstance(value, dict):
        return {snake(key): snaked(entry) for key, entry in value.items()}
    return [snaked(entry) for entry in value] if isinstance(value, list) else value


def counts(rng, flavour):
    """Usage and the usageMetadata that tells of it."""
    size, made = rng.between(5, 9_000), rng.between(3, 900)
    usage = Usage(size, made)
    told = {"promptTokenCount": size, "candidatesTokenCount": made}
    text = size
    if flavour == "cached":
        usage.read = size // 2
        told["cachedContentTokenCount"] = usage.read
    if flavour in ("thinking", "thoughts_only", "cached"):
        usage.reasoning = rng.between(20, 2_000)
        told["thoughtsTokenCount"] = usage.reasoning
        if flavour == "thoughts_only":
            usage.output = 0
            del told["candidatesTokenCount"]
        usage.output += usage.reasoning
    if flavour == "tool":
        extra = rng.between(50, 4_000)
        told["toolUsePromptTokenCount"] = extra
        usage.input += extra
    if flavour == "media":
        usage.audio_in, usage.image_in, usage.video_in = size // 4, size // 5, size // 6
        text -= usage.audio_in + usage.image_in + usage.video_in
    told["totalTokenCount"] = usage.total()
    parts = [("TEXT", text), ("AUDIO", usage.audio_in), ("IMAGE", usage.image_in),
             ("VIDEO", usage.video_in)]
    told["promptTokensDetails"] = [{"modality": name, "tokenCount": count}
                                   for name, count in parts if count is not None]
    if flavour == "picture":
        usage.image_out, usage.audio_out = made // 2, made // 4
        told["candidatesTokensDetails"] = [
            {"modality": "TEXT", "tokenCount": made - made // 2 - made // 4},
            {"modality": "IMAGE", "tokenCount": made // 2},
            {"modality": "AUDIO", "tokenCount": made // 4}]
    return usage, told


def candidate(rng, finish="STOP"):
    return {"content": {"role": "model", "parts": [{"text": answer(rng)}]}, "finishReason": finish}


# Vertex AI request-response logs.

LOG = [("plain", 20), ("cached", 6), ("thinking", 8), ("thoughts_only", 2), ("tool", 3),
       ("media", 3), ("picture", 2), ("stream", 6), ("chunks", 3), ("claude", 4), ("text", 4),
       ("safety", 2), ("failed", 2), ("tier", 2), ("payload", 3), ("float_id", 2)]


def vertex_log(rng, at, flavour):
    model = rng.pick(MODELS)
    publisher, method = "google", "GenerateContent"
    if flavour in ("stream", "chunks"):
        method = "StreamGenerateContent"
    elif flavour == "payload":
        method = "Predict"
    elif flavour == "claude":
        publisher, model, method = "anthropic", "claude-haiku-4-5@20251001", "RawPredict"
    took = rng.between(300_000, 20_000_000)
    logged = at + took + rng.between(10, 900) * 1000
    number = 10 ** 18 + rng.next() % 10 ** 18
    shown = {"text": str(number), "float_id": Raw(repr(float(number)))}.get(flavour, number)
    path = f"publishers/{publisher}/models/{model}"
    place = f"projects/harborlane/locations/europe-west4/{path}"
    usage, told = counts(rng, flavour)
    if flavour == "tier":
        told["trafficType"] = "ON_DEMAND_PRIORITY"
    elif rng.chance(60):
        told["trafficType"] = "ON_DEMAND"
    fields = dict(
        id=rng.letters(22), time=rfc3339(at), gateway="vertex", dialect="vertex.log",
        provider="vertex", region="europe-west4", request_model=path, response_model=model,
        operation="chat", status="ok", stream="Stream" in method, finish_reason="STOP",
        service_tier={"ON_DEMAND": "default", "ON_DEMAND_PRIORITY": "priority"}.get(
            told.get("trafficType")), latency_ms=f"{took / 1000:.3f}".rstrip("0").rstrip("."))
    response = snaked({"candidates": [candidate(rng)], "createTime": rfc3339(at),
                       "modelVersion": model, "responseId": fields["id"],
                       "usageMetadata": told})
    record = {"endpoint": place, "deployed_model_id": "", "logging_time": millis(logged),
              "request_id": shown, "request_payload": [], "response_payload": [], "model": path,
              "model_version": "default", "api_method": method, "full_request":
              {"contents": [{"role": "user", "parts": [{"text": prompt(rng)}]}], "model": place},
              "full_response": response,
              "metadata": {"request_latency": Raw(fields["latency_ms"])}}
    if flavour == "safety":
        response["candidates"][0] |= {"finish_reason": "SAFETY"}
        fields |= dict(status="blocked", error_class="content_policy", finish_reason="SAFETY")
    elif flavour == "failed":
        code, name, kind = rng.pick([(429, "RESOURCE_EXHAUSTED", "rate_limit"),
                                     (503, "UNAVAILABLE", "overloaded")])
        record["full_response"] = {"error": {"code": code, "status": name, "message":
                                             f"CANARY-ERROR-{rng.hex(4)}"}}
        usage = None
        fields |= dict(id=str(shown), time=rfc3339(logged // 1000 * 1000), status="error",
                       error_class=kind, http_status=code, response_model=None,
                       finish_reason=None, service_tier=None)
    elif flavour == "claude":
        usage = Usage(usage.input, usage.output, 0, write5m=0)
        record["full_response"] = {
            "id": f"msg_vrtx_{rng.letters(20)}", "type": "message", "role": "assistant",
            "model": "claude-haiku-4-5-20251001", "content":
            [{"type": "text", "text": answer(rng)}], "stop_reason": "end_turn", "usage":
            {"input_tokens": usage.input, "cache_read_input_tokens": 0,
             "cache_creation_input_tokens": 0, "output_tokens": usage.output}}
        fields |= dict(id=record["full_response"]["id"], operation="messages",
                       time=rfc3339(logged // 1000 * 1000), finish_reason="end_turn",
                       response_model="claude-haiku-4-5-20251001", service_tier=None)
    elif flavour == "chunks":
        # Each chunk counts all of the answer so far.
        early = dict(response, candidates=[{"content": {"parts": [{"text": answer(rng)}]}}],
                     usage_metadata=snaked(told | {"candidatesTokenCount": 1, "totalTokenCount":
                                                   usage.input + 1}))
        record["full_response"] = [early, response]
    elif flavour == "payload":
        # The older columns: nothing counts in them that could be read.
        record["request_payload"] = [dumps({"instances": [{"content": prompt(rng)}]})]
        record["response_payload"] = [dumps({"predictions": [{"content": answer(rng)}]})]
        del record["full_request"], record["full_response"]
        usage = None
        fields |= dict(id=str(shown), time=rfc3339(logged // 1000 * 1000), operation=None,
                       stream=None, response_model=None, finish_reason=None, service_tier=None)
    if flavour == "text":
        for key in ("full_request", "full_response", "metadata"):
            record[key] = dumps(record[key])
    return [Line(dumps(record), logged, event(usage, **fields))]


# Embeddings of Vertex AI.

EMBED = [("one", 10), ("several", 10), ("untimed", 3)]


def vertex_embed(rng, at, flavour):
    sizes = [rng.between(1, 2_000) for _ in range(1 if flavour == "one" else rng.between(2, 4))]
    characters = sum(sizes) * 4 + rng.below(4)
    record = {"predictions": [
        {"embeddings": {"statistics": {"token_count": size, "truncated": False},
                        "values": [Raw("-0.017999587"), Raw("0.0048076")]}} for size in sizes],
        "metadata": {"billableCharacterCount": characters}, "timestamp": rfc3339(at)}
    fields = dict(time=rfc3339(at), warnings=["time_approximate"])
    if flavour == "untimed":
        del record["timestamp"]
        fields = {}
    return [Line(dumps(record), at, event(
        Usage(sum(sizes)), gateway="vertex", dialect="vertex.embed", provider="vertex",
        operation="embeddings", status="ok", characters=str(characters), **fields))]


# Gemini generateContent.

GENERATE = [("plain", 20), ("cached", 6), ("thinking", 8), ("thoughts_only", 2), ("tool", 3),
            ("media", 3), ("picture", 2), ("snake", 5), ("stream", 6), ("late", 4), ("tie", 3),
            ("prompt_blocked", 2), ("safety", 2), ("embedding", 2), ("vertex", 3), ("live", 2),
            ("limited", 3), ("failed", 3), ("untimed", 2)]
FAILURES = [(503, "UNAVAILABLE", "overloaded"), (500, "INTERNAL", "server"),
            (400, "INVALID_ARGUMENT", "bad_request"), (403, "PERMISSION_DENIED", "auth"),
            (504, "DEADLINE_EXCEEDED", "timeout"), (404, "NOT_FOUND", "bad_request")]


def gemini(rng, at, flavour):
    fields = dict(time=rfc3339(at), gateway="gemini", dialect="gemini", provider="google",
                  operation="chat", status="ok", warnings=["time_approximate"])
    if flavour in ("limited", "failed"):
        code, name, kind = (429, "RESOURCE_EXHAUSTED", "rate_limit") if flavour == "limited" \
            else rng.pick(FAILURES)
        record = {"error": {"code": code, "message": f"CANARY-ERROR-{rng.hex(4)} {secret(rng)}",
                            "status": name, "details": [{
                                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                                "retryDelay": "34.4s"}]}, "timestamp": rfc3339(at)}
        return [Line(dumps(record), at, event(**fields | dict(
            operation=None, status="error", error_class=kind, http_status=code)))]
    model = rng.pick(MODELS)
    usage, told = counts(rng, flavour)
    fields |= dict(id=rng.letters(22), response_model=model, finish_reason="STOP")
    record = {"candidates": [candidate(rng) | {"index": 0}], "usageMetadata": told,
              "modelVersion": model, "responseId": fields["id"], "timestamp": rfc3339(at)}
    if flavour in ("stream", "late", "tie"):
        return stream(rng, at, flavour, record, usage, fields)
    if flavour == "thoughts_only":
        record["candidates"][0]["finishReason"] = fields["finish_reason"] = "MAX_TOKENS"
    elif flavour == "snake":
        record = snaked(record)
    elif flavour == "prompt_blocked":
        usage.output = None
        del record["candidates"], told["candidatesTokenCount"]
        told["totalTokenCount"] = usage.input
        record["promptFeedback"] = {"blockReason": "PROHIBITED_CONTENT"}
        fields |= dict(status="blocked", error_class="content_policy", finish_reason=None)
    elif flavour == "safety":
        reason = rng.pick(["SAFETY", "PROHIBITED_CONTENT", "RECITATION"])
        record["candidates"][0]["finishReason"] = reason
        fields |= dict(status="blocked", error_class="content_policy", finish_reason=reason)
    elif flavour == "embedding":
        usage = Usage(usage.input)
        record = {"embedding": {"values": [Raw("0.01")]}, "usageMetadata":
                  {"promptTokenCount": usage.input}, "timestamp": rfc3339(at)}
        fields |= dict(id=None, response_model=None, operation="embeddings", finish_reason=None)
    elif flavour == "vertex":
        told["trafficType"] = "ON_DEMAND"
        del record["timestamp"]
        record["createTime"] = rfc3339(at)
        fields |= dict(service_tier="default", warnings=None)
    elif flavour == "live":
        told["responseTokenCount"] = told.pop("candidatesTokenCount")
        del record["candidates"]
        fields["finish_reason"] = None
    elif flavour == "untimed":
        del record["timestamp"]
        fields |= dict(time=None, warnings=None)
    return [Line(dumps(record), at, event(usage, **fields))]


def stream(rng, at, flavour, record, usage, fields):
    """Three chunks with counts, and sometimes one without; only the largest is an event."""
    whole = record["usageMetadata"]
    made = whole["candidatesTokenCount"]
    thoughts = rng.between(30, 900)
    usage.reasoning, usage.output = thoughts, made + thoughts
    steps = [max(made // 3, 1), made if flavour == "tie" else max(made // 2, 1), made]
    lines = []
    if rng.chance(30):
        bare = {key: entry for key, entry in record.items() if key != "usageMetadata"}
        lines.append(Line(dumps(bare), at, skipped=True))
    shown = []
    for index, step in enumerate(steps):
        moment = at + index * SECOND // 3
        told = {key: entry for key, entry in whole.items() if key != "totalTokenCount"}
        told |= {"candidatesTokenCount": step, "totalTokenCount": usage.input + step}
        # The thoughts of some answers are counted in their last chunk only.
        late = flavour == "late" and index < 2
        if not late:
            told["thoughtsTokenCount"] = thoughts
            told["totalTokenCount"] += thoughts
        chunk = record | {"usageMetadata": told, "timestamp": rfc3339(moment),
                          "candidates": [candidate(rng)]}
        counted = Usage(usage.input, step + (0 if late else thoughts),
                        reasoning=None if late else thoughts)
        finish = "STOP"
        if index < 2:
            del chunk["candidates"][0]["finishReason"]
            finish = None
        shown.append((counted.total(), chunk, moment, event(
            counted, **fields | dict(time=rfc3339(moment), finish_reason=finish))))
    largest = max(total for total, *_ in shown)
    first = next(index for index, (total, *_) in enumerate(shown) if total == largest)
    return lines + [Line(dumps(chunk), moment, told, twin=index != first)
                    for index, (_, chunk, moment, told) in enumerate(shown)]


# Gemini's Interactions.

INTERACT = [("plain", 20), ("cached", 6), ("tool", 4), ("audio", 3), ("image", 2), ("action", 4),
            ("incomplete", 3), ("failed", 3), ("cancelled", 3), ("running", 3), ("agent", 3),
            ("flex", 3)]


def interaction(rng, at, flavour):
    second = at // SECOND * SECOND
    size, made, thoughts = rng.between(5, 5_000), rng.between(3, 900), rng.between(0, 900)
    extra = rng.between(50, 900) if flavour == "tool" else 0
    usage = Usage(size + extra, made + thoughts, size // 3 if flavour == "cached" else 0,
                  reasoning=thoughts)
    told = {"total_tokens": usage.total(), "total_input_tokens": size,
            "input_tokens_by_modality": [{"modality": "text", "tokens": size}],
            "total_cached_tokens": usage.read, "total_output_tokens": made,
            "total_tool_use_tokens": extra, "total_thought_tokens": thoughts}
    if flavour == "audio":
        usage.audio_in = size // 2
        told["input_tokens_by_modality"] = [{"modality": "text", "tokens": size - size // 2},
                                            {"modality": "audio", "tokens": size // 2}]
    elif flavour == "image":
        usage.image_out = made
        told["output_tokens_by_modality"] = [{"modality": "image", "tokens": made}]
    status = {"action": "requires_action", "incomplete": "incomplete", "failed": "failed",
              "cancelled": "cancelled", "running": "in_progress"}.get(flavour, "completed")
    tier = "flex" if flavour == "flex" else "standard"
    record = {"id": f"v1_{rng.letters(40)}", "status": status, "usage": told,
              "created": stamp(second, "%Y-%m-%dT%H:%M:%SZ"),
              "updated": stamp(second + 4 * SECOND, "%Y-%m-%dT%H:%M:%SZ"), "service_tier": tier,
              "steps": [{"type": "model_output", "content":
                         [{"type": "text", "text": answer(rng)}]}],
              "object": "interaction", "model": rng.pick(MODELS)}
    fields = dict(id=record["id"], time=rfc3339(second), gateway="gemini",
                  dialect="gemini.interactions", provider="google",
                  response_model=record["model"], operation="chat", status="ok",
                  service_tier="flex" if flavour == "flex" else "default")
    if flavour == "agent":
        del record["model"]
        record["agent"] = fields["response_model"] = "deep-research-pro-preview-12-2025"
    elif flavour == "failed":
        usage = None
        del record["usage"]
        record["error"] = {"code": 503, "message": f"CANARY-ERROR-{rng.hex(4)}"}
        fields |= dict(status="error", error_class="overloaded")
    elif flavour == "cancelled":
        fields["status"] = "cancelled"
    elif flavour == "running":
        del record["usage"]
        return [Line(dumps(record), second, skipped=True)]
    return [Line(dumps(record), second, event(usage, **fields))]


# Gemini CLI.

CHATS = [("lines", 12), ("rewritten", 6), ("growing", 4), ("set", 4), ("document", 6)]
STATEFUL = {"gemini.cli"}


def chat(rng, at, flavour):
    """A session, in lines or as one document."""
    session = rng.uuid()
    head = {"sessionId": session, "projectHash": rng.hex(64), "startTime": millis(at),
            "lastUpdated": millis(at), "kind": "main"}
    asked = {"id": rng.uuid(), "timestamp": millis(at + SECOND), "type": "user",
             "content": [{"text": prompt(rng)}]}
    said = [message(rng, at + (step * 20 + 2) * SECOND, session)
            for step in range(rng.between(1, 3))]
    if flavour == "document":
        told = [entry for _, entry in said]
        return [Line(dumps(head | {"messages": [asked, *(record for record, _ in said), {
            "id": rng.uuid(), "timestamp": millis(at + 90 * SECOND), "type": "info",
            "content": "Request cancelled."}]}), at, told[0], more=told[1:])]
    lines = [Line(dumps(head), at, skipped=True), Line(dumps(asked), at, skipped=True)]
    for record, told in said:
        if flavour == "rewritten":
            # First without its counts, then with them.
            bare = {key: entry for key, entry in record.items() if key != "tokens"}
            lines.append(Line(dumps(bare), at, skipped=True))
        elif flavour == "growing":
            less = dict(told, output_tokens=told["reasoning_tokens"])
            counted = record["tokens"] | {"output": 0}
            counted["total"] -= record["tokens"]["output"]
            lines.append(Line(dumps(record | {"tokens": counted}), at, less, twin=True))
        lines.append(Line(dumps(record), at, told))
    if flavour == "set":
        record, told = said[-1]
        lines += [Line(dumps({"$set": {"messages": [asked, record], "lastUpdated":
                                       millis(at + 95 * SECOND)}}), at, dict(told), twin=True),
                  Line(dumps({"$set": {"summary": "CANARY-SUMMARY"}}), at, skipped=True),
                  Line(dumps({"$rewindTo": asked["id"]}), at, skipped=True)]
    return lines


def message(rng, at, session):
    size, made, thoughts = rng.between(500, 20_000), rng.between(3, 900), rng.between(0, 900)
    read, tool = rng.pick([0, size // 2]), rng.pick([0, 0, 300])
    usage = Usage(size + tool, made + thoughts, read, reasoning=thoughts)
    model = rng.pick(MODELS)
    record = {"id": rng.uuid(), "timestamp": millis(at), "type": "gemini",
              "content": answer(rng), "thoughts": [{"subject": "Plan", "description":
                                                    f"CANARY-THOUGHT-{rng.hex(4)}"}],
              "tokens": {"input": size, "output": made, "cached": read, "thoughts": thoughts,
                         "tool": tool, "total": usage.total()}, "model": model}
    return record, event(usage, id=record["id"], session_id=session,
                         time=rfc3339(at // 1000 * 1000), gateway="gemini", dialect="gemini.cli",
                         provider="google", response_model=model, operation="chat", status="ok")


KINDS = {"vertex.log": (LOG, vertex_log), "vertex.embed": (EMBED, vertex_embed),
         "gemini": (GENERATE, gemini), "gemini.interactions": (INTERACT, interaction),
         "gemini.cli": (CHATS, chat)}
