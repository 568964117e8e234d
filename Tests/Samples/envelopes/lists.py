"""Pages of an API and batches of events: lists of records in one line, and Elastic's documents.

The events are those of the records, in their order; a record that is refused or carries no usage
is passed over where others count. Where none counts, the line is refused for the first that was
refused, else skipped. A time beside records stands in for theirs (time_approximate). Empty lists
are skipped, and so is a null where the page says that it is one (success, total 0). Deeper than
three envelopes nothing is read (unknown_format).
"""

from core import Line, dumps, prompt, rfc3339
from envelopes.records import (chunk, known, plain_text, put, quoted, together, torn, unknown,
                               untimed)

PAGES = [("data", {"object": "list", "has_more": False}), ("logs", {"total": 2}),
         ("records", {}), ("Records", {}), ("results", {"count": 2}), ("items", {"page": 1}),
         ("result", {"success": True, "errors": [], "result_info": {"page": 1}}),
         ("value", {"nextLink": None}), ("events", {"nextForwardToken": "f/0001"})]
LIST = [(name, 2) for name, _ in PAGES] + [
    ("array", 4), ("texts", 3), ("object", 3), ("result_object", 2), ("page", 2), ("told", 3),
    ("told_list", 2), ("batch", 4), ("control", 1), ("hits", 3), ("empty", 4), ("none", 3),
    ("mixed", 4), ("quiet", 2), ("refused", 3), ("torn", 2), ("deep", 3), ("too_deep", 2)]


def several(rng, at):
    return [known(rng, at + index * 1000) for index in range(rng.between(1, 3))]


def joined(lines):
    return "[" + ",".join(line.text for line in lines) + "]"


def page(name, text, beside=None, before=False):
    """The list or object as a page writes it, with what stands beside it."""
    beside = dumps(beside or {})[1:-1]
    own = f'"{name}":{text}'
    parts = [beside, own] if before else [own, beside]
    return "{" + ",".join(part for part in parts if part) + "}"


def lists(rng, at, flavour):
    at -= at % 1000
    for name, beside in PAGES:
        if flavour == name:
            lines = several(rng, at)
            return [together(lines, page(name, joined(lines), beside, rng.chance(50)))]
    return [globals()[flavour + "_line"](rng, at)]


def array_line(rng, at):
    lines = several(rng, at)
    return together(lines, joined(lines))


def texts_line(rng, at):
    lines = several(rng, at)
    texts = dumps([quoted(rng, line.text) for line in lines])
    return together(lines, texts if rng.chance(30) else page("records", texts))


def object_line(rng, at):
    line = known(rng, at)
    return put(line, page("data", line.text, {"code": 0, "message": "success"}, rng.chance(50)))


def result_object_line(rng, at):
    line = known(rng, at)
    return put(line, page("result", line.text, {"success": True, "errors": [], "messages": []}))


def page_line(rng, at):
    """Two envelopes: the object of an answer, and the list in it."""
    lines = several(rng, at)
    inner = page("items", joined(lines), {"page": 1, "page_size": 20, "total": 2})
    return together(lines, page("data", inner, {"success": True, "message": ""}))


def told_line(rng, at):
    line = untimed(rng, at, at)
    name = rng.pick(["timestamp", "time", "ts", "created_at"])
    return put(line, page("data", line.text, {name: rfc3339(at)}))


def told_list_line(rng, at):
    lines = [untimed(rng, at, at), known(rng, at), untimed(rng, at, at)]
    return together(lines, page("logs", joined(lines), {"timestamp": at // 1000}))


def batch_line(rng, at):
    """What CloudWatch sends to a subscriber."""
    lines = [known(rng, at), untimed(rng, at, at)]
    events = [{"id": f"3{rng.below(10**9):055d}", "timestamp": at // 1000,
               "message": quoted(rng, line.text)} for line in lines]
    if rng.chance(40):
        events.insert(1, events[0] | {"message": plain_text(rng)})
    return together(lines, dumps({
        "messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "/ecs/gateway",
        "logStream": "gateway/1", "subscriptionFilters": ["all"], "logEvents": events}))


def control_line(rng, at):
    return Line(dumps({
        "messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "",
        "logStream": "", "subscriptionFilters": [], "logEvents": [{
            "id": "", "timestamp": at // 1000,
            "message": "CWL CONTROL MESSAGE: Checking health"}]}), at, skipped=True)


def hits_line(rng, at):
    lines = several(rng, at)
    hits = ",".join(document(rng, line.text, {}) for line in lines)
    inner = page("hits", f"[{hits}]", {"total": {"value": 2, "relation": "eq"}})
    return together(lines, page("hits", inner, {"took": 5, "timed_out": False}))


def empty_line(rng, at):
    return Line(rng.pick([
        '{"data":[]}', '{"logs":[],"total":0}', '{"records":[]}', '{"object":"list","data":[]}',
        '{"success":true,"errors":[],"messages":[],"result":[]}', '{"value":[]}', "[]",
        '{"events":[],"nextForwardToken":"f/0002"}', '{"hits":{"total":0,"hits":[]}}',
        '{"data":{"items":[],"total":0},"success":true}']), at, skipped=True)


def none_line(rng, at):
    return Line(rng.pick([
        '{"data":null,"success":true,"message":""}', '{"logs":null,"total":0}',
        '{"result":null,"success":true,"errors":[],"messages":[]}', '{"items":null,"total":0}']),
        at, skipped=True)


def mixed_line(rng, at):
    good = known(rng, at)
    others = [chunk(rng, at).text, unknown(rng), "null", "17", dumps(torn(rng, at))]
    for index in range(len(others) - 1, 0, -1):
        other = rng.below(index + 1)
        others[index], others[other] = others[other], others[index]
    texts = others[:rng.between(1, 4)]
    texts.insert(rng.below(len(texts) + 1), good.text)
    return put(good, page("records", "[" + ",".join(texts) + "]"))


def quiet_line(rng, at):
    texts = ",".join(chunk(rng, at).text for _ in range(rng.between(1, 3)))
    return Line(f'{{"data":[{texts}]}}', at, skipped=True)


def refused_line(rng, at):
    texts = [rng.pick([unknown(rng), "null", '"text"', "[]"]) for _ in range(rng.between(1, 3))]
    if rng.chance(50):
        texts.append(chunk(rng, at).text)
    return Line(page(rng.pick(["data", "records", "items"]), "[" + ",".join(texts) + "]",
                     {"note": prompt(rng)}), at, rejected="unknown_format")


def torn_line(rng, at):
    return Line(dumps({"records": [torn(rng, at)]}), at, rejected="unknown_format")


def deep_line(rng, at):
    """An Event Hub batch that a container printed, in a list."""
    lines = several(rng, at)
    inner = page("records", joined(lines)) + "\n"
    entry = {"log": inner, "stream": "stdout", "time": rfc3339(at)}
    text = dumps([entry]) if rng.chance(50) else dumps({"logs": [entry]})
    return together(lines, text)


def too_deep_line(rng, at):
    text = page("data", page("data", page("data", page("data", known(rng, at).text))))
    return Line(text, at, rejected="unknown_format")


# Elasticsearch and OpenSearch.

ELASTIC = [("plain", 6), ("message", 4), ("told", 4), ("stamped", 2), ("ecs", 3), ("pages", 2),
           ("torn", 1), ("unknown", 2)]


def document(rng, source, beside):
    return page("_source", source, {"_index": f"gateway-{rng.between(1, 9):06d}",
                                    "_id": rng.letters(20), "_score": 1} | beside, True)


def elastic(rng, at, flavour):
    at -= at % 1000
    line = known(rng, at)
    stamped = {"@timestamp": rfc3339(at)}
    if flavour == "plain":
        return [put(line, document(rng, line.text, {"sort": [at // 1000]}))]
    if flavour in ("message", "ecs"):
        if flavour == "message" or rng.chance(50):
            line = untimed(rng, at, at)
        source = stamped | {"message": quoted(rng, line.text)}
        if flavour == "ecs":
            source |= {"ecs": {"version": "8.0.0"}, "event": {"dataset": "gateway"}, "log": {
                "file": {"path": "/var/log/gateway.log"}, "offset": rng.below(10**9)}}
        return [put(line, document(rng, dumps(source), {}))]
    if flavour in ("told", "stamped"):
        line = untimed(rng, at, at)
        name = "@timestamp" if flavour == "told" else "timestamp"
        # The body itself reads a plain `timestamp` as its proxy's: the same time, the same doubt.
        return [put(line, document(rng, line.text[:-1] + f',"{name}":"{rfc3339(at)}"}}', {}))]
    if flavour == "pages":
        lines = several(rng, at)
        return [together(lines, document(rng, page("records", joined(lines)), {}))]
    text = dumps(stamped | {"message": torn(rng, at)}) if flavour == "torn" else unknown(rng)
    return [Line(document(rng, text, {}), at, rejected="unknown_format")]


KINDS = {"envelope.list": (LIST, lists), "envelope.elastic": (ELASTIC, elastic)}
