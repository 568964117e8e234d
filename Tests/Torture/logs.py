"""Writes logs of gateways, and knows the truth about them before it writes a line.

A `Scribe` invents calls from a seed and writes them in the forms of a few gateways: two forms of
LiteLLM, two of OpenRouter, OpenAI bodies with and without ids, Anthropic messages, the streaming
revisions of Claude Code. Among them are copies, ids that two calls share, lines that are no
records, and blank ones. `Truth` is what must be counted of all that; it shares no code with the
reader of Tollbook.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Callable, Iterable

FIRST_DAY = datetime(2026, 10, 1, tzinfo=timezone.utc)
DAY = 86_400_000_000  # microseconds

LITELLM_MODELS = [("openai/gpt-5-mini", "openai"), ("anthropic/claude-sonnet-4-6", "anthropic"),
                  ("gemini/gemini-3.1-flash-lite", "gemini")]
OPENROUTER_MODELS = [("google/gemini-3.1-flash-lite", "Google AI Studio"),
                     ("anthropic/claude-haiku-4.5", "Anthropic")]
OPENAI_MODELS = [("gpt-4o-mini-2024-07-18", "openai"), ("gpt-5-2025-08-07", "openai")]
ANTHROPIC_MODELS = [("claude-opus-4-8", "anthropic"), ("claude-sonnet-4-6", "anthropic")]
TEAMS = ["Search", "Support", "Checkout"]

Totals = dict[str, tuple[int, int, int]]
"""By model: requests, input tokens, output tokens."""


@dataclass(frozen=True)
class Call:
    """One billable call as the gateway knew it."""

    family: str
    id: str | None
    model: str
    provider: str
    time: int
    """Microseconds since 1970; no two calls of a scribe have the same."""
    input: int
    cached: int
    output: int
    latency: int
    """Microseconds."""
    team: str
    failed: bool = False

    @property
    def tokens(self) -> tuple[int, int]:
        """Input and output tokens as a ledger counts them."""
        return (0, 0) if self.failed else (self.input, self.output)


@dataclass
class Truth:
    """What must be counted of the lines that were written."""

    calls: dict[str, Call] = field(default_factory=dict)
    """By an identity of the harness's own; a later snapshot of a call replaces an earlier one."""
    malformed: int = 0
    lines: int = 0

    def totals(self) -> Totals:
        sums: Totals = {}
        for call in self.calls.values():
            requests, tokens_in, tokens_out = sums.get(call.model, (0, 0, 0))
            more_in, more_out = call.tokens
            sums[call.model] = (requests + 1, tokens_in + more_in, tokens_out + more_out)
        return sums

    def add(self, other: "Truth") -> None:
        self.calls.update(other.calls)
        self.malformed += other.malformed
        self.lines += other.lines


def iso(microseconds: int, separator: str = "T", zone: str = "Z") -> str:
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=microseconds)
    return moment.strftime(f"%Y-%m-%d{separator}%H:%M:%S.%f") + zone


def seconds(microseconds: int) -> float:
    return microseconds / 1_000_000


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


# The forms. Each is a function from a call to a line; a family's forms tell of the same call.


def litellm_payload(call: Call) -> bytes:
    """The StandardLoggingPayload of a call."""
    end = call.time + call.latency
    usage = {"completion_tokens": call.output, "prompt_tokens": call.input,
             "total_tokens": call.input + call.output,
             "prompt_tokens_details": {"cached_tokens": call.cached}}
    line = {
        "id": call.id, "trace_id": f"trace-{call.time}", "call_type": "acompletion",
        "cache_hit": None, "stream": None, "status": "failure" if call.failed else "success",
        "custom_llm_provider": call.provider, "startTime": seconds(call.time),
        "endTime": seconds(end), "completionStartTime": seconds(end), "model": call.model,
        "metadata": {"user_api_key_alias": f"{call.team.lower()}-prod",
                     "user_api_key_team_alias": call.team},
        "response_cost": 0 if call.failed else call.output / 1_000_000,
        "model_group": "chat", "response": {"usage": usage}, "error_str": None,
        "hidden_params": {"attempted_fallbacks": 0},
    }
    counts = (0, 0) if call.failed else (call.input, call.output)
    line |= {"prompt_tokens": counts[0], "completion_tokens": counts[1],
             "total_tokens": sum(counts)}
    if call.failed:
        line["response"] = {}
        line["error_information"] = {"error_code": "429", "error_class": "RateLimitError"}
    return dumps(line)


def litellm_spend(call: Call) -> bytes:
    """The SpendLogs row of a call."""
    end = call.time + call.latency
    usage = {"completion_tokens": call.output, "prompt_tokens": call.input,
             "total_tokens": call.input + call.output,
             "prompt_tokens_details": {"cached_tokens": call.cached}}
    error = {"error_code": "429", "error_class": "RateLimitError"} if call.failed else None
    metadata = {"user_api_key_alias": f"{call.team.lower()}-prod",
                "user_api_key_team_alias": call.team,
                "status": "failure" if call.failed else "success",
                "error_information": error, "usage_object": {} if call.failed else usage}
    counts = (0, 0) if call.failed else (call.input, call.output)
    return dumps({
        "request_id": call.id, "call_type": "acompletion", "api_key": "", "cache_hit": "None",
        "startTime": iso(call.time, " ", "+00:00"), "endTime": iso(end, " ", "+00:00"),
        "completionStartTime": iso(end, " ", "+00:00"), "model": call.model,
        "metadata": json.dumps(metadata), "spend": 0 if call.failed else call.output / 1_000_000,
        "total_tokens": sum(counts), "prompt_tokens": counts[0], "completion_tokens": counts[1],
        "request_tags": "[]", "model_group": "chat", "custom_llm_provider": call.provider,
        "messages": "{}", "response": "{}", "session_id": f"trace-{call.time}",
        "request_duration_ms": call.latency // 1000,
        "status": "failure" if call.failed else "success",
    })


def openrouter_chat(call: Call) -> bytes:
    return dumps({
        "id": call.id, "provider": call.provider, "model": call.model,
        "object": "chat.completion", "created": call.time // 1_000_000,
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": "Two pallets remain."}}],
        "usage": {"prompt_tokens": call.input, "completion_tokens": call.output,
                  "total_tokens": call.input + call.output, "cost": call.output / 1_000_000,
                  "is_byok": False, "prompt_tokens_details": {"cached_tokens": call.cached}},
    })


def openrouter_generation(call: Call) -> bytes:
    return dumps({"data": {
        "id": call.id, "upstream_id": f"up-{call.time}", "total_cost": call.output / 1_000_000,
        "created_at": iso(call.time, zone="+00:00"), "model": call.model, "streamed": False,
        "cancelled": False, "provider_name": call.provider, "latency": call.latency // 1000,
        "generation_time": call.latency // 500, "finish_reason": "stop",
        "tokens_prompt": call.input - 1, "tokens_completion": call.output - 1,
        "native_tokens_prompt": call.input, "native_tokens_completion": call.output,
        "native_tokens_reasoning": 0, "native_tokens_cached": call.cached, "is_byok": False,
        "usage": call.output / 1_000_000, "api_type": "completions",
    }})


def openai_chat(call: Call) -> bytes:
    """A body of OpenAI; without an id when the call has none."""
    line = {
        "object": "chat.completion", "created": call.time // 1_000_000, "model": call.model,
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": "The rest left at 09:40."}}],
        "usage": {"prompt_tokens": call.input, "completion_tokens": call.output,
                  "total_tokens": call.input + call.output,
                  "prompt_tokens_details": {"cached_tokens": call.cached}},
        "service_tier": "default", "system_fingerprint": f"fp_{call.time:x}",
    }
    return dumps({"id": call.id, **line} if call.id else line)


def anthropic_message(call: Call) -> bytes:
    return dumps({
        "model": call.model, "id": call.id, "type": "message", "role": "assistant",
        "content": [{"type": "text", "text": "The container is expected on Thursday."}],
        "stop_reason": "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": call.input - call.cached, "cache_creation_input_tokens": 0,
                  "cache_read_input_tokens": call.cached, "output_tokens": call.output,
                  "service_tier": "standard"},
        "timestamp": iso(call.time),
    })


def claude_code(call: Call) -> bytes:
    """A snapshot of a streamed answer, as Claude Code logs it."""
    message = {
        "model": call.model, "id": call.id, "type": "message", "role": "assistant",
        "content": [{"type": "text", "text": "Use berth 12 instead."}],
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": call.input - call.cached, "cache_creation_input_tokens": 0,
                  "cache_read_input_tokens": call.cached, "output_tokens": call.output,
                  "service_tier": "standard"},
    }
    return dumps({
        "parentUuid": None, "isSidechain": False, "userType": "external", "sessionId": call.team,
        "version": "2.1.59", "message": message, "requestId": f"req_{call.id}",
        "type": "assistant", "uuid": f"{call.id}-{call.output}", "timestamp": iso(call.time),
    })


FORMS: dict[str, list[Callable[[Call], bytes]]] = {
    "litellm": [litellm_payload, litellm_spend],
    "openrouter": [openrouter_chat, openrouter_generation],
    "openai": [openai_chat],
    "anonymous": [openai_chat],
    "anthropic": [anthropic_message],
    "claude": [claude_code],
}

MODELS = {"litellm": LITELLM_MODELS, "openrouter": OPENROUTER_MODELS, "openai": OPENAI_MODELS,
          "anonymous": OPENAI_MODELS, "anthropic": ANTHROPIC_MODELS, "claude": ANTHROPIC_MODELS}

MALFORMED: list[Callable[[Random], bytes]] = [
    lambda rng: b"%d upstream connect error, reset reason: overflow\n" % rng.randrange(10**9),
    lambda rng: b'{"id":"cut-%d","object":"chat.completion","usage":{"pro\n' % rng.randrange(10**9),
    lambda rng: b'{"message":"listening","port":%d}\n' % rng.randrange(10**5),
    lambda rng: b'{"id":"n-%d","object":"chat.completion","created":1790845888,"model":"gpt-5",'
                b'"usage":{"prompt_tokens":-4,"completion_tokens":2}}\n' % rng.randrange(10**9),
    lambda rng: b"\x00\x00\xff\xfe%d\n" % rng.randrange(10**9),
]


class Scribe:
    """Writes the lines of one gateway's log, and keeps the truth about them."""

    def __init__(self, rng: Random, families: Iterable[str] | None = None, days: int = 3,
                 noise: float = 0.06) -> None:
        self.rng = rng
        self.families = sorted(families or FORMS)
        self.days = days
        self.noise = noise
        """The share of lines that are copies, shared ids, malformed or blank."""
        self.truth = Truth()
        self._number = rng.randrange(1 << 40)
        self._times: set[int] = set()
        self._copies: list[bytes] = []
        self._snapshots: list[Call] = []
        """Streamed answers of which further snapshots will come."""

    def call(self, family: str | None = None) -> Call:
        """Invents a call and counts it."""
        rng = self.rng
        family = family or rng.choice(self.families)
        model, provider = rng.choice(MODELS[family])
        self._number += 1
        prefix = {"openrouter": "gen", "anthropic": "msg", "claude": "msg"}.get(family, "chatcmpl")
        value = rng.randrange(40, 9000)
        call = Call(
            family=family, id=None if family == "anonymous" else f"{prefix}-{self._number:x}",
            model=model, provider=provider, time=self._time(), input=value,
            cached=rng.choice([0, 0, value // 2]), output=rng.randrange(2, 2000),
            latency=rng.randrange(100, 9000) * 1000, team=rng.choice(TEAMS),
            failed=family == "litellm" and rng.random() < 0.04)
        self.truth.calls[self._key(call)] = call
        return call

    def lines(self, count: int) -> list[bytes]:
        """About so many lines more, each with its end; pairs that must not part are one piece."""
        pieces: list[bytes] = []
        while len(pieces) < count:
            pieces.append(self._noise() if self.rng.random() < self.noise else self._record())
        self.truth.lines += sum(piece.count(b"\n") for piece in pieces)
        return pieces

    def text(self, count: int) -> bytes:
        return b"".join(self.lines(count))

    def _record(self) -> bytes:
        rng = self.rng
        if self._snapshots and rng.random() < 0.3:
            return self._revise()
        call = self.call()
        if call.family == "claude":
            # The first snapshot has few tokens; further ones may come much later.
            call = self._replace(call, output=1)
            self._snapshots.append(call)
        line = rng.choice(FORMS[call.family])(call)
        if call.family == "anonymous":
            if rng.random() < 0.1:
                # The same line twice in one file is two requests.
                self.truth.calls[self._key(call) + "+"] = call
                return line + line
        elif len(self._copies) < 500:
            self._copies.append(line)
        else:
            self._copies[rng.randrange(500)] = line
        return line

    def _revise(self) -> bytes:
        index = self.rng.randrange(len(self._snapshots))
        call = self._snapshots.pop(index)
        call = self._replace(call, output=call.output + self.rng.randrange(1, 800))
        if self.rng.random() < 0.5:
            self._snapshots.append(call)
        return claude_code(call)

    def _noise(self) -> bytes:
        rng = self.rng
        kind = rng.random()
        if kind < 0.4 and self._copies:
            return rng.choice(self._copies)
        if kind < 0.5 and "openai" in self.families:
            # Another call under an id that a call has: both count.
            first, second = self.call("openai"), self.call("openai")
            del self.truth.calls[self._key(second)]
            second = Call(**{**second.__dict__, "id": first.id})
            self.truth.calls[self._key(second)] = second
            return openai_chat(first) + openai_chat(second)
        if kind < 0.6:
            return rng.choice([b"\n", b"   \n", b"\r\n"])
        self.truth.malformed += 1
        return rng.choice(MALFORMED)(rng)

    def _replace(self, call: Call, **changes: int) -> Call:
        made = Call(**{**call.__dict__, **changes})
        self.truth.calls[self._key(made)] = made
        return made

    @staticmethod
    def _key(call: Call) -> str:
        return call.id if call.family == "claude" else f"{call.id}@{call.time}"

    def _time(self) -> int:
        """A moment of its own second: forms that tell whole seconds tell calls apart too."""
        start = int(FIRST_DAY.timestamp()) * 1_000_000
        while True:
            time = start + self.rng.randrange(self.days * DAY)
            if time // 1_000_000 not in self._times:
                self._times.add(time // 1_000_000)
                return time
