"""Captures of proxies and clients: the answer as it came, and what they know of the call.

The event is the answer's own (dialect, gateway, counts); the capture's time, latency, request
model, status, stream and attribution come first, its id, provider, cost and served model stand in
where the answer says nothing. At TokenMix's host the gateway is tokenmix, without a provider, and
the dialect that of the envelope.
No answer, an error page, an error in a form of the proxy's own, or a stream that was saved as it
came: an event of the envelope, gateway generic (or tokenmix), with what the capture tells; `model`
is then the response_model. A record that counts by itself is no capture (generic), whatever it
calls its answer.
"""

import re
from dataclasses import replace
from decimal import Decimal

import openrouter
import raw
from core import (Line, Raw, answer, class_of, dumps, event, number, prompt, rfc3339,
                  secret, stamp)
from gateways import bedrock, google, native, variants, vercel

BODIES = {
    "chat": lambda rng, at: raw.openai_chat(rng, at, "plain"),
    "blocked": lambda rng, at: raw.openai_chat(rng, at, "filtered"),
    "embedding": lambda rng, at: raw.openai_chat(rng, at, "embedding"),
    "deepseek": lambda rng, at: variants.deepseek(rng, at, "reasoner"),
    "responses": lambda rng, at: raw.openai_response(rng, at, "reasoning"),
    "messages": lambda rng, at: raw.anthropic(rng, at, rng.pick(["plain", "cached", "geo"])),
    "openrouter": lambda rng, at: [openrouter.chat_request(rng, at, "byok")],
    "vercel": lambda rng, at: vercel.openai(rng, at, "plain"),
    "gemini": lambda rng, at: google.gemini(rng, at, "plain"),
    "converse": lambda rng, at: bedrock.converse(rng, at, "plain"),
    "cohere": lambda rng, at: native.cohere(rng, at, "plain"),
    "ollama": lambda rng, at: native.ollama(rng, at, "plain"),
}
PLACES = ["response", "response_body", "body"]
STATUS = ["status", "status_code", "http_status", "response_status"]
WRAPPER = [(name, 3) for name in BODIES] + [
    ("text", 6), ("quoted_request", 4), ("whole", 3), ("chunks", 2), ("seconds", 2),
    ("assumed", 2), ("known", 4), ("priced", 2), ("fallback", 2), ("mismatch", 2), ("routed", 1),
    ("error", 5), ("error_text", 3), ("in_band", 2), ("detail", 2), ("page", 2), ("empty", 4),
    ("saved", 3), ("cancelled", 1), ("relay", 3), ("relay_empty", 2), ("own", 4), ("other", 3)]


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Capture:
    """A capture's own fields, in snake or in camel case."""

    def __init__(self, rng, at):
        self.rng, self.start = rng, at - at % 1000
        self.spell = rng.pick([lambda name: name, camel])
        self.took = rng.between(80, 9_000)
        self.record = {}
        self.fields = {"time": rfc3339(self.start)}
        self.put(rng.pick(["timestamp", "ts", "time", "created_at", "start_time", "requested_at"]),
                 rng.pick([rfc3339(self.start), self.start // 1000, Raw(
                     f"{self.start // 10**6}.{self.start // 1000 % 1000:03d}"),
                     stamp(self.start, "%Y-%m-%dT%H:%M:%S")
                     + f".{self.start // 1000 % 1000:03d}+00:00"]))

    def put(self, name, value):
        self.record[self.spell(name)] = value

    def timed(self, name=None):
        self.put(name or self.rng.pick(["latency_ms", "duration_ms", "elapsed_ms"]),
                 self.rng.pick([int, str])(self.took))
        self.fields["latency_ms"] = str(self.took)

    def answered(self, status, name=None):
        self.put(name or self.rng.pick(STATUS), self.rng.pick([status, status, str(status)]))
        self.fields["http_status"] = status

    def asked(self, model, text=False, stream=None):
        """The request, and the model that it names."""
        request = {"model": model, "messages": [{"role": "user", "content": prompt(self.rng)}]}
        if stream is not None:
            request["stream"] = stream
            self.fields["stream"] = stream
        if self.rng.chance(30):
            request["user"] = self.fields["user"] = self.rng.pick(["u-17", "u-23"])
        name = self.rng.pick(["request", "request_body"])
        self.put(name, dumps(request) if text else request)
        self.fields["request_model"] = model

    def whose(self):
        rng = self.rng
        for key, names, value in (("team", ["team", "team_id"], "Search"),
                                  ("key", ["key_alias", "virtual_key", "api_key_name"], "prod-key"),
                                  ("project", ["project", "app"], "dock-planner"),
                                  ("environment", ["environment", "env"], "prod"),
                                  ("trace_id", ["trace_id"], f"trace-{rng.hex(12)}"),
                                  ("session_id", ["session_id", "thread_id"], f"s-{rng.hex(8)}")):
            if rng.chance(25):
                self.put(rng.pick(names), value)
                self.fields[key] = value
        if rng.chance(30):
            self.record["headers"] = {"authorization": f"Bearer {secret(rng)}"}

    def line(self, line, place=None, text=False, whole=False, **own):
        """Around the answer of a line, whose event this completes."""
        place = place or self.rng.pick(PLACES)
        body = dumps(line.text) if text else line.text
        if whole:
            status = self.rng.pick([200, 201])
            self.fields["http_status"] = status
            place = "response"
            body = f'{{"status_code":{status},"headers":{{"server":"x"}},"body":{body}}}'
        front = dumps(self.record)[:-1]
        return replace(line, text=f'{front},"{self.spell(place)}":{body}}}',
                       end=self.start + self.took * 1000,
                       event=event(**line.event | self.fields | own))

    def alone(self, **own):
        """Without an answer that is known."""
        made = dict(gateway="generic", dialect="envelope.wrapper") | self.fields | own
        return Line(dumps(self.record), self.start + self.took * 1000, event(**made))


def body_of(rng, at, kind):
    """An answer as it came: without the time that a proxy may have put into it."""
    line = BODIES[kind](rng, at)[0]
    told = line.event
    if "time_approximate" in told.get("warnings", ()):
        text = re.sub(r'"timestamp":"[^"]*",|,"timestamp":"[^"]*"', "", line.text)
        assert text != line.text, line.text
        kept = [code for code in told["warnings"] if code not in ("time_approximate",
                                                                  "zone_assumed")]
        told = {key: value for key, value in told.items() if key != "warnings"}
        line = replace(line, text=text, event=told | ({"warnings": kept} if kept else {}))
    if kind == "gemini":
        # Chunks of a stream have one id, and so would a copy of this.
        text = re.sub(r',"responseId":"[^"]*"', "", line.text)
        assert text != line.text, line.text
        line = replace(line, text=text,
                       event={key: value for key, value in line.event.items() if key != "id"})
    return line


def asked_for(line):
    """A name under which the model that served may have been asked for."""
    served = line.event.get("response_model", "harbor-70b")
    return re.sub(r"-(\d{8}|\d{4}-\d{2}-\d{2})$", "", served)


def wrapper(rng, at, flavour):
    capture = Capture(rng, at)
    if flavour + "_capture" in globals():
        return [globals()[flavour + "_capture"](capture)]
    kind = flavour if flavour in BODIES else rng.pick(["chat", "responses", "messages"])
    line = body_of(rng, capture.start, kind)
    capture.timed()
    capture.answered(200)
    capture.whose()
    # A tag of Ollama's reads like the name of a router.
    if kind != "ollama" and rng.chance(80):
        capture.asked(asked_for(line), text=flavour == "quoted_request",
                      stream=rng.pick([None, False, True]))
    if flavour not in ("gemini", "whole") and rng.chance(50):
        # Stands in for an answer without an id.
        capture.put("request_id", f"req-{rng.hex(12)}")
        capture.fields["id"] = line.event.get("id", capture.record[capture.spell("request_id")])
    return [capture.line(line, text=flavour in ("text", "quoted_request") and rng.chance(80)
                         or flavour == "text")]


def whole_capture(capture):
    """The whole answer, its head and its body."""
    capture.timed()
    line = body_of(capture.rng, capture.start, "chat")
    capture.asked(asked_for(line))
    return capture.line(line, whole=True, text=capture.rng.chance(50))


def chunks_capture(capture):
    """A stream as a list: the last chunk counts."""
    lines = raw.openai_chat(capture.rng, capture.start, "stream")
    capture.timed()
    capture.answered(200)
    capture.asked(asked_for(lines[-1]), stream=True)
    text = "[" + ",".join(line.text for line in lines) + "]"
    return capture.line(replace(lines[-1], text=text))


def seconds_capture(capture):
    line = body_of(capture.rng, capture.start, "chat")
    capture.put(capture.rng.pick(["latency_s", "duration_seconds"]),
                Raw(f"{capture.took // 1000}.{capture.took % 1000:03d}"))
    capture.put("ttft_ms", Raw("85.5"))
    return capture.line(line, latency_ms=str(capture.took), first_token_ms="85.5")


def assumed_capture(capture):
    line = body_of(capture.rng, capture.start, "chat")
    capture.put(capture.rng.pick(["latency", "duration", "response_time"]), capture.took)
    return capture.line(line, latency_ms=str(capture.took), warnings=["unit_assumed"])


def known_capture(capture):
    """What the answer does not say, the capture may."""
    rng = capture.rng
    line = body_of(rng, capture.start, "converse")
    capture.timed()
    capture.put("model", "claude-haiku-4-5")
    capture.put(rng.pick(["success", "is_success"]), True)
    capture.put("provider", rng.pick(["bedrock", "openai"]))
    own = {"response_model": line.event.get("response_model", "claude-haiku-4-5"),
           "provider": line.event.get("provider", capture.record["provider"])}
    return capture.line(line, **own)


def priced_capture(capture):
    rng = capture.rng
    line = body_of(rng, capture.start, rng.pick(["chat", "messages", "openrouter"]))
    cost = Decimal(rng.between(1, 900_000)) / 10**7
    name, written = rng.pick([("cost", number(cost)), ("cost_usd", str(cost)), (
        "response_cost", number(cost)), ("cost_cents", str(cost * 100))])
    capture.put(name, written)
    told = format(cost.normalize(), "f")
    return capture.line(line, reported_cost=line.event.get("reported_cost", told))


def routed_as(capture, model, **own):
    line = body_of(capture.rng, capture.start, "messages")
    while "response_model" not in line.event or line.event["status"] != "ok":
        line = body_of(capture.rng, capture.start, "messages")
    capture.timed()
    capture.asked(model)
    return capture.line(line, **own)


def fallback_capture(capture):
    capture.put(*capture.rng.pick([("is_fallback", True), ("fallback_index", 1),
                                   ("fallback_used", "true")]))
    return routed_as(capture, "gpt-5-mini", route="fallback", route_evidence="explicit")


def mismatch_capture(capture):
    return routed_as(capture, "gpt-5-mini", route="fallback", route_evidence="mismatch",
                     route_from="gpt-5-mini")


def routed_capture(capture):
    return routed_as(capture, capture.rng.pick(["auto", "claude-latest"]), routed=True)


# Failures.

FAILURES = [(400, "invalid_request_error", "context_length_exceeded", "context_length"),
            (401, "invalid_request_error", "invalid_api_key", "auth"),
            (402, "insufficient_quota", None, "budget"), (429, "requests", "rate_limit_exceeded",
                                                          "rate_limit"),
            (500, "server_error", None, "server"), (503, None, None, "overloaded")]


def failed(capture, status):
    capture.timed()
    capture.answered(status)
    capture.asked("gpt-5-mini", text=capture.rng.chance(30))
    capture.whose()


def error_of(capture, text):
    rng = capture.rng
    status, kind, code, name = rng.pick(FAILURES)
    failed(capture, status)
    capture.put("request_id", f"req-{rng.hex(12)}")
    body = {"error": {"message": f"CANARY-ERROR-{rng.hex(6)} {secret(rng)}", "type": kind,
                      "param": None, "code": code}}
    line = Line(dumps(body), 0, event(
        gateway="openai", dialect="openai.error", status="error", error_class=name,
        id=capture.record[capture.spell("request_id")]))
    return capture.line(line, text=text)


def error_capture(capture):
    return error_of(capture, False)


def error_text_capture(capture):
    return error_of(capture, True)


def in_band_capture(capture):
    """An error that was sent with a good status."""
    capture.timed()
    capture.answered(200)
    capture.asked("gpt-5-mini")
    body = {"error": {"message": f"CANARY-ERROR-{capture.rng.hex(6)}", "type": "overloaded_error"}}
    return capture.line(Line(dumps(body), 0, event(
        gateway="openai", dialect="openai.error", status="error", error_class="overloaded")))


def alone(capture, status, body, place="response", **own):
    failed(capture, status)
    capture.put(place, body)
    kind = "cancelled" if status == 499 else "error"
    return capture.alone(status=kind, **{"error_class": class_of(status)
                                         if kind == "error" else None} | own)


def detail_capture(capture):
    """An error in a form of the proxy's own."""
    body = capture.rng.pick([{"detail": "Not found"}, {"message": answer(capture.rng)},
                             {"errors": ["late"]}])
    return alone(capture, capture.rng.pick([404, 422, 500]),
                 dumps(body) if capture.rng.chance(50) else body, capture.rng.pick(PLACES))


def page_capture(capture):
    return alone(capture, capture.rng.pick([502, 503, 504]), capture.rng.pick(
        ["<html><h1>Bad Gateway</h1></html>", "upstream connect error", ""]))


def empty_capture(capture):
    """No answer at all: the capture's id is all there is."""
    request = f"req-{capture.rng.hex(12)}"
    capture.put("request_id", request)
    return alone(capture, capture.rng.pick([408, 429, 500, 503, 504]), None,
                 capture.rng.pick(PLACES), id=request)


def cancelled_capture(capture):
    return alone(capture, 499, None)


def saved_capture(capture):
    """A stream that was saved as it came: nothing in it is counted."""
    rng = capture.rng
    capture.timed()
    if rng.chance(50):
        capture.answered(200)
    if rng.chance(50):
        capture.asked("gpt-5-mini", stream=True)
    else:
        capture.put("model", "gpt-5-mini")
        capture.fields["response_model"] = "gpt-5-mini"
    text = rng.pick([
        f'data: {{"id":"x","choices":[{{"delta":"{rng.hex(4)}"}}]}}\n\ndata: [DONE]\n',
        'event: message_start\ndata: {"type":"message_start"}\n\n'])
    capture.put(rng.pick(PLACES), text)
    return capture.alone(status="ok")


# Relays.

def relay_capture(capture):
    rng = capture.rng
    line = body_of(rng, capture.start, rng.pick(["chat", "messages", "deepseek"]))
    capture.timed()
    capture.answered(200)
    capture.asked(asked_for(line))
    # A base URL beside `response` makes it a capture of TokenMix's own dialect.
    capture.put(rng.pick(["base_url", "url", "api_base"]),
                rng.pick(["https://api.tokenmix.ai/v1/chat/completions", "https://tokenmix.ai/v1"]))
    told = {key: value for key, value in line.event.items() if key != "provider"}
    return capture.line(replace(line, event=told), rng.pick(["response_body", "body"]),
                        gateway="tokenmix", dialect="envelope.wrapper")


def relay_empty_capture(capture):
    capture.put("url", "https://api.tokenmix.ai/v1/chat/completions")
    return alone(capture, 503, None, "response_body", gateway="tokenmix")


# What is none.

def own_capture(capture):
    """It counts by itself."""
    rng = capture.rng
    size, out = rng.between(40, 9_000), rng.between(10, 900)
    capture.timed()
    capture.put("model", "harbor-70b")
    capture.put("prompt_tokens", size)
    capture.put("completion_tokens", out)
    capture.put("response", rng.pick([answer(rng), '{"dates": [], "object": "list"}',
                                      {"text": answer(rng)}, None]))
    return capture.alone(dialect="generic", status="ok", response_model="harbor-70b",
                         input_tokens=size, output_tokens=out)


def other_capture(capture):
    """Other traffic of the proxy."""
    rng = capture.rng
    capture.timed()
    capture.put("path", rng.pick(["/health", "/v1/models", "/favicon.ico"]))
    capture.answered(rng.pick([200, 404]))
    capture.put(rng.pick(PLACES), rng.pick([None, "", "ok", {"status": "up"}, prompt(rng)]))
    return Line(dumps(capture.record), capture.start, rejected="unknown_format")


KINDS = {"envelope.wrapper": (WRAPPER, wrapper)}
