"""Puts lines together into a file, and says what becomes of them."""

import json
from dataclasses import replace

from core import event_line, join_traces


def copies(rng, lines, count):
    """Exact copies of lines with ids, each with the place of the line that it follows.

    A copy that its trace would join is not made, for what a failure explains is explained once.
    """
    retried = traces_with_failures(lines)
    free = [index for index, line in enumerate(lines) if may_be_copied(line)
            and not any(event.get("trace_id") in retried for event in line.events)]
    # Where lines revise each other, a copy is one more of them.
    revised = {event["dialect"] for line in lines if line.twin for event in line.events}
    extra = []
    for _ in range(count if free else 0):
        index = rng.pick(free)
        original = lines[index]
        copy = replace(original, event=dict(original.event), copy=True,
                       more=[dict(event) for event in original.more],
                       twin=original.event["dialect"] in revised)
        extra.append((min(index + rng.below(5), len(lines) - 1), copy))
    return extra


def may_be_copied(line):
    return bool(line.events) and not line.twin and all(
        "id" in event and event.get("route", "primary") == "primary"
        and event["status"] in ("ok", "cancelled", "blocked") for event in line.events)


def traces_with_failures(lines):
    return {event["trace_id"] for line in lines for event in line.events
            if event["status"] == "error" and "trace_id" in event}


def placed(lines, extra):
    """The lines with those of (place, line) pairs behind the ones at these places."""
    by_place = {}
    for place, line in extra:
        by_place.setdefault(place, []).append(line)
    result = []
    for index, line in enumerate(lines):
        result.append(line)
        result.extend(by_place.get(index, []))
    return result


def joined(lines):
    """The lines of a whole file, after their events have learnt from their traces."""
    join_traces([event for line in lines for event in line.printed])
    return lines


def identity(fields):
    """What makes two records of the same id one request, in any form of it."""
    return (fields["gateway"], fields["id"], fields["time"], fields.get("input_tokens"),
            fields.get("output_tokens"), fields["status"])


def refusal(line, aggregates):
    """Why a ledger refuses the line, or None."""
    if line.rejected:
        return line.rejected
    if any(event["dialect"] in aggregates for event in line.events):
        return "aggregate"
    return None if all("time" in event for event in line.events) else "no_time"


def account(lines, seen=None, ids=None, aggregates=frozenset()):
    """What becomes of the lines, after those whose identities are `seen`.

    A line is an event line when any of its events is new.
    """
    seen = set() if seen is None else seen
    ids = set() if ids is None else ids
    total = {"lines": len(lines), "event_lines": 0, "duplicates": 0, "rejected": 0, "skipped": 0,
             "events": 0, "id_conflicts": 0, "bytes": 0}
    reasons = {}
    for line in lines:
        total["bytes"] += len(line.text.encode()) + 1
        reason = None if line.skipped or line.twin else refusal(line, aggregates)
        if line.skipped:
            total["skipped"] += 1
        elif line.twin:
            total["duplicates"] += 1
        elif reason:
            total["rejected"] += 1
            reasons[reason] = reasons.get(reason, 0) + 1
        else:
            new = [event for event in line.events
                   if "id" not in event or identity(event) not in seen]
            total["event_lines" if new else "duplicates"] += 1
            total["events"] += len(new)
            for event in new:
                if "id" in event:
                    name = (event["gateway"], event["id"])
                    total["id_conflicts"] += name in ids
                    ids.add(name)
                    seen.add(identity(event))
    parts = ("event_lines", "duplicates", "rejected", "skipped")
    assert total["lines"] == sum(total[part] for part in parts)
    return total | {"rejections": dict(sorted(reasons.items()))}


def write(name, lines, out, truth, extension="jsonl", render=None, aggregates=frozenset()):
    """The log, its events, and what becomes of it in a new ledger.

    `render` makes the text of the log from all lines, where it is not each line with its end.
    """
    out.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    text = render(lines) if render else "".join(line.text + "\n" for line in lines)
    (out / f"{name}.{extension}").write_text(text, encoding="utf-8")
    (truth / f"{name}.events.jsonl").write_text(
        "".join(event_line(event) + "\n" for line in lines for event in line.printed),
        encoding="utf-8")
    total = account(lines, aggregates=aggregates) | {"bytes": len(text.encode())}
    save(truth / f"{name}.accounting.json", total)


def save(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
