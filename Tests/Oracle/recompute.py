#!/usr/bin/env python3
"""Adds up logs of the sample dialects on its own, to hold a report against.

    recompute.py sample-logs/*.jsonl > totals.json

It shares no code with Tollbook or with the generator of the samples: it reads the raw lines with
Python's `json` and `decimal`, prices them from the explicit list below, and prints the totals of
the month as JSON. Every amount is an exact decimal string; a label that a record does not have
is "". What is counted, and how:

  requests       events after duplicates are removed: the same gateway, id, time, counts and status
  without_usage  of these, those whose record has no token count: never priced, never free
  cache_hits     of these, those that the gateway's own cache answered: no list cost
  unpriced       of these, those with usage whose model is not in the list
  priced         the rest; list_cost is their sum
  reported_cost  the sum of what the records say, of those that say anything
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import urlsplit

# USD per million tokens: input, cache read, cache write 5 minutes, cache write 1 hour, output.
# A cache write whose lifetime the log does not give is priced as one of five minutes.
PRICES = {
    "gpt-5-mini": "0.25 0.025 - - 2",
    "gpt-5-mini flex": "0.125 0.0125 - - 1",
    "gpt-5-mini priority": "0.45 0.045 - - 3.6",
    "gpt-5": "1.25 0.125 - - 10",
    "gpt-5 flex": "0.625 0.0625 - - 5",
    "gpt-5 priority": "2.5 0.25 - - 20",
    "gpt-4o-mini": "0.15 0.075 - - 0.6",
    "gpt-3.5-turbo-instruct": "1.5 - - - 2",
    "text-embedding-3-small": "0.02 - - - 0",
    "claude-opus-4-8": "5 0.5 6.25 10 25",
    "claude-sonnet-4-6": "3 0.3 3.75 6 15",
    "claude-sonnet-4-6 batch": "1.5 0.15 1.875 3 7.5",
    "claude-haiku-4-5": "1 0.1 1.25 2 5",
    "gemini-3.1-flash-lite": "0.25 0.025 - - 1.5",
    "deepseek-v4-flash": "0.3 0.006 - - 1.2",
    "mistral-small-2603": "0.15 0.015 - - 0.6",
}
WEB_SEARCH = Decimal("0.01")  # Anthropic, each
# Every spelling that the samples have of a priced model.
SPELLINGS = {
    "openai/gpt-5-mini": "gpt-5-mini", "gpt-5-mini-2025-08-07": "gpt-5-mini",
    "gpt-5-2025-08-07": "gpt-5", "gpt-4o-mini-2024-07-18": "gpt-4o-mini",
    "openai/text-embedding-3-small": "text-embedding-3-small",
    "anthropic/claude-opus-4-8": "claude-opus-4-8", "anthropic/claude-opus-4.8": "claude-opus-4-8",
    "claude-opus-4.8": "claude-opus-4-8", "anthropic/claude-sonnet-4-6": "claude-sonnet-4-6",
    "anthropic/claude-haiku-4.5": "claude-haiku-4-5",
    "claude-haiku-4-5-20251001": "claude-haiku-4-5",
    "gemini/gemini-3.1-flash-lite": "gemini-3.1-flash-lite",
    "google/gemini-3.1-flash-lite": "gemini-3.1-flash-lite",
    "mistral/mistral-small-2603": "mistral-small-2603",
    "mistralai/mistral-small-2603": "mistral-small-2603",
}
PROVIDERS = {"gemini": "google", "google ai studio": "google", "azure-openai": "azure"}


class Refused(Exception):
    """The line is no record that can be counted."""


def unique(pairs):
    """Refuses a usage block in which a count stands twice."""
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)) and any("tokens" in name for name in names):
        raise Refused("duplicate key")
    return dict(pairs)


def parse(text):
    return json.loads(text, parse_float=Decimal, object_pairs_hook=unique)


def at(value, *path):
    """What stands at a path, None when something on the way is missing."""
    for step in path:
        if isinstance(value, str) and value.startswith("{"):
            value = parse(value)
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def first(*values):
    return next((value for value in values if value is not None), None)


def count(value):
    if value is None:
        return None
    number = Decimal(value)
    if number < 0 or number != int(number) or number > 2**40:
        raise Refused("not a count")
    return int(number)


def instant(value):
    """Microseconds since 1970 of epoch seconds or text."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return int(Decimal(value) * 1_000_000)
    if not isinstance(value, str):
        raise Refused("no time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as problem:
        raise Refused("time") from problem
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


def openai_tokens(usage, prompt="prompt", output="completion"):
    """Counts of the OpenAI dialect, settled by the total."""
    p, c = count(at(usage, f"{prompt}_tokens")), count(at(usage, f"{output}_tokens"))
    total = count(at(usage, "total_tokens"))
    read = count(first(at(usage, f"{prompt}_tokens_details", "cached_tokens"),
                       at(usage, "prompt_cache_hit_tokens")))
    details = at(usage, f"{prompt}_tokens_details") or {}
    w5 = count(at(details, "cache_creation_token_details", "ephemeral_5m_input_tokens"))
    w1 = count(at(details, "cache_creation_token_details", "ephemeral_1h_input_tokens"))
    written = count(first(details.get("cache_write_tokens"), details.get("cache_creation_tokens")))
    reasoning = count(at(usage, f"{output}_tokens_details", "reasoning_tokens"))
    if p is None:
        return None
    cached, out, thought = (read or 0) + (written or 0), c or 0, reasoning or 0
    if total is not None and total != p + out:
        if thought and total == p + out + thought:
            c = out + thought
        elif cached and total == p + out + cached:
            p += cached
        elif total > p + out:
            c, reasoning = total - p, thought + total - p - out
    if cached > p or (reasoning or 0) > (c or 0):
        raise Refused("contradiction")
    rest = (written or 0) - (w5 or 0) - (w1 or 0)
    return {"input": p, "read": read or 0, "w5": (w5 or 0) + rest, "w1": w1 or 0,
            "output": c or 0, "reasoning": reasoning or 0}


def anthropic_tokens(usage):
    fresh = count(at(usage, "input_tokens"))
    if fresh is None:
        return None
    read = count(usage.get("cache_read_input_tokens")) or 0
    written = count(usage.get("cache_creation_input_tokens")) or 0
    w1 = count(at(usage, "cache_creation", "ephemeral_1h_input_tokens")) or 0
    out = count(usage.get("output_tokens")) or 0
    thought = count(at(usage, "output_tokens_details", "thinking_tokens")) or 0
    if w1 > written or thought > out:
        raise Refused("contradiction")
    return {"input": fresh + read + written, "read": read, "w5": written - w1, "w1": w1,
            "output": out, "reasoning": thought}


def any_tokens(usage):
    shape = isinstance(usage, dict) and "input_tokens" in usage and "prompt_tokens" not in usage
    return anthropic_tokens(usage) if shape else openai_tokens(usage)


def tier(value):
    return "" if value in (None, "default", "standard") else value


# One reader a dialect: what it recognises, and what it takes.

def litellm_slp(record):
    meta = record.get("metadata") or {}
    usage = meta.get("usage_object")
    if not usage:
        usage = dict(at(record, "response", "usage") or {})
        usage |= {name: record[name] for name in
                  ("prompt_tokens", "completion_tokens", "total_tokens")}
    failed = record["status"] == "failure"
    return dict(
        gateway="litellm", id=record["id"], time=instant(record["startTime"]),
        provider=record["custom_llm_provider"], model=record["model"],
        team=first(meta.get("user_api_key_team_alias"), meta.get("user_api_key_team_id")),
        tokens=None if failed else openai_tokens(usage), cost=record["response_cost"],
        hit=record["cache_hit"] is True, status="error" if failed else "ok",
        tier=tier(first(at(record, "response", "service_tier"),
                        at(record, "cost_breakdown", "service_tier"))))


def litellm_spend(record):
    meta = record["metadata"] if isinstance(record["metadata"], dict) else parse(record["metadata"])
    failed = record["status"] == "failure"
    return dict(
        gateway="litellm", id=record["request_id"], time=instant(record["startTime"]),
        provider=record["custom_llm_provider"], model=record["model"],
        team=first(meta.get("user_api_key_team_alias"), record["team_id"]),
        tokens=None if failed else openai_tokens(first(meta["usage_object"], record)),
        cost=record["spend"], hit=record["cache_hit"] == "True",
        status="error" if failed else "ok", tier=tier(at(meta, "cost_breakdown", "service_tier")))


def openrouter_chat(record):
    return dict(
        gateway="openrouter", id=record["id"], time=instant(record["created"]),
        provider=record["provider"], model=record["model"],
        tokens=openai_tokens(record.get("usage")), cost=at(record, "usage", "cost"),
        status="error" if "error" in record else "ok", tier=tier(record.get("service_tier")))


def openrouter_generation(record):
    data = record["data"]
    usage = {"prompt_tokens": data["native_tokens_prompt"],
             "completion_tokens": data["native_tokens_completion"],
             "prompt_tokens_details": {"cached_tokens": data["native_tokens_cached"]},
             "completion_tokens_details": {"reasoning_tokens": data["native_tokens_reasoning"]}}
    return dict(
        gateway="openrouter", id=data["id"], time=instant(data["created_at"]),
        provider=data["provider_name"], model=data["model"], tokens=openai_tokens(usage),
        cost=data["total_cost"], status="cancelled" if data["cancelled"] else "ok",
        tier=tier(data["service_tier"]))


def portkey(record):
    tokens = any_tokens(at(record, "response", "usage"))
    if tokens is None and record["is_success"]:
        tokens = openai_tokens({"prompt_tokens": record["req_units"],
                                "completion_tokens": record["res_units"]})
    return dict(
        gateway="portkey", id=record["id"], time=instant(record["created_at"]),
        provider=record["ai_org"], model=record["ai_model"], team=at(record, "metadata", "team"),
        tokens=tokens if record["is_success"] else None, cost=Decimal(record["cost"]) / 100,
        hit=record["cache_status"] in ("HIT", "SEMANTIC HIT"),
        status=str(record["response_status_code"]))


def openai_chat(record):
    return dict(
        gateway="openai", id=record.get("id"), provider="openai", model=record["model"],
        time=instant(first(record.get("created"), record.get("timestamp"))),
        tokens=openai_tokens(record["usage"]), status="ok", tier=tier(record.get("service_tier")))


def openai_responses(record):
    return dict(
        gateway="openai", id=record["id"], time=instant(record["created_at"]), provider="openai",
        model=record["model"], tokens=openai_tokens(record["usage"], "input", "output"),
        status=record["status"], tier=tier(record["service_tier"]))


def anthropic(record):
    failed = record["type"] == "error"
    usage = record.get("usage") or {}
    return dict(
        gateway="anthropic", id=record["request_id"] if failed else record["id"],
        time=instant(record.get("timestamp")), provider="anthropic", model=record.get("model"),
        tokens=anthropic_tokens(usage), status="error" if failed else "ok",
        tier=tier(usage.get("service_tier")),
        searches=count(at(usage, "server_tool_use", "web_search_requests")) or 0)


def capture(record):
    host = urlsplit(record["base_url"]).hostname
    relay = host == "tokenmix.ai" or host.endswith(".tokenmix.ai")
    body = record["response"]
    return dict(
        gateway="tokenmix" if relay else host, id=body.get("id"), time=instant(record["ts"]),
        model=first(body.get("model"), record["request"]["model"]),
        tokens=any_tokens(body.get("usage")), status=str(record["status"]))


def read(text):
    """The request of a line; None for a line that is known to hold none."""
    if not text.strip():
        return None
    try:
        record = parse(text)
    except ValueError as problem:
        raise Refused("not JSON") from problem
    names = set(record) if isinstance(record, dict) else set()
    if {"call_type", "startTime", "hidden_params"} <= names:
        return litellm_slp(record)
    if {"request_id", "spend", "call_type"} <= names:
        return litellm_spend(record)
    if "ai_org" in names:
        return portkey(record)
    if "native_tokens_prompt" in (record.get("data") or {}):
        return openrouter_generation(record)
    if str(record.get("id")).startswith("gen-"):
        return openrouter_chat(record)
    if {"base_url", "response"} <= names:
        return capture(record)
    if record.get("type") in ("message", "error"):
        return anthropic(record)
    if record.get("object") == "response":
        return openai_responses(record)
    if record.get("object") == "chat.completion.chunk" and record["usage"] is None:
        return None
    if "usage" in names:
        return openai_chat(record)
    raise Refused("unknown")


def list_cost(request):
    """The exact list cost; None when the model is not in the list."""
    model = SPELLINGS.get(request["model"], request["model"])
    rates = PRICES.get(f"{model} {request.get('tier') or ''}".strip())
    if rates is None:
        return None
    rate = [Decimal(text) if text != "-" else None for text in rates.split()]
    tokens = request["tokens"]
    fresh = tokens["input"] - tokens["read"] - tokens["w5"] - tokens["w1"]
    counts = [fresh, tokens["read"], tokens["w5"], tokens["w1"], tokens["output"]]
    cost = sum((number * price for number, price in zip(counts, rate) if number), Decimal(0))
    return cost / 1_000_000 + request.get("searches", 0) * WEB_SEARCH


class Totals:
    def __init__(self):
        self.numbers = dict.fromkeys(
            ("requests", "without_usage", "cache_hits", "unpriced", "priced", "input_tokens",
             "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens"), 0)
        self.list_cost = self.reported_cost = Decimal(0)

    def add(self, request):
        self.numbers["requests"] += 1
        self.reported_cost += Decimal(request.get("cost") or 0)
        tokens = request["tokens"]
        if tokens is None:
            self.numbers["without_usage"] += 1
            return
        for name, value in (("input", tokens["input"]), ("cache_read", tokens["read"]),
                            ("cache_write", tokens["w5"] + tokens["w1"]),
                            ("output", tokens["output"]), ("reasoning", tokens["reasoning"])):
            self.numbers[f"{name}_tokens"] += value
        cost = list_cost(request)
        kind = "cache_hits" if request.get("hit") else "unpriced" if cost is None else "priced"
        self.numbers[kind] += 1
        if kind == "priced":
            self.list_cost += cost

    def json(self):
        return self.numbers | {"list_cost": text(self.list_cost),
                               "reported_cost": text(self.reported_cost)}


def text(amount):
    digits = format(amount, "f")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) or "0"


def main(paths):
    seen, total, parts = set(), Totals(), {}
    lines = duplicates = rejected = skipped = 0
    for path in sorted(paths):
        with open(path, encoding="utf-8", newline="\n") as file:
            for line in file:
                lines += 1
                try:
                    request = read(line)
                except Refused:
                    rejected += 1
                    continue
                if request is None:
                    skipped += 1
                    continue
                tokens = request["tokens"] or {}
                identity = (request["gateway"], request["id"], request["time"], tokens.get("input"),
                            tokens.get("output"), request["status"])
                if request["id"] is not None and identity in seen:
                    duplicates += 1
                    continue
                seen.add(identity)
                total.add(request)
                provider = (request.get("provider") or "").lower()
                day = datetime.fromtimestamp(request["time"] // 1_000_000, timezone.utc)
                labels = {"gateway": request["gateway"],
                          "provider": PROVIDERS.get(provider, provider),
                          "model": request.get("model") or "", "team": request.get("team") or "",
                          "day": day.strftime("%Y-%m-%d")}
                for dimension, label in labels.items():
                    part = parts.setdefault(dimension, {})
                    part.setdefault(label, Totals()).add(request)
    result = {"lines": lines, "duplicates": duplicates, "rejected": rejected, "skipped": skipped}
    result["total"] = total.json()
    for dimension, part in parts.items():
        result[dimension] = {label: part[label].json() for label in sorted(part)}
    json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
