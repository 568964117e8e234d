"""Bodies that are no chat: transcriptions, images, lines of a batch, errors, and DashScope's own.

openai.transcription  audio_seconds from usage.seconds, for older bodies from `duration`; else
                      tokens. The body has neither id nor time nor model: a proxy may have added the
                      last two
openai.images         tokens, or for a body without usage the number of images; time created
openai.batch          the body of each answer, as its own dialect, with service_tier batch and the
                      HTTP status; an id that the body lacks is response.request_id, else id
openai.batch_error    a request of a batch without an answer: an error, be it expired or cancelled
openai.error          an error body alone; the class by error.code, then by error.type
qwen.native           id request_id; chunks of a stream repeat it with growing counts, of which the
                      largest counts. A code that is not empty is an error
"""

from core import (SECOND, Line, Raw, Usage, answer, chat_choice, class_of, dumps,
                  event, oai_usage, prompt, rfc3339, secret)

# Transcriptions.

AUDIO = [("seconds", 4), ("tokens", 4), ("verbose", 2), ("plural", 1), ("streamed", 2),
         ("asked", 1), ("groq", 1)]


def transcription(rng, start, flavour):
    model = {"tokens": "gpt-4o-transcribe", "plural": "gpt-4o-transcribe",
             "streamed": "gpt-4o-mini-transcribe", "groq": "whisper-large-v3"}.get(
                 flavour, "whisper-1")
    seconds = str(rng.between(4, 900))
    body = {"text": answer(rng) + f" CANARY-AUDIO-{rng.hex(6)}"}
    fields = dict(gateway="openai", dialect="openai.transcription", provider="openai",
                  operation="audio", status="ok", time=rfc3339(start),
                  warnings=["time_approximate"])
    usage = None
    if flavour in ("seconds", "asked"):
        body |= {"task": "transcribe", "language": "danish", "duration": Raw(f"{seconds}.36"),
                 "usage": {"type": "duration", "seconds": int(seconds)}}
        fields["audio_seconds"] = seconds
    if flavour in ("verbose", "groq"):
        length = f"{seconds}.{rng.between(1, 9)}"
        body |= {"task": rng.pick(["transcribe", "translate"]), "language": "polish",
                 "duration": Raw(length), "segments": []}
        fields["audio_seconds"] = length
    if flavour == "groq":
        body["x_groq"] = {"id": f"req_01{rng.letters(20)}"}
        fields["provider"] = "groq"
    if flavour in ("tokens", "plural", "streamed"):
        usage = Usage(rng.between(60, 3_000), rng.between(20, 600))
        usage.audio_in = usage.input - rng.between(0, 20)
        details = {"text_tokens": usage.input - usage.audio_in, "audio_tokens": usage.audio_in}
        name = "input_tokens_details" if flavour == "plural" else "input_token_details"
        body["usage"] = {"type": "tokens", "input_tokens": usage.input, name: details,
                         "output_tokens": usage.output, "total_tokens": usage.total()}
    lines = []
    if flavour == "streamed":
        part = {"type": "transcript.text.delta", "delta": body["text"], "timestamp": rfc3339(start)}
        lines.append(Line(dumps(part), start, skipped=True))
        body = {"type": "transcript.text.done"} | body
        fields["stream"] = True
    if flavour == "asked":
        body["request"] = {"model": model, "file": f"CANARY-{rng.hex(6)}.wav"}
        fields |= dict(request_model=model, provider=None)
    else:
        body["model"] = model
        fields["response_model"] = model
    body["timestamp"] = rfc3339(start)
    return lines + [Line(dumps(body), start, event(usage, **fields))]


# Images.

IMAGES = [("tokens", 4), ("details", 2), ("counted", 4), ("links", 2), ("streamed", 2), ("bare", 2)]


def images(rng, start, flavour):
    second = start // SECOND
    fields = dict(gateway="openai", dialect="openai.images", provider="openai", operation="image",
                  status="ok", time=rfc3339(second * SECOND))
    number = rng.between(1, 4)
    picture = f"iVBORw0KGgo{rng.letters(40)}"
    if flavour in ("counted", "links"):
        body = {"created": second, "data": [
            {"url": f"https://images.example/CANARY-{rng.hex(8)}.png"} if flavour == "links"
            else {"b64_json": picture, "revised_prompt": prompt(rng)} for _ in range(number)],
            "model": "dall-e-3"}
        return [Line(dumps(body), start, event(images=str(number), response_model="dall-e-3",
                                               **fields))]
    usage = Usage(rng.between(20, 2_000), rng.between(272, 6_240))
    usage.image_in = rng.pick([0, usage.input // 2])
    counts = {"total_tokens": usage.total(), "input_tokens": usage.input,
              "output_tokens": usage.output, "input_tokens_details": {
                  "text_tokens": usage.input - usage.image_in, "image_tokens": usage.image_in}}
    if flavour == "details":
        usage.image_out = usage.output - 8
        counts["output_tokens_details"] = {"image_tokens": usage.image_out, "text_tokens": 8}
    if flavour == "streamed":
        kind = rng.pick(["image_generation", "image_edit"])
        part = {"type": f"{kind}.partial_image", "partial_image_index": 0, "b64_json": picture,
                "created_at": second}
        last = {"type": f"{kind}.completed", "b64_json": picture, "created_at": second,
                "size": "1024x1024", "quality": "high", "usage": counts}
        fields |= dict(provider=None, stream=True)
        return [Line(dumps(part), start, skipped=True),
                Line(dumps(last), start, event(usage, **fields))]
    body = {"created": second, "background": "opaque", "output_format": "png", "quality": "medium",
            "size": "1024x1024", "data": [{"b64_json": picture}] * number, "usage": counts}
    if flavour == "bare":
        fields["provider"] = None
    else:
        body["model"] = "gpt-image-1"
        fields["response_model"] = "gpt-image-1"
    return [Line(dumps(body), start, event(usage, **fields))]


# Batches.

BATCH = [("chat", 6), ("responses", 3), ("embedding", 2), ("refused", 3), ("azure", 1)]


def batch(rng, start, flavour):
    second = start // SECOND
    fields = dict(service_tier="batch", http_status=200, provider="openai", gateway="openai",
                  status="ok")
    request = rng.hex(32)
    body = {}
    usage = Usage(rng.between(60, 5_000), rng.between(20, 900), read=0, reasoning=0)
    if flavour in ("chat", "azure"):
        model = "gpt-5-mini-2025-08-07"
        usage.read, usage.reasoning = usage.input // 128 * 64, usage.output // 64 * 32
        usage.audio_in = usage.audio_out = 0
        body = {"id": f"chatcmpl-{rng.letters(24)}", "object": "chat.completion", "created": second,
                "model": model, "choices": [chat_choice(rng)], "usage": oai_usage(usage),
                "service_tier": "default", "system_fingerprint": f"fp_{rng.hex(10)}"}
        fields |= dict(dialect="openai.chat", id=body["id"], time=rfc3339(second * SECOND),
                       response_model=model, operation="chat", finish_reason="stop")
    if flavour == "azure":
        body["choices"][0]["content_filter_results"] = {"hate": {"filtered": False}}
        fields |= dict(gateway="azure", provider="azure")
    if flavour == "responses":
        model = "gpt-5-2025-08-07"
        body = {"id": f"resp_{rng.hex(40)}", "object": "response", "created_at": second,
                "status": "completed", "error": None, "incomplete_details": None, "model": model,
                "output": [{"type": "message", "content": [{"type": "output_text",
                                                            "text": answer(rng)}]}],
                "usage": {"input_tokens": usage.input, "input_tokens_details": {"cached_tokens": 0},
                          "output_tokens": usage.output, "output_tokens_details": {
                              "reasoning_tokens": 0}, "total_tokens": usage.total()},
                "service_tier": "default"}
        fields |= dict(dialect="openai.responses", id=body["id"], time=rfc3339(second * SECOND),
                       response_model=model, operation="responses")
    if flavour == "embedding":
        # Neither id nor time: the request's id stands in, and no ledger takes it.
        usage = Usage(usage.input)
        body = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding":
                                            [Raw("0.0057293195"), Raw("-0.012727811")]}],
                "model": "text-embedding-3-small",
                "usage": {"prompt_tokens": usage.input, "total_tokens": usage.input}}
        fields |= dict(dialect="openai.chat", id=request, response_model=body["model"],
                       operation="embeddings")
    if flavour == "refused":
        usage = None
        status, kind, code, name = rng.pick([
            (400, "invalid_request_error", "context_length_exceeded", "context_length"),
            (400, "invalid_request_error", None, "bad_request"),
            (429, "insufficient_quota", "insufficient_quota", "budget"),
            (429, "requests", "rate_limit_exceeded", "rate_limit"),
            (500, "server_error", None, "server")])
        body = {"error": {"message": f"CANARY-ERROR-{rng.hex(6)} for {secret(rng)}", "type": kind,
                          "param": None, "code": code}}
        fields |= dict(dialect="openai.error", id=request, http_status=status, provider=None,
                       status="error", error_class=name)
    record = {"id": f"batch_req_{rng.hex(24)}", "custom_id": f"ticket-{rng.between(1, 9_999)}",
              "response": {"status_code": fields["http_status"], "request_id": request,
                           "body": body}, "error": None}
    return [Line(dumps(record), start, event(usage, **fields))]


UNANSWERED = [("expired", 3), ("cancelled", 2), ("failed", 2), ("empty", 1)]


def batch_error(rng, start, flavour):
    record = {"id": f"batch_req_{rng.hex(24)}", "custom_id": f"ticket-{rng.between(1, 9_999)}",
              "response": None, "error": {
                  "code": {"expired": "batch_expired", "cancelled": "batch_cancelled"}.get(
                      flavour, "server_error"),
                  "message": f"This request could not be executed. CANARY-ERROR-{rng.hex(6)}"}}
    fields = dict(id=record["id"], gateway="openai", dialect="openai.batch_error", status="error",
                  service_tier="batch",
                  error_class={"expired": "timeout", "cancelled": "other"}.get(flavour, "server"))
    if flavour == "empty":
        status = rng.pick([429, 500, 503])
        record |= {"error": None, "response": {"status_code": status, "request_id": rng.hex(32),
                                               "body": None}}
        fields |= dict(id=record["response"]["request_id"], http_status=status,
                       error_class=class_of(status))
    return [Line(dumps(record), start, event(**fields))]


# Errors alone.

ERRORS = [("openai", 4), ("asked", 2), ("status", 2), ("odd", 1)]


def error(rng, start, flavour):
    kind, code, name = rng.pick([
        ("insufficient_quota", "insufficient_quota", "budget"),
        ("invalid_request_error", "invalid_api_key", "auth"),
        ("invalid_request_error", "model_not_found", "bad_request"),
        ("invalid_request_error", None, "bad_request"), ("server_error", None, "server"),
        ("tokens", "rate_limit_exceeded", "rate_limit")])
    body = {"message": f"CANARY-ERROR-{rng.hex(6)} for {secret(rng)}", "type": kind, "param": None,
            "code": code}
    fields = dict(gateway="openai", dialect="openai.error", status="error", error_class=name)
    record = {"error": body}
    if flavour == "asked":
        record |= {"request": {"model": "gpt-5-mini", "messages": [prompt(rng)]},
                   "request_id": f"req_{rng.hex(32)}", "timestamp": rfc3339(start)}
        fields |= dict(id=record["request_id"], time=rfc3339(start), request_model="gpt-5-mini",
                       warnings=["time_approximate"])
    if flavour == "status":
        # Gateways put the HTTP status where OpenAI has a name.
        status = rng.pick([401, 402, 429, 503])
        body |= {"type": None, "code": rng.pick([status, str(status)])}
        fields |= dict(http_status=status, error_class=class_of(status))
    if flavour == "odd":
        body |= {"type": "pallet_error", "code": "berth_taken"}
        fields["error_class"] = "other"
    return [Line(dumps(record), start, event(**fields))]


# DashScope.

NATIVE = [("plain", 6), ("text", 2), ("cached", 2), ("reasoning", 2), ("stream", 3), ("image", 1),
          ("embeddings", 1), ("rerank", 1), ("failed", 2), ("sdk", 2), ("inspected", 1)]


def native(rng, start, flavour):
    request = rng.uuid()
    fields = dict(id=request, gateway="qwen", dialect="qwen.native", provider="qwen",
                  operation="chat", status="ok", time=rfc3339(start),
                  warnings=["time_approximate"])
    stamp = {"timestamp": rfc3339(start)}
    if flavour in ("failed", "inspected"):
        code, status, name = rng.pick([
            ("Throttling.RateQuota", 429, "rate_limit"), ("InvalidApiKey", 401, "auth"),
            ("Arrearage", 400, "budget"), ("InternalError", 500, "server"),
            ("InvalidParameter", 400, "bad_request")])
        if flavour == "inspected":
            code, status, name = "DataInspectionFailed", 400, "content_policy"
        body = {"code": code, "message": f"CANARY-ERROR-{rng.hex(6)} {secret(rng)}",
                "request_id": request}
        fields |= dict(status="error" if flavour == "failed" else "blocked", error_class=name,
                       operation=None)
        if rng.chance(50):
            # As the SDK prints it.
            body |= {"status_code": status, "output": None, "usage": None}
            fields["http_status"] = status
        return [Line(dumps(body | stamp), start, event(**fields))]
    usage = Usage(rng.between(20, 5_000), rng.between(20, 900))
    counts = {"input_tokens": usage.input, "output_tokens": usage.output,
              "total_tokens": usage.total()}
    output = {"choices": [{"finish_reason": "stop", "message": {
        "role": "assistant", "content": answer(rng)}}]}
    fields["finish_reason"] = "stop"
    if flavour == "text":
        output = {"text": answer(rng), "finish_reason": "stop"}
    if flavour == "cached":
        usage.read = usage.input // 4
        counts["prompt_tokens_details"] = {"cached_tokens": usage.read}
        if rng.chance(50):
            usage.write5m = usage.input // 8
            counts["prompt_tokens_details"] |= {
                "cache_creation_input_tokens": usage.write5m, "cache_type": "ephemeral",
                "cache_creation": {"ephemeral_5m_input_tokens": usage.write5m}}
    if flavour == "reasoning":
        usage.reasoning = usage.output // 2
        counts["output_tokens_details"] = {"reasoning_tokens": usage.reasoning}
        output["choices"][0]["message"]["reasoning_content"] = prompt(rng)
    if flavour == "image":
        usage.image_in = usage.input - 12
        counts["image_tokens"] = usage.image_in
    if flavour in ("embeddings", "rerank"):
        usage = Usage(usage.input)
        counts = {"total_tokens": usage.input}
        output = {"embeddings": [{"text_index": 0, "embedding": [Raw("0.013"), Raw("-0.2")]}]}
        if flavour == "rerank":
            output = {"results": [{"index": 1, "relevance_score": Raw("0.83")}]}
        fields |= dict(operation=flavour, finish_reason=None)
    body = {"output": output, "usage": counts, "request_id": request}
    if flavour == "sdk":
        body = {"status_code": 200, "code": "", "message": "", "model": "qwen-plus"} | body
        fields |= dict(http_status=200, response_model="qwen-plus")
    lines = []
    if flavour == "stream":
        # Each chunk repeats the counts so far; only the last one has an end.
        for part in (1, usage.output // 2):
            sofar = Usage(usage.input, part)
            chunk = body | {"output": {"choices": [{"finish_reason": "null", "message": {
                "role": "assistant", "content": answer(rng)}}]}, "usage": {
                    "input_tokens": sofar.input, "output_tokens": part,
                    "total_tokens": sofar.total()}}
            lines.append(Line(dumps(chunk | stamp), start, twin=True, event=event(
                sofar, **fields | {"finish_reason": None})))
    return lines + [Line(dumps(body | stamp), start, event(usage, **fields))]


KINDS = {"openai.transcription": (AUDIO, transcription), "openai.images": (IMAGES, images),
         "openai.batch": (BATCH, batch), "openai.batch_error": (UNANSWERED, batch_error),
         "openai.error": (ERRORS, error), "qwen.native": (NATIVE, native)}
