"""The same records in other framings than a line each: arrays, laid-out and joined objects, streams
of server-sent events, lines behind the prefix of a container or of syslog, other line ends, a mark
at the beginning, a table with semicolons.

The events are those of the records; a document, a record of several lines, is one line of the
account. Lines of a stream that hold no data are skipped. A prefix gives its time to a record that
names none (time_approximate). Lines of text are refused: as malformed, but as unknown_format in
Docker's log, where they are whole records of that.
"""

import csv
import io
import json
from dataclasses import replace

import litellm
import openrouter
import portkey
import raw
from core import SECOND, Line, dumps, rfc3339, stamp
from envelopes.records import plain_text, together, unknown, untimed
from gateways import azure, bedrock, exports, streams

STRANGE = ("strange", 2)


def strange(rng, at):
    """A record of another program among the others."""
    return Line(unknown(rng), at, rejected="unknown_format")


def with_strange(make):
    return lambda rng, at, flavour: (
        [strange(rng, at)] if flavour == "strange" else make(rng, at, flavour))


# Documents.

def laid_out(text, indent="  "):
    """JSON text over several lines; what it says stays as it is spelt."""
    parts, depth, quoted, escaped = [], 0, False, False
    for char in text:
        if quoted:
            parts.append(char)
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char in "{[":
            depth += 1
            parts.append(char + "\n" + indent * depth)
        elif char in "}]":
            depth -= 1
            parts.append("\n" + indent * depth + char)
        elif char == ",":
            parts.append(",\n" + indent * depth)
        elif not char.isspace():
            quoted = char == '"'
            parts.append(": " if char == ":" else char)
    return "".join(parts)


def texts(lines):
    return [line.text for line in lines]


def array(lines):
    return "[\n" + ",\n".join(texts(lines)) + "\n]\n"


def one_line_array(lines):
    return "[" + ", ".join(texts(lines)) + "]"


def pretty(lines):
    return "".join(laid_out(text) + "\n" for text in texts(lines))


def pretty_array(lines):
    inner = ("  " + laid_out(text).replace("\n", "\n  ") for text in texts(lines))
    return "[\n" + ",\n".join(inner) + "\n]\n"


def concatenated(lines):
    return "".join(texts(lines))


def sequence(lines):
    return "".join(f"\x1e{text}\n" for text in texts(lines))


def slp(rng, at, flavour):
    return litellm.slp_lines(rng, litellm.request(rng, at, flavour))


def spend(rng, at, flavour):
    return litellm.spend_lines(rng, litellm.request(rng, at, flavour))


CHAT = [pair for pair in raw.CHAT if pair[0] != "anthropic"] + [STRANGE]
MESSAGES = raw.MESSAGES + [STRANGE]
SLP = litellm.FLAVOURS + [STRANGE]
GENERATION = openrouter.GENERATION_FLAVOURS + [STRANGE]

# Whole exports of Azure, an object with the list of records each.

EXPORT = [("one", 2), ("several", 5), ("empty", 1)]


def export(rng, at, flavour):
    count = {"one": 1, "empty": 0}.get(flavour, rng.between(2, 4))
    lines = [azure.service(rng, at + index * SECOND, "plain")[0] for index in range(count)]
    text = '{"records":[' + ",".join(texts(lines)) + "]}"
    return [together(lines, text) if lines else Line(text, at, skipped=True)]


# Server-sent events. All lines of a stream stand together.

def quiet(text, end):
    return Line(text, end, skipped=True)


def framed(rng, lines, names=False, comment=": keep-alive"):
    """The lines of a stream: each record as the data of an event."""
    end, made = lines[0].end, []
    if rng.chance(50):
        made += [quiet(comment, end), quiet("", end)]
    for line in lines:
        if names:
            made.append(quiet(f"event: {json.loads(line.text)['type']}", end))
        elif rng.chance(10):
            made.append(quiet(rng.pick(["id: 17", "retry: 3000", "event: message", ":"]), end))
        blank = rng.pick(["data: ", "data: ", "data:"])
        made += [replace(line, text=blank + line.text, end=end), quiet("", end)]
    if not names:
        made += [quiet(rng.pick(["data: [DONE]", "data:[DONE]"]), end), quiet("", end)]
    return made


def chat_events(rng, at, flavour):
    return framed(rng, raw.openai_chat(rng, at, "stream" if flavour == "several" else flavour))


def router_events(rng, at, flavour):
    lines = [line for index in range(2 if flavour == "stream" else 1)
             for line in [openrouter.chat_request(rng, at + index * SECOND, flavour)]]
    return framed(rng, lines, comment=": OPENROUTER PROCESSING")


def message_events(rng, at, flavour):
    return framed(rng, streams.anthropic(rng, at, flavour), names=True)


def response_events(rng, at, flavour):
    return framed(rng, streams.response(rng, at, flavour), names=True)


# Lines behind a prefix.

PREFIXED = [("plain", 10), ("untimed", 3), ("text", 2)]
WIDTH = 400


def container(make):
    """Records that a container printed, the bodies of others, and its own words."""
    def lines(rng, at, flavour):
        if flavour == "untimed":
            return [replace(untimed(rng, at, at), end=at)]
        if flavour == "text":
            # A text that ends as a record does may be one that was cut.
            return [Line(plain_text(rng) or "started", at, rejected="malformed")]
        return make(rng, at, flavour)
    return lines


def kubernetes(lines):
    """Long lines in parts, as kubelet cuts them; texts go to the other stream."""
    made = []
    for line in lines:
        clock = rfc3339(line.end)[:-1] + "123Z"
        stream = "stderr" if line.rejected else "stdout"
        parts = [line.text[at:at + WIDTH] for at in range(0, len(line.text), WIDTH)]
        if len(line.text) % 3:
            parts = [line.text]
        made += [f"{clock} {stream} P {part}" for part in parts[:-1]]
        made.append(f"{clock} {stream} F {parts[-1]}")
    return "".join(text + "\n" for text in made)


def docker(lines):
    """The same of Docker: only a last part ends with a line end."""
    made = []
    for line in lines:
        clock = rfc3339(line.end)[:-1] + "123Z"
        whole = line.text + "\n"
        width = len(whole) if len(whole) % 3 else WIDTH
        for at in range(0, len(whole), width):
            made.append(dumps({"log": whole[at:at + width],
                               "stream": "stderr" if line.rejected else "stdout", "time": clock}))
    return "".join(text + "\n" for text in made)


def docker_lines(rng, at, flavour):
    lines = container(lambda rng, at, flavour: portkey.request(rng, at, flavour))(rng, at, flavour)
    return [replace(line, rejected="unknown_format") if line.rejected else line for line in lines]


def syslog(rng, at, flavour):
    """Both forms of syslog, of which the older names no year: its time is none."""
    new = flavour != "old"
    if flavour == "untimed":
        line = untimed(rng, at, at)
    elif flavour == "text":
        line = Line(plain_text(rng) or "started", at, rejected="malformed")
    else:
        line = bedrock.invocation(rng, at, "converse")[0]
    if new:
        data = rng.pick(["-", '[origin@41058 ip="203.0.113.7"]'])
        prefix = f"<134>1 {rfc3339(at)} dock-4 gateway 812 - {data} "
    else:
        clock = stamp(at, "%b") + f" {int(stamp(at, '%d')):2d} " + stamp(at, "%H:%M:%S")
        prefix = f"{clock} dock-4 gateway[812]: "
    return [replace(line, text=prefix + line.text, end=at)]


SYSLOG = PREFIXED + [("old", 5)]


# Other ends and beginnings of lines.

def crlf(lines):
    return "".join(text + "\r\n" for text in texts(lines))


def marked(lines):
    """A byte order mark first, and no end of the last line."""
    return "\ufeff" + "\n".join(texts(lines))


# A table with other marks.

def semicolons(rng, at, flavour):
    line = exports.row(rng, at, flavour)[0]
    cells = next(csv.reader([line.text]))
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="").writerow(cells)
    return [replace(line, text=text.getvalue())]


STREAMED = [("several", 6), ("plain", 2)]
KINDS = {
    "litellm.slp+array": (SLP, with_strange(slp)),
    "anthropic.message+list": (MESSAGES, with_strange(raw.anthropic)),
    "openai.chat+pretty": (CHAT, with_strange(raw.openai_chat)),
    "openrouter.generation+pretty_array": (GENERATION, with_strange(
        lambda rng, at, flavour: [openrouter.generation_request(rng, at, flavour)])),
    "openai.chat+concatenated": (CHAT, with_strange(raw.openai_chat)),
    "openai.responses+sequence": (raw.RESPONSES, raw.openai_response),
    "azure.rr+export": (EXPORT, export),
    "openai.chat+sse": (STREAMED, chat_events),
    "openrouter.chat+sse": ([("plain", 3), ("fallback", 2), ("error", 1)], router_events),
    "anthropic.stream+sse": (streams.ANTHROPIC, message_events),
    "openai.responses_stream+sse": (streams.RESPONSES, response_events),
    "litellm.spend+cri": (PREFIXED, container(spend)),
    "portkey.export+docker": (PREFIXED, docker_lines),
    "bedrock.invocation+syslog": (SYSLOG, syslog),
    "openai.chat+crlf": (CHAT, with_strange(raw.openai_chat)),
    "openai.chat+bom": (CHAT, with_strange(raw.openai_chat)),
    "openrouter.csv+semicolon": (exports.CSV, semicolons),
}
FILES = {
    "litellm.slp+array": {"extension": "json", "render": array},
    "anthropic.message+list": {"extension": "json", "render": one_line_array},
    "openai.chat+pretty": {"extension": "json", "render": pretty},
    "openrouter.generation+pretty_array": {"extension": "json", "render": pretty_array},
    "openai.chat+concatenated": {"extension": "json", "render": concatenated},
    "openai.responses+sequence": {"extension": "json-seq", "render": sequence},
    "azure.rr+export": {"extension": "json", "render": pretty},
    "openai.chat+sse": {"extension": "sse"},
    "openrouter.chat+sse": {"extension": "sse"},
    "anthropic.stream+sse": {"extension": "sse"},
    "openai.responses_stream+sse": {"extension": "sse"},
    "litellm.spend+cri": {"extension": "log", "render": kubernetes},
    "portkey.export+docker": {"extension": "log", "render": docker},
    "bedrock.invocation+syslog": {"extension": "log"},
    "openai.chat+crlf": {"extension": "txt", "render": crlf},
    "openai.chat+bom": {"extension": "txt", "render": marked},
    "openrouter.csv+semicolon": {"extension": "csv", "head": ";".join(exports.COLUMNS)},
}
STATEFUL = {"anthropic.stream+sse"}
