"""The OTLP envelope: what a collector writes in one line may come from several programs."""

from core import Line, dumps
from gateways import otlp

FLAVOURS = [("mixed", 20), ("spans", 10), ("logs", 10), ("foreign", 5), ("metrics", 3),
            ("empty", 3)]


def make(rng, start, flavour):
    if flavour == "metrics":
        return otlp.logs(rng, start, "metrics")
    if flavour == "foreign":
        return otlp.genai(rng, start, "foreign")
    if flavour == "logs":
        return otlp.logs(rng, start, rng.pick(["details", "session", "messages"]))
    if flavour == "spans":
        return otlp.genai(rng, start, rng.pick(["legacy", "agent", "chain", "sdk"]))
    if flavour == "empty":
        text = dumps(rng.pick([{"resourceSpans": []}, {"resourceLogs": []}, {
            "resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": []}]}]))
        return [Line(text, start, skipped=True)]
    parts = [*otlp.portkey(rng, start, "plain"), *otlp.genai(rng, start + 2000, "foreign"),
             *otlp.broadcast(rng, start + 5000, "plain"), *otlp.genai(rng, start + 9000, "chat")]
    text = ",".join(part.text[len('{"resourceSpans":['):-len("]}")] for part in parts)
    events = [found for part in parts for found in part.events]
    return [Line('{"resourceSpans":[' + text + "]}", max(part.end for part in parts), events[0],
                 more=events[1:])]


KINDS = {"otlp": (FLAVOURS, make)}
