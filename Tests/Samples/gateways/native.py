"""Cohere, Ollama and OpenCode.

cohere    what is billed counts, billed_units, not `tokens`, of which the cached are a part. No
          model in the body; time `timestamp`, which a proxy added. A rerank has search units only
ollama    created_at, finer digits cut. No id. total_duration is the latency, in nanoseconds. Chunks
          before the last are skipped. A prompt that was still in memory is not counted: no input
opencode  all counts are apart: input is the sum of input and cache, output of output and reasoning.
          An aborted message is cancelled; an error is told by its statusCode alone, for all carry
          the same names. Of the states of a message the one with most tokens counts
"""

from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, event, number,
                  rfc3339, secret, stamp)

# Cohere.

COHERE = [("chat", 20), ("thinking", 5), ("version_1", 6), ("embed", 6), ("rerank", 6),
          ("event", 4), ("floats", 3), ("toxic", 2), ("failed", 2), ("timeout", 2), ("stopped", 2),
          ("untimed", 2)]


def cohere(rng, at, flavour):
    usage = Usage(rng.between(3, 900), rng.between(3, 900))
    billed = {"input_tokens": usage.input, "output_tokens": usage.output}
    fields = dict(id=rng.uuid(), time=rfc3339(at), gateway="cohere", dialect="cohere",
                  provider="cohere", operation="chat", status="ok", finish_reason="COMPLETE",
                  warnings=["time_approximate"])
    if flavour == "floats":
        billed = {key: Raw(f"{count}.0") for key, count in billed.items()}
    told = {"billed_units": billed, "tokens": {"input_tokens": usage.input + 1_386,
                                               "output_tokens": usage.output + 4}}
    record = {"id": fields["id"], "message": {"role": "assistant", "content": [
        {"type": "text", "text": answer(rng)}]}, "finish_reason": "COMPLETE", "usage": told,
        "timestamp": rfc3339(at)}
    if flavour == "thinking":
        told["cached_tokens"] = 1_344
        record["message"]["content"].insert(
            0, {"type": "thinking", "thinking": f"CANARY-THOUGHT-{rng.hex(4)}"})
    elif flavour in ("version_1", "embed", "rerank"):
        record, usage, more = older(rng, at, flavour, fields, told)
        fields |= more
    elif flavour == "event":
        record = {"type": "message-end", "id": fields["id"], "timestamp": rfc3339(at),
                  "delta": {"finish_reason": "COMPLETE", "usage": told}}
        fields["stream"] = True
    elif flavour == "untimed":
        del record["timestamp"]
        fields |= dict(time=None, warnings=None)
    elif flavour in ("toxic", "failed", "timeout", "stopped"):
        reason, status, kind = {"toxic": ("ERROR_TOXIC", "blocked", "content_policy"),
                                "failed": ("ERROR", "error", "other"),
                                "timeout": ("TIMEOUT", "error", "timeout"),
                                "stopped": ("USER_CANCEL", "cancelled", None)}[flavour]
        record["finish_reason"] = reason
        fields |= dict(status=status, error_class=kind, finish_reason=reason)
        if flavour == "failed":
            billed.update(input_tokens=0, output_tokens=0)
            usage = None
    return [Line(dumps(record), at, event(usage, **fields))]


def older(rng, at, flavour, fields, told):
    """Bodies that count under `meta`."""
    billed = told["billed_units"]
    meta = {"api_version": {"version": "1"}, **told}
    if flavour == "version_1":
        record = {"response_id": rng.uuid(), "generation_id": fields["id"], "text": answer(rng),
                  "finish_reason": "COMPLETE", "meta": meta}
        usage, more = Usage(billed["input_tokens"], billed["output_tokens"]), {}
    elif flavour == "embed":
        record = {"id": fields["id"], "texts": ["CANARY-PROMPT"], "embeddings":
                  {"float": [[Raw("0.0053")]]}, "meta": meta}
        del billed["output_tokens"], meta["tokens"]
        usage, more = Usage(billed["input_tokens"]), {"operation": "embeddings"}
    else:
        units = rng.between(1, 4)
        meta["billed_units"] = {"search_units": units}
        del meta["tokens"]
        record = {"id": fields["id"], "results": [{"index": 0, "relevance_score": Raw("0.98")}],
                  "meta": meta}
        usage, more = None, {"operation": "rerank", "search_units": str(units)}
    if flavour != "version_1":
        more["finish_reason"] = None
    return record | {"timestamp": rfc3339(at)}, usage, more


# Ollama.

OLLAMA = [("chat", 12), ("generate", 12), ("stream", 8), ("embed", 5), ("in_memory", 3),
          ("length", 3), ("offset", 3)]


def ollama(rng, at, flavour):
    model = rng.pick(["llama3.2:latest", "gemma3", "qwen3:8b"])
    nanos = rng.below(1_000)
    moment = f"{stamp(at, '%Y-%m-%dT%H:%M:%S')}.{at % SECOND:06d}{nanos:03d}Z"
    if flavour == "offset":
        local = at + 7_200 * SECOND
        moment = f"{stamp(local, '%Y-%m-%dT%H:%M:%S')}.{at % SECOND:06d}+02:00"
    took = rng.between(10 ** 8, 9 * 10 ** 9)
    usage = Usage(rng.between(3, 3_000), rng.between(3, 900))
    finish = "length" if flavour == "length" else "stop"
    record = {"model": model, "created_at": moment, "message":
              {"role": "assistant", "content": answer(rng)}, "done": True, "done_reason": finish,
              "total_duration": took, "load_duration": took // 9, "prompt_eval_count": usage.input,
              "prompt_eval_duration": took // 8, "eval_count": usage.output,
              "eval_duration": took // 2}
    fields = dict(time=rfc3339(at), gateway="ollama", dialect="ollama", provider="ollama",
                  response_model=model, operation="chat", status="ok", finish_reason=finish,
                  latency_ms=decimal_text(Decimal(took) / 10 ** 6))
    lines = []
    if flavour == "generate":
        record["response"] = record.pop("message")["content"]
        record["context"] = [128006, 882]
        fields["operation"] = "completion"
    elif flavour == "embed":
        record = {"model": model, "embeddings": [[Raw("0.010071029")]], "created_at": moment,
                  "total_duration": took, "load_duration": took // 9,
                  "prompt_eval_count": usage.input}
        usage.output = None
        fields |= dict(operation="embeddings", finish_reason=None)
    elif flavour == "in_memory":
        del record["prompt_eval_count"]
        usage.input = None
    elif flavour == "stream":
        for word in answer(rng).split()[:3]:
            lines.append(Line(dumps({"model": model, "created_at": moment, "message":
                                     {"role": "assistant", "content": word}, "done": False}),
                              at, skipped=True))
        record["message"]["content"] = ""
    return [*lines, Line(dumps(record), at, event(usage, **fields))]


# OpenCode.

OPENCODE = [("plain", 12), ("cached", 8), ("thinking", 6), ("free", 4), ("growing", 5),
            ("waiting", 3), ("limited", 3), ("failed", 2), ("aborted", 3), ("old", 3)]
SERVED = {"claude-sonnet-4-6": "anthropic", "gpt-5-mini": "openai",
          "anthropic.claude-haiku-4-5-20251001-v1:0": "amazon-bedrock", "big-pickle": "opencode"}


def opencode(rng, at, flavour):
    start = at // 1000 * 1000
    took = rng.between(900, 60_000)
    model = "big-pickle" if flavour == "free" else rng.pick(sorted(SERVED))
    size, made = rng.between(3, 9_000), rng.between(3, 2_000)
    parts = {"input": size, "output": made, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    if flavour in ("cached", "growing"):
        parts["cache"] = {"read": rng.between(1_000, 90_000), "write": rng.pick([0, 4_000])}
    if flavour == "thinking":
        parts["reasoning"] = rng.between(20, 900)
    cost = Decimal(0) if flavour == "free" else Decimal(rng.between(1, 900_000)) / 10 ** 7
    provider = SERVED[model]
    record = {"id": f"msg_{rng.letters(20)}", "sessionID": f"ses_{rng.letters(20)}",
              "role": "assistant", "time": {"created": start // 1000,
                                            "completed": start // 1000 + took},
              "parentID": f"msg_{rng.letters(20)}", "modelID": model, "providerID": provider,
              "mode": "build", "path": {"cwd": "/srv/mira/docks", "root": "/srv/mira/docks"},
              "cost": number(cost) if cost else 0, "tokens": parts, "finish": "stop"}
    fields = dict(id=record["id"], session_id=record["sessionID"], time=rfc3339(start),
                  gateway="opencode", dialect="opencode",
                  provider={"amazon-bedrock": "bedrock"}.get(provider, provider),
                  response_model=model, operation="chat", status="ok", finish_reason="stop",
                  latency_ms=str(took), reported_cost=decimal_text(cost))
    lines = []
    if flavour == "old":
        del record["finish"]
        fields["finish_reason"] = None
    elif flavour in ("growing", "waiting"):
        # The file is written when the answer starts, and again while it grows.
        none = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
        early = record | {"time": {"created": start // 1000}, "cost": 0, "tokens": none}
        del early["finish"]
        lines.append(Line(dumps(early), at, skipped=True))
        if flavour == "waiting":
            return lines
        half = early | {"tokens": parts | {"output": 1}}
        lines.append(Line(dumps(half), at, twin=True, event=event(
            counted(half["tokens"]), **fields | dict(
                finish_reason=None, latency_ms=None, reported_cost="0"))))
    elif flavour in ("limited", "failed", "aborted"):
        parts |= {"input": 0, "output": 0}
        del record["finish"]
        record["cost"] = 0
        fields |= dict(finish_reason=None, reported_cost="0")
        if flavour == "aborted":
            record["error"] = {"name": "MessageAbortedError", "data": {"message": "aborted"}}
            fields["status"] = "cancelled"
        else:
            status = 429 if flavour == "limited" else rng.pick([500, 401, 529])
            record["error"] = {"name": "APIError", "data": {
                "message": f"CANARY-ERROR {secret(rng)}", "statusCode": status,
                "isRetryable": True}}
            fields |= dict(status="error", http_status=status, error_class=class_of(status))
            return [Line(dumps(record), at, event(**fields))]
    return [*lines, Line(dumps(record), at, event(counted(parts), **fields))]


def counted(parts):
    read, write = parts["cache"]["read"], parts["cache"]["write"]
    return Usage(parts["input"] + read + write, parts["output"] + parts["reasoning"], read,
                 write=write, reasoning=parts["reasoning"])


KINDS = {"cohere": (COHERE, cohere), "ollama": (OLLAMA, ollama), "opencode": (OPENCODE, opencode)}
