"""AWS Bedrock: the model invocation log, and Converse bodies that an application saved.

bedrock.invocation  id requestId. request_model and response_model are both modelId, an ARN too.
                    time `timestamp`, as written. The log's counters leave the cache out; lifetimes
                    of cache writes come from the body, and in older logs the cache itself. Two
                    spellings of a count are one count. A guardrail that steps in is blocked, with
                    the zeros that it logs. No `output` is an error. inferenceRegion is not read:
                    the price is that of the region asked. user identity.arn; team, project and
                    environment from requestMetadata. operation chat, but for models of other kinds
bedrock.converse    id ResponseMetadata.RequestId, as boto3 adds it; time `timestamp`, which a proxy
                    added; no model but the one that a prompt router names. totalTokens is not read
"""

from core import (SECOND, Line, Usage, answer, dumps, event, prompt, rfc3339, secret, stamp)

REGIONS = ["eu-central-1", "us-east-1"]
CLAUDE = ["anthropic.claude-haiku-4-5-20251001-v1:0", "us.anthropic.claude-sonnet-4-6-v1:0",
          "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/h4rb0rl4n3xy"]

INVOCATION = [("converse", 20), ("stream", 8), ("message", 8), ("events", 8), ("cached", 8),
              ("lifetimes", 5), ("details", 3), ("old_cache", 4), ("spellings", 4), ("stored", 4),
              ("body_only", 3), ("guardrail", 3), ("guardrail_events", 3), ("guardrail_done", 2),
              ("cut_off", 2), ("refusal", 2), ("embedding", 4), ("image", 2), ("other", 2),
              ("throttled", 4), ("denied", 2), ("silent", 2), ("tier", 2), ("no_schema", 3),
              ("listed", 2)]
STREAMS = ("events", "lifetimes", "guardrail_events", "guardrail_done", "refusal")


def invocation(rng, at, flavour):
    model = rng.pick(CLAUDE)
    operation = "Converse"
    if flavour in ("message", "old_cache", "embedding", "image", "other", "body_only"):
        operation = "InvokeModel"
    elif flavour in STREAMS:
        operation = "InvokeModelWithResponseStream"
    elif flavour in ("stream", "details", "tier"):
        operation = "ConverseStream"
    model = {"embedding": "amazon.titan-embed-text-v2:0", "image": "amazon.nova-canvas-v1:0",
             "other": "meta.llama4-scout-17b-instruct-v1:0"}.get(flavour, model)
    region = rng.pick(REGIONS)
    took = rng.between(300, 20_000)
    ended = at + took * 1000
    fields = dict(id=rng.uuid(), time=rfc3339(ended // SECOND * SECOND), gateway="bedrock",
                  dialect="bedrock.invocation", provider="bedrock", region=region,
                  request_model=model, response_model=model, operation="chat", status="ok",
                  stream="Stream" in operation,
                  user="arn:aws:sts::111122223333:assumed-role/support-agent/"
                  f"session-{rng.between(1, 9)}")
    record = {"schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
              "timestamp": stamp(ended, "%Y-%m-%dT%H:%M:%SZ"), "accountId": "111122223333",
              "identity": {"arn": fields["user"]}, "region": region, "requestId": fields["id"],
              "operation": operation, "modelId": model}
    if rng.chance(30):
        record["inferenceRegion"] = "us-west-2"
        record["requestMetadata"] = {"team": "Support", "environment": "prod",
                                     "note": f"CANARY-NOTE-{rng.hex(4)}"}
        fields |= dict(team="Support", environment="prod")
    usage, given, taken, more = exchange(rng, flavour, took)
    record["input"] = {"inputContentType": "application/json", "inputBodyJson":
                       {"messages": [{"role": "user", "content": [{"text": prompt(rng)}]}]}} | given
    if taken is not None:
        record["output"] = {"outputContentType": "application/json"} | taken
    if "errorCode" in more:
        record["errorCode"] = more.pop("errorCode")
    if flavour == "stored":
        del record["input"]["inputBodyJson"]
        record["input"]["inputBodyS3Path"] = f"s3://harborlane-logs/{rng.hex(8)}_input.json.gz"
    if flavour == "no_schema":
        # The order of keys differs, and what names the schema may be missing.
        record = {key: record[key] for key in reversed(record) if not key.startswith("schema")}
    if flavour == "listed":
        record["identity"] = [record["identity"]]
    return [Line(dumps(record, spaced=flavour == "message"), ended, event(usage, **fields | more))]


def exchange(rng, flavour, took):
    """Usage, the counters of `input`, `output` or None, and what the event has besides."""
    size, made = rng.between(20, 6_000), rng.between(10, 900)
    if flavour in ("throttled", "denied", "silent"):
        code, kind = {"throttled": ("ThrottlingException", "rate_limit"),
                      "denied": ("AccessDeniedException", "auth"),
                      "silent": (None, "other")}[flavour]
        more = {"status": "error", "error_class": kind}
        return None, {"inputTokenCount": 0}, None, more | ({"errorCode": code} if code else {})
    if flavour in STREAMS:
        return stream_events(rng, flavour, size, made, took)
    if flavour in ("message", "old_cache", "body_only", "embedding", "image", "other"):
        return single_body(rng, flavour, size, made)
    if flavour == "stored":
        return (Usage(size, made), {"inputTokenCount": size},
                {"outputBodyS3Path": f"s3://harborlane-logs/{rng.hex(8)}_output.json.gz",
                 "outputTokenCount": made}, {})
    more = {"latency_ms": str(took), "finish_reason": "end_turn"}
    usage, given = Usage(size, made), {"inputTokenCount": size}
    counted = {"inputTokens": size, "outputTokens": made, "totalTokens": size + made}
    if flavour in ("guardrail", "cut_off"):
        usage.input, usage.output = (size, made) if flavour == "cut_off" else (0, 0)
        given = {"inputTokenCount": usage.input}
        counted = {"inputTokens": usage.input, "outputTokens": usage.output,
                   "totalTokens": usage.total()}
        more |= dict(status="blocked", error_class="content_policy",
                     finish_reason="guardrail_intervened")
    elif flavour in ("cached", "details", "spellings"):
        usage.read, usage.write = rng.between(1_024, 30_000), rng.pick([0, 2_048])
        usage.input += usage.read + usage.write
        given |= {"cacheReadInputTokenCount": usage.read, "cacheWriteInputTokenCount": usage.write}
        counted |= {"cacheReadInputTokens": usage.read, "cacheWriteInputTokens": usage.write}
    if flavour == "spellings":
        counted |= {"cacheReadInputTokenCount": usage.read,
                    "cacheWriteInputTokenCount": usage.write}
        given |= {"cacheReadInputTokens": usage.read, "cacheWriteInputTokens": usage.write}
    if flavour == "details":
        # What was written, apart for each lifetime that it was written for.
        written, usage.write = usage.write or 512, None
        usage.input += 0 if given["cacheWriteInputTokenCount"] else written
        given["cacheWriteInputTokenCount"] = counted["cacheWriteInputTokens"] = written
        usage.write1h, usage.write5m = written // 4, written - written // 4
        counted["cacheDetails"] = [{"ttl": "1h", "inputTokens": usage.write1h},
                                   {"ttl": "5m", "inputTokens": usage.write5m}]
    body = {"output": {"message": {"role": "assistant", "content": [{"text": answer(rng)}]}},
            "stopReason": more["finish_reason"], "metrics": {"latencyMs": took}, "usage": counted}
    if flavour == "tier":
        body["serviceTier"] = {"type": "flex"}
        more["service_tier"] = "flex"
    return usage, given, {"outputBodyJson": body, "outputTokenCount": usage.output}, more


def single_body(rng, flavour, size, made):
    """InvokeModel: the body is the model's own."""
    if flavour == "embedding":
        return (Usage(size), {"inputTokenCount": size},
                {"outputBodyJson": {"embedding": [1, 2], "inputTextTokenCount": size}},
                {"operation": "embeddings"})
    if flavour == "image":
        return (None, {}, {"outputBodyJson": {"images": ["CANARY-IMAGE"]}},
                {"operation": "image"})
    if flavour == "other":
        return (Usage(size, made), {"inputTokenCount": size},
                {"outputBodyJson": {"generation": answer(rng), "prompt_token_count": size,
                                    "generation_token_count": made, "stop_reason": "stop"},
                 "outputTokenCount": made}, {"finish_reason": "stop"})
    usage = Usage(size, made)
    counted = {"input_tokens": size, "output_tokens": made}
    if flavour == "old_cache":
        # Logs did not count the cache once: only the body tells.
        usage.read, usage.write = rng.between(1_024, 9_000), rng.pick([0, 1_500])
        usage.input += usage.read + usage.write
        counted |= {"cache_read_input_tokens": usage.read,
                    "cache_creation_input_tokens": usage.write}
    body = {"id": f"msg_bdrk_{rng.letters(20)}", "type": "message", "role": "assistant",
            "model": "claude-haiku-4-5-20251001", "content":
            [{"type": "text", "text": answer(rng)}], "stop_reason": "end_turn",
            "stop_sequence": None, "usage": counted}
    taken = {"outputBodyJson": body, "outputTokenCount": made}
    given = {"inputTokenCount": size}
    if flavour == "body_only":
        del taken["outputTokenCount"]
        given = {}
    return usage, given, taken, {"finish_reason": "end_turn"}


def stream_events(rng, flavour, size, made, took):
    """InvokeModelWithResponseStream: the body is the list of the stream's events."""
    first = rng.between(100, 299)
    blocked = flavour.startswith("guardrail")
    usage = Usage(0, 0) if blocked else Usage(size, made)
    given = {"inputTokenCount": usage.input}
    counted = {"input_tokens": usage.input, "output_tokens": 0 if blocked else 1}
    metrics = {"inputTokenCount": usage.input, "outputTokenCount": usage.output,
               "invocationLatency": took, "firstByteLatency": first}
    if flavour == "lifetimes":
        usage.read = rng.between(1_024, 30_000)
        usage.write5m, usage.write1h = rng.pick([0, 48]), rng.between(1_024, 4_000)
        written = usage.write5m + usage.write1h
        counted |= {"cache_read_input_tokens": usage.read, "cache_creation_input_tokens": written,
                    "cache_creation": {"ephemeral_5m_input_tokens": usage.write5m,
                                       "ephemeral_1h_input_tokens": usage.write1h}}
        cache = {"cacheReadInputTokenCount": usage.read, "cacheWriteInputTokenCount": written}
        given |= cache
        metrics |= cache
        usage.input += usage.read + written
    delta = {"type": "content_block_delta", "index": 0,
             "delta": {"type": "text_delta", "text": answer(rng)}}
    finish = "refusal" if flavour == "refusal" else "end_turn"
    stop = {"type": "message_stop", "amazon-bedrock-invocationMetrics": metrics}
    more = {"finish_reason": finish}
    if blocked:
        delta["amazon-bedrock-guardrailAction"] = "INTERVENED"
        del stop["amazon-bedrock-invocationMetrics"]
        stop |= {"amazon-bedrock-guardrailAction": "INTERVENED", "amazon-bedrock-trace":
                 {"guardrail": {"input": {"g1": {"topicPolicy": {"topics": [
                     {"name": "CANARY-TOPIC", "type": "DENY", "action": "BLOCKED"}]}}}}}}
    else:
        more |= dict(latency_ms=str(took), first_token_ms=str(first))
    if blocked or flavour == "refusal":
        more |= dict(status="blocked", error_class="content_policy")
    events = [{"type": "message_start", "message": {
        "id": f"msg_bdrk_{rng.letters(20)}", "type": "message", "role": "assistant", "content": [],
        "model": "claude-sonnet-4-6", "usage": counted}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        delta, {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": finish, "stop_sequence": None},
         "usage": {"output_tokens": usage.output}}]
    # Some streams end with a text where others have their last event.
    events += ["[DONE]"] if flavour == "guardrail_done" else [stop]
    if flavour == "events" and rng.chance(40):
        events.append("[DONE]")
    return usage, given, {"outputBodyJson": events, "outputTokenCount": usage.output}, more


# Converse bodies.

CONVERSE = [("plain", 20), ("cached", 8), ("one_spelling", 4), ("details", 3), ("boto", 5),
            ("guardrail", 3), ("router", 3), ("event", 4), ("untimed", 2), ("tier", 2)]


def converse(rng, at, flavour):
    size, made, took = rng.between(10, 5_000), rng.between(5, 900), rng.between(200, 9_000)
    blocked = flavour == "guardrail"
    usage = Usage(0, 0, 0, write=0) if blocked else Usage(
        size, made, 0, write=0)
    if flavour in ("cached", "one_spelling", "details"):
        usage.read, usage.write = rng.between(1_024, 9_000), rng.pick([0, 1_300])
        usage.input += usage.read + usage.write
    counted = {"inputTokens": usage.input - usage.read - usage.write,
               "outputTokens": usage.output, "serverToolUsage": {},
               "totalTokens": usage.total(), "cacheReadInputTokens": usage.read,
               "cacheWriteInputTokens": usage.write}
    if flavour != "one_spelling":
        # The same numbers again: they are not to be added.
        counted |= {"cacheReadInputTokenCount": usage.read,
                    "cacheWriteInputTokenCount": usage.write}
    if flavour == "details" and usage.write:
        usage.write1h, usage.write = usage.write, None
        counted["cacheDetails"] = [{"ttl": "1h", "inputTokens": usage.write1h}]
    finish = "guardrail_intervened" if blocked else "end_turn"
    ended = at + took * 1000
    fields = dict(time=rfc3339(ended), gateway="bedrock", dialect="bedrock.converse",
                  provider="bedrock", operation="chat", status="blocked" if blocked else "ok",
                  error_class="content_policy" if blocked else None, finish_reason=finish,
                  latency_ms=str(took), warnings=["time_approximate"])
    record = {"timestamp": rfc3339(ended), "metrics": {"latencyMs": took}, "output":
              {"message": {"content": [{"text": answer(rng)}], "role": "assistant"}},
              "stopReason": finish, "usage": counted}
    if flavour == "boto":
        fields |= dict(id=rng.uuid(), http_status=200)
        record["ResponseMetadata"] = {"RequestId": fields["id"], "HTTPStatusCode": 200,
                                      "HTTPHeaders": {"x-note": secret(rng)}, "RetryAttempts": 0}
    elif flavour == "router":
        fields["response_model"] = "anthropic.claude-haiku-4-5-20251001-v1:0"
        record["trace"] = {"promptRouter": {"invokedModelId": fields["response_model"]}}
    elif flavour == "event":
        # The last event of a stream, which is all that counts there.
        record = {"timestamp": rfc3339(ended),
                  "metadata": {"usage": counted, "metrics": {"latencyMs": took}}}
        fields |= dict(stream=True, finish_reason=None)
    elif flavour == "untimed":
        del record["timestamp"]
        fields |= dict(time=None, warnings=None)
    elif flavour == "tier":
        record["serviceTier"] = {"type": "priority"}
        fields["service_tier"] = "priority"
    return [Line(dumps(record), ended, event(usage, **fields))]


KINDS = {"bedrock.invocation": (INVOCATION, invocation), "bedrock.converse": (CONVERSE, converse)}
