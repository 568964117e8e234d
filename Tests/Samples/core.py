"""What the writers of all dialects share: a fixed PRNG, exact prices, literals, and events."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal

MASK = (1 << 64) - 1
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MONTH = int((datetime(2026, 10, 1, tzinfo=timezone.utc) - EPOCH).total_seconds()) * 1_000_000
SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


class Rng:
    """splitmix64: the same numbers on every Python, for ever."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        """An item of (item, weight) pairs."""
        at = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            at -= weight
            if at < 0:
                return item
        raise AssertionError("weights")

    def hex(self, digits):
        return "".join(f"{self.next():016x}" for _ in range(digits // 16 + 1))[:digits]

    def letters(self, count):
        alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return "".join(self.pick(alphabet) for _ in range(count))

    def uuid(self):
        h = self.hex(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-8{h[17:20]}-{h[20:]}"

    def fork(self, name):
        """An independent stream for a part, so that one part may change without the others."""
        seed = 0xCBF29CE484222325
        for byte in name.encode():
            seed = ((seed ^ byte) * 0x100000001B3) & MASK
        return Rng(seed ^ self.state)


# Prices in USD per million tokens, as text. All are equal in genai-prices 0.2.3 and LiteLLM
# 1.106.2 for October 2026. Tier rates hold from 2026-10-15; DeepSeek's are the weekday rates of
# 01:00-04:00 and 06:00-10:00 UTC, the only hours in which these logs use it.
RATES = {
    # model: (input, cache read, cache write 5m, cache write 1h, output)
    "gpt-5-mini": ("0.25", "0.025", None, None, "2"),
    "gpt-5-mini/flex": ("0.125", "0.0125", None, None, "1"),
    "gpt-5-mini/priority": ("0.45", "0.045", None, None, "3.6"),
    "gpt-5": ("1.25", "0.125", None, None, "10"),
    "gpt-5/flex": ("0.625", "0.0625", None, None, "5"),
    "gpt-5/priority": ("2.5", "0.25", None, None, "20"),
    "gpt-4o-mini": ("0.15", "0.075", None, None, "0.6"),
    "text-embedding-3-small": ("0.02", None, None, None, "0"),
    "claude-opus-4-8": ("5", "0.5", "6.25", "10", "25"),
    "claude-sonnet-4-6": ("3", "0.3", "3.75", "6", "15"),
    "claude-sonnet-4-6/batch": ("1.5", "0.15", "1.875", "3", "7.5"),
    "claude-haiku-4-5": ("1", "0.1", "1.25", "2", "5"),
    "gemini-3.1-flash-lite": ("0.25", "0.025", None, None, "1.5"),
    "deepseek-v4-flash": ("0.3", "0.006", None, None, "1.2"),
    "mistral-small-2603": ("0.15", "0.015", None, None, "0.6"),
}
MILLION = Decimal(1_000_000)


@dataclass
class Usage:
    """Counts in the sense of the usage event: `input` and `output` are totals.

    `None` is what the log does not say.
    """

    input: int | None = None
    output: int | None = None
    read: int | None = None
    write5m: int | None = None
    write1h: int | None = None
    write: int | None = None
    reasoning: int | None = None
    audio_in: int | None = None
    image_in: int | None = None
    video_in: int | None = None
    audio_out: int | None = None
    image_out: int | None = None

    def total(self):
        return (self.input or 0) + (self.output or 0)

    def keys(self):
        return {
            "input_tokens": self.input,
            "cache_read_tokens": self.read,
            "cache_write_5m_tokens": self.write5m,
            "cache_write_1h_tokens": self.write1h,
            "cache_write_tokens": self.write,
            "input_audio_tokens": self.audio_in,
            "input_image_tokens": self.image_in,
            "input_video_tokens": self.video_in,
            "output_tokens": self.output,
            "reasoning_tokens": self.reasoning,
            "output_audio_tokens": self.audio_out,
            "output_image_tokens": self.image_out,
        }


def list_cost(model, usage, tier=None):
    """The exact list cost, or None for a model without a price."""
    rates = RATES.get(f"{model}/{tier}" if tier not in (None, "default", "standard") else model)
    if rates is None:
        return None
    price = [Decimal(rate) if rate is not None else None for rate in rates]
    read, w5, w1 = usage.read or 0, (usage.write5m or 0) + (usage.write or 0), usage.write1h or 0
    cost = (usage.input - read - w5 - w1) * price[0] + (usage.output or 0) * price[4]
    for count, rate in ((read, price[1]), (w5, price[2]), (w1, price[3])):
        cost += count * rate if count else 0
    return cost / MILLION


class Raw(str):
    """A number that must stand in the JSON text exactly as it is spelt here."""


def number(value):
    """A decimal as Python and JavaScript print the nearest double: `8.8e-06`, `0.04039`, `0.0`."""
    return Raw(repr(float(value)))


def plain(value):
    """A decimal as the wire of OpenRouter has it: `0.0000126`, `0`."""
    return Raw(decimal_text(value))


def dumps(value, spaced=False):
    """JSON text; `spaced` as Python's default writes it."""

    def mark(item):
        if isinstance(item, Raw):
            return f"\x01{item}\x02"
        if isinstance(item, dict):
            return {key: mark(entry) for key, entry in item.items()}
        if isinstance(item, list):
            return [mark(entry) for entry in item]
        return item

    separators = (", ", ": ") if spaced else (",", ":")
    text = json.dumps(mark(value), separators=separators, ensure_ascii=spaced)
    return re.sub(r'"\\u0001(.*?)\\u0002"', r"\1", text)


def decimal_text(value):
    """Plain decimal text without an exponent and without trailing zeros."""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rfc3339(us):
    """The form of the usage event: UTC with six fraction digits."""
    return stamp(us, "%Y-%m-%dT%H:%M:%S") + f".{us % SECOND:06d}Z"


def stamp(us, form):
    """`strftime` of the whole seconds of an instant, UTC."""
    return (EPOCH + timedelta(microseconds=us - us % SECOND)).strftime(form)


def epoch_float(us):
    """Unix seconds as Python prints them: at most six fraction digits, at least one."""
    text = f"{us // SECOND}.{us % SECOND:06d}".rstrip("0")
    return Raw(text + "0" if text.endswith(".") else text)


def milliseconds(us):
    return decimal_text(Decimal(us) / 1000)


EVENT_KEYS = """id trace_id session_id time gateway dialect provider region request_model
response_model variant operation status error_class http_status route route_evidence route_from
route_reason routed attempt requests gateway_cache_hit byok service_tier modifiers stream
finish_reason input_tokens cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens
cache_write_tokens input_audio_tokens input_image_tokens input_video_tokens output_tokens
reasoning_tokens output_audio_tokens output_image_tokens web_searches images audio_seconds
characters pages search_units request_bytes response_bytes latency_ms first_token_ms
gateway_overhead_ms reported_cost reported_upstream_cost reported_markup reported_fee
reported_discount reported_currency key team user project environment tags warnings""".split()


def event(usage=None, **fields):
    """An event; what is None is absent. Keys are ordered when it is printed."""
    if usage is not None:
        fields.update(usage.keys())
    for name in fields:
        if name not in EVENT_KEYS:
            raise KeyError(name)
    if fields.get("warnings"):
        fields["warnings"] = sorted(fields["warnings"])
    return {key: value for key, value in fields.items() if value not in (None, [], {})}


def event_line(fields):
    return json.dumps(
        {key: fields[key] for key in EVENT_KEYS if key in fields},
        separators=(",", ":"), ensure_ascii=False)


@dataclass
class Line:
    """One line of a log, when it was written, and what must become of it.

    One of `event`, `rejected` and `skipped` is set; for an event without a time, which only a
    ledger refuses, the first two are. `more` holds the further events of the line. A `twin` tells
    of a call that another line of its file tells better: its event is not printed.
    """

    text: str
    end: int
    event: dict | None = None
    rejected: str | None = None
    skipped: bool = False
    copy: bool = field(default=False)
    more: list = field(default_factory=list)
    twin: bool = False

    @property
    def events(self):
        return [] if self.event is None else [self.event, *self.more]

    @property
    def printed(self):
        """The events that `normalize` prints."""
        return [] if self.twin else self.events


def normalised(model):
    """The model for comparison: the rules of alias prefixes, snapshot dates and Claude's dots."""
    name = model.lower()
    name = re.sub(r"^(openai|anthropic|google|gemini|mistralai|mistral|deepseek|azure)/", "", name)
    name = re.sub(r"^@[^/]+/", "", name)
    name = re.sub(r":.*$", "", name)
    name = re.sub(r"[-@](\d{8}|\d{4}-\d{2}-\d{2})$", "", name)
    return name.replace(".", "-") if name.startswith("claude") else name


WINDOW = 120 * SECOND


def join_traces(events):
    """Rule E3, over the events of one file in its order.

    A failure waits under its trace. The first success that starts at most 120 s after it takes
    all that wait: the same model as the first of them is a retry, another one a fallback. What a
    record says itself (explicit, attempt list) stays; a fallback still learns from the trace what
    was asked first and why it failed.
    """
    waiting = {}
    for item in events:
        trace = item.get("trace_id")
        if trace is None or "time" not in item:
            continue
        at = parse_time(item["time"])
        group = (item["gateway"], trace)
        if item["status"] == "error":
            waiting.setdefault(group, []).append((at, item))
            continue
        if item["status"] != "ok":
            continue
        failures = [f for t, f in waiting.pop(group, []) if 0 <= at - t <= WINDOW]
        if not failures:
            continue
        first, last = failures[0], failures[-1]
        asked = first.get("response_model", first.get("request_model"))
        served = item.get("response_model", item.get("request_model"))
        same = normalised(asked or "") == normalised(served or "") or (
            "response_model" not in first and "request_model" in first
            and normalised(first["request_model"]) == normalised(item.get("request_model", "")))
        explicit = item.get("route_evidence") == "explicit"
        if item.get("route") == "fallback" or (not same and not explicit):
            if not explicit:
                item["route_evidence"] = "inferred"
            item["route"] = "fallback"
            learnt = {"route_from": asked, "request_model": first.get("request_model"),
                      "route_reason": last.get("error_class")}
            for key, value in learnt.items():
                item.pop(key, None)
                if value is not None:
                    item[key] = value
        elif same and item.get("route") != "retry":
            item.update(route="retry", route_evidence="inferred")


def parse_time(text):
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(microseconds=1)


def absent(flavours, used):
    """The flavours that chance left out: a month shows each at least once."""
    return [flavour for flavour, _ in flavours if flavour not in used]


# HTTP status to error class, where the body names no class of its own.
def class_of(status):
    table = {400: "bad_request", 401: "auth", 402: "budget", 403: "auth", 404: "bad_request",
             408: "timeout", 413: "bad_request", 422: "bad_request", 429: "rate_limit",
             503: "overloaded", 504: "timeout", 529: "overloaded"}
    return table.get(status, "server" if 500 <= status <= 599 else "other")


# Words of the invented company, "Harbor Lane", a freight forwarder. The canaries must be found
# nowhere but in the logs; the braces and token names inside prompts must fool nobody.
SUBJECTS = ["the pallets at dock 4", "a delayed container from Gdańsk", "customs form H-7",
            "the refund of order 20417", "naïve routing over the Øresund", "berth 11 tomorrow",
            "驳船时间表", "the pickup window 🚚", "tariff code 8471"]
ASKS = ["Summarise {}.", "Write a short reply about {}.", "Classify the ticket on {}.",
        "Extract the dates from {}.", "Translate the note about {} into Danish."]
ANSWERS = ["Two pallets remain; the rest left at 09:40.", "The container is expected on Thursday.",
           "Category: customs. Urgency: low.", "{\"dates\": [\"2026-10-19\"]}", "Færdig.",
           "Refund issued; the client was told.", "Use berth 12 instead."]


def prompt(rng):
    text = rng.pick(ASKS).format(rng.pick(SUBJECTS))
    if rng.chance(12):
        text += f" CANARY-PROMPT-{rng.hex(6)}"
    if rng.chance(5):
        text += ' Reply as {"usage": {"prompt_tokens": 1, "completion_tokens": 1}, "cost": 99.9}'
    return text


def answer(rng):
    return rng.pick(ANSWERS) + (f" CANARY-ANSWER-{rng.hex(6)}" if rng.chance(10) else "")


def secret(rng):
    return f"sk-CANARY-{rng.letters(24)}"


def chat_choice(rng, finish="stop", **extra):
    return {"index": 0, "message": {"role": "assistant", "content": answer(rng), **extra},
            "logprobs": None, "finish_reason": finish}


def oai_usage(usage, details=True, read_key="cached_tokens"):
    """The usage block of the OpenAI dialect."""
    block = {"prompt_tokens": usage.input, "completion_tokens": usage.output,
             "total_tokens": usage.total()}
    if details:
        block["prompt_tokens_details"] = {read_key: usage.read, "audio_tokens": usage.audio_in}
        block["completion_tokens_details"] = {
            "reasoning_tokens": usage.reasoning, "audio_tokens": usage.audio_out,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}
    return block
