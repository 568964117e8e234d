"""Ledgers and logs in the states that attacks start from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Callable

from lab import Lab
from logs import FORMS, Scribe, Truth
from oracle import LEDGER, Expectation, straight
from program import OK, Refusal, Subject


@dataclass(frozen=True)
class Scenario:
    """A ledger before a run, and the files that the run reads."""

    name: str
    base: Path
    """A folder with the ledger as it is before the run; empty when there is none yet."""
    files: list[Path]
    expected: Expectation


def families(rng: Random, least: int = 1) -> list[str]:
    return rng.sample(sorted(FORMS), rng.randint(least, 4))


def _ingest(subject: Subject, ledger: Path, files: list[Path]) -> None:
    finished = subject.ingest(ledger, files)
    if finished.code != OK:
        raise Refusal(finished)


def _first(lab: Lab, subject: Subject, logs: Path, base: Path) -> tuple[list[Path], Truth]:
    """No ledger yet, and a few small logs."""
    scribe = Scribe(lab.rng, families(lab.rng), days=lab.rng.randint(1, 4))
    files = []
    for number in range(lab.rng.randint(1, 4)):
        path = logs / f"app-{number}.log"
        path.write_bytes(scribe.text(lab.rng.randint(5, 120)))
        files.append(path)
    return files, scribe.truth


def _grown(lab: Lab, subject: Subject, logs: Path, base: Path) -> tuple[list[Path], Truth]:
    """Logs that grew, each under two names: Tollbook commits before it reads the second."""
    scribe = Scribe(lab.rng, families(lab.rng), days=lab.rng.randint(1, 3))
    files = [logs / f"app-{number}.log" for number in range(lab.rng.randint(2, 4))]
    for path in files:
        path.write_bytes(scribe.text(lab.rng.randint(10, 80)))
    _ingest(subject, base / LEDGER, files)
    names = []
    for path in files:
        with path.open("ab") as log:
            log.write(scribe.text(lab.rng.randint(10, 80)))
        os.link(path, twin := path.with_suffix(".twin"))
        names += [path, twin]
    return names, scribe.truth


def _compacted(lab: Lab, subject: Subject, logs: Path, base: Path) -> tuple[list[Path], Truth]:
    """So many runs over one day that the next one compacts it."""
    scribe = Scribe(lab.rng, families(lab.rng), days=lab.rng.choice([1, 1, 2]))
    path = logs / "app.log"
    for _ in range(8):
        with path.open("ab") as log:
            log.write(scribe.text(lab.rng.randint(5, 40)))
        _ingest(subject, base / LEDGER, [path])
    with path.open("ab") as log:
        log.write(scribe.text(40))
    return [path], scribe.truth


def _revised(lab: Lab, subject: Subject, logs: Path, base: Path) -> tuple[list[Path], Truth]:
    """Streamed answers and second forms of calls, whose first half is in the ledger already."""
    scribe = Scribe(lab.rng, ["claude", "litellm", "openrouter"], days=2)
    early, late = logs / "early.log", logs / "late.log"
    text = scribe.lines(120)
    early.write_bytes(b"".join(text[:60]))
    _ingest(subject, base / LEDGER, [early])
    calls = [call for call in scribe.truth.calls.values() if call.family != "claude"]
    again = [FORMS[call.family][-1](call) for call in lab.rng.sample(calls, len(calls) // 2)]
    late.write_bytes(b"".join(text[60:] + again))
    return [early, late], scribe.truth


KINDS: dict[str, Callable[[Lab, Subject, Path, Path], tuple[list[Path], Truth]]] = {
    "first": _first, "grown": _grown, "compacted": _compacted, "revised": _revised,
}


def make(lab: Lab, subject: Subject) -> Scenario:
    """Prepares a scenario, of another kind in each round; controls know of one kind."""
    kinds = sorted(KINDS)
    kind = kinds[(lab.round + lab.seed) % len(kinds)] if subject is lab.program else "grown"
    logs, base = lab.fresh("logs"), lab.fresh("base")
    files, truth = KINDS[kind](lab, subject, logs, base)
    known = None if subject is not lab.program else truth
    expected = straight(subject, lab.fresh("straight"), files, known)
    return Scenario(kind, base, files, expected)
