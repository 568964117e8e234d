"""What the envelopes hold: records of several gateways, and others that are none."""

import json
from dataclasses import replace

import litellm
import openrouter
import portkey
import raw
from core import Line, dumps, prompt, rfc3339, secret
from gateways import azure, bedrock, google, proxies, resellers, variants

# None whose lines revise each other: a copy of such a line would be one more revision.
MAKERS = [
    lambda rng, at: raw.openai_chat(rng, at, "plain"),
    lambda rng, at: raw.openai_chat(rng, at, rng.pick(["reasoning", "tier", "filtered"])),
    lambda rng, at: raw.openai_response(rng, at, "plain"),
    lambda rng, at: raw.anthropic(rng, at, rng.pick(["plain", "cached", "thinking", "error"])),
    lambda rng, at: litellm.slp_lines(rng, litellm.request(rng, at, "plain")),
    lambda rng, at: litellm.spend_lines(rng, litellm.request(rng, at, "plain")),
    lambda rng, at: [openrouter.chat_request(rng, at, "plain")],
    lambda rng, at: portkey.request(rng, at, rng.pick(["plain", "native", "text"])),
    lambda rng, at: variants.deepseek(rng, at, "chat"),
    lambda rng, at: azure.service(rng, at, "plain"),
    lambda rng, at: bedrock.invocation(rng, at, "converse"),
    lambda rng, at: google.vertex_log(rng, at, "plain"),
    lambda rng, at: proxies.rest(rng, at, "plain"),
    lambda rng, at: resellers.llmgateway(rng, at, "plain"),
]


def known(rng, at):
    """The line of a gateway's record, which names its own time."""
    line = rng.pick(MAKERS)(rng, at)[0]
    assert line.event and not line.more and "time" in line.event, line
    return line


def untimed(rng, at, told, naive=False):
    """A body that names no time: the one that the envelope has stands in."""
    line = raw.anthropic(rng, at, rng.pick(["plain", "cached", "search"]))[0]
    body = json.loads(line.text)
    del body["timestamp"]
    warnings = ["time_approximate"] + (["zone_assumed"] if naive else [])
    return replace(line, text=dumps(body),
                   event=line.event | dict(time=rfc3339(told), warnings=warnings))


def chunk(rng, at):
    """A line of a stream that carries no usage."""
    return raw.openai_chat(rng, at, "stream")[0]


def unknown(rng):
    """An object of another program."""
    return rng.pick([
        dumps({"level": "info", "msg": f"health check ok CANARY-LOG-{rng.hex(6)}"}),
        dumps({"event": "berth", "berth": 11, "note": prompt(rng)}), "{}"])


def plain_text(rng):
    """What else a program prints; braces and token names in it fool nobody."""
    return rng.pick([
        f"INFO proxy started CANARY-LOG-{rng.hex(6)}", "2 pallets {usage: none}", "",
        f"GET /v1/models 200 \"curl\" {rng.between(1, 90)}ms", "Two pallets remain.",
        f"auth failed for {secret(rng)}", '"prompt_tokens": 5, "completion_tokens": 1'])


def torn(rng, at):
    """The front of a record."""
    text = known(rng, at).text
    return text[:len(text) * rng.between(30, 80) // 100]


def ascii_text(text):
    """The same JSON with every letter outside ASCII escaped."""
    return text.encode("ascii", "surrogateescape").decode() if text.isascii() else "".join(
        char if char.isascii() else json.dumps(char)[1:-1] for char in text)


def quoted(rng, text):
    """JSON text in a string, its other letters as they are or escaped twice."""
    return ascii_text(text) if rng.chance(50) else text


def put(line, record, end=None):
    """The line in an envelope."""
    text = record if isinstance(record, str) else dumps(record)
    return replace(line, text=text, end=end or line.end)


def together(lines, text, end=None):
    """One line of several records: its events are theirs, in their order."""
    events = [event for line in lines for event in line.events]
    return Line(text, end or max(line.end for line in lines), event=events[0], more=events[1:])
