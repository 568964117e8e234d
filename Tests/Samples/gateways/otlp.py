"""OTLP/JSON: spans of any program, log records, OpenRouter Broadcast and Portkey's export.

Decided where the documents leave it open:

all             the trace is the traceId; without a response id, the id is the spanId. Times are cut
                to microseconds, durations are exact to the nanosecond
otel.genai      gateway `otel`, whoever wrote the span. Only spans of model calls are events; a line
                without any is skipped. OpenInference's llm.model_name is the response_model, its
                invocation parameters may name the request_model. The provider `openai.chat` of the
                AI SDK is openai. A numeric error.type is the HTTP status
otel.logs       the time is that of the record, so it is approximate. Claude Code's events have the
                gateway `claude_code`; the `speed` normal is no modifier
openrouter.otlp the provider is the slug before its slash; gen_ai.provider.name made the model. The
                attempts say the rest, also why a request failed
portkey.otlp    the status message is the HTTP status; 446 is blocked, 499 cancelled
"""

from decimal import Decimal

from core import (Line, Raw, Usage, answer, class_of, decimal_text, dumps, event, list_cost,
                  number, plain, prompt, rfc3339, secret)

# model: (name of its snapshot, gen_ai.provider.name, provider of the event)
MODELS = {
    "gpt-5-mini": ("gpt-5-mini-2025-08-07", "openai", "openai"),
    "gpt-4o-mini": ("gpt-4o-mini-2024-07-18", "azure.ai.openai", "azure"),
    "claude-haiku-4-5": ("claude-haiku-4-5-20251001", "anthropic", "anthropic"),
    "claude-sonnet-4-6": ("claude-sonnet-4-6", "aws.bedrock", "bedrock"),
    "gemini-3.1-flash-lite": ("gemini-3.1-flash-lite", "gcp.vertex_ai", "vertex"),
    "mistral-small-2603": ("mistral-small-2603", "mistral_ai", "mistral"),
}
PREMIUM = "claude-opus-4-8"


# OTLP

def any_value(value, whole=str):
    """OTLP's AnyValue; whole numbers are texts in JSON, but not every exporter knows."""
    if isinstance(value, Raw):
        return {"doubleValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": whole(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [any_value(item, whole) for item in value]}}
    return {"stringValue": value}


def attributes(values, whole=str):
    return [{"key": key, "value": any_value(value, whole)} for key, value in values.items()
            if value is not None]


class Span:
    """A span that is being written: when it ran, and which attributes it has."""

    def __init__(self, rng, trace, start, took, name, values, parent=None, code=None, whole=str,
                 nanos=0, kind=3):
        self.start, self.end = start * 1000 + nanos, start * 1000 + nanos + took
        self.id = rng.hex(16)
        self.record = {"traceId": trace, "spanId": self.id, "name": name, "kind": kind,
                       "startTimeUnixNano": whole(self.start), "endTimeUnixNano": whole(self.end),
                       "attributes": attributes(values, whole),
                       "status": {} if code is None else {"code": code}}
        if parent:
            self.record["parentSpanId"] = parent

    @property
    def common(self):
        """What an event takes from the span itself."""
        return {"trace_id": self.record["traceId"], "time": rfc3339(self.start // 1000),
                "latency_ms": decimal_text(Decimal(self.end - self.start) / 1_000_000)}


def resource(service, spans, scope="harborlane", **values):
    return {"resource": {"attributes": attributes({"service.name": service} | values)},
            "scopeSpans": [{"scope": {"name": scope},
                            "spans": [span.record for span in spans]}]}


def line(resources, end, events, **fields):
    return Line(dumps({"resourceSpans": resources}), end // 1000, events[0], more=events[1:],
                **fields)


def duration(rng, low=300, high=6000):
    """Nanoseconds, to the microsecond."""
    return rng.between(low * 1000, high * 1000) * 1000


def content(rng):
    """Prompts and answers, which instrumentations may record."""
    return {"gen_ai.input.messages": dumps([{"role": "user", "parts": [
        {"type": "text", "content": prompt(rng)}]}]) if rng.chance(40) else None}


# Spans of any program

def counts(rng, cached=True):
    usage = Usage(rng.between(100, 6000), rng.between(20, 800))
    if cached:
        usage.read = rng.pick([0, usage.input // 256 * 128])
    return usage


GENAI_FLAVOURS = [("chat", 40), ("stream", 8), ("numbers", 6), ("nanos", 5), ("legacy", 10),
                  ("plain", 4), ("exclusive", 5), ("total", 4), ("inference", 10),
                  ("inference_embedding", 4), ("chain", 5), ("sdk", 8), ("sdk_stream", 4),
                  ("sdk_embedding", 3), ("litellm", 8), ("litellm_markup", 3), ("agent", 8),
                  ("embeddings", 5), ("completion", 3), ("generate", 4), ("responses", 4),
                  ("media", 3), ("uncounted", 4), ("error", 6), ("exception", 4), ("unstarted", 2),
                  ("filtered", 3), ("cancelled", 3), ("retry", 4), ("fallback", 6), ("foreign", 5),
                  ("batch", 4)]


def genai(rng, start, flavour):
    trace = rng.hex(32)
    maker = {"legacy": legacy, "plain": legacy, "exclusive": legacy, "total": legacy,
             "inference": inference, "inference_embedding": inference, "chain": inference,
             "sdk": sdk, "sdk_stream": sdk, "sdk_embedding": sdk, "litellm": litellm,
             "litellm_markup": litellm}.get(flavour)
    if maker:
        spans, events = maker(rng, trace, start, flavour)
        return [line([resource("desk", spans)], spans[0].end, events)]
    if flavour == "foreign":
        return [foreign(rng, trace, start)]
    if flavour == "agent":
        return [agent(rng, trace, start)]
    if flavour == "batch":
        # What a collector had at one time: other programs, other scopes.
        one, first = current(rng, trace, start, "chat")
        two, second = legacy(rng, rng.hex(32), start + 4000, "legacy")
        apart = resource("nightly", [one], **{"deployment.environment.name": "staging"})
        apart["scopeSpans"].append({"scope": {"name": "openai"},
                                    "spans": [span.record for span in two]})
        first["environment"] = second[0]["environment"] = "staging"
        three, third = current(rng, rng.hex(32), start + 9000, "chat")
        return [line([apart, resource("desk", [three])], max(one.end, three.end),
                     [first, *second, third])]
    if flavour in ("retry", "fallback"):
        one, first = current(rng, trace, start, "error", "gpt-5-mini")
        model = "gpt-5-mini" if flavour == "retry" else PREMIUM
        then = one.end // 1000 + rng.between(100, 2000) * 1000
        two, second = current(rng, trace, then, "chat", model)
        if rng.chance(50):
            return [line([resource("desk", [one, two])], two.end, [first, second])]
        return [line([resource("desk", [one])], one.end, [first]),
                line([resource("desk", [two])], two.end, [second])]
    span, found = current(rng, trace, start, flavour)
    return [line([resource("desk", [span])], span.end, [found])]


def current(rng, trace, start, flavour, model=None, parent=None):
    """A span as the conventions want it now."""
    model = model or rng.pick(list(MODELS))
    served, system, provider = MODELS.get(model, (model, "anthropic", "anthropic"))
    operation, word, usage, code = "chat", "chat", counts(rng), None
    usage.write = rng.pick([0, usage.input // 8]) if provider in ("anthropic", "bedrock") else None
    if rng.chance(40):
        usage.reasoning = usage.output // 4
    finish, tier, fields = "stop", None, {}
    if flavour == "embeddings":
        model = served = "text-embedding-3-small"
        system = provider = "openai"
        operation = word = "embeddings"
        usage, finish = Usage(usage.input), None
    elif flavour == "completion":
        operation, word = "completion", "text_completion"
    elif flavour == "generate":
        model = served = "gemini-3.1-flash-lite"
        system, provider, word = "gcp.gemini", "google", "generate_content"
    elif flavour in ("responses", "media"):
        model, (served, system, provider) = "gpt-5-mini", MODELS["gpt-5-mini"]
        operation = "responses" if flavour == "responses" else "chat"
        usage.write = None
    elif flavour == "filtered":
        finish = "content_filter"
    if flavour == "media":
        usage.audio_in, usage.image_in, usage.audio_out = 20, 12, 6
        usage.read = usage.reasoning = None
    values = {
        "gen_ai.operation.name": word, "gen_ai.provider.name": system,
        "gen_ai.request.model": model, "gen_ai.response.model": served,
        "gen_ai.response.id": f"chatcmpl-{rng.hex(16)}",
        "gen_ai.usage.input_tokens": usage.input, "gen_ai.usage.output_tokens": usage.output,
        "gen_ai.usage.cache_read.input_tokens": usage.read,
        "gen_ai.usage.cache_creation.input_tokens": usage.write,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning,
        "gen_ai.usage.audio.input_tokens": usage.audio_in,
        "gen_ai.usage.image.input_tokens": usage.image_in,
        "gen_ai.usage.audio.output_tokens": usage.audio_out,
        "gen_ai.response.finish_reasons": [finish] if finish else None}
    status, took = "ok", duration(rng)
    if flavour == "responses":
        tier = rng.pick(["flex", "priority", "default"])
        values |= {"openai.api.type": "responses", "openai.response.service_tier": tier,
                   "openai.request.service_tier": "auto"}
    if flavour == "stream":
        first = rng.between(90, 900)
        values |= {"gen_ai.request.stream": True,
                   "gen_ai.response.time_to_first_chunk": number(Decimal(first) / 1000)}
        fields |= dict(stream=True, first_token_ms=str(first))
    if flavour in ("chat", "stream") and rng.chance(40):
        fields["session_id"] = values["gen_ai.conversation.id"] = f"conv_{rng.letters(10)}"
    if flavour == "filtered":
        status = "blocked"
        fields["error_class"] = "content_policy"
    unserved = ("gen_ai.usage.", "gen_ai.response.")
    if flavour in ("error", "exception", "unstarted", "cancelled"):
        values = {key: value for key, value in values.items() if not key.startswith(unserved)}
        usage, finish, served = None, None, None
        status, code = "error", rng.pick([2, 2, "STATUS_CODE_ERROR"])
        error = rng.pick(["429", "503", "500", "timeout", "_OTHER"])
        fields["error_class"] = {"timeout": "timeout", "_OTHER": "other"}.get(
            error) or class_of(int(error))
        if error.isdigit():
            fields["http_status"] = int(error)
        if flavour == "exception":
            # The class of the exception tells more than the status.
            error = None
            fields = {"error_class": "rate_limit"}
        elif flavour == "unstarted":
            # It failed before it knew its model.
            del values["gen_ai.request.model"]
            model = None
        elif flavour == "cancelled":
            error, status = "CancelledError", "cancelled"
            fields = {}
        if error:
            values["error.type"] = error
    if flavour == "uncounted":
        values = {key: value for key, value in values.items() if "usage" not in key}
        usage = None
    whole = int if flavour == "numbers" else str
    nanos = 0
    if flavour == "nanos":
        nanos, took = rng.between(1, 999), took + rng.between(1, 999)
    span = Span(rng, trace, start, took, f"{word} {model}", values | content(rng), parent, code,
                whole, nanos)
    if flavour == "exception":
        span.record["events"] = [{"name": "exception", "timeUnixNano": str(span.end),
                                  "attributes": attributes({
                                      "exception.type": "openai.RateLimitError",
                                      "exception.message": f"CANARY-ERROR {secret(rng)}"})}]
    if flavour == "error":
        span.record["status"]["message"] = f"CANARY-ERROR-{rng.hex(6)}"
    return span, event(
        usage, id=values.get("gen_ai.response.id", span.id), gateway="otel",
        dialect="otel.genai", provider=provider, request_model=model, response_model=served,
        operation=operation, status=status, finish_reason=finish, service_tier=tier,
        **span.common, **fields)


def legacy(rng, trace, start, flavour):
    """OpenLLMetry, and the conventions before 2024-10."""
    model = "claude-haiku-4-5" if flavour in ("exclusive", "total") else "gpt-4o-mini"
    served = MODELS[model][0]
    system, provider = ("Anthropic", "anthropic") if "claude" in model else ("OpenAI", "openai")
    usage = counts(rng)
    written, fields = usage.input, {}
    if flavour in ("exclusive", "total"):
        # Anthropic's own counts, which leave the cache out.
        usage.write = rng.pick([0, 64])
        usage.read = written * 2 if flavour == "exclusive" else written // 2 + 1
        usage.input += usage.read + usage.write
        fields["warnings"] = ["cache_exclusive"]
    values = {
        "gen_ai.system": system, "gen_ai.request.model": model, "gen_ai.response.model": served,
        "gen_ai.usage.prompt_tokens": written, "gen_ai.usage.completion_tokens": usage.output,
        "llm.usage.total_tokens": None if flavour == "exclusive" else usage.total(),
        "llm.is_streaming": False, "gen_ai.usage.cache_read_input_tokens": usage.read,
        "gen_ai.usage.cache_creation_input_tokens": usage.write,
        "llm.headers": f"Bearer {secret(rng)}" if rng.chance(20) else None,
        "gen_ai.prompt.0.content": prompt(rng), "gen_ai.completion.0.finish_reason": "stop"}
    session = None
    if flavour == "legacy":
        session = f"thread-{rng.hex(6)}"
        values |= {"llm.request.type": "chat", "gen_ai.response.id": f"chatcmpl-{rng.hex(16)}",
                   "traceloop.association.properties.session_id": session}
    span = Span(rng, trace, start, duration(rng), "openai.chat" if provider == "openai" else
                "anthropic.chat", values)
    spans = [span]
    if flavour == "legacy":
        # The workflow around it has the counts of its calls.
        spans.append(Span(rng, trace, start, duration(rng, 7000, 8000), "desk.workflow", {
            "traceloop.span.kind": "workflow", "traceloop.entity.name": "desk",
            "gen_ai.usage.prompt_tokens": written, "llm.usage.total_tokens": usage.total()}))
    return spans, [event(
        usage, id=values.get("gen_ai.response.id", span.id), session_id=session, gateway="otel",
        dialect="otel.genai", provider=provider, request_model=model, response_model=served,
        operation="chat", status="ok", stream=False, finish_reason="stop", **span.common,
        **fields)]


def inference(rng, trace, start, flavour):
    """OpenInference: LLM and EMBEDDING spans count, those of chains, agents and tools do not."""
    usage, model = counts(rng), "gpt-4o-mini"
    usage.reasoning = 0
    name, kind, asked = "ChatCompletion", "LLM", None
    values = {
        "llm.model_name": model, "llm.provider": "openai", "llm.system": "openai",
        "llm.token_count.prompt": usage.input, "llm.token_count.completion": usage.output,
        "llm.token_count.total": usage.total(),
        "llm.token_count.prompt_details.cache_read": usage.read,
        "llm.token_count.completion_details.reasoning": 0,
        "llm.input_messages.0.message.content": prompt(rng),
        "llm.output_messages.0.message.content": answer(rng)}
    cost = user = session = None
    if flavour == "inference_embedding":
        usage, model = Usage(usage.input), "text-embedding-3-small"
        name, kind = "CreateEmbeddingResponse", "EMBEDDING"
        values = {"embedding.model_name": model, "llm.provider": "openai",
                  "llm.token_count.prompt": usage.input}
    elif rng.chance(60):
        cost = list_cost(model, usage)
        user, session = "u-31", f"s-{rng.hex(6)}"
        asked = "gpt-4o-mini"
        values |= {"llm.cost.total": number(cost), "user.id": user, "session.id": session,
                   "llm.invocation_parameters": dumps({"model": asked, "temperature": 0.2})}
    span = Span(rng, trace, start, duration(rng), name,
                {"openinference.span.kind": kind} | values, code=1, kind=1)
    spans = [span]
    if flavour == "chain":
        above = rng.pick(["CHAIN", "AGENT"])
        spans.insert(0, Span(rng, trace, start, duration(rng, 7000, 9000), "AgentExecutor", {
            "openinference.span.kind": above, "llm.token_count.prompt": usage.input,
            "llm.token_count.completion": usage.output, "input.value": prompt(rng)}, kind=1))
        spans.append(Span(rng, trace, start, duration(rng, 1, 20), "lookup", {
            "openinference.span.kind": "TOOL", "tool.name": "lookup"}, kind=1))
    return spans, [event(
        usage, id=span.id, gateway="otel", dialect="otel.genai", provider="openai",
        request_model=asked, response_model=model,
        operation="embeddings" if kind == "EMBEDDING" else "chat", status="ok",
        reported_cost=None if cost is None else decimal_text(Decimal(number(cost))), user=user,
        session_id=session, **span.common)]


def sdk(rng, trace, start, flavour):
    """Vercel's AI SDK: `doGenerate`, `doStream` and `doEmbed` call a model, the span above sums."""
    usage, model = counts(rng), "gpt-5-mini"
    served, fields = MODELS[model][0], {}
    if flavour == "sdk_embedding":
        usage, model = Usage(usage.input), "text-embedding-3-small"
        call, above, served = "ai.embed.doEmbed", "ai.embed", None
        values = {"ai.model.provider": "openai.embedding", "ai.model.id": model,
                  "ai.usage.tokens": usage.input}
        operation, finish, found = "embeddings", None, None
    else:
        call, above = "ai.generateText.doGenerate", "ai.generateText"
        operation, finish = "chat", "stop"
        found = f"resp_{rng.hex(16)}"
        values = {"ai.model.provider": "openai.responses", "ai.model.id": model,
                  "ai.response.model": served, "ai.response.id": found,
                  "ai.response.finishReason": finish, "ai.prompt.messages": prompt(rng),
                  "gen_ai.system": "openai.responses", "gen_ai.request.model": model}
        if rng.chance(50):
            usage.reasoning = usage.output // 3
            values |= {"ai.usage.inputTokens": usage.input, "ai.usage.outputTokens": usage.output,
                       "ai.usage.totalTokens": usage.total(),
                       "ai.usage.cachedInputTokens": usage.read,
                       "ai.usage.reasoningTokens": usage.reasoning,
                       "gen_ai.usage.input_tokens": usage.input,
                       "gen_ai.usage.output_tokens": usage.output,
                       "gen_ai.response.id": found, "gen_ai.response.model": served,
                       "gen_ai.response.finish_reasons": [finish]}
        else:
            usage.read = None
            values |= {"ai.usage.promptTokens": usage.input,
                       "ai.usage.completionTokens": usage.output}
    if flavour == "sdk_stream":
        first = f"{rng.between(90, 900)}.{rng.between(1, 9)}"
        call, above = "ai.streamText.doStream", "ai.streamText"
        values["ai.response.msToFirstChunk"] = Raw(first)
        fields = dict(stream=True, first_token_ms=first)
    over = Span(rng, trace, start, duration(rng, 7000, 8000), above, {
        "ai.operationId": above, "operation.name": above, "ai.model.id": model,
        "ai.usage.promptTokens": usage.input, "ai.prompt": prompt(rng)}, kind=1)
    span = Span(rng, trace, start, duration(rng), call,
                {"ai.operationId": call, "operation.name": call} | values, over.id, kind=1)
    return [over, span], [event(
        usage, id=found or span.id, gateway="otel", dialect="otel.genai", provider="openai",
        request_model=model, response_model=served, operation=operation, status="ok",
        finish_reason=finish, **span.common, **fields)]


def litellm(rng, trace, start, flavour):
    """LiteLLM's proxy: it prices the call, and says whose key it was."""
    usage, model = counts(rng, cached=False), rng.pick(["gpt-5-mini", "mistral-small-2603"])
    served, _, provider = MODELS[model]
    cost = list_cost(model, usage)
    values = {
        "gen_ai.operation.name": rng.pick(["chat", "acompletion"]), "gen_ai.system": provider,
        "llm.request.type": "acompletion", "gen_ai.request.model": model,
        "gen_ai.response.model": served, "gen_ai.response.id": f"chatcmpl-{rng.hex(16)}",
        "llm.is_streaming": "False", "gen_ai.usage.input_tokens": usage.input,
        "gen_ai.usage.output_tokens": usage.output, "gen_ai.usage.total_tokens": usage.total(),
        "gen_ai.response.finish_reasons": '["stop"]', "metadata.user_api_key_alias": "desk-prod",
        "metadata.user_api_key_hash": rng.hex(64), "metadata.user_api_key_team_alias": "Customs",
        "metadata.user_api_key_user_id": rng.pick(["u-31", "None"]),
        "metadata.requester_ip_address": "10.20.0.7"}
    fields, billed = {}, cost
    if flavour == "litellm_markup":
        billed = cost * Decimal("1.1")
        values |= {"gen_ai.cost.margin_total_amount": plain(cost / 10),
                   "gen_ai.cost.discount_amount": Raw("0.0"),
                   "gen_ai.cost.original_cost": plain(cost)}
        fields = dict(reported_markup=decimal_text(cost / 10), reported_discount="0")
    values[rng.pick(["gen_ai.cost.total_cost", "gen_ai.cost.total_cost", "gen_ai.usage.cost",
                     "litellm.cost.total"])] = plain(billed)
    user = values["metadata.user_api_key_user_id"]
    over = Span(rng, trace, start, duration(rng, 7000, 8000), "Received Proxy Server Request", {
        "http.route": "/chat/completions", "http.response.status_code": 200}, kind=2)
    span = Span(rng, trace, start, duration(rng), "litellm_request", values, over.id, 1, kind=1)
    return [over, span], [event(
        usage, id=values["gen_ai.response.id"], gateway="otel", dialect="otel.genai",
        provider=provider, request_model=model, response_model=served, operation="chat",
        status="ok", stream=False, finish_reason="stop", key="desk-prod", team="Customs",
        user=None if user == "None" else user, reported_cost=decimal_text(billed), **span.common,
        **fields)]


def agent(rng, trace, start):
    """An agent, whose span repeats the usage of its two calls, and its tool."""
    over = Span(rng, trace, start, duration(rng, 15_000, 16_000), "invoke_agent desk", {
        "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "desk",
        "gen_ai.request.model": "gpt-5-mini", "gen_ai.usage.input_tokens": 9000,
        "gen_ai.usage.output_tokens": 800})
    model = rng.pick(["gpt-5-mini", "mistral-small-2603"])
    one, first = current(rng, trace, start + 2000, "chat", model, over.id)
    tool = Span(rng, trace, one.end // 1000, duration(rng, 1, 30), "execute_tool lookup", {
        "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup"}, over.id)
    two, second = current(rng, trace, tool.end // 1000, "chat", model, over.id)
    return line([resource("desk", [one, tool, two, over])], over.end, [first, second])


def foreign(rng, trace, start):
    """Spans that have nothing to do with a model, be they failures."""
    failed = rng.chance(50)
    span = Span(rng, trace, start, duration(rng, 1, 50), rng.pick(["GET /berths", "SELECT desk"]), {
        "http.request.method": "GET", "http.response.status_code": 503 if failed else 200,
        "error.type": "503" if failed else None}, code=2 if failed else None)
    text = dumps({"resourceSpans": [resource("berths", [span])]})
    return Line(text, span.end // 1000, skipped=True)


# Log records

LOG_FLAVOURS = [("details", 20), ("named", 6), ("counted", 5), ("older", 5), ("filtered", 3),
                ("error", 5), ("claude", 20), ("fast", 5), ("micros", 4), ("claude_error", 5),
                ("lost", 3), ("session", 6), ("messages", 5), ("program", 5), ("metrics", 4),
                ("observed", 3)]


def log_record(at, values, whole=str, **extra):
    return {"timeUnixNano": whole(at * 1000), "severityText": "INFO",
            "attributes": attributes(values, whole), **extra}


def log_line(records, at, events, service="desk", scope="harborlane", **values):
    text = dumps({"resourceLogs": [{
        "resource": {"attributes": attributes({"service.name": service} | values)},
        "scopeLogs": [{"scope": {"name": scope}, "logRecords": records}]}]})
    if not events:
        return Line(text, at, skipped=True)
    return Line(text, at, events[0], more=events[1:])


def logs(rng, start, flavour):
    if flavour in ("claude", "fast", "micros", "claude_error", "lost", "session"):
        return [claude_code(rng, start, flavour)]
    if flavour == "metrics":
        text = dumps({"resourceMetrics": [{
            "resource": {"attributes": attributes({"service.name": "claude-code"})},
            "scopeMetrics": [{"metrics": [{"name": "claude_code.token.usage", "sum": {
                "dataPoints": [{"asDouble": rng.between(1, 900), "attributes": attributes(
                    {"type": "input", "model": PREMIUM})}]}}]}]}]})
        return [Line(text, start, skipped=True)]
    if flavour == "program":
        record = log_record(start, {"http.route": "/berths"},
                            body={"stringValue": "CANARY-LOG berth 11 taken"})
        return [log_line([record], start, [])]
    chat = [log_record(start, {"event.name": "gen_ai.user.message", "gen_ai.system": "openai"},
                       body={"kvlistValue": {"values": attributes({"content": prompt(rng)})}}),
            log_record(start, {"event.name": "gen_ai.choice", "gen_ai.system": "openai"},
                       body={"kvlistValue": {"values": attributes({"content": answer(rng)})}})]
    if flavour == "messages":
        return [log_line(chat, start, [])]
    record, found = log_details(rng, start, flavour)
    records = [record] if rng.chance(60) else [*chat, record]
    return [log_line(records, start, [found])]


def log_details(rng, start, flavour):
    """The event of the conventions that tells all of a call."""
    model = rng.pick(list(MODELS))
    served, system, provider = MODELS[model]
    usage, finish = counts(rng), "stop"
    values = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": system,
        "gen_ai.request.model": model, "gen_ai.response.model": served,
        "gen_ai.response.id": f"chatcmpl-{rng.hex(16)}",
        "gen_ai.usage.input_tokens": usage.input, "gen_ai.usage.output_tokens": usage.output,
        "gen_ai.usage.cache_read.input_tokens": usage.read,
        "gen_ai.input.messages": prompt(rng), "gen_ai.response.finish_reasons": [finish]}
    status, fields, operation = "ok", {}, "chat"
    if flavour == "filtered":
        finish, status = "content_filter", "blocked"
        values["gen_ai.response.finish_reasons"] = [finish]
        fields["error_class"] = "content_policy"
    if flavour == "error":
        values = {key: value for key, value in values.items()
                  if not key.startswith(("gen_ai.usage.", "gen_ai.response."))}
        values["error.type"] = "503"
        usage = finish = served = None
        status, fields = "error", dict(error_class="overloaded", http_status=503)
    if flavour == "older":
        values = {key: value for key, value in values.items() if "usage" not in key}
        del values["gen_ai.provider.name"], values["gen_ai.operation.name"]
        system = provider = "mistral"
        operation, usage.read = None, None
        values |= {"gen_ai.system": system, "gen_ai.usage.prompt_tokens": usage.input,
                   "gen_ai.usage.completion_tokens": usage.output}
    record = log_record(start, values, traceId=rng.hex(32), spanId=rng.hex(16))
    if flavour in ("details", "filtered", "error", "observed"):
        record["eventName"] = "gen_ai.client.inference.operation.details"
    elif flavour == "named":
        record["attributes"].insert(0, attributes(
            {"event.name": "gen_ai.client.inference.operation.details"})[0])
    if flavour == "observed":
        record["observedTimeUnixNano"] = record.pop("timeUnixNano")
    return record, event(
        usage, id=values.get("gen_ai.response.id", record["spanId"]), trace_id=record["traceId"],
        time=rfc3339(start), gateway="otel", dialect="otel.logs", provider=provider,
        request_model=model, response_model=served, operation=operation, status=status,
        finish_reason=finish, warnings=["time_approximate"], **fields)


def claude_code(rng, start, flavour):
    """What Claude Code sends; `session`: several records, most of which are of no call."""
    whole = rng.pick([int, str])
    session = rng.uuid()
    common = {"session.id": session, "user.id": rng.hex(64),
              "user.email": "CANARY@harborlane.example"}
    records, events = [], []
    if flavour == "session":
        records.append(log_record(start, common | {
            "event.name": "user_prompt", "prompt_length": 40, "prompt": prompt(rng)}, whole,
            body={"stringValue": "claude_code.user_prompt"}))
    for index in range(2 if flavour == "session" else 1):
        record, found = claude_call(rng, start + index * 3_000_000, flavour, common, whole)
        records.append(record)
        events.append(found)
    if flavour == "session":
        records.append(log_record(start, common | {
            "event.name": "tool_result", "tool_name": "Bash", "success": "true",
            "duration_ms": 120}, whole, body={"stringValue": "claude_code.tool_result"}))
    return log_line(records, start, events, "claude-code", "com.anthropic.claude_code.events")


def claude_call(rng, start, flavour, common, whole):
    model = rng.pick(["claude-haiku-4-5-20251001", "claude-opus-4-8"])
    usage = Usage(rng.between(1, 40), rng.between(20, 900), read=rng.between(0, 30_000),
                  write=rng.pick([0, rng.between(1, 9000)]))
    written = usage.input
    usage.input += usage.read + usage.write
    took, name = rng.between(900, 20_000), "api_request"
    cost = list_cost("claude-opus-4-8" if "opus" in model else "claude-haiku-4-5", usage)
    values = common | {"event.name": name, "model": model, "duration_ms": took,
                       "request_id": f"req_{rng.letters(20)}"}
    fields, status = {}, "ok"
    if flavour in ("claude_error", "lost"):
        # A lost connection has no status, and no id.
        name, status, usage = "api_error", "error", None
        code = rng.pick([429, 529, 500])
        values |= {"event.name": name, "error": f"{code} CANARY-ERROR", "attempt": 11,
                   "status_code": rng.pick([int, str])(code)}
        fields = dict(error_class=class_of(code), http_status=code)
        if flavour == "lost":
            values["status_code"] = rng.pick([None, "undefined"])
            del values["request_id"]
            fields = dict(error_class="other")
    else:
        values |= {"input_tokens": written, "output_tokens": usage.output,
                   "cache_read_tokens": usage.read, "cache_creation_tokens": usage.write}
        values["speed"] = "fast" if flavour == "fast" else "normal"
        if flavour == "micros":
            # Only whole millionths.
            micros = int(cost * 1_000_000)
            values["cost_usd_micros"] = micros
            fields["reported_cost"] = decimal_text(Decimal(micros) / 1_000_000)
        else:
            values["cost_usd"] = number(cost)
            fields["reported_cost"] = decimal_text(Decimal(number(cost)))
    if flavour == "fast":
        fields["modifiers"] = {"speed": "fast"}
    record = log_record(start, values, whole, body={"stringValue": f"claude_code.{name}"},
                        traceId="", spanId="")
    if flavour == "claude" and rng.chance(30):
        # An exporter that drops bodies.
        del record["body"]
    return record, event(
        usage, id=values.get("request_id"), session_id=common["session.id"], time=rfc3339(start),
        gateway="claude_code", dialect="otel.logs", provider="anthropic", response_model=model,
        operation="messages", status=status, latency_ms=str(took), user=common["user.id"],
        warnings=["time_approximate"], **fields)


# OpenRouter Broadcast

# slug: (model of the price list, slug of the provider, display name, provider of the event,
#        permaslug)
SLUGS = {
    "openai/gpt-5-mini": ("gpt-5-mini", "azure", "Azure", "azure", "openai/gpt-5-mini-2025-08-07"),
    "anthropic/claude-opus-4.8": ("claude-opus-4-8", "anthropic", "Anthropic", "anthropic",
                                  "anthropic/claude-opus-4.8-20260601"),
    "anthropic/claude-haiku-4.5": ("claude-haiku-4-5", "amazon-bedrock/global", "Amazon Bedrock",
                                   "bedrock", "anthropic/claude-haiku-4.5-20251001"),
    "mistralai/mistral-small-2603": ("mistral-small-2603", "mistral", "Mistral", "mistral",
                                     "mistralai/mistral-small-2603"),
    "deepseek/deepseek-v4-flash": (None, "novita/fp8", "Novita", "novita",
                                   "deepseek/deepseek-v4-flash-20260401"),
}
BROADCAST_FLAVOURS = [("plain", 40), ("texts", 6), ("reasoning", 6), ("written", 5), ("image", 3),
                      ("byok", 4), ("failover", 6), ("fallback", 6), ("mismatch", 4), ("auto", 5),
                      ("free", 4), ("unlisted", 4), ("disconnected", 4), ("error", 4),
                      ("filtered", 3), ("children", 6)]


def attempt(slug, status=200, display=None, byok=False):
    _, _, name, _, permanent = SLUGS[slug]
    return {"provider_name": display or name, "status": status, "latency": 563, "is_byok": byok,
            "model_permaslug": permanent}


def broadcast(rng, start, flavour):
    start -= start % 1000
    mini, premium = "openai/gpt-5-mini", "anthropic/claude-opus-4.8"
    slug = rng.pick(list(SLUGS))
    if flavour in ("failover", "reasoning", "error"):
        slug = mini
    if flavour in ("fallback", "mismatch"):
        slug = premium
    if flavour == "written":
        slug = "anthropic/claude-haiku-4.5"
    if flavour == "free":
        slug = "mistralai/mistral-small-2603"
    priced, service, display, provider, permanent = SLUGS[slug]
    usage, took = counts(rng), duration(rng)
    whole = str if flavour == "texts" else int
    asked, listed = slug, [attempt(slug, byok=flavour == "byok")]
    fields = dict(route="primary", route_evidence="attempt_list", attempt=0)
    if flavour == "failover":
        listed.insert(0, attempt(slug, rng.pick([429, 502, 503]), "OpenAI"))
        fields = dict(route="retry", route_evidence="attempt_list", attempt=1)
    elif flavour == "fallback":
        failed = rng.pick([429, 503])
        listed.insert(0, attempt(mini, failed))
        asked = mini
        fields = dict(route="fallback", route_evidence="attempt_list", attempt=1,
                      route_from=SLUGS[mini][4], route_reason=class_of(failed))
    elif flavour == "mismatch":
        asked, listed = mini, None
        fields = dict(route="fallback", route_evidence="mismatch", route_from=mini)
    elif flavour in ("unlisted", "disconnected"):
        listed, fields = None, {}
    elif flavour == "auto":
        asked = "openrouter/auto"
        fields["routed"] = True
    elif flavour == "error":
        listed = [attempt(slug, 429, "OpenAI"), attempt(slug, 503)]
        fields = dict(route="retry", route_evidence="attempt_list", attempt=1)
    if flavour == "free":
        slug += ":free"
        asked = slug
    if flavour == "reasoning":
        usage.reasoning = usage.output // 2
    if flavour == "written":
        usage.write = rng.between(1, usage.input - usage.read)
    if flavour == "image":
        usage.image_out = usage.output // 2
    cost = Decimal(0) if flavour == "free" else (
        (list_cost(priced, usage) if priced else None) or Decimal("0.00031"))
    charged = cost / 20 if flavour == "byok" else cost
    second = start // 1_000_000
    number_of = f"gen-{second}-{rng.letters(20)}"
    finish = "content_filter" if flavour == "filtered" else rng.pick(["stop", "tool_calls"])
    first = rng.between(100, 900)
    session, user = rng.pick([(rng.uuid(), "u-17"), (None, None)])
    values = {
        "span.type": "generation", "span.level": "DEFAULT", "session.id": session,
        "user.id": user, "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": slug.split("/")[0],
        "gen_ai.request.model": asked, "gen_ai.response.model": slug,
        "gen_ai.response.id": number_of}
    failed = flavour in ("disconnected", "error")
    if failed:
        values |= {"span.level": "ERROR", "span.status_message": "CANARY-ERROR"}
        usage = finish = first = charged = None
    else:
        values |= {
            "gen_ai.usage.input_tokens": usage.input, "gen_ai.usage.output_tokens": usage.output,
            "gen_ai.usage.total_tokens": usage.total(),
            "gen_ai.usage.input_tokens.cached": usage.read,
            rng.pick(["gen_ai.usage.input_tokens.cache_write",
                      "gen_ai.usage.input_tokens.cache_creation"]): usage.write,
            "gen_ai.usage.output_tokens.reasoning": usage.reasoning,
            "gen_ai.usage.output_tokens.image": usage.image_out,
            "gen_ai.usage.total_cost": plain(charged),
            "gen_ai.response.finish_reasons": dumps([finish]),
            "trace.metadata.openrouter.first_token_ms": first,
            "gen_ai.prompt": prompt(rng) if rng.chance(30) else None}
    known = flavour != "disconnected"
    if known:
        values |= {"trace.metadata.openrouter.provider_name": display,
                   "trace.metadata.openrouter.provider_slug": service,
                   "trace.metadata.openrouter.api_key_name": "desk prod"}
    if flavour == "byok":
        values["trace.metadata.openrouter_generation.usage_upstream"] = plain(cost)
    if listed:
        values["trace.metadata.provider_responses"] = dumps(listed)
    root = Span(rng, rng.hex(32), start, took, "LLM Generation", values, code=2 if failed else 1,
                whole=whole)
    # Times are texts here in any case.
    for key in ("startTimeUnixNano", "endTimeUnixNano"):
        root.record[key] = str(root.record[key])
    spans = [root]
    if flavour == "children":
        child = {"gen_ai.response.id": f"{number_of}:attempt-0", "gen_ai.response.model": slug,
                 "gen_ai.usage.input_tokens": usage.input,
                 "gen_ai.usage.output_tokens": usage.output}
        for name in (f"provider attempt 0: {display}", "generation"):
            spans.append(Span(rng, root.record["traceId"], start, took, name, child, root.id, 1,
                              int))
    status = "error" if failed else "blocked" if flavour == "filtered" else "ok"
    why = {"error": "overloaded", "disconnected": "other", "filtered": "content_policy"}
    found = event(
        usage, id=number_of, session_id=session, gateway="openrouter", dialect="openrouter.otlp",
        provider=provider if known else None, request_model=asked, response_model=slug,
        variant="free" if flavour == "free" else None, operation="chat", status=status,
        error_class=why.get(flavour), byok=listed[-1]["is_byok"] if listed else None,
        finish_reason=finish, first_token_ms=None if first is None else str(first),
        reported_cost=None if charged is None else decimal_text(charged),
        reported_upstream_cost=decimal_text(cost) if flavour == "byok" else None,
        key="desk prod" if known else None, user=user, **root.common, **fields)
    return [line([resource("openrouter", spans, "openrouter",
                           **{"openrouter.trace.id": number_of})], root.end, [found])]


# Portkey's export

PORTKEY_FLAVOURS = [("plain", 40), ("cached", 8), ("exclusive", 4), ("numbers", 5),
                    ("embeddings", 5), ("uncounted", 3), ("session", 5), ("named", 4),
                    ("error", 6), ("blocked", 3), ("cancelled", 3), ("filtered", 2), ("alias", 3),
                    ("retry", 4), ("fallback", 6), ("mismatch", 3)]


def portkey(rng, start, flavour):
    start -= start % 1000
    trace = rng.hex(32)
    if flavour not in ("retry", "fallback"):
        return [portkey_span(rng, trace, start, flavour)]
    first = portkey_span(rng, trace, start, "error", "gpt-5-mini", rng.pick([429, 503]))
    then = first.end + rng.between(50, 1500) * 1000
    model = "gpt-5-mini" if flavour == "retry" else PREMIUM
    return [first, portkey_span(rng, trace, then, "plain", model)]


def portkey_span(rng, trace, start, flavour, model=None, status=None):
    model = model or rng.pick(list(MODELS))
    if flavour in ("cached", "exclusive"):
        model = "claude-haiku-4-5"
    served, system, provider = MODELS.get(model, (model, "anthropic", "anthropic"))
    asked, operation, usage, fields = model, "chat", counts(rng, cached=False), {}
    written = usage.input
    if flavour == "cached":
        usage.read, usage.write = usage.input // 2, usage.input // 8
    elif flavour == "exclusive":
        usage.read, usage.write = usage.input * 2, 0
        usage.input += usage.read
        fields["warnings"] = ["cache_exclusive"]
    elif flavour == "embeddings":
        asked = served = "text-embedding-3-small"
        system = provider = "openai"
        operation, usage = "embeddings", Usage(usage.input)
    elif flavour == "alias":
        asked = "@labs/" + model
        fields["routed"] = True
    elif flavour == "mismatch":
        asked, model = "gpt-5-mini", PREMIUM
        served, system, provider = PREMIUM, "anthropic", "anthropic"
        fields = dict(route="fallback", route_evidence="mismatch", route_from=asked)
    status = status or {"error": rng.pick([400, 401, 429, 500, 503]), "blocked": 446,
                        "cancelled": 499}.get(flavour, 200)
    ok = status == 200
    finish = None if operation == "embeddings" or not ok else \
        "content_filter" if flavour == "filtered" else rng.pick(["stop", "tool_call"])
    values = {
        "gen_ai.operation.name": operation, "gen_ai.provider.name": system, "gen_ai.system": system,
        "gen_ai.request.model": asked, "gen_ai.response.model": served if ok else None,
        "server.address": "api.openai.com", "server.port": 443,
        "error.type": None if ok else str(status),
        "gen_ai.input.messages": dumps([{"role": "user", "parts": [
            {"type": "text", "content": prompt(rng)}]}])}
    if ok:
        values |= {"gen_ai.response.id": f"chatcmpl-{rng.hex(16)}",
                   "gen_ai.response.finish_reasons": [finish] if finish else None}
    if ok and flavour != "uncounted":
        values |= {"gen_ai.usage.input_tokens": written, "gen_ai.usage.output_tokens": usage.output,
                   "gen_ai.usage.cache_read.input_tokens": usage.read,
                   "gen_ai.usage.cache_creation.input_tokens": usage.write}
    else:
        usage = None
    if flavour == "session":
        fields["session_id"] = values["gen_ai.conversation.id"] = f"thread_{rng.letters(10)}"
    span = Span(rng, trace, start, duration(rng) // 1_000_000 * 1_000_000,
                f"{operation} {asked}", values, code=1 if ok else 2,
                whole=int if flavour == "numbers" else str)
    span.record["status"]["message"] = str(status)
    extra = {"otel.semconv.version": "1.40.0"}
    if flavour == "named":
        fields["environment"] = extra["deployment.environment"] = "prod"
    verdict = {446: "blocked", 499: "cancelled"}.get(status, "error")
    if ok:
        verdict = "blocked" if flavour == "filtered" else "ok"
    why = None
    if verdict in ("error", "blocked"):
        why = "content_policy" if verdict == "blocked" else class_of(status)
    found = event(
        usage, id=values.get("gen_ai.response.id", span.id), gateway="portkey",
        dialect="portkey.otlp", provider=provider, request_model=asked,
        response_model=served if ok else None, operation=operation, status=verdict,
        error_class=why, http_status=status, finish_reason=finish, **span.common, **fields)
    return line([resource("portkey", [span], "custom.genai.instrumentation", **extra)], span.end,
                [found])


KINDS = {
    "otel.genai": (GENAI_FLAVOURS, genai),
    "otel.logs": (LOG_FLAVOURS, logs),
    "openrouter.otlp": (BROADCAST_FLAVOURS, broadcast),
    "portkey.otlp": (PORTKEY_FLAVOURS, portkey),
}
