"""Records of gateways that nobody described: read by the names that fields usually have.

gateway         `generic`, but tokenmix where a URL is at its host
names           any alias in any spelling, at the top or in containers to three levels; the alias
                that stands first in the list wins
time            as the record says it; in {"data": {…}} the outer one stands in (time_approximate)
counts          cache inside the input, but beside it where the names are Anthropic's, whose writes
                are of five minutes. A total alone tells neither input nor output. A text, a list
                or an object is no count; a count below 0 is refused
reported_cost   dollars, cents, micros and nanos, exact
status          a word, else the HTTP status, else a flag, else an error of any kind; else ok
latency_ms      a name without a unit is taken to be milliseconds (unit_assumed)
route           a flag is explicit either way; a count of retries is a retry; asked and served
                models that differ are a fallback by mismatch
provider        of a URL its host alone, for the rest may hold a password
refused         without a model, or without counts and cost (unknown_format)
"""

from core import (SECOND, Line, Raw, Usage, answer, class_of, decimal_text, dumps, event, list_cost,
                  prompt, rfc3339, secret, stamp)

# The aliases, in the order in which they are asked.
REQUEST = ["request_id", "req_id", "id", "log_id", "generation_id", "call_id", "correlation_id",
           "uuid"]
TIME = ["timestamp", "ts", "time", "created_at", "created", "start_time", "started_at",
        "request_time", "requested_at", "date", "logged_at"]
SESSION = ["session_id", "conversation_id", "thread_id", "run_id"]
ASKED = ["requested_model", "request_model", "original_model", "model_requested", "input_model",
         "model_group", "alias"]
SERVED = ["response_model", "served_model", "used_model", "actual_model", "resolved_model",
          "routed_model", "upstream_model", "model", "model_name", "model_id", "deployment"]
PROVIDER = ["provider", "provider_name", "vendor", "custom_llm_provider", "upstream", "backend",
            "ai_org", "target"]
INPUT = ["prompt_tokens", "input_tokens", "tokens_in", "tokens_prompt", "prompt_token_count",
         "native_tokens_prompt", "req_units", "input"]
OUTPUT = ["completion_tokens", "output_tokens", "tokens_out", "tokens_completion",
          "candidates_token_count", "native_tokens_completion", "res_units", "output"]
TOTAL = ["total_tokens", "tokens", "total_units"]
READ = ["cached_tokens", "cache_read_tokens", "cached_input_tokens", "prompt_cache_hit_tokens",
        "tokens_cached"]
WRITE = ["cache_write_tokens", "cache_creation_tokens", "prompt_cache_write_tokens"]
REASONING = ["reasoning_tokens", "thoughts_token_count", "thinking_tokens", "tokens_reasoning"]
COST = ["cost", "cost_usd", "usd", "total_cost", "response_cost", "spend", "price", "amount",
        "charge", "cost_total"]
UNITS = {"cents": (100, ["cost_cents", "price_cents", "amount_cents"]),
         "micros": (10**6, ["cost_micros", "cost_usd_micros"]), "nanos": (10**9, ["cost_nanos"])}
LATENCY = ["latency_ms", "duration_ms", "response_time_ms", "elapsed_ms", "delay_ms"]
SECONDS = ["latency_s", "duration_seconds", "elapsed_s", "latency_seconds", "duration_s"]
ASSUMED = ["response_time", "latency", "duration", "elapsed"]
FIRST = ["ttft_ms", "time_to_first_token_ms", "first_token_ms"]
KEY = ["api_key_name", "key_alias", "virtual_key"]
USER = ["user", "user_id", "end_user", "customer"]
PROJECT = ["project", "app", "service"]
FLAGS = ["fallback", "is_fallback", "used_fallback", "fallback_used"]
CONTAINERS = ["response", "response_body", "body", "data", "result", "usage", "metrics",
              "attributes", "metadata", "request"]

MODELS = {"gpt-5-mini": ("openai", "OpenAI"), "claude-haiku-4-5": ("anthropic", "anthropic"),
          "deepseek-v4-flash": ("deepseek", "deepseek"), "gemini-3.1-flash-lite": (
              "google", "gemini"), "harbor-70b": (None, None)}
WORDS = [("ok", "ok"), ("success", "ok"), ("Success", "ok"), ("SUCCEEDED", "ok"),
         ("completed", "ok"), ("failed", "error"), ("ERROR", "error"), ("timeout", "error"),
         ("cancelled", "cancelled"), ("canceled", "cancelled"), ("blocked", "blocked")]

# What each style makes of a name; dialects that are known by exact names must not be met.
STYLES = {
    "snake": lambda words: "_".join(words),
    "camel": lambda words: words[0] + "".join(word.capitalize() for word in words[1:]),
    "pascal": lambda words: "".join(word.capitalize() for word in words),
    "kebab": lambda words: "-".join(words),
    "dotted": lambda words: ".".join(words),
    "title": lambda words: " ".join(word.capitalize() for word in words),
}
# By these names Portkey, OpenRouter, Azure and LLM Gateway are known.
TAKEN = {"snake": {"req_units", "ai_org", "cost_total"}, "pascal": {"correlation_id"},
         "camel": {"used_model"}}


def spelt(name, style):
    return name if style in ("snake", None) else STYLES[style](name.split("_"))


def clock(rng, start):
    """A time in one of its forms, and what the reader knows of it."""
    second = start // SECOND * SECOND
    third = start // 1000 * 1000
    return rng.pick([
        (rfc3339(start), start, None), (second // SECOND, second, None),
        (third // 1000, third, None), (start, start, None), (str(second // SECOND), second, None),
        (Raw(f"{third // SECOND}.{third // 1000 % 1000:03d}"), third, None),
        (stamp(start, "%Y-%m-%d %H:%M:%S"), second, "zone_assumed"),
        (stamp(start, "%Y-%m-%dT%H:%M:%S+00:00"), second, None)])


class Row:
    """A record and its event: each field under an alias of its own."""

    def __init__(self, rng, start, style=None):
        self.rng, self.start, self.style = rng, start, style or rng.pick(list(STYLES))
        self.model = rng.pick(list(MODELS))
        self.fields = dict(gateway="generic", dialect="generic", status="ok", warnings=[])
        self.parts = {}
        self.usage = Usage(rng.between(40, 9_000), rng.between(10, 900))
        written, time, warning = clock(rng, start)
        self.put(TIME, written)
        self.fields["time"] = rfc3339(time)
        if warning:
            self.fields["warnings"].append(warning)
        self.fields["id"] = f"{rng.pick(['log', 'call'])}-{rng.hex(16)}"
        self.put(REQUEST, self.fields["id"])
        self.put(SERVED, self.model)
        self.fields["response_model"] = self.model

    def name(self, aliases):
        return spelt(self.rng.pick([name for name in aliases
                                    if name not in TAKEN.get(self.style, ())]), self.style)

    def put(self, aliases, value, part="call"):
        self.parts.setdefault(part, {})[self.name(aliases)] = value

    def count(self, number):
        return self.rng.pick([number, number, str(number), Raw(f"{number}.0")])

    def counts(self, usage=None):
        usage = usage or self.usage
        self.put(INPUT, self.count(usage.input), "usage")
        self.put(OUTPUT, self.count(usage.output), "usage")

    def cost(self, aliases=COST, factor=1):
        cost = list_cost("gpt-5-mini", self.usage)
        written = cost * factor
        self.put(aliases, self.rng.pick([
            Raw(decimal_text(written)), decimal_text(written), Raw(f"{written:.16e}")]), "cost")
        self.fields["reported_cost"] = decimal_text(cost)

    def extras(self):
        """What most records say besides."""
        rng, fields = self.rng, self.fields
        provider, written = MODELS[self.model]
        if provider:
            self.put(PROVIDER, written)
            fields["provider"] = provider
        if rng.chance(50):
            fields["latency_ms"] = str(rng.between(90, 9_000))
            self.put(LATENCY, rng.pick([int, str])(fields["latency_ms"]), "timing")
        if rng.chance(40):
            fields["first_token_ms"] = f"{rng.between(20, 80)}.5"
            self.put(FIRST, Raw(fields["first_token_ms"]), "timing")
        if rng.chance(40):
            fields["trace_id"] = f"trace-{rng.hex(12)}"
            self.put(["trace_id"], fields["trace_id"])
        if rng.chance(40):
            fields["session_id"] = f"thread-{rng.hex(10)}"
            self.put(SESSION, fields["session_id"])
        for key, aliases, values in (
                ("user", USER, ["u-17", "u-23"]), ("team", ["team", "team_id"], ["Search", "Labs"]),
                ("key", KEY, ["prod", "ci"]), ("project", PROJECT, ["dock-planner"]),
                ("environment", ["environment", "env"], ["prod", "staging"])):
            if rng.chance(30):
                fields[key] = rng.pick(values)
                self.put(aliases, fields[key], "whose")
        if rng.chance(30):
            fields["tags"] = ["night", "eu"]
            self.put(["tags", "labels"], fields["tags"], "whose")
        if rng.chance(30):
            self.parts["call"]["api_key"] = secret(rng)

    def line(self, record, usage=None, **own):
        made = self.fields | own
        return Line(dumps(record), self.start, event(usage, **made))

    def flat(self):
        """All parts at the top, in any order."""
        pairs = [pair for part in self.parts.values() for pair in part.items()]
        for index in range(len(pairs) - 1, 0, -1):
            other = self.rng.below(index + 1)
            pairs[index], pairs[other] = pairs[other], pairs[index]
        return dict(pairs)


GENERIC = [("flat", 20), ("one", 6), ("two", 6), ("three", 6), ("data", 3), ("asked", 3),
           ("anthropic", 4), ("written", 2), ("lifetimes", 2), ("inside", 5), ("details", 2),
           ("exclusive", 2), ("beside", 2), ("hidden", 2), ("cents", 2), ("micros", 2),
           ("nanos", 2), ("priced", 2), ("currency", 1), ("seconds", 2), ("assumed", 3),
           ("words", 5), ("http", 5), ("code", 3), ("success", 3), ("told", 4), ("fallback", 3),
           ("primary", 3), ("from", 2), ("retry", 2), ("mismatch", 3), ("routed", 1),
           ("bare", 3), ("texts", 5), ("own", 4), ("total", 2), ("host", 2), ("relay", 2),
           ("below_zero", 3), ("broken_count", 1), ("no_model", 2), ("no_usage", 2)]


def generic(rng, start, flavour):
    row = Row(rng, start)
    made = globals().get(f"{flavour}_line")
    if made:
        return [made(row)]
    row.extras()
    row.counts()
    if flavour in UNITS:
        factor, aliases = UNITS[flavour]
        row.cost(aliases, factor)
    elif flavour == "priced" or rng.chance(30):
        row.cost()
    if flavour == "currency":
        row.cost()
        row.parts["cost"]["currency"] = row.rng.pick(["EUR", "CNY"])
        row.fields["reported_currency"] = row.parts["cost"]["currency"]
    if flavour in ("no_model", "below_zero", "broken_count"):
        return [refused_line(row, flavour)]
    return [row.line(row.flat(), row.usage)]


def refused_line(row, flavour):
    record = row.flat()
    if flavour == "no_model":
        # What is no text names no model, however it is called.
        record = {name: value for name, value in record.items() if value != row.model}
        return Line(dumps(record), row.start, rejected="unknown_format")
    name = next(name for name in row.parts["usage"])
    record[name] = row.rng.pick([-5, "-5"]) if flavour == "below_zero" else Raw("12.5")
    return Line(dumps(record), row.start, rejected="invalid_number")


def no_usage_line(row):
    row.extras()
    record = row.flat() | {"message": prompt(row.rng)}
    return Line(dumps(record), row.start, rejected="unknown_format")


# In containers.

def within(row, *path):
    """The counts, the cost and what else fits, so many objects down."""
    inner = dict(row.parts.pop("usage", {})) | row.parts.pop("cost", {}) | row.parts.pop(
        "timing", {})
    for name in reversed(path):
        inner = {name: inner}
    return row.flat() | inner


def named(row):
    """The words in which the row names its model are those of a record, not of an envelope."""
    row.parts["call"] = {name: value for name, value in row.parts["call"].items()
                         if value != row.model} | {"model": row.model}


def nested(row, depth):
    rng = row.rng
    # `usage` with OpenAI's own names would be a body of OpenAI's.
    row.style = rng.pick([style for style in STYLES if style != "snake"])
    named(row)
    row.extras()
    row.counts()
    if rng.chance(50):
        row.cost()
    path = []
    while len(path) < depth:
        container = rng.pick(CONTAINERS)
        if container not in path:
            path.append(container)
    return row.line(within(row, *[spelt(name, rng.pick([row.style, "snake"])) for name in path]),
                    row.usage)


def one_line(row):
    return nested(row, 1)


def two_line(row):
    return nested(row, 2)


def three_line(row):
    return nested(row, 3)


def data_line(row):
    """An envelope by all signs: what stands beside it is the last resort."""
    row.extras()
    row.counts()
    record = row.flat()
    for name in [name for name in record if any(name == spelt(alias, row.style)
                                                for alias in TIME)]:
        del record[name]
    row.fields |= dict(time=rfc3339(row.start), warnings=["time_approximate"])
    return row.line({"timestamp": rfc3339(row.start), row.rng.pick(["data", "result"]): record},
                    row.usage)


def asked_line(row):
    """The model of the request stands in it, that of the answer too."""
    row.style = "snake"
    row.parts["call"] = {name: value for name, value in row.parts["call"].items()
                         if value != row.model}
    row.put(["tokens_in", "input_tokens"], row.usage.input, "usage")
    row.put(["tokens_out", "output_tokens"], row.usage.output, "usage")
    request = {"model": row.model, "stream": True, "messages": [prompt(row.rng)]}
    row.fields |= dict(request_model=row.model, stream=True)
    record = row.flat() | {"request": request}
    if row.rng.chance(50):
        record["response"] = {"model": row.model, "text": answer(row.rng)}
    else:
        del row.fields["response_model"]
    return row.line(record, row.usage)


# Counts.

def anthropic_line(row):
    usage = row.usage
    row.extras()
    fresh, usage.read, usage.write5m = usage.input, usage.input * 2, row.rng.pick([0, 512])
    row.put(["input_tokens"], fresh, "usage")
    row.put(["output_tokens"], usage.output, "usage")
    row.put(["cache_read_input_tokens"], usage.read, "usage")
    row.put(["cache_creation_input_tokens"], usage.write5m, "usage")
    if row.rng.chance(50):
        # The naive total says nothing of the cache.
        row.put(["total_tokens"], fresh + usage.output, "usage")
    usage.input = fresh + usage.read + usage.write5m
    return row.line(row.flat(), usage)


def written_line(row):
    usage = row.usage
    fresh, usage.write5m = usage.input, 2_048
    row.put(["input_tokens"], fresh, "usage")
    row.put(["output_tokens"], usage.output, "usage")
    row.put(["cache_creation_input_tokens"], usage.write5m, "usage")
    usage.input = fresh + usage.write5m
    return row.line(row.flat(), usage)


def lifetimes_line(row):
    usage = row.usage
    fresh, usage.read, usage.write5m, usage.write1h = usage.input, 64, 100, 300
    row.parts["usage"] = {"usage": {
        "input_tokens": fresh, "output_tokens": usage.output, "cache_read_input_tokens": 64,
        "cache_creation_input_tokens": 400, "cache_creation": {
            "ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 300}}}
    usage.input = fresh + 464
    return row.line(row.flat(), usage)


def inside_line(row):
    usage = row.usage
    row.extras()
    usage.read, usage.write, usage.reasoning = usage.input // 2, usage.input // 8, usage.output // 3
    row.put(INPUT[:1] + INPUT[2:], row.count(usage.input), "usage")
    row.put(OUTPUT, usage.output, "usage")
    row.put(READ, row.count(usage.read), "usage")
    row.put(WRITE, usage.write, "usage")
    row.put(REASONING, usage.reasoning, "usage")
    row.put(TOTAL, row.count(usage.total()), "usage")
    return row.line(row.flat(), usage)


def details_line(row):
    usage = row.usage
    row.style = "camel"
    named(row)
    usage.read, usage.reasoning = usage.input // 4, usage.output // 4
    row.parts["usage"] = {"usage": {
        "promptTokens": usage.input, "completionTokens": usage.output,
        "promptTokensDetails": {"cachedTokens": usage.read},
        "completionTokensDetails": {"reasoningTokens": usage.reasoning}}}
    return row.line(row.flat(), usage)


def exclusive_line(row):
    """More was read from the cache than was asked: the prompt leaves it out."""
    usage = row.usage
    usage.read = usage.input * 3
    row.put(INPUT[2:], usage.input, "usage")
    row.put(OUTPUT, usage.output, "usage")
    row.put(READ, usage.read, "usage")
    usage.input += usage.read
    return row.line(row.flat(), usage, warnings=row.fields["warnings"] + ["cache_exclusive"])


def beside_line(row):
    usage = row.usage
    usage.reasoning = usage.output * 2 + 1
    row.put(INPUT, usage.input, "usage")
    row.put(OUTPUT, usage.output, "usage")
    row.put(REASONING, usage.reasoning, "usage")
    usage.output += usage.reasoning
    row.put(TOTAL, usage.total(), "usage")
    return row.line(row.flat(), usage, warnings=row.fields["warnings"] + ["reasoning_exclusive"])


def hidden_line(row):
    usage = row.usage
    row.put(INPUT, usage.input, "usage")
    row.put(OUTPUT, usage.output, "usage")
    usage.reasoning = 77
    usage.output += 77
    row.put(TOTAL, usage.total(), "usage")
    return row.line(row.flat(), usage, warnings=row.fields["warnings"] + ["hidden_tokens"])


def total_line(row):
    row.put(TOTAL, row.usage.total(), "usage")
    return row.line(row.flat())


def bare_line(row):
    """Plain words, where numbers stand."""
    record = row.flat()
    counts = {"input": row.count(row.usage.input), "output": row.usage.output}
    if row.rng.chance(50):
        return row.line(record | {"tokens": counts | {"total": row.usage.total()}}, row.usage)
    return row.line(record | counts | {"tokens": row.usage.total()}, row.usage)


def texts_line(row):
    """Plain words, where none stand."""
    rng = row.rng
    row.parts["call"] = {name: value for name, value in row.parts["call"].items()
                         if value != row.fields["id"]}
    record = row.flat() | {
        "id": {"shard": 4, "offset": 77}, "tokens": [101, 2023, 102], "code": f"x = {rng.hex(4)}",
        "input": rng.pick([prompt(rng), f"{rng.between(2, 9)} pallets: {prompt(rng)}",
                           [{"role": "user", "content": prompt(rng)}], {"text": prompt(rng)}]),
        "output": rng.pick([answer(rng), "2026-10-19", "-", {"tokens_out": [1, 2]}]),
        "price": "list", "status": {"phase": "late"}, "user": {"name": "CANARY-USER"}}
    if rng.chance(50):
        record["completion_tokens"] = row.usage.output
        usage = Usage(None, row.usage.output)
    else:
        record |= {"prompt_tokens": row.usage.input, "completion_tokens": row.usage.output}
        usage = row.usage
    return row.line(record, usage, id=None)


def own_line(row):
    """Counts of its own, so no envelope, whatever it is made of."""
    row.style = "snake"
    named(row)
    row.put(INPUT[:4], row.usage.input, "usage")
    row.put(OUTPUT[:4], row.usage.output, "usage")
    extra = row.rng.pick([
        {"message": "the call is done"}, {"message": '{"berth": 11, "prompt_tokens": 3}'},
        {"events": [{"name": "first token", "tokens_out": 1}]}, {"items": []},
        {"response": answer(row.rng)}, {"response": '{"dates": [], "output": 5}'},
        {"response": {"text": answer(row.rng)}}, {"data": {"note": prompt(row.rng)}},
        {"response": None, "error": None}])
    return row.line(row.flat() | extra, row.usage)


# Times that a call took.

def seconds_line(row):
    row.counts()
    took = row.rng.between(90, 9_000)
    row.put(SECONDS, Raw(f"{took // 1000}.{took % 1000:03d}"), "timing")
    first = row.rng.between(1, 89)
    row.put(["ttft_s", "time_to_first_token_seconds"], Raw(f"0.{first:03d}"), "timing")
    return row.line(row.flat(), row.usage, latency_ms=str(took), first_token_ms=str(first))


def assumed_line(row):
    row.counts()
    took = f"{row.rng.between(1, 900)}.25"
    row.put(ASSUMED, row.rng.pick([Raw(took), took]), "timing")
    return row.line(row.flat(), row.usage, latency_ms=took,
                    warnings=row.fields["warnings"] + ["unit_assumed"])


# How it ended.

def words_line(row):
    row.counts()
    word, status = row.rng.pick(WORDS)
    row.put(["status"], word, "end")
    classes = {"timeout": "timeout"}
    failed = {"error": classes.get(word, "other"), "blocked": "content_policy"}.get(status)
    return row.line(row.flat(), row.usage, status=status, error_class=failed)


def http_line(row):
    status = row.rng.pick([200, 201, 400, 401, 402, 429, 499, 500, 503, 504])
    failed = status >= 400 and status != 499
    usage = row.usage if not failed else Usage(0, 0)
    row.counts(usage)
    row.put(["status", "status_code", "http_status", "response_status_code", "response_status"],
            row.rng.pick([status, str(status)]), "end")
    return row.line(
        row.flat(), None if failed else usage, http_status=status,
        status="error" if failed else "cancelled" if status == 499 else "ok",
        error_class=class_of(status) if failed else None)


def code_line(row):
    """A number of the gateway's own is no HTTP status, nor is its name."""
    row.counts()
    code, status, failed = row.rng.pick([
        (200, "ok", None), (0, "ok", None), (20000, "ok", None), ("OK", "ok", None),
        (429, "error", "rate_limit"), ("503", "error", "overloaded")])
    row.parts["end"] = {"code": code}
    number = None if failed is None and code != 200 else int(code)
    return row.line(row.flat(), row.usage, status=status, error_class=failed, http_status=number)


def success_line(row):
    row.counts()
    flag = row.rng.pick([True, False, 1, 0, "true", "false"])
    failed = flag in (False, 0, "false")
    row.put(["success", "is_success", "ok"], flag, "end")
    if failed:
        row.put(["error_type", "error_code"], "rate_limit_exceeded", "end")
    return row.line(row.flat(), row.usage, status="error" if failed else "ok",
                    error_class="rate_limit" if failed else None)


def told_line(row):
    """An error in whatever form; none where there is nothing in it."""
    row.counts()
    told, failed = row.rng.pick([
        (None, None), ("", None), (False, None), ({}, None), ([], None), (True, "other"),
        (f"CANARY-ERROR {secret(row.rng)}", "other"), ("overloaded_error", "overloaded"),
        (504, "timeout")])
    row.parts["end"] = {"error": told}
    return row.line(row.flat(), row.usage, status="error" if failed else "ok", error_class=failed)


# How it came to its model.

def fallback_line(row):
    row.counts()
    flag = row.rng.pick([True, 1, "1", "True"])
    row.put(["fallback_index"] if flag == 1 and flag is not True else FLAGS, flag, "route")
    row.put(ASKED[:1] + ASKED[2:3], "gpt-5", "route")
    named(row)
    return row.line(row.flat(), row.usage, request_model="gpt-5", route="fallback",
                    route_evidence="explicit", route_from="gpt-5")


def primary_line(row):
    row.counts()
    flag = row.rng.pick([False, 0, "0", "False"])
    row.put(["fallback_index"] if flag == "0" else FLAGS, flag, "route")
    return row.line(row.flat(), row.usage, route="primary", route_evidence="explicit")


def from_line(row):
    row.counts()
    row.put(["fallback_from"], "gpt-5", "route")
    return row.line(row.flat(), row.usage, route="fallback", route_evidence="explicit",
                    route_from="gpt-5")


def retry_line(row):
    row.counts()
    count = row.rng.pick([0, 1, 2, "3"])
    row.put(["retry_count", "retries"], count, "route")
    tried = dict(route="retry", route_evidence="explicit") if count else {}
    return row.line(row.flat(), row.usage, **tried)


def mismatch_line(row):
    row.counts()
    row.put(ASKED, "gpt-5-nano", "route")
    # The pair of names is another gateway's in one spelling.
    named(row)
    return row.line(row.flat(), row.usage, request_model="gpt-5-nano", route="fallback",
                    route_evidence="mismatch", route_from="gpt-5-nano")


def routed_line(row):
    row.counts()
    row.put(ASKED, row.rng.pick(["auto", "gpt-latest"]), "route")
    named(row)
    asked = next(iter(row.parts["route"].values()))
    return row.line(row.flat(), row.usage, request_model=asked, routed=True)


# Where it went.

def host_line(row):
    row.counts()
    host, provider = row.rng.pick([
        ("api.openai.com", "openai"), ("harborlane.openai.azure.com", "azure"),
        ("relay.harborlane.example:8443", "relay.harborlane.example")])
    row.put(["upstream", "backend", "target"], f"https://svc:{secret(row.rng)}@{host}/v1")
    return row.line(row.flat(), row.usage, provider=provider)


def relay_line(row):
    row.counts()
    row.parts["call"]["base_url"] = "https://api.tokenmix.ai/v1"
    return row.line(row.flat(), row.usage, gateway="tokenmix")


# A table, as dashboards export it.

TABLE = [("plain", 6), ("empty", 2), ("failed", 2)]
COLUMNS = ["Request ID", "Timestamp", "Model", "Provider", "Prompt Tokens", "Completion Tokens",
           "Cached Tokens", "Cost", "Latency (ms)", "Latency ms", "Status", "User"]


def table(rng, start, flavour):
    usage = Usage(rng.between(40, 9_000), rng.between(10, 900), read=0)
    model = rng.pick(["gpt-5-mini", "claude-haiku-4-5"])
    cost = list_cost("gpt-5-mini", usage)
    second = start // SECOND * SECOND
    took = str(rng.between(90, 9_000))
    fields = dict(id=f"req-{rng.hex(12)}", time=rfc3339(second), gateway="generic",
                  dialect="generic", provider=MODELS[model][0], response_model=model, status="ok",
                  latency_ms=took, reported_cost=decimal_text(cost), user="u-17",
                  warnings=["zone_assumed"])
    cells = [fields["id"], stamp(start, "%Y-%m-%d %H:%M:%S"), model, MODELS[model][1],
             usage.input, usage.output, usage.read, decimal_text(cost), "", took, "success", "u-17"]
    if flavour == "empty":
        cells[6] = cells[9] = cells[11] = ""
        usage.read = None
        fields |= dict(latency_ms=None, user=None)
    if flavour == "failed":
        cells[4:8] = [0, 0, 0, "0"]
        cells[10] = "429"
        fields |= dict(status="error", error_class="rate_limit", http_status=429,
                       reported_cost="0")
        usage = None
    return [Line(";".join(str(cell) for cell in cells), start, event(usage, **fields))]


KINDS = {"generic": (GENERIC, generic), "generic+table": (TABLE, table)}
FILES = {"generic+table": {"extension": "csv", "head": ";".join(COLUMNS)}}
