"""The forms of OpenAI and OpenRouter as other vendors write them, a sample for each vendor.

gateway and provider are the vendor, where the body holds what only that vendor writes; else the
gateway is openai, and the provider is known by OpenAI's own model names alone.

deepseek    prompt_cache_hit_tokens; also told as cached_tokens, once
qwen        prompt_tokens_details.cache_type; writes are of five minutes where that is told
mistral     num_cached_tokens, or prompt_token_details (so spelt)
moonshot    usage.cached_tokens beside a model kimi-… or moonshot-…; a stream has its usage in the
            last choice
groq        latency is total_time (s), the work without the queue; streams have x_groq.usage
xai         reasoning beside the output; a cache above the prompt beside it (cache_exclusive);
            reported_cost from ticks of 1e-10 dollars. Its Responses form is OpenAI's
perplexity  reasoning of deep research (citation_tokens) beside the output, and not in the total;
            web_searches num_search_queries; reported_cost usage.cost.total_cost. Chunks repeat
            growing counts: all but the last are skipped
azure       content_filter_results or prompt_filter_results; a last chunk has neither. The first
            chunk tells of filters alone
voyage      total_tokens is the input; a reranking is told from an embedding by its scores
together    rerank
lmstudio    nothing of its own
openrouter  a Responses body: time created_at, reported_cost usage.cost
"""

from decimal import Decimal

from core import (SECOND, Line, Raw, Usage, answer, chat_choice, decimal_text, dumps, event,
                  list_cost, plain, prompt, rfc3339, secret)


class Body:
    """A chat body and its event, before a vendor adds its own."""

    def __init__(self, rng, start, model, gateway="openai", provider=None, made=None):
        second = start // SECOND
        self.rng, self.start = rng, start
        size = rng.between(40, 7_000)
        self.usage = Usage(size, rng.between(20, 1_800))
        self.counts = {"prompt_tokens": self.usage.input, "completion_tokens": self.usage.output,
                       "total_tokens": self.usage.total()}
        self.record = {"id": made or f"chatcmpl-{rng.letters(24)}", "object": "chat.completion",
                       "created": second, "model": model, "choices": [chat_choice(rng)],
                       "usage": self.counts}
        self.fields = dict(id=self.record["id"], time=rfc3339(second * SECOND), gateway=gateway,
                           dialect="openai.chat", provider=provider, response_model=model,
                           operation="chat", status="ok", finish_reason="stop")

    def reasons(self, share=2):
        self.usage.reasoning = self.usage.output // share
        self.counts["completion_tokens_details"] = {"reasoning_tokens": self.usage.reasoning}
        self.record["choices"][0]["message"]["reasoning_content"] = prompt(self.rng)

    def line(self):
        return Line(dumps(self.record), self.start, event(self.usage, **self.fields))

    def chunk(self, delta, finish=None, **own):
        choices = [] if delta is None else [
            {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        kept = {key: value for key, value in self.record.items() if key != "usage"}
        return kept | {"object": "chat.completion.chunk", "choices": choices} | own

    def stream(self, *chunks):
        """The chunks, of which the last one has the usage."""
        lines = [Line(dumps(chunk), self.start, skipped=True) for chunk in chunks[:-1]]
        finish = chunks[-1]["choices"][0]["finish_reason"] if chunks[-1]["choices"] else None
        done = self.fields | {"stream": True, "finish_reason": finish}
        return lines + [Line(dumps(chunks[-1]), self.start, event(self.usage, **done))]


# DeepSeek.

DEEPSEEK = [("chat", 5), ("reasoner", 3), ("hits", 2), ("stream", 2), ("copied", 1)]


def deepseek(rng, start, flavour):
    model = {"reasoner": "deepseek-reasoner", "hits": "deepseek-v4-flash",
             "copied": "deepseek-ai/DeepSeek-V4"}.get(flavour, "deepseek-chat")
    body = Body(rng, start, model, "deepseek", "deepseek", made=rng.uuid())
    usage = body.usage
    usage.read = usage.input // 64 * rng.pick([0, 32])
    body.counts |= {"prompt_cache_hit_tokens": usage.read,
                    "prompt_cache_miss_tokens": usage.input - usage.read}
    if flavour != "hits":
        body.counts["prompt_tokens_details"] = {"cached_tokens": usage.read}
    if flavour == "reasoner":
        body.reasons()
    if flavour == "copied":
        # A host of the open model copies the counts as well.
        body.fields |= dict(gateway="openai", provider=None)
    body.record["system_fingerprint"] = f"fp_{rng.hex(10)}_prod0820_fp8_kvcache"
    if flavour == "stream":
        return body.stream(body.chunk({"role": "assistant", "content": ""}, usage=None),
                           body.chunk({"content": answer(rng)}, usage=None),
                           body.chunk({"content": ""}, "stop", usage=body.counts))
    return [body.line()]


# Qwen.

QWEN = [("plain", 2), ("implicit", 3), ("explicit", 3), ("lifetime", 2), ("reasoning", 2)]


def qwen(rng, start, flavour):
    body = Body(rng, start, rng.pick(["qwen3-max", "qwen-plus"]), made=f"chatcmpl-{rng.uuid()}")
    usage = body.usage
    usage.read = 0
    details = {"cached_tokens": 0}
    if flavour == "implicit":
        usage.read = details["cached_tokens"] = usage.input // 4
        details["cache_type"] = "implicit"
    if flavour in ("explicit", "lifetime"):
        written = usage.input // 2
        usage.read = details["cached_tokens"] = usage.input // 8
        details |= {"text_tokens": usage.input, "cache_creation_input_tokens": written,
                    "cache_type": "ephemeral"}
        if flavour == "lifetime":
            details["cache_creation"] = {"ephemeral_5m_input_tokens": written}
            usage.write5m = written
        else:
            usage.write = written
    if flavour in ("implicit", "explicit", "lifetime"):
        body.fields |= dict(gateway="qwen", provider="qwen")
    if flavour == "reasoning":
        body.reasons()
    body.counts["prompt_tokens_details"] = details
    body.record["system_fingerprint"] = None
    return [body.line()]


# Mistral.

MISTRAL = [("plain", 2), ("cached", 4), ("singular", 3), ("stream", 2)]


def mistral(rng, start, flavour):
    body = Body(rng, start, "mistral-small-2603", made=rng.hex(32))
    if flavour != "plain":
        body.usage.read = body.usage.input // 64 * 16
        body.fields |= dict(gateway="mistral", provider="mistral")
    if flavour in ("cached", "stream"):
        body.counts["num_cached_tokens"] = body.usage.read
    if flavour == "singular":
        body.counts["prompt_token_details"] = {"cached_tokens": body.usage.read}
    if flavour == "stream":
        return body.stream(body.chunk({"content": answer(rng)}),
                           body.chunk({"content": ""}, "stop", usage=body.counts))
    return [body.line()]


# Moonshot.

MOONSHOT = [("plain", 4), ("reasoning", 3), ("stream", 2), ("together", 1)]


def moonshot(rng, start, flavour):
    model = rng.pick(["kimi-k2.6", "moonshot-v1-32k"])
    if flavour == "together":
        model = "moonshotai/Kimi-K2.6"
    body = Body(rng, start, model, "moonshot", "moonshot")
    body.usage.read = body.counts["cached_tokens"] = body.usage.input // 4
    if flavour == "reasoning":
        body.reasons()
    if flavour == "together":
        # Another host writes this count too.
        body.fields |= dict(gateway="openai", provider=None)
    if flavour == "stream":
        last = body.chunk({}, "stop")
        last["choices"][0]["usage"] = body.counts
        return body.stream(body.chunk({"content": answer(rng)}), last)
    return [body.line()]


# Groq.

GROQ = [("plain", 5), ("stream", 3), ("both", 1)]


def groq(rng, start, flavour):
    body = Body(rng, start, rng.pick(["llama-3.3-70b-versatile", "openai/gpt-oss-120b"]), "groq",
                "groq", made=f"chatcmpl-{rng.uuid()}")
    times = [Decimal(rng.between(1_000_000, 900_000_000)) / 10**9 for _ in range(3)]
    work = times[1] + times[2]
    body.counts = {"queue_time": plain(times[0]), "prompt_tokens": body.usage.input,
                   "prompt_time": plain(times[1]), "completion_tokens": body.usage.output,
                   "completion_time": plain(times[2]), "total_tokens": body.usage.total(),
                   "total_time": plain(work)}
    own = {"id": f"req_01{rng.letters(24)}", "seed": rng.between(1, 2**31)}
    body.fields |= dict(service_tier="default", latency_ms=decimal_text(work * 1000))
    if flavour == "plain":
        body.record |= {"usage": body.counts, "usage_breakdown": None, "x_groq": own,
                        "service_tier": "on_demand", "system_fingerprint": f"fp_{rng.hex(10)}"}
        return [body.line()]
    del body.fields["service_tier"]
    first = body.chunk({"role": "assistant", "content": ""}, x_groq={"id": own["id"]})
    last = body.chunk({}, "stop", x_groq=own | {"usage": body.counts})
    if flavour == "both":
        last["usage"] = body.counts
    return body.stream(first, body.chunk({"content": answer(rng)}), last)


# xAI.

XAI = [("plain", 4), ("reasoning", 4), ("exclusive", 2), ("free", 1), ("unpriced", 1),
       ("stream", 2)]


def xai(rng, start, flavour):
    body = Body(rng, start, rng.pick(["grok-3-mini", "grok-4.6"]), "xai", "xai", made=rng.uuid())
    usage = body.usage
    usage.read, usage.audio_in, usage.image_in, usage.audio_out = 0, 0, 0, 0
    usage.reasoning = 0 if flavour == "plain" else rng.between(50, 4_000)
    if flavour == "exclusive":
        usage.read = usage.input + rng.between(10, 900)
        body.fields["warnings"] = ["cache_exclusive"]
    elif rng.chance(60):
        usage.read = usage.input // 4
    body.counts["prompt_tokens_details"] = {
        "text_tokens": usage.input, "audio_tokens": 0, "image_tokens": 0,
        "cached_tokens": usage.read}
    if flavour == "exclusive":
        usage.input += usage.read
    usage.output += usage.reasoning
    body.counts |= {
        "total_tokens": usage.total(), "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning, "audio_tokens": 0,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
        "num_sources_used": 0}
    ticks = 0 if flavour == "free" else rng.between(10_000, 900_000_000)
    if flavour != "unpriced":
        body.counts["cost_in_usd_ticks"] = ticks
        body.fields["reported_cost"] = decimal_text(Decimal(ticks) / 10**10)
    body.record["system_fingerprint"] = f"fp_{rng.hex(10)}"
    if flavour == "stream":
        return body.stream(body.chunk({"reasoning_content": prompt(rng)}),
                           body.chunk({"content": answer(rng)}),
                           body.chunk({}, "stop", usage=body.counts))
    return [body.line()]


# Perplexity.

PERPLEXITY = [("plain", 2), ("search", 4), ("research", 3), ("old", 1), ("stream", 2)]


def perplexity(rng, start, flavour):
    model = "sonar-deep-research" if flavour == "research" else rng.pick(["sonar", "sonar-pro"])
    body = Body(rng, start, model, "perplexity", "perplexity", made=rng.uuid())
    usage = body.usage
    body.record["citations"] = [f"https://freight.example/CANARY-{rng.hex(6)}"]
    if flavour == "old":
        body.counts |= {"citation_tokens": 4_941, "num_search_queries": 2}
        body.fields["web_searches"] = "2"
    if flavour in ("search", "research", "stream"):
        body.counts |= {"search_context_size": "low", "citation_tokens": None,
                        "num_search_queries": None, "reasoning_tokens": None}
        fee = Decimal("0.005")
        parts = {"input_tokens_cost": usage.input / Decimal(10**6),
                 "output_tokens_cost": usage.output / Decimal(10**6), "request_cost": fee}
        if flavour == "research":
            searches = rng.between(5, 40)
            usage.reasoning = rng.between(20_000, 200_000)
            body.counts |= {"citation_tokens": rng.between(5_000, 30_000),
                            "num_search_queries": searches, "reasoning_tokens": usage.reasoning}
            # The answers of deep research name no object.
            del body.record["object"], body.counts["search_context_size"]
            usage.output += usage.reasoning
            parts["reasoning_tokens_cost"] = usage.reasoning * 3 / Decimal(10**6)
            body.fields["web_searches"] = str(searches)
        cost = sum(parts.values())
        body.counts["cost"] = {name: plain(part) for name, part in parts.items()} | {
            "total_cost": plain(cost)}
        body.fields["reported_cost"] = decimal_text(cost)
    if flavour == "stream":
        sofar = body.counts | {"completion_tokens": 1, "total_tokens": usage.input + 1}
        return body.stream(body.chunk({"content": answer(rng)}, usage=sofar),
                           body.chunk({"content": answer(rng)}, usage=sofar),
                           body.chunk({"content": ""}, "stop", usage=body.counts))
    return [body.line()]


# Azure.

AZURE = [("plain", 4), ("prompt", 2), ("blocked", 2), ("router", 3), ("audio", 1)]


def azure(rng, start, flavour):
    body = Body(rng, start, "gpt-5-nano-2025-08-07", "azure", "azure")
    usage = body.usage
    usage.read = usage.audio_in = usage.reasoning = usage.audio_out = 0
    body.counts |= {"prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0},
                    "completion_tokens_details": {"audio_tokens": 0, "reasoning_tokens": 0}}
    filters = {"hate": {"filtered": False, "severity": "safe"}}
    if flavour == "router":
        # The deployment is the request's; the model is that which the router took.
        body.fields |= dict(gateway="openai", provider="openai")
        first = {"choices": [], "created": 0, "id": "", "model": "", "object": "",
                 "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": filters}]}
        middle = body.chunk({"content": answer(rng)}, usage=None)
        middle["choices"][0]["content_filter_results"] = filters
        return body.stream(first, middle, body.chunk({}, "stop", usage=None),
                           body.chunk(None, usage=body.counts))
    choice = body.record["choices"][0]
    if flavour == "prompt":
        body.record["prompt_filter_results"] = [
            {"prompt_index": 0, "content_filter_results": filters}]
    else:
        choice["content_filter_results"] = filters
    if flavour == "blocked":
        choice["finish_reason"] = "content_filter"
        body.fields |= dict(status="blocked", error_class="content_policy",
                            finish_reason="content_filter")
    if flavour == "audio":
        # Another vendor's model there.
        body.record |= {"model": "deepseek-v4-pro", "prompt_filter_results": None}
        del body.counts["prompt_tokens_details"], body.counts["completion_tokens_details"]
        usage.read = usage.audio_in = usage.reasoning = usage.audio_out = None
        body.fields["response_model"] = "deepseek-v4-pro"
    return [body.line()]


# Usage alone.

VOYAGE = [("embedding", 4), ("rerank", 3), ("together", 2)]


def usage_only(rng, start, flavour):
    size = rng.between(12, 4_000)
    fields = dict(time=rfc3339(start), gateway="openai", dialect="openai.chat", status="ok",
                  warnings=["time_approximate"])
    if flavour == "together":
        body = {"id": f"oGs6{rng.letters(20)}", "object": "rerank", "model":
                "Salesforce/Llama-Rank-v1", "results": [
                    {"index": 0, "relevance_score": Raw("0.647"), "document": {
                        "text": prompt(rng)}}],
                "usage": {"prompt_tokens": size, "completion_tokens": 0, "total_tokens": size}}
        usage = Usage(size, 0)
        fields |= dict(id=body["id"], operation="rerank")
    else:
        rerank = flavour == "rerank"
        data = {"relevance_score": Raw("0.41"), "index": 0} if rerank else {
            "object": "embedding", "embedding": [Raw("0.0003"), Raw("-0.0225")], "index": 0}
        body = {"object": "list", "data": [data], "model": "rerank-2.5" if rerank else "voyage-3.5",
                "usage": {"total_tokens": size}}
        usage = Usage(size)
        fields |= dict(operation="rerank" if rerank else "embeddings")
    body["timestamp"] = rfc3339(start)
    return [Line(dumps(body), start, event(usage, response_model=body["model"], **fields))]


# Responses.

def responses_body(rng, start, model, made):
    second = start // SECOND
    usage = Usage(rng.between(60, 6_000), rng.between(40, 2_000))
    usage.read, usage.reasoning = usage.input // 128 * 64, usage.output // 2
    counts = {"input_tokens": usage.input, "input_tokens_details": {"cached_tokens": usage.read},
              "output_tokens": usage.output, "output_tokens_details": {
                  "reasoning_tokens": usage.reasoning}, "total_tokens": usage.total()}
    body = {"id": made, "object": "response", "created_at": second, "status": "completed",
            "model": model, "error": None, "incomplete_details": None, "instructions": None,
            "output": [{"type": "message", "role": "assistant", "status": "completed", "content": [
                {"type": "output_text", "text": answer(rng), "annotations": []}]}],
            "usage": counts, "tools": [], "metadata": {}}
    fields = dict(id=made, time=rfc3339(second * SECOND), gateway="openai",
                  dialect="openai.responses", response_model=model, operation="responses",
                  status="ok")
    return body, usage, fields


VENDORS = [("xai", 4), ("priced", 3), ("lmstudio", 4), ("azure", 3), ("written", 2),
           ("background", 2)]


def responses(rng, start, flavour):
    model = {"xai": "grok-4-fast-reasoning", "priced": "grok-4.6",
             "lmstudio": "mistralai/ministral-3-14b-reasoning"}.get(flavour, "gpt-5-2025-08-07")
    body, usage, fields = responses_body(
        rng, start, model, rng.uuid() if flavour in ("xai", "priced") else f"resp_{rng.hex(40)}")
    if flavour in ("xai", "priced"):
        body["usage"] |= {"num_sources_used": 0, "num_server_side_tools_used": 3}
        fields |= dict(gateway="xai", provider="xai")
    if flavour == "priced":
        ticks = rng.between(100_000, 900_000_000)
        body["usage"] |= {"cost_in_usd_ticks": ticks, "server_side_tool_usage_details": {
            "web_search_calls": 2, "x_search_calls": 1}}
        fields |= dict(reported_cost=decimal_text(Decimal(ticks) / 10**10), web_searches="2")
    if flavour in ("lmstudio", "azure"):
        body["service_tier"] = "default"
        fields["service_tier"] = "default"
    if flavour == "azure":
        body["content_filters"] = [{"blocked": False, "source_type": "prompt"}]
        fields |= dict(gateway="azure", provider="azure")
    if flavour == "written":
        usage.write, usage.read = usage.input // 2, 0
        body["usage"]["input_tokens_details"] = {
            "cached_tokens": 0, "cache_write_tokens": usage.write, "cache_write_tokens_details": {
                "ttl_30m_tokens": usage.write - 10, "ttl_12h_tokens": 10},
            "orchestration_input_tokens": 0}
    if flavour in ("written", "background"):
        fields["provider"] = "openai"
    line = Line(dumps(body), start, event(usage, **fields))
    if flavour == "background":
        # Asked after while it ran.
        queued = body | {"status": rng.pick(["queued", "in_progress"]), "usage": None, "output": []}
        return [Line(dumps(queued), start, skipped=True), line]
    return [line]


OPENROUTER = [("plain", 5), ("byok", 2), ("incomplete", 1), ("failed", 2), ("bare", 1),
              ("untold", 2)]


def openrouter(rng, start, flavour):
    slug = "openai/gpt-5-mini"
    if flavour == "untold":
        # No id of its own, nor cost details: the displayed provider beside a cost tells.
        body = Body(rng, start, slug, "openrouter", "coreweave")
        cost = list_cost("gpt-5-mini", body.usage)
        body.record["provider"] = "CoreWeave"
        body.counts["cost"] = plain(cost)
        body.fields |= dict(dialect="openrouter.chat", reported_cost=decimal_text(cost))
        return [body.line()]
    second = start // SECOND
    body, usage, fields = responses_body(rng, start, slug, f"gen-{second}-{rng.letters(20)}")
    usage.write = 0
    body["usage"]["input_tokens_details"]["cache_write_tokens"] = 0
    cost = list_cost("gpt-5-mini", usage)
    charged = cost / 20 if flavour == "byok" else cost
    body["usage"] |= {"cost": plain(charged), "is_byok": flavour == "byok", "cost_details": {
        "upstream_inference_cost": plain(cost), "upstream_inference_input_cost": plain(cost),
        "upstream_inference_output_cost": 0}}
    fields |= dict(gateway="openrouter", dialect="openrouter.chat", byok=flavour == "byok",
                   reported_cost=decimal_text(charged), reported_upstream_cost=decimal_text(cost))
    if flavour == "incomplete":
        body |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
        fields["finish_reason"] = "max_output_tokens"
    if flavour == "bare":
        # Only the id tells.
        for name in ("cost", "is_byok", "cost_details"):
            del body["usage"][name]
        for name in ("byok", "reported_cost", "reported_upstream_cost"):
            del fields[name]
    if flavour == "failed":
        body |= {"status": "failed", "usage": None, "error": {
            "code": "rate_limit_exceeded", "message": f"CANARY-ERROR-{rng.hex(6)} {secret(rng)}"}}
        usage = None
        for name in ("byok", "reported_cost", "reported_upstream_cost"):
            del fields[name]
        fields |= dict(status="error", error_class="rate_limit")
    return [Line(dumps(body), start, event(usage, **fields))]


KINDS = {"openai.chat+deepseek": (DEEPSEEK, deepseek), "openai.chat+qwen": (QWEN, qwen),
         "openai.chat+mistral": (MISTRAL, mistral), "openai.chat+moonshot": (MOONSHOT, moonshot),
         "openai.chat+groq": (GROQ, groq), "openai.chat+xai": (XAI, xai),
         "openai.chat+perplexity": (PERPLEXITY, perplexity), "openai.chat+azure": (AZURE, azure),
         "openai.chat+usage": (VOYAGE, usage_only), "openai.responses+vendors": (
             VENDORS, responses), "openrouter.chat+responses": (OPENROUTER, openrouter)}
