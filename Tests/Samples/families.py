"""Samples of single gateways and of envelopes: a short file for each, beside the month.

A module in `gateways/` or `envelopes/` holds the writers of one family of formats:

KINDS       {"NAME": (FLAVOURS, make)}: the name of the sample, which is that of its dialect, or
            that and `+` and a word; FLAVOURS are (flavour, weight) pairs, and
            make(rng, at_us, flavour) gives the lines of one logical request
FILES       {"NAME": {…}} for samples that are not JSON lines: `extension`, `head` (a first line
            that names the columns, which is skipped) and `render` (the text from the lines of the
            records, `head` not among them)
AGGREGATES  dialects whose records sum several requests: a ledger refuses them
STATEFUL    names of samples in which a line means something only behind those before it: the
            lines of a request stay together, and none is copied

All are optional, so that a module may hold what others share.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Callable

import files
from core import DAY, MONTH, Line, Rng

FOLDERS = ("gateways", "envelopes")
SEPTEMBER = MONTH - 30 * DAY


@dataclass
class Kind:
    """A sample and how it is made."""

    name: str
    flavours: list
    make: Callable
    extension: str = "jsonl"
    head: str | None = None
    render: Callable | None = None
    stateful: bool = False

    @property
    def is_lines(self):
        """JSON lines, between which other lines may stand."""
        return self.extension == "jsonl" and self.head is None and self.render is None


def discovered(folder):
    """The kinds of a folder by name, and the dialects of aggregates."""
    kinds, aggregates = {}, set()
    for path in sorted((Path(__file__).parent / folder).glob("*.py")):
        module = import_module(f"{folder}.{path.stem}")
        aggregates |= set(getattr(module, "AGGREGATES", ()))
        options = getattr(module, "FILES", {})
        stateful = getattr(module, "STATEFUL", ())
        made = getattr(module, "KINDS", {})
        for name, (flavours, make) in made.items():
            if name in kinds:
                raise ValueError(f"{path.name}: {name} is made twice")
            kinds[name] = Kind(name, flavours, make, stateful=name in stateful,
                               **options.get(name, {}))
        for name in {*options, *stateful} - set(made):
            raise ValueError(f"{path.name}: {name} is no name in KINDS")
    return kinds, aggregates


def requests(rng, kind, count):
    """About `count` lines in September: every flavour once, then by weight."""
    pending = [flavour for flavour, _ in kind.flavours]
    for index in range(len(pending) - 1, 0, -1):
        other = rng.below(index + 1)
        pending[index], pending[other] = pending[other], pending[index]
    step = 29 * DAY // max(count, len(pending))
    lines, at = [], SEPTEMBER
    while pending or len(lines) < count:
        flavour = pending.pop() if pending else rng.weighted(kind.flavours)
        made = kind.make(rng, at + rng.below(step // 2), flavour)
        if not made:
            raise ValueError(f"{kind.name}: {flavour} has no lines")
        lines += made
        at += step
    # Requests may overlap; where a line depends on those before it, they must not be mixed.
    return lines if kind.stateful else sorted(lines, key=lambda line: line.end)


def checked(kind, lines):
    for line in lines:
        verdicts = [line.event is not None or line.rejected is not None, line.skipped]
        if sum(verdicts) != 1 or (line.more or line.twin) and line.event is None:
            raise ValueError(f"{kind.name}: what is to become of {line.text}")
        if kind.is_lines and "\n" in line.text:
            raise ValueError(f"{kind.name}: two lines in {line.text}")
    return lines


def assemble(rng, kind, count, blanks, broken, copies):
    """A whole file: the requests, and between its lines what a log has besides."""
    lines = checked(kind, requests(rng, kind, count))
    faults = rng.fork("faults")
    extra = [] if kind.stateful else files.copies(faults, lines, copies)
    if kind.is_lines:
        for _ in range(blanks):
            text = faults.pick(["", "", "   "])
            extra.append((faults.below(len(lines)), Line(text, 0, skipped=True)))
        moulds = [line.text for line in lines if line.text.startswith("{")]
        for _ in range(broken if moulds else 0):
            text = faults.pick(moulds)
            text = text[:len(text) * faults.between(30, 80) // 100]
            extra.append((faults.below(len(lines)), Line(text, 0, rejected="malformed")))
    lines = files.placed(lines, extra)
    if kind.head is not None:
        lines.insert(0, Line(kind.head, 0, skipped=True))
    return files.joined(lines)


def write(seed, count, out, truth):
    """The samples, or with a seed unseen logs of the same kinds, about `count` lines each."""
    for folder in FOLDERS:
        kinds, aggregates = discovered(folder)
        for name, kind in sorted(kinds.items()):
            if seed is None:
                lines = assemble(Rng(20260901).fork(name), kind, 20, 2, 1, 1)
            else:
                several = max(1, count // 50)
                lines = assemble(Rng(seed).fork(name), kind, count, several, several, several)
            files.write(name, lines, out / folder, truth / folder, kind.extension, body(kind),
                        aggregates)


def body(kind):
    """What makes the text of the file: `render` is not given the head."""
    if kind.render is None or kind.head is None:
        return kind.render
    return lambda lines: kind.head + "\n" + kind.render(lines[1:])
